"""The bell: a broker that is away is no error and no long wait."""

from __future__ import annotations

import logging
import time

import pytest
from celery import Celery

from tests.servers.redis_server import RedisServer, redis_server
from worker.tasks.bell import ring

__all__ = ["redis_server"]


def test_a_broker_that_is_away(caplog: pytest.LogCaptureFixture) -> None:
    app = Celery("test", broker="redis://127.0.0.1:1/0", set_as_current=False)

    @app.task(name="anything")  # type: ignore[untyped-decorator]
    def task() -> None:
        pass

    started = time.monotonic()
    with caplog.at_level(logging.WARNING):
        ring(task, task)
    assert time.monotonic() - started < 10
    assert "the sweep will find the work" in caplog.text
    app.close()


def test_rung_without_arguments() -> None:
    calls: list[dict[str, object]] = []

    class Task:
        def apply_async(self, **options: object) -> None:
            calls.append(options)

    ring(Task())
    assert calls == [{"expires": 60, "retry": False}]


def test_a_broker_that_is_full(caplog: pytest.LogCaptureFixture, redis_server: RedisServer) -> None:
    app = Celery("test", broker=redis_server.url(), set_as_current=False)

    @app.task(name="anything")  # type: ignore[untyped-decorator]
    def task() -> None:
        pass

    with redis_server.client() as client:
        client.config_set("maxmemory", "1")
    with caplog.at_level(logging.WARNING):
        ring(task)
    assert "the sweep will find the work" in caplog.text
    app.close()
