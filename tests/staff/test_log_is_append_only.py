"""Nobody changes or deletes what the logs hold, but retention and erasure through their one door."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from staff.models import Access, Amendment
from staff.services.amend_log import amendable_log
from staff.triggers import TABLES, make_triggers
from tests.review.factory import make_user
from worker.models import Event


@pytest.fixture
def rows(db: None) -> tuple[Access, Event]:
    """A row of either log."""
    return Access.objects.create(user=make_user(), page="case", status=200), Event.objects.create(verb="approved")


@pytest.mark.parametrize("place", [0, 1], ids=TABLES)
def test_rows_are_neither_changed_nor_deleted(rows: tuple[Access, Event], place: int) -> None:
    row = rows[place]
    for change in (lambda: type(row).objects.update(details={"x": 1}), row.delete, row.save):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
    assert type(row).objects.get().details == {}


@pytest.mark.parametrize("place", [0, 1], ids=TABLES)
def test_retention_and_erasure_may_within_their_transaction(rows: tuple[Access, Event], place: int) -> None:
    row = rows[place]
    with amendable_log():
        type(row).objects.update(details={"pseudonym": True})
    assert type(row).objects.get().details == {"pseudonym": True}
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        row.delete()
    with amendable_log():
        row.delete()
    assert not type(row).objects.exists()


def test_an_error_within_leaves_no_key_behind(rows: tuple[Access, Event]) -> None:
    def break_off() -> None:
        with amendable_log():
            Access.objects.all().delete()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert Access.objects.count() == 1
    assert not Amendment.objects.exists()


@pytest.mark.django_db
def test_lost_triggers_come_back_with_the_next_migrate() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER staff_access_no_delete")
        else:
            cursor.execute("DROP TRIGGER staff_access_append_only ON staff_access")
    make_triggers()
    row = Access.objects.create(user=make_user(), page="case", status=200)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        row.delete()


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no TRUNCATE")
def test_the_table_is_not_truncated_either() -> None:
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE staff_access")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("again", [1, 2])
def test_tests_may_empty_the_tables(again: int) -> None:
    assert not Access.objects.exists()
    Access.objects.create(user=make_user(), page="case", status=200)
    Event.objects.create(verb="approved")
