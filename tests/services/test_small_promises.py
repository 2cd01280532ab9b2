"""Small promises that a mutation of the code showed to be held by no test (`make mutation`, docs/quality.md)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection

from staff.models import Access
from tests.review.factory import Applicant, make_mail, make_raw, make_registration
from worker.services.controls import imap_rests_for, let_imap_rest, stop_replies
from worker.services.find_person import Question, find_person
from worker.services.pending import count_pending_mails
from worker.services.purge_mail import without_people
from worker.services.status import get_status
from worker.services.trouble import describe
from worker.services.workdays import next_monday


@pytest.mark.parametrize("day", range(16, 23))
def test_the_monday_after_any_day_of_a_week(day: int) -> None:
    assert next_monday(date(2026, 11, day)) == date(2026, 11, 23)
    assert next_monday(date(2026, 11, 23)) == date(2026, 11, 30)


@pytest.mark.django_db
def test_a_fault_is_placed_in_our_own_code_and_not_in_a_librarys() -> None:
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    kind = type(caught.value).__name__
    named = {"sqlite": "SQLITE_ERROR", "postgresql": "UndefinedTable"}[connection.vendor]
    assert f"{kind} ({named}) at test_small_promises.py:" in describe(caught.value)
    assert describe(ValueError("x")) == "ValueError"


@pytest.mark.parametrize("key", ["stood", "told"])
def test_the_row_as_it_stood_loses_its_person(key: str) -> None:
    stood = {"full_name": "Kovács Anna", "status": "ready", "version": 3, "modules": ["PM-1"], "problems": []}
    kept = without_people({key: stood})[key]
    assert kept["status"] == "ready"
    assert "Kovács" not in json.dumps(kept, ensure_ascii=False)
    assert ("modules" in kept) is False
    merged = without_people({"merged": [{"name": "Kovács Anna", "status": "ready"}, {"version": 2}]})
    assert merged == {"merged": [{"status": "ready"}, {"version": 2}]}


@pytest.mark.django_db
def test_visits_to_another_thing_of_the_same_number_are_not_the_persons() -> None:
    row = make_registration(Applicant())
    for subject, number in (
        ("registration", row.pk),
        ("mail", row.mail_id),
        ("reply", row.pk),
        ("upload", row.mail_id),
    ):
        Access.objects.create(page="x", method="GET", subject=subject, subject_id=number, status=200)
    assert find_person(Question(address=row.email)).visits == 2


@pytest.mark.django_db
def test_the_status_as_json_has_every_figure() -> None:
    make_registration(Applicant())
    told: dict[str, Any] = get_status().as_json()
    assert (told["registrations"]["ready"], told["mails"]["decided"], told["replies_stopped"]) == (1, 1, "")
    assert told["pending"] >= 0
    assert isinstance(told["oldest_pending_s"], float)
    stop_replies("hourly_budget")
    assert get_status().replies_stopped == "hourly_budget"


@pytest.mark.django_db
def test_a_server_that_asked_for_rest_gets_it_at_this_mailbox() -> None:
    let_imap_rest(90, "_2")
    assert 80 < imap_rests_for("_2") <= 90
    assert imap_rests_for() == 0


@pytest.mark.django_db
def test_what_waits_is_counted_and_nothing_else() -> None:
    done = make_mail(make_raw("kész"), state="filed", filed_at="2026-11-23T08:00Z", filed_as="moved")
    make_mail(make_raw("vár"), state="stored")
    assert count_pending_mails(()) == 1
    assert count_pending_mails((done.mailbox,)) == 0
