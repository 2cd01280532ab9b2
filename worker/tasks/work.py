"""The tasks: each calls a service at the desks of its thread. No arguments, no results; doubled they do no harm."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from celery import signals
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import close_old_connections, connections

from config.celery import app
from worker.crash_points import reach
from worker.error_reports import report, stop_reporting
from worker.garbage import settle
from worker.services.controls import beat
from worker.services.desk import TURN_S
from worker.services.desks import Desks
from worker.services.judges import Judges
from worker.services.leases import give_back_left
from worker.services.open_day import keep_open_day
from worker.services.pending import Due, find_due
from worker.services.purge_nightly import keep_private
from worker.services.roll_up import roll_up_now_and_then
from worker.services.run_replay import replays_due, run_turn
from worker.services.search_text import catch_up
from worker.services.sweep import sweep as sweep_up
from worker.services.thinking import load_thinking
from worker.services.trouble import describe
from worker.services.warm_up import warm_up
from worker.tasks.bell import ring
from worker.tasks.consumption import start_watching
from worker.tracing import stop_tracing

log = logging.getLogger(__name__)
_local = threading.local()


@cache
def get_judges() -> Judges:
    """This process's judges; where there is a broker, further workers are what helps."""
    return Judges(settings.ASPOKTATAS.judges if settings.ASPOKTATAS.one_process else 0)


def get_desks() -> Desks:
    """This thread's desks, one for every mailbox; their connections are kept from task to task."""
    if not hasattr(_local, "desks"):
        _local.desks = Desks(settings.ASPOKTATAS, judges=get_judges())
    desks: Desks = _local.desks
    return desks


@signals.worker_init.connect(weak=False)  # type: ignore[untyped-decorator]  # celery ships no types
def _load_rules(**_: object) -> None:
    """Before the pool forks, so that every child has them and the first mail does not wait."""
    if not settings.ASPOKTATAS.one_process:  # it has them already
        warm_up(settings.ASPOKTATAS)
        connections.close_all()  # no child may inherit one
        settle()


@signals.worker_ready.connect(weak=False)  # type: ignore[untyped-decorator]
def _watch_consumption(**_: object) -> None:
    if not settings.ASPOKTATAS.one_process:  # there the process's own watchdog sees it
        start_watching(app)


@signals.task_prerun.connect(weak=False)  # type: ignore[untyped-decorator]
def _look_at_connection(**_: object) -> None:
    """It is kept from task to task; what the database has ended meanwhile is opened anew."""
    close_old_connections()


@signals.worker_process_shutdown.connect(weak=False)  # type: ignore[untyped-decorator]
def _send_the_rest(**_: object) -> None:
    """A child of the pool ends without Python's own clearing up."""
    stop_tracing()
    stop_reporting()


@contextmanager
def told() -> Iterator[None]:
    """Log what goes wrong without a mail's content, and be done: the claim runs out and the sweep rings again."""
    try:
        yield
    except SystemExit:
        raise
    except SoftTimeLimitExceeded as error:
        report(error)
        raise
    except Exception as error:  # the last place before Celery's own log, which would print its message
        report(error)
        log.error("%s", describe(error))
        if isinstance(error, DatabaseTrouble):
            connections.close_all()  # where its server only reads by now, it answers and never gets well


@app.task(name="process")  # type: ignore[untyped-decorator]  # celery ships no types
def process() -> None:
    """Decide and answer for a while what is due, then let it be filed; what is left gets its next turn."""
    begun = time.monotonic()
    with told():
        if get_desks().process():
            ring(file_mails)
        if time.monotonic() - begun > TURN_S:
            ring(process)


@app.task(name="file_mails")  # type: ignore[untyped-decorator]  # celery ships no types
def file_mails() -> None:
    """File for a while what is decided, then keep copies of what went out; what is left gets its next turn."""
    begun = time.monotonic()
    with told():
        get_desks().file(at_once=False)
        get_desks().copy_sent()
        if time.monotonic() - begun > TURN_S:
            ring(file_mails)


@app.task(name="poll_mailbox")  # type: ignore[untyped-decorator]  # celery ships no types
def poll_mailbox() -> None:
    """Poll the mailboxes that their watchers have not polled lately."""
    with told():
        _, failed = get_desks().poll(only_late=True, stored=lambda: ring(process))
        for error in failed.values():
            log.error("polling failed: %s", describe(error))


@app.task(name="run_replays")  # type: ignore[untyped-decorator]  # celery ships no types
def run_replays() -> None:
    """Work on a replay that staff asked for, a few seconds; what is left gets its next turn behind the mails."""
    with told():
        run_turn(load_thinking(), settings.ASPOKTATAS.addresses)
        if replays_due():
            ring(run_replays)


@app.task(name="sweep")  # type: ignore[untyped-decorator]  # celery ships no types
def sweep() -> None:
    """Put expired work back, say that the worker lives, ring for whatever waits, look around where it is time to."""
    due = None
    with told():
        give_back_left()
        due = find_due()
        if due.expired:
            sweep_up()
        if __debug__:
            reach("sweep.swept")
        beat("worker")
        waiting = {process: due.work, file_mails: due.files, run_replays: due.replays}
        ring(*(task for task, waits in waiting.items() if waits))
    if due is not None:
        _look_around(due)  # after the bell: nothing there may keep the mails waiting
    get_judges().rest()


def _look_around(due: Due) -> None:
    with told():
        get_desks().check_alarms()
    with told():
        if due.cases:
            get_desks().look_after()
    with told():
        if due.figures:
            roll_up_now_and_then()
        if due.today:
            keep_open_day()
        if due.privacy:
            keep_private(settings.ASPOKTATAS.retention)
    with told():
        if due.texts:
            catch_up(load_thinking())
