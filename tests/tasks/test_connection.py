"""A worker keeps its connection to the database: a new one for every task would cost more than a mail."""

from __future__ import annotations

import pytest
from celery.fixups.django import DjangoWorkerFixup
from django.db import connection

from config.celery import app
from worker.tasks.work import process


@pytest.mark.django_db
def test_a_task_leaves_the_connection_open() -> None:
    connection.ensure_connection()
    before = connection.connection
    fixup = DjangoWorkerFixup(app)
    fixup.on_task_prerun(process)
    fixup.on_task_postrun(process)
    assert connection.connection is before
