"""Asynchronous commits: where they begin and end, on either database; and that a statement made once can be one."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from worker.models import Control
from worker.services.commits import asynchronous_commit
from worker.services.prepared import PreparedUpdate

NAME = "a control of this test"


def waits_for_disk() -> bool:
    """Whether a commit of this connection would wait for the disk now."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit" if connection.vendor == "postgresql" else "PRAGMA synchronous")
        return str(cursor.fetchone()[0]) in {"on", "2"}


@pytest.mark.django_db(transaction=True)
def test_it_is_asynchronous_inside_and_no_longer_afterwards() -> None:
    assert waits_for_disk()
    with asynchronous_commit():
        assert not waits_for_disk()
        Control.objects.create(name=NAME)
    assert waits_for_disk()
    assert Control.objects.filter(name=NAME).exists()


@pytest.mark.django_db(transaction=True)
def test_it_takes_everything_back_where_something_fails() -> None:
    with pytest.raises(IntegrityError), asynchronous_commit():
        Control.objects.bulk_create([Control(name=NAME), Control(name=NAME)])
    assert waits_for_disk()
    assert not Control.objects.filter(name=NAME).exists()


@pytest.mark.django_db(transaction=True)
def test_within_a_transaction_that_one_decides() -> None:
    with transaction.atomic():
        with asynchronous_commit():
            Control.objects.create(name=NAME)
        assert waits_for_disk()


@pytest.mark.django_db(transaction=True)
def test_a_statement_made_once_is_asynchronous_by_itself() -> None:
    Control.objects.create(name=NAME)
    told = PreparedUpdate(Control, where=("pk",), given=("value",), asynchronous=True)
    assert told.run(pk=NAME, value={"number": 1}) == 1
    assert told.run(pk="another", value={"number": 2}) == 0
    assert waits_for_disk()
    assert Control.objects.get(name=NAME).value == {"number": 1}
