"""A Celery worker and beat inside this process, each in a thread: for `memory://`, where there is but one process."""

from __future__ import annotations

import threading
import time
from typing import Any

from celery import Celery, signals
from celery.beat import Scheduler, Service
from celery.worker import state

WAKES_EVERY_S = 1.0  # beat hears of a stop only when it wakes
THREADS = 4  # decide and deliver, file, poll, replay: none waits for another's server or work

_last_task_at = time.monotonic()


def last_task_at() -> float:
    """time.monotonic() of the last finished task of this process."""
    return _last_task_at


@signals.task_postrun.connect(weak=False)  # type: ignore[untyped-decorator]  # celery ships no types
def _note_progress(**_: Any) -> None:
    global _last_task_at  # noqa: PLW0603  # a mark of the process, as the signal is
    _last_task_at = time.monotonic()


class EmbeddedWorker:
    """Worker and beat over `app`, until `stop`. Only one at a time: Celery's stop switch belongs to the process."""

    def __init__(self, app: Celery) -> None:
        self._worker = app.WorkController(
            hostname="aspoktatas@localhost",
            concurrency=THREADS,
            pool="threads",
            loglevel="INFO",
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        self._beat = Service(app, max_interval=WAKES_EVERY_S, scheduler_cls=Scheduler)
        self.threads = (
            threading.Thread(target=self._worker.start, name="worker", daemon=True),
            threading.Thread(target=self._beat.start, name="beat", daemon=True),
        )

    def start(self) -> None:
        """Start both threads."""
        state.should_stop = None
        for thread in self.threads:
            thread.start()

    def stop(self, seconds: float = 20.0) -> None:
        """Let the running tasks finish, for so many seconds at most."""
        state.should_stop = 0
        self._beat.stop(wait=False)
        for thread in self.threads:
            thread.join(seconds)
