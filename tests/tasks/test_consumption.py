"""A worker that takes no messages any more ends itself."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

from celery import Celery

from config.celery import ON_REDIS
from tests.servers.redis_server import run_redis
from worker.tasks.consumption import STUCK_CHECKS, count_waiting, watch_consumption


def test_messages_wait_and_none_is_received() -> None:
    codes: list[int] = []
    watch_consumption(lambda: 1, lambda: 5.0, end=codes.append, check_every=0)
    assert codes == [70]


def test_an_idle_worker_lives() -> None:
    """Nothing waits for a long time; then something does and is not taken."""
    answers = itertools.chain([0] * 50, itertools.repeat(3))
    asked: list[int] = []

    def waiting() -> int:
        asked.append(next(answers))
        return asked[-1]

    watch_consumption(waiting, lambda: 5.0, end=lambda code: None, check_every=0)
    assert len(asked) == 50 + STUCK_CHECKS


def test_a_busy_worker_lives() -> None:
    """There is always something waiting, and always something received, until nothing is any more."""
    marks: Iterator[float] = itertools.chain(map(float, range(50)), itertools.repeat(50.0))
    asked: list[float] = []

    def received_at() -> float:
        asked.append(next(marks))
        return asked[-1]

    watch_consumption(lambda: 9, received_at, end=lambda code: None, check_every=0)
    assert len(asked) > 50


def test_a_worker_with_its_hands_full_lives() -> None:
    """All its tasks last long and messages pile up meanwhile; only when none is at work any more is it deaf."""
    answers = itertools.chain([True] * 50, itertools.repeat(False))
    asked: list[bool] = []

    def busy() -> bool:
        asked.append(next(answers))
        return asked[-1]

    watch_consumption(lambda: 9, lambda: 5.0, busy, end=lambda code: None, check_every=0)
    assert len(asked) == 50 + STUCK_CHECKS


def test_counting_on_a_real_redis(tmp_path: Path) -> None:
    with run_redis(tmp_path) as server:
        app = Celery("test", broker=server.url())
        app.conf.update(task_default_queue="q", broker_transport_options=ON_REDIS)  # with its key prefix
        assert count_waiting(app) == 0
        for _ in range(3):
            app.send_task("anything")
        assert count_waiting(app) == 3
        app.close()
        url = server.url()
    away = Celery("test", broker=url)
    assert count_waiting(away) == 0
    away.close()
