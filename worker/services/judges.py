"""Judges: further processes that judge the mails of a backlog while this one writes, sends and files.

Python runs one thread at a time, and reading a mail takes longer than everything else that becomes of it. A judge reads
the ledger and writes nothing; it judges each mail as a newcomer's (worker.services.newcomers), and what it cannot judge
so it only reads. What it does not answer in time this process judges itself. There is none before there is a backlog.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import TYPE_CHECKING
from uuid import uuid4

from worker.garbage import settle
from worker.services.leases import Claim

if TYPE_CHECKING:
    from worker.services.judgement import Judged, Reading

WORTH = 8  # mails: fewer are judged here, for the way to a judge and back costs more
ANSWERS_WITHIN_S = 30.0  # a group; below a claim's lease
RESTS_AFTER_S = 60.0  # without work: its memory is given back
GREETS_FOR_S = 0.05  # long enough that each of several takes one greeting

log = logging.getLogger(__name__)


class Judges:
    """For all threads of a process; `close` when done."""

    def __init__(self, number: int) -> None:
        """Nothing starts before there is a backlog; 0: never."""
        self._number = number
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._ready: list[Future[None]] = []
        self._used_at = time.monotonic()

    @property
    def is_up(self) -> bool:
        """Whether there are any now."""
        return self._pool is not None

    def judge(self, account: str, ours: Claim) -> dict[int, Judged | Reading]:
        """What is made of the mails of `ours`, by primary key.

        Those that are no newcomers' are only read; empty where nobody can judge now. `account` is the suffix of the
        mailbox that answers them (config.accounts).
        """
        pool = self._awake() if len(ours.keys) >= WORTH else None
        if pool is None:
            return {}
        try:
            return pool.submit(_judge_claimed, ours, account).result(ANSWERS_WITHIN_S) if self._have_begun() else {}
        except (BrokenExecutor, RuntimeError) as error:
            log.error("a judge has ended (%s): mails are judged here", type(error).__name__)
        except TimeoutError:
            log.error("a judge does not answer: mails are judged here")
        except Exception as error:  # whatever went wrong there is found out here, mail by mail
            log.warning("a judge could not judge a group (%s): judged here", type(error).__name__)
            return {}
        self._discard(pool)
        return {}

    def rest(self) -> None:
        """End them where they have had nothing to do for a while."""
        with self._lock:
            idle = time.monotonic() - self._used_at > RESTS_AFTER_S
        if idle:
            self.close()

    def close(self) -> None:
        """End them, when they have finished what they have in hand."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _awake(self) -> ProcessPoolExecutor | None:
        """The pool, or None where none is wanted; the first one who asks starts it."""
        with self._lock:
            self._used_at = time.monotonic()
            if self._pool is None and self._number:
                context = multiprocessing.get_context("spawn")  # a fork would copy other threads' locks
                self._pool = ProcessPoolExecutor(self._number, mp_context=context, initializer=_begin)
                self._ready = [self._pool.submit(_greet) for _ in range(self._number)]
            return self._pool

    def _have_begun(self) -> bool:
        """Whether they can judge yet: who asks goes on by himself meanwhile. Raises what kept one from beginning."""
        return all(one.done() and one.result() is None for one in self._ready)

    def _discard(self, pool: ProcessPoolExecutor) -> None:
        """Let go of a pool of which one is lost; a new one starts with the next backlog."""
        with self._lock:
            if self._pool is pool:
                self._pool = None
        for process in list((getattr(pool, "_processes", None) or {}).values()):
            process.kill()  # one that hangs would hold this process's end up
        pool.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    """A judge's own start: no signal of the terminal's, an end with its parent's, everything loaded."""
    import django  # noqa: PLC0415  # in the new process, before any model is imported

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True, name="parent").start()
    django.setup()
    _judge_claimed(Claim(uuid4(), ()), "")  # nothing: it only loads the rules and the directories
    settle()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)


def _greet() -> None:
    """The first task of each: done when it has begun."""
    time.sleep(GREETS_FOR_S)


def _judge_claimed(ours: Claim, suffix: str) -> dict[int, Judged | Reading]:
    from worker.services.judging import judge_claimed  # noqa: PLC0415  # needs Django's start, of which this is no part

    return judge_claimed(ours, suffix)
