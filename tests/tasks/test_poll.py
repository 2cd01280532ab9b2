"""The poll's task: what the database refuses is told once, and the task ends in good order."""

from __future__ import annotations

import logging

import pytest
from django.db import OperationalError

from worker.tasks import work


class Desks:
    """Desks whose database only reads."""

    def poll(self, **_: object) -> None:
        """Refuses."""
        raise OperationalError("attempt to write a readonly database")


def test_a_poll_that_the_database_refuses_is_told_and_fails_no_task(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(work, "get_desks", Desks)
    with caplog.at_level(logging.ERROR, "worker.tasks.work"):
        work.poll_mailbox()
    assert [record.getMessage().split(" ")[0] for record in caplog.records] == ["OperationalError"]
