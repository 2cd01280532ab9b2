"""Who works on a request, notes, putting aside: verbs beside the request itself, and what colleagues see of them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db.models import Q

from registry.exports.columns import person_json
from registry.models import CaseNote, Registration
from registry.services.approve import approve
from registry.services.assign import assign, assign_many
from registry.services.change import Target
from registry.services.correct import Correction, correct
from registry.services.notes import add_note, get_notes, remove_note, restore_note
from registry.services.refusals import NotAllowedError, OutdatedError, TakenError
from registry.services.snooze import snooze, unsnooze, wake
from tests.review.factory import make_registration, make_user
from worker.clock import database_now
from worker.models import Conversation, Event

pytestmark = pytest.mark.django_db
CLOSED = ("exported", "registered", "rejected", "withdrawn", "expired")


@pytest.fixture
def other() -> User:
    return make_user("masik", name="Próba Péter")


def target(registration: Registration) -> Target:
    row = Registration.objects.get(pk=registration.pk)
    return Target(row.pk, row.version)


def tomorrow() -> datetime:
    return database_now() + timedelta(days=1)


def test_a_request_is_taken_given_and_left(actor: User, other: User) -> None:
    row = make_registration()
    assert assign(row.pk, actor, actor, seen=None).assignee == actor
    assert assign(row.pk, other, actor, seen=actor.pk).assignee == other
    assert assign(row.pk, None, actor, seen=other.pk).assignee is None
    told = list(Event.objects.filter(registration=row, actor=actor).order_by("pk").values_list("verb", "details"))
    assert told == [
        ("assigned", {"assignee": actor.pk, "before": None}),
        ("assigned", {"assignee": other.pk, "before": actor.pk}),
        ("unassigned", {"assignee": None, "before": other.pk}),
    ]
    assert Registration.objects.get().version == row.version


def test_what_a_colleague_took_meanwhile_is_not_taken_from_them(actor: User, other: User) -> None:
    row = make_registration()
    assign(row.pk, other, other, seen=None)
    with pytest.raises(TakenError) as refusal:
        assign(row.pk, actor, actor, seen=None)
    assert refusal.value.current == other
    assert assign(row.pk, other, actor, seen=None).assignee == other  # what is wanted is so already


@pytest.mark.parametrize("status", CLOSED)
def test_closed_requests_are_neither_given_nor_put_aside(actor: User, status: str) -> None:
    row = make_registration(status=status)
    with pytest.raises(NotAllowedError):
        assign(row.pk, actor, actor, seen=None)
    with pytest.raises(NotAllowedError):
        snooze(target(row), actor, tomorrow())
    assert add_note(row.pk, "Telefonon érdeklődött.", actor).pk  # whatever happened, it may be written down


def test_many_are_given_at_once(actor: User, other: User) -> None:
    rows = [make_registration(), make_registration(status="review"), make_registration(status="exported")]
    assign(rows[1].pk, other, other, seen=None)
    result = assign_many([row.pk for row in rows] + [0], actor, actor)
    assert result.done == (rows[0].pk, rows[1].pk)
    assert result.refused == (rows[2].pk, 0)


def test_whoever_goes_on_with_a_request_gets_it_and_nobody_loses_one(actor: User, other: User) -> None:
    free, taken = make_registration(), make_registration()
    assign(taken.pk, other, other, seen=None)
    for row in (free, taken):
        names = ("municipality", "pir", "county", "email", "modules")
        fields = {name: getattr(row, name) for name in names}
        correct(target(row), actor, Correction(full_name="Kovács Annamária", **fields), approve=False)
    assert [row.assignee for row in Registration.objects.order_by("pk")] == [actor, other]


def test_putting_aside_ends_at_its_time_or_by_a_person(actor: User) -> None:
    row = make_registration()
    until = tomorrow()
    after = snooze(target(row), actor, until, "Hétfőn hívom a jegyzőt.")
    assert (after.snoozed_until, after.version) == (until, row.version)
    assert [note.text for note in get_notes(row.pk)] == ["Hétfőn hívom a jegyzőt."]
    assert Registration.objects.get().assignee == actor
    unsnooze(target(row), actor)
    assert Registration.objects.get().snoozed_until is None
    with pytest.raises(ValueError, match="moment to come"):
        snooze(target(row), actor, database_now() - timedelta(minutes=1))


def test_what_changed_meanwhile_is_not_put_aside(actor: User, other: User) -> None:
    row = make_registration()
    seen = target(row)
    approve(seen, other)
    with pytest.raises(OutdatedError):
        snooze(seen, actor, tomorrow())


def test_a_decision_takes_a_request_up_again(actor: User) -> None:
    row = make_registration()
    snooze(target(row), actor, tomorrow())
    assert approve(target(row), actor).snoozed_until is None


def test_a_mail_wakes_what_was_put_aside_once(actor: User) -> None:
    row = make_registration()
    row.mail.conversation = Conversation.objects.create()
    row.mail.linked_by = "opened"
    row.mail.save()
    snooze(target(row), actor, tomorrow())
    assert [wake(row.mail.conversation_id, row.mail_id), wake(row.mail.conversation_id, row.mail_id)] == [1, 0]  # type: ignore[arg-type]
    assert Registration.objects.get().snoozed_until is None
    assert Event.objects.get(verb="woken").details["by_mail"] == row.mail_id


def test_notes_are_read_in_order_and_removed_by_their_author_alone(actor: User, other: User) -> None:
    row = make_registration()
    first, second = add_note(row.pk, " Első.\r\n ", actor), add_note(row.pk, "Második.", other)
    assert [note.text for note in get_notes(row.pk)] == ["Első.", "Második."]
    with pytest.raises(NotAllowedError):
        remove_note(second.pk, actor)
    remove_note(first.pk, actor)
    remove_note(first.pk, actor)
    assert [note.pk for note in get_notes(row.pk)] == [second.pk]
    restore_note(first.pk, actor, undone=Event.objects.get(verb="note_removed").pk)
    assert [note.pk for note in get_notes(row.pk)] == [first.pk, second.pk]
    assert Event.objects.filter(verb__startswith="note_").count() == 4
    with pytest.raises(ValueError, match="says something"):
        add_note(row.pk, " \0\n", actor)


def test_a_note_stays_in_the_house(actor: User) -> None:
    row = make_registration()
    add_note(row.pk, "CSAK-NEKÜNK", actor)
    assert "CSAK-NEKÜNK" not in str(person_json(Registration.objects.get()))
    assert CaseNote.objects.get().text == "CSAK-NEKÜNK"
    assert not Event.objects.filter(Q(details__icontains="NEKÜNK")).exists()
