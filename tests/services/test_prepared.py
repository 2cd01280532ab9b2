"""Statements made once say the same with other values."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from worker.models import Control, Folder
from worker.services.leases import FREE, later
from worker.services.prepared import PreparedQuestions, PreparedSelect, PreparedUpdate

pytestmark = pytest.mark.django_db


def test_a_selection() -> None:
    names = PreparedSelect(Folder, "name", "highest_uid", where=("mailbox", "highest_uid__gt"))
    for number in range(3):
        Folder.objects.create(mailbox="one", name=f"f{number}", uidvalidity=1, highest_uid=number)
    assert sorted(names.run(mailbox="one", highest_uid__gt=0)) == [("f1", 1), ("f2", 2)]
    assert names.run(mailbox="one", highest_uid__gt=2) == []
    assert names.run(mailbox="two", highest_uid__gt=0) == []


def test_an_update_under_conditions_of_two_kinds() -> None:
    either = PreparedUpdate(Folder, where=("mailbox",), given=("missing",), fixed=FREE)
    row = Folder.objects.create(mailbox="one", name="f", uidvalidity=1)
    assert either.run(mailbox="one", missing=4) == 1
    Folder.objects.update(lease_until=later(60))
    assert either.run(mailbox="one", missing=5) == 0
    row.refresh_from_db()
    assert row.missing == 4


def test_several_questions_in_one_statement() -> None:
    asked = PreparedQuestions(
        Control.objects.filter(at__gt=Now()), Folder.objects.order_by("pk"), Control.objects.all()
    )
    assert asked.ask() == (False, False, False)
    Control.objects.create(name="one", at=later(60))
    with CaptureQueriesContext(connection) as said:
        assert asked.ask() == (True, False, True)
    assert len(said) == 1
