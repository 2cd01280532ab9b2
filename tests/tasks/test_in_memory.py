"""`memory://`: who puts a message in wakes who waits for it."""

from __future__ import annotations

import threading

import pytest

from config.celery import app, one_process
from worker.tasks.in_memory import LOOKS_EVERY_S, Transport

LATE_S = 30.0  # who hears nothing for so long fails


def test_it_is_what_one_process_uses() -> None:
    assert one_process
    with app.connection_for_read() as connection:
        assert isinstance(connection.transport, Transport)


def test_a_message_is_heard_at_once_and_silence_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.tasks.in_memory.LOOKS_EVERY_S", LATE_S)
    heard: list[object] = []
    with app.connection_for_read() as connection:
        queue = connection.SimpleBuffer("heard-at-once")
        queue.consumer.register_callback(lambda body, message: heard.append(body))
        queue.consumer.consume()
        ringer = threading.Timer(0.1, queue.put, ["bell"])  # while it waits
        ringer.start()
        connection.drain_events(timeout=LATE_S)
        assert heard == ["bell"]
        ringer.join()
        with pytest.raises(TimeoutError):
            connection.drain_events(timeout=0.01)


def test_who_waits_longer_looks_now_and_then() -> None:
    """Celery does its own work between two looks, and hears only there that it shall stop."""
    with app.connection_for_read() as connection:
        connection.SimpleBuffer("silent").consumer.consume()
        with pytest.raises(TimeoutError):
            connection.drain_events(timeout=60 + LOOKS_EVERY_S)
