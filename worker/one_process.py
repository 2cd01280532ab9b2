"""Everything in one process: watcher, Celery worker and beat, and the staff page, each in its thread."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from celery import Celery

from config.environment import Environment
from worker.garbage import settle
from worker.services.desk import Desk
from worker.services.warm_up import warm_up
from worker.tasks.bell import ring
from worker.tasks.embedded import EmbeddedWorker, last_task_at
from worker.tasks.work import get_judges, process, sweep
from worker.watch import Watcher
from worker.watchdog import watch_progress

CHECK_EVERY_S = 1.0
SWITCHES_AFTER_S = 0.001  # a thread that waits for a server's answer need not wait five times as long for its turn

log = logging.getLogger(__name__)


@contextmanager
def worker_running(app: Celery, environment: Environment) -> Iterator[Callable[[], list[str]]]:
    """Watcher, worker and beat for as long as the block runs; yields what names the threads that have died."""
    warm_up(environment)
    settle()
    sys.setswitchinterval(SWITCHES_AFTER_S)
    stop = threading.Event()
    embedded = EmbeddedWorker(app)
    watchers = watch_all(environment, stop)
    threads = (*embedded.threads, *watchers.values())
    embedded.start()
    ring(sweep)  # what an earlier process left behind need not wait for the first tick
    for thread in watchers.values():
        thread.start()
    watch_progress({watcher.name: watcher.get_progress for watcher in watchers} | {"worker": last_task_at})
    try:
        yield lambda: [thread.name for thread in threads if not thread.is_alive()]
    finally:
        stop.set()
        for thread in watchers.values():
            thread.join(10)
        embedded.stop()
        get_judges().close()


def watch_all(environment: Environment, stop: threading.Event) -> dict[Watcher, threading.Thread]:
    """A watcher for every mailbox, each with the thread that is to run it."""
    desks = [Desk(environment, account=account) for account in environment.accounts]
    watchers = [Watcher(desk, lambda: ring(process), stop) for desk in desks]
    return {one: threading.Thread(target=one.run, name=one.name, daemon=True) for one in watchers}


def wait_until(stop: threading.Event, dead: Callable[[], list[str]]) -> list[str]:
    """Block until told to stop or until a part has died; the names of the dead."""
    while not stop.wait(CHECK_EVERY_S):
        if names := dead():
            log.critical("%s ended unexpectedly", ", ".join(names))
            return names
    return []
