"""The watchdog: a process that makes no progress ends itself, so that whoever supervises it starts a new one."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping

SILENT_FOR_S = 180.0  # longer than any honest wait: a poll at least every 30 s, a task every 10 s
CHECK_EVERY_S = 5.0
EXIT_CODE = 70  # EX_SOFTWARE

log = logging.getLogger(__name__)


def watch_progress(
    progress: Mapping[str, Callable[[], float]],
    silent_for: float = SILENT_FOR_S,
    end: Callable[[int], None] = os._exit,
    check_every: float = CHECK_EVERY_S,
) -> threading.Thread:
    """Call `end` once one of `progress` (name → time.monotonic() of its last progress) is older than `silent_for`.

    os._exit, for a hung thread may hold any lock and a polite end might hang as well.
    """

    def check() -> None:
        while not (silent := _silent(progress, silent_for)):
            time.sleep(check_every)
        log.critical("no progress of %s for %.0f s: this process ends itself", ", ".join(silent), silent_for)
        end(EXIT_CODE)

    thread = threading.Thread(target=check, daemon=True, name="watchdog")
    thread.start()
    return thread


def _silent(progress: Mapping[str, Callable[[], float]], silent_for: float) -> list[str]:
    now = time.monotonic()
    return [name for name, get in progress.items() if now - get() > silent_for]
