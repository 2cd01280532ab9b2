"""Whatever a person did to a request is taken back step by step, with what followed from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django.fixtures import Settings

from registry.directory import load_context
from registry.models import AcceptedAddress, Clerk, Registration
from registry.services.accept_address import accept_address
from registry.services.approve import approve
from registry.services.assign import assign
from registry.services.change import Target
from registry.services.confirm_clerk import confirm_clerk
from registry.services.correct import Correction, correct
from registry.services.mark_exported import mark_exported
from registry.services.moot_letters import bring_letters_back
from registry.services.notes import add_note, get_notes, remove_note
from registry.services.refusals import NotAllowedError, OutdatedError
from registry.services.reject import reject
from registry.services.send_to_review import send_to_review
from registry.services.snooze import snooze
from registry.services.undo import Undone, find_undoable, undo
from registry.services.withdraw import mark_no_registration
from registry.services.write_reply import StaffLetter, ask_again
from rules.model import JegyzoStatus, Problem, Status
from tests.review.factory import OWN, Applicant, make_registration, make_registrations, make_reply, make_user
from worker.clock import database_now
from worker.intake.parse import parse_message
from worker.models import Event, Reply, ReplyState

pytestmark = pytest.mark.django_db
LETTER = StaffLetter(("kovacs.anna@tiszacsege.hu",), (), "Re: Regisztráció", "Kérjük a PIR számot.")


@pytest.fixture
def row() -> Registration:
    return make_registration()


def target(row: Registration) -> Target:
    return Target(row.pk, Registration.objects.get(pk=row.pk).version)


def take_back(row: Registration, actor: User) -> Undone:
    event = find_undoable(Registration.objects.get(pk=row.pk))
    assert event is not None
    return undo(row.pk, event.pk, actor)


def columns(row: Registration) -> dict[str, object]:
    """All that the row holds but its version and when it changed."""
    stored = Registration.objects.filter(pk=row.pk).values()[0]
    return {name: value for name, value in stored.items() if name not in {"version", "updated_at"}}


def fields(row: Registration, **changes: str) -> Correction:
    names = ("full_name", "municipality", "pir", "county", "email", "modules")
    return Correction(**({name: getattr(row, name) for name in names} | changes))


def do(verb: str, row: Registration, actor: User) -> None:
    match verb:
        case "approved":
            approve(target(row), actor)
        case "rejected":
            reject(target(row), actor, "Nem önkormányzati dolgozó.")
        case "no_registration":
            mark_no_registration(target(row), actor)
        case "sent_to_review":
            send_to_review(target(row), actor)
        case "corrected":
            correct(target(row), actor, fields(row, pir="740009", full_name="Kovács Annamária"), approve=False)
        case "snoozed":
            snooze(target(row), actor, database_now() + timedelta(days=3))
        case "assigned":
            assign(row.pk, actor, actor, seen=None)
        case "asked":
            ask_again(target(row), actor, parse_message(row.mail.raw), LETTER, OWN)


VERBS = ("approved", "rejected", "no_registration", "sent_to_review", "corrected", "snoozed", "assigned", "asked")


@pytest.mark.parametrize("verb", VERBS)
def test_the_request_stands_as_before(actor: User, row: Registration, verb: str) -> None:
    assign(row.pk, actor, actor, seen=None) if verb in {"snoozed", "asked", "corrected"} else None
    before = columns(row)
    do(verb, row, actor)
    assert columns(row) != before
    undone = take_back(row, actor)
    assert undone.event.verb == verb
    assert columns(row) == before


def test_one_step_after_another(actor: User, row: Registration) -> None:
    before = columns(row)
    for verb in ("assigned", "corrected", "approved"):
        do(verb, row, actor)
    assert [take_back(row, actor).event.verb for _ in range(3)] == ["approved", "corrected", "assigned"]
    assert columns(row) == before
    assert find_undoable(Registration.objects.get()) is None


def test_what_was_done_after_an_undo_can_be_undone_too(actor: User, row: Registration) -> None:
    do("approved", row, actor)
    take_back(row, actor)
    do("rejected", row, actor)
    assert take_back(row, actor).event.verb == "rejected"
    assert find_undoable(Registration.objects.get()) is None


def test_only_the_last_thing_is_undone_and_only_once(actor: User, row: Registration) -> None:
    do("assigned", row, actor)
    seen = find_undoable(row)
    assert seen is not None
    do("approved", row, actor)
    with pytest.raises(OutdatedError):
        undo(row.pk, seen.pk, actor)
    assert Registration.objects.get().status == "approved"


@pytest.mark.parametrize("status", ["exported", "registered"])
def test_until_the_hand_over(actor: User, row: Registration, status: str) -> None:
    do("approved", row, actor)
    event = find_undoable(Registration.objects.get())
    assert event is not None
    mark_exported([target(row)], actor)
    Registration.objects.update(status=status)
    with pytest.raises(NotAllowedError):
        undo(row.pk, event.pk, actor)


def test_what_the_worker_did_last_is_no_persons_to_undo(actor: User, row: Registration) -> None:
    do("corrected", row, actor)
    Event.objects.create(verb="completed", registration=row, mail=row.mail, details={"version": 9})
    assert find_undoable(row) is None


def test_a_letter_that_lies_here_goes_no_more(actor: User, row: Registration, settings: Settings) -> None:
    settings.ASPOKTATAS = replace(settings.ASPOKTATAS, replies="on")
    do("asked", row, actor)
    assert (Reply.objects.get().state, Reply.objects.get().next_attempt_at > database_now()) == ("queued", True)
    undone = take_back(row, actor)
    assert (undone.letters.withdrawn, undone.letters.gone) == (1, 0)
    assert Reply.objects.get().state == "discarded"


@pytest.mark.parametrize("verb", ["asked", "rejected"])
def test_a_letter_that_has_gone_is_said_to_be_gone(
    actor: User, row: Registration, settings: Settings, verb: str
) -> None:
    settings.ASPOKTATAS = replace(settings.ASPOKTATAS, replies="on")
    do(verb, row, actor)
    Reply.objects.update(state="sent", sent_at=database_now(), data_started_at=database_now())
    undone = take_back(row, actor)
    assert (undone.letters.withdrawn, undone.letters.gone) == (0, 1)
    assert Reply.objects.get().state == "sent"
    assert Registration.objects.get().status == "ready"


def test_a_draft_of_a_question_is_withdrawn_too(actor: User, row: Registration) -> None:
    ask_again(target(row), actor, parse_message(row.mail.raw), LETTER, OWN, held=True)
    assert Reply.objects.get().state == "draft"
    assert take_back(row, actor).letters.withdrawn == 1


def test_a_removed_note_is_brought_back(actor: User, row: Registration) -> None:
    note = add_note(row.pk, "Fontos.", actor)
    assert find_undoable(row) is None  # a note written is removed where it stands
    remove_note(note.pk, actor)
    take_back(row, actor)
    assert [one.pk for one in get_notes(row.pk)] == [note.pk]
    assert find_undoable(row) is None


def test_a_jegyzo_confirmed_by_mistake_leaves_the_directory(actor: User) -> None:
    one = Applicant(status=Status.REVIEW, problems=(Problem.JEGYZO_UNCLEAR,))
    row = make_registration(one, jegyzo=JegyzoStatus.UNCLEAR)
    before = columns(row)
    confirm_clerk(target(row), actor, "Valaki@Tiszacsege.hu ")
    assert (Clerk.objects.get().address, Registration.objects.get().status) == ("valaki@tiszacsege.hu", "ready")
    take_back(row, actor)
    assert columns(row) == before
    assert not Clerk.objects.exists()
    assert "Tiszacsege" not in load_context(frozenset({OWN})).clerks


def test_a_jegyzo_known_before_or_confirmed_twice_stays(actor: User) -> None:
    one = Applicant(status=Status.REVIEW, problems=(Problem.JEGYZO_UNCLEAR,))
    first, second = (make_registration(one, jegyzo=JegyzoStatus.UNCLEAR) for _ in range(2))
    for row in (first, second):
        confirm_clerk(target(row), actor, "jegyzo@tiszacsege.hu")
    take_back(first, actor)
    assert Clerk.objects.exists()  # the second one still vouches for it
    take_back(second, actor)
    assert Clerk.objects.exists()  # what was there when it was confirmed stays


def test_an_accepted_address_is_doubted_again(actor: User) -> None:
    one = Applicant(email="ado@tiszacsege.hu", status=Status.INCOMPLETE, problems=(Problem.EMAIL_NOT_PERSONAL,))
    row = make_registration(one)
    before = columns(row)
    after = accept_address(target(row), actor)
    assert (after.status, after.problems) == ("ready", [])
    assert AcceptedAddress.objects.get().accepted_by == actor
    assert load_context(frozenset({OWN})).accepted_addresses == {"ado@tiszacsege.hu"}
    take_back(row, actor)
    assert columns(row) == before
    assert load_context(frozenset({OWN})).accepted_addresses == frozenset()


def test_an_address_that_nobody_doubts_is_not_accepted(actor: User, row: Registration) -> None:
    with pytest.raises(NotAllowedError):
        accept_address(target(row), actor)


def test_accepting_an_address_leaves_other_problems(actor: User) -> None:
    problems = (Problem.EMAIL_NOT_PERSONAL, Problem.EMAIL_SHARED, Problem.PIR_MISSING)
    row = make_registration(Applicant(pir="", status=Status.INCOMPLETE, problems=problems))
    after = accept_address(target(row), actor)
    assert (after.status, after.problems) == ("incomplete", ["email_shared", "pir_missing"])


def incomplete_with_draft(**fields: Any) -> Registration:
    """A request that waits, and the worker's letter about it, which has not gone."""
    row = make_registration(Applicant(status=Status.INCOMPLETE, problems=(Problem.PIR_INVALID,)))
    make_reply(row.mail, **fields)
    return row


@pytest.mark.parametrize("state", ["draft", "queued"])
def test_a_letter_that_asks_for_what_is_settled_stays_here_until_that_is_undone(actor: User, state: str) -> None:
    row = incomplete_with_draft(state=state)
    approve(target(row), actor, despite=row.problems)
    assert Reply.objects.get().state == "discarded"
    take_back(row, actor)
    assert Reply.objects.get().state == state


def test_while_somebody_of_the_mail_is_asked_the_letter_stays(actor: User) -> None:
    missing = Applicant(full_name="Nagy Béla", status=Status.INCOMPLETE, problems=(Problem.PIR_INVALID,))
    first, second = make_registrations([Applicant(status=Status.INCOMPLETE, problems=(Problem.PIR_INVALID,)), missing])
    make_reply(first.mail)
    approve(target(first), actor, despite=first.problems)
    assert Reply.objects.get().state == "draft"
    mark_no_registration(target(second), actor)
    assert Reply.objects.get().state == "discarded"


@pytest.mark.parametrize("fields", [{"author": True}, {"state": "sent"}, {"kind": "rejected"}])
def test_other_letters_are_nobody_elses_business(actor: User, fields: dict[str, Any]) -> None:
    if "author" in fields:
        fields = {"author": actor, "kind": "staff"}
    if "state" in fields:
        fields = {**fields, "sent_at": database_now(), "data_started_at": database_now()}
    row = incomplete_with_draft(**fields)
    before = Reply.objects.get().state
    approve(target(row), actor, despite=row.problems)
    assert Reply.objects.get().state == before


def test_who_is_only_moved_to_the_manual_list_is_still_asked(actor: User) -> None:
    row = incomplete_with_draft()
    send_to_review(target(row), actor)
    assert Reply.objects.get().state == "draft"


def test_a_letter_that_was_emptied_is_not_brought_back() -> None:
    person, registration = make_user("b"), make_registration()
    decision = Event.objects.create(verb="approved", actor=person, registration=registration, mail=registration.mail)
    letter = make_reply(registration.mail, state=ReplyState.DISCARDED)
    details = {"decision": decision.pk, "was": "queued"}
    told = Event.objects.create(verb="reply_discarded", reply=letter, mail=registration.mail, details=details)
    Reply.objects.update(text="", data=b"", recipients=[])
    bring_letters_back(decision, person)
    assert Reply.objects.get().state == ReplyState.DISCARDED
    Reply.objects.update(text="szöveg")
    bring_letters_back(decision, person)
    assert Reply.objects.get().state == ReplyState.QUEUED
    assert told.details == details
