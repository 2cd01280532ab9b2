"""Whether this worker still takes messages: Celery on Redis has stopped doing so silently more than once.

A ping proves nothing then (the worker answers it). What counts: messages wait in the queue, the worker has nothing to
do, and none is received. Such a worker ends itself, and whoever supervises it starts a new one; the sweep finds the
work meanwhile. A worker whose hands are full takes no message and is well: time limits watch over its tasks.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable

from celery import Celery, signals
from celery.worker import state

CHECK_EVERY_S = 20.0
STUCK_CHECKS = 4  # in a row: messages waiting, none received
EXIT_CODE = 70

log = logging.getLogger(__name__)
_received_at = time.monotonic()


@signals.task_received.connect(weak=False)  # type: ignore[untyped-decorator]  # celery ships no types
def _note_received(**_: object) -> None:
    global _received_at  # noqa: PLW0603  # a mark of the process, as the signal is
    _received_at = time.monotonic()


def start_watching(app: Celery) -> None:
    """Watch this process's consumption from a thread of its own; for workers with a broker outside."""
    thread = threading.Thread(
        target=watch_consumption,
        args=(lambda: count_waiting(app), lambda: _received_at, lambda: bool(state.active_requests)),
        daemon=True,
        name="consumption",
    )
    thread.start()


def watch_consumption(
    waiting: Callable[[], int],
    received_at: Callable[[], float],
    busy: Callable[[], bool] = lambda: False,
    end: Callable[[int], None] = os._exit,
    check_every: float = CHECK_EVERY_S,
) -> None:
    """Call `end` after STUCK_CHECKS checks in a row that found messages waiting, none received and no task at work."""
    stuck, last = 0, received_at()
    while stuck < STUCK_CHECKS:
        time.sleep(check_every)
        received, last_before = received_at(), last
        last = received
        stuck = stuck + 1 if received == last_before and not busy() and waiting() else 0
    log.critical("messages wait and this worker takes none: it ends itself")
    end(EXIT_CODE)


def count_waiting(app: Celery) -> int:
    """Messages in the queue; 0 where the broker is away (then kombu's own reconnection is at work)."""
    try:
        with app.connection_for_read(connect_timeout=5) as connection:
            queue = app.conf.task_default_queue
            # not passive: kombu forgets the key prefix when it asks whether the queue exists, and finds none
            return int(connection.default_channel.queue_declare(queue).message_count)
    except Exception:  # whatever the broker's client raises: no evidence against this worker
        return 0
