"""The watcher of one mailbox: IDLE is the hint, the comparison with the ledger is the truth.

It polls at the start, at every hint, and every IDLE_FOR_S in any case: that poll, not a ping, is its sign of life.
After storing mails it rings the bell; deciding and answering are other people's work. Of several watchers on several
hosts one has the post and the connection, the others stand by.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from django.db import Error as DatabaseTrouble
from django.db import close_old_connections, connections

from worker.error_reports import report
from worker.mail.errors import LoginRefused, MailError, Transient
from worker.mail.imap import Mailbox
from worker.services.controls import beat, end_failing, fall_silent, note_failing
from worker.services.desk import LOGIN_REST_S, Desk
from worker.services.trouble import describe
from worker.services.watching import Post

IDLE_FOR_S = 30.0  # then NOOP and a search prove the connection; well below the 5 to 9 minutes that routers allow
WITHOUT_IDLE_S = 5.0
BUSY_S = 0.2  # another process polls this folder: look again soon
SLICE_S = 1.0  # how long a stop may have to wait
STANDBY_S = 2.0
FIRST_BACKOFF_S, LONGEST_BACKOFF_S = 1.0, 60.0

log = logging.getLogger(__name__)


class Watcher:
    """Watches one folder until `stop` is set. `progress_at` (monotonic) is when it last did what it should.

    That is a completed poll, a look at who has the post, or a server that fails and is left alone for a while: only a
    hang, or a database that is away, is no progress.
    """

    def __init__(
        self,
        desk: Desk,
        ring: Callable[[], None],
        stop: threading.Event,
        *,
        idle_for: float = IDLE_FOR_S,
        without_idle: float = WITHOUT_IDLE_S,
    ) -> None:
        """`ring` is called after mails were stored; an IDLE lasts `idle_for` seconds, a wait without it the other."""
        self._desk = desk
        self._ring = ring
        self._stop = stop
        self._idle_for, self._without_idle = idle_for, without_idle
        self._failures = 0
        self._post = Post(desk.account.suffix)
        self.name = f"watcher{desk.account.suffix}"
        self.progress_at = time.monotonic()

    def get_progress(self) -> float:
        """`progress_at`, for the watchdog."""
        return self.progress_at

    def run(self) -> None:
        """Watch, connect again after every failure, end when told to."""
        while not self._stop.is_set():
            try:
                if self._post.hold():
                    self._watch()
                else:
                    self._stand_by()
            except MailError as error:
                wait = self._back_off(error, f"{type(error).__name__}: {error}")
                with suppress(DatabaseTrouble):
                    note_failing(self.name)
                self.progress_at = time.monotonic() + wait
                self._leave_for(wait)
            except DatabaseTrouble as error:
                connections.close_all()
                self._stop.wait(self._back_off(error, describe(error)))
            except Exception as error:  # a mistake of ours at one mailbox: the others' watchers go on
                report(error)
                self._leave_for(self._back_off(error, describe(error)))
        with suppress(DatabaseTrouble):
            self._post.leave()
            if not self._post.is_taken:
                fall_silent(self.name)
        connections.close_all()

    def _leave_for(self, seconds: float) -> None:
        """Another host may reach the server where we do not."""
        with suppress(DatabaseTrouble):
            self._post.leave()
        self._stop.wait(seconds)

    def _stand_by(self) -> None:
        close_old_connections()
        self._desk.check_alarms()
        self.progress_at = time.monotonic()
        self._stop.wait(STANDBY_S)

    def _watch(self) -> None:
        """One connection's life."""
        with self._desk.connect() as mailbox:
            log.info("%s at work", self.name)
            full, proved = True, False
            while not self._stop.is_set() and self._post.hold():
                full = not self._poll(mailbox, full=full) and full
                if not proved:
                    end_failing(self.name)
                self._failures, proved = 0, True
                self._wait(mailbox)

    def _poll(self, mailbox: Mailbox, *, full: bool) -> bool:
        """Poll once this process gets its turn; False where it was told to stop first."""
        close_old_connections()
        while self._desk.poll(mailbox, full=full, stored=self._stored).skipped:
            if self._stop.wait(BUSY_S):
                return False
            self._post.hold()
        beat(self.name)
        self._desk.check_alarms()
        self.progress_at = time.monotonic()
        return True

    def _stored(self) -> None:
        """A batch is safe: tell it, and that we are still here, for a first poll may take long."""
        self._ring()
        self._post.hold()

    def _wait(self, mailbox: Mailbox) -> None:
        """Until the server hints at news, somebody else has the post, or for a while."""
        if "IDLE" not in mailbox.capabilities:
            self._stop.wait(self._without_idle)
            return
        until = time.monotonic() + self._idle_for
        with mailbox.idle() as idle:
            while not self._stop.is_set() and time.monotonic() < until and self._post.hold():
                if idle.wait(SLICE_S):
                    return

    def _back_off(self, error: Exception, said: str) -> float:
        """Seconds to wait: more each time, never the same for all, and at least as many as the server asks for."""
        self._failures += 1
        wait: float = min(LONGEST_BACKOFF_S, FIRST_BACKOFF_S * 2 ** min(self._failures - 1, 10))
        wait *= 0.5 + random.random()  # noqa: S311  # jitter, no secret
        if isinstance(error, LoginRefused):
            wait = max(wait, LOGIN_REST_S)
        if isinstance(error, Transient) and error.wait:
            wait = max(wait, error.wait)
        log.warning("%s stopped (%s); again in %.0f s", self.name, said[:200], wait)
        return wait
