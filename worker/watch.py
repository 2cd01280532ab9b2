"""The watcher: IDLE is the hint, the comparison with the ledger is the truth.

It polls at the start, at every hint, and every POLL_EVERY_S in any case: that poll, not a ping, is its sign of life.
After storing mails it rings the bell; deciding and answering are other people's work.
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

from worker.mail.errors import LoginRefused, MailError, Transient
from worker.mail.imap import Mailbox
from worker.services.controls import beat, fall_silent
from worker.services.desk import LOGIN_REST_S, Desk
from worker.services.trouble import describe

IDLE_FOR_S = 30.0  # then NOOP and a search prove the connection; well below the 5 to 9 minutes that routers allow
WITHOUT_IDLE_S = 5.0
BUSY_S = 0.2  # another process polls this folder: look again soon
SLICE_S = 1.0  # how long a stop may have to wait
FIRST_BACKOFF_S, LONGEST_BACKOFF_S = 1.0, 60.0

log = logging.getLogger(__name__)


class Watcher:
    """Watches one folder until `stop` is set. `progress_at` (monotonic) is the last completed poll."""

    def __init__(self, desk: Desk, ring: Callable[[], None], stop: threading.Event) -> None:
        """`ring` is called after mails were stored."""
        self._desk = desk
        self._ring = ring
        self._stop = stop
        self._failures = 0
        self.progress_at = time.monotonic()

    def run(self) -> None:
        """Watch, connect again after every failure, end when told to."""
        while not self._stop.is_set():
            try:
                self._watch()
            except MailError as error:
                self._wait_after(error, str(error))
            except DatabaseTrouble as error:
                connections.close_all()
                self._wait_after(error, describe(error))
        with suppress(DatabaseTrouble):
            fall_silent("watcher")
        connections.close_all()

    def _watch(self) -> None:
        """One connection's life."""
        with self._desk.connect() as mailbox:
            log.info("watching")
            full = True
            while not self._stop.is_set():
                full = not self._poll(mailbox, full=full) and full
                self._failures = 0
                self._wait(mailbox)

    def _poll(self, mailbox: Mailbox, *, full: bool) -> bool:
        """Poll once this process gets its turn; False where it was told to stop first."""
        close_old_connections()
        while self._desk.poll(mailbox, full=full, stored=self._ring).skipped:
            if self._stop.wait(BUSY_S):
                return False
        beat("watcher")
        self._desk.check_alarms()
        self.progress_at = time.monotonic()
        return True

    def _wait(self, mailbox: Mailbox) -> None:
        """Until the server hints at news, or for a while."""
        if "IDLE" not in mailbox.capabilities:
            self._stop.wait(WITHOUT_IDLE_S)
            return
        until = time.monotonic() + IDLE_FOR_S
        with mailbox.idle() as idle:
            while not self._stop.is_set() and time.monotonic() < until:
                if idle.wait(SLICE_S):
                    return

    def _wait_after(self, error: Exception, said: str) -> None:
        """Back off: longer each time, never all watchers at once, and at least as long as the server asks for."""
        self._failures += 1
        wait = min(LONGEST_BACKOFF_S, FIRST_BACKOFF_S * 2 ** min(self._failures - 1, 10))
        wait *= 0.5 + random.random()  # noqa: S311  # jitter, no secret
        if isinstance(error, LoginRefused):
            wait = max(wait, LOGIN_REST_S)
        if isinstance(error, Transient) and error.wait:
            wait = max(wait, error.wait)
        log.warning("watching stopped (%s: %s); again in %.0f s", type(error).__name__, said[:200], wait)
        self._stop.wait(wait)
