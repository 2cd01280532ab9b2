"""Warming up goes the whole way of a mail that is answered, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from config.environment import Environment
from rules.model import Outcome
from worker.models import Event, Mail, Reply
from worker.services.warm_up import warm_up

pytestmark = pytest.mark.django_db


def test_the_whole_way_and_nothing_written(environment: Environment) -> None:
    tried = warm_up(environment)
    assert tried is not None
    assert tried.verdict.outcomes == {Outcome.REPLY_MISSING}
    assert tried.reply is not None
    assert not any(model.objects.exists() for model in (Mail, Reply, Event))


def test_a_database_that_is_not_made_yet_stops_nobody(environment: Environment) -> None:
    with renamed("worker_control", "worker_not_made_yet"):
        assert warm_up(environment) is None


@contextmanager
def renamed(table: str, name: str) -> Iterator[None]:
    """No transaction takes it back: the servers of `environment` have real ones."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {name}")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE {name} RENAME TO {table}")
