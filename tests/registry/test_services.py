"""Every verb on a registration: what it changes, what it refuses, what it records."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from registry.directory import load_context
from registry.models import Clerk, HandlingOutcome, Registration, RegistrationStatus
from registry.services.approve import approve, approve_many
from registry.services.change import Target
from registry.services.confirm_clerk import confirm_clerk
from registry.services.correct import Correction, correct
from registry.services.handle_mail import finish_mail, open_registration, reopen_mail
from registry.services.mark_exported import mark_exported
from registry.services.refusals import FieldsMissingError, NotAllowedError, OutdatedError, ProblemsOpenError
from registry.services.reject import reject
from registry.services.send_to_review import send_to_review
from registry.services.take_back import take_back
from registry.services.withdraw import mark_no_registration
from registry.services.write_reply import StaffLetter, ask_again
from rules.model import JegyzoStatus, Problem, Status
from tests.review.factory import OWN, Applicant, make_mail, make_raw, make_registration, make_user
from worker.intake.parse import parse_message
from worker.models import Event, Reply

pytestmark = pytest.mark.django_db
Verb = Callable[[Target, User], Registration]


def target(registration: Registration) -> Target:
    return Target(registration.pk, registration.version)


def correction(registration: Registration, **changes: str) -> Correction:
    fields = ("full_name", "municipality", "pir", "county", "email", "modules")
    return Correction(**({name: getattr(registration, name) for name in fields} | changes))


@pytest.mark.parametrize(
    ("verb", "before", "after", "event"),
    [
        (approve, "ready", "approved", "approved"),
        (approve, "review", "approved", "approved"),
        (approve, "incomplete", "approved", "approved"),
        (send_to_review, "ready", "review", "sent_to_review"),
        (send_to_review, "incomplete", "review", "sent_to_review"),
        (mark_no_registration, "ready", "withdrawn", "no_registration"),
        (mark_no_registration, "review", "withdrawn", "no_registration"),
        (take_back, "approved", "review", "taken_back"),
        (take_back, "rejected", "review", "taken_back"),
        (take_back, "withdrawn", "review", "taken_back"),
    ],
)
def test_a_verb_changes_the_status_and_tells_who(actor: User, verb: Verb, before: str, after: str, event: str) -> None:
    registration = make_registration(status=before)
    changed = verb(target(registration), actor)
    assert changed.status == after
    assert changed.version == registration.version + 1
    recorded = Event.objects.get(verb=event)
    assert recorded.actor == actor
    assert recorded.registration == registration
    assert recorded.details | {"changed": {}} == recorded.details
    assert (recorded.details["from"], recorded.details["to"], recorded.details["version"]) == (
        before,
        after,
        changed.version,
    )


@pytest.mark.parametrize(
    ("verb", "status"),
    [
        (approve, "approved"),
        (approve, "exported"),
        (approve, "rejected"),
        (send_to_review, "approved"),
        (mark_no_registration, "approved"),
        (take_back, "ready"),
        (take_back, "exported"),
    ],
)
def test_a_verb_is_refused_where_the_status_does_not_allow_it(actor: User, verb: Verb, status: str) -> None:
    registration = make_registration(status=status)
    with pytest.raises(NotAllowedError):
        verb(target(registration), actor)
    registration.refresh_from_db()
    assert registration.status == status
    assert not Event.objects.filter(actor=actor).exists()


@pytest.mark.parametrize("verb", [approve, send_to_review, mark_no_registration])
def test_the_second_of_two_people_is_refused(actor: User, verb: Verb) -> None:
    registration = make_registration()
    seen = target(registration)
    correct(seen, actor, correction(registration, full_name="Kovács Anna Mária"), approve=False)
    with pytest.raises(OutdatedError) as refused:
        verb(seen, make_user("masik"))
    assert refused.value.current.full_name == "Kovács Anna Mária"


def test_taking_back_returns_to_where_it_stood(actor: User) -> None:
    registration = make_registration(status="incomplete")
    rejected = reject(target(registration), actor, "Nem önkormányzati dolgozó.")
    assert rejected.reject_reason == "Nem önkormányzati dolgozó."
    back = take_back(target(rejected), actor)
    assert (back.status, back.reject_reason, back.reviewer) == ("incomplete", "", None)


def test_a_rejection_needs_a_reason(actor: User) -> None:
    with pytest.raises(ValueError, match="reason"):
        reject(target(make_registration()), actor, "   ")


def test_what_lacks_a_field_cannot_be_approved(actor: User) -> None:
    one = Applicant(pir="", status=Status.INCOMPLETE, problems=(Problem.PIR_MISSING,))
    with pytest.raises(FieldsMissingError) as refused:
        approve(target(make_registration(one)), actor)
    assert refused.value.fields == ("pir",)


def test_approving_in_spite_of_a_problem_is_told(actor: User) -> None:
    one = Applicant(status=Status.INCOMPLETE, problems=(Problem.EMAIL_NOT_PERSONAL,))
    registration = make_registration(one)
    with pytest.raises(ProblemsOpenError) as refused:
        approve(target(registration), actor)
    assert refused.value.problems == ("email_not_personal",)
    with pytest.raises(ProblemsOpenError):
        approve(target(registration), actor, despite=["pir_invalid"])
    approve(target(registration), actor, despite=["email_not_personal"])
    assert Event.objects.get(verb="approved").details["despite"] == ["email_not_personal"]


def test_approving_on_the_case_page_is_told_and_a_correction_only_where_something_changed(actor: User) -> None:
    untouched, touched = make_registration(), make_registration()
    correct(target(untouched), actor, correction(untouched), approve=True)
    correct(target(touched), actor, correction(touched, full_name="Kovács Anna Mária"), approve=True)
    told = Event.objects.filter(actor=actor).order_by("pk").values_list("registration", "verb")
    assert list(told) == [(untouched.pk, "approved"), (touched.pk, "corrected"), (touched.pk, "approved")]


def test_saving_what_is_unchanged_tells_nothing(actor: User) -> None:
    registration = make_registration()
    assert correct(target(registration), actor, correction(registration), approve=False).version == 1
    assert not Event.objects.filter(actor=actor).exists()


def test_one_letter_is_one_event(actor: User) -> None:
    registration = make_registration()
    letter = StaffLetter(("kovacs.anna@tiszacsege.hu",), (), "Re: Regisztráció", "Kérjük, írjon.")
    ask_again(target(registration), actor, parse_message(registration.mail.raw), letter, OWN)
    asked = Event.objects.get(verb="asked")
    assert (asked.registration, asked.reply) == (registration, Reply.objects.get())


def test_bulk_approval_takes_only_what_is_clean_and_unchanged(actor: User) -> None:
    clean, changed, incomplete = make_registration(), make_registration(), make_registration(status="incomplete")
    seen = [target(clean), target(changed), target(incomplete), Target(10**6, 1)]
    send_to_review(target(changed), actor)
    result = approve_many(seen, actor)
    assert result.done == (clean.pk,)
    assert set(result.refused) == {changed.pk, incomplete.pk, 10**6}


def test_a_correction_settles_only_what_was_rewritten(actor: User) -> None:
    one = Applicant(
        email="penzugy@tiszacsege.hu",
        pir="740747",
        status=Status.INCOMPLETE,
        problems=(Problem.PIR_INVALID, Problem.EMAIL_NOT_PERSONAL),
    )
    registration = make_registration(one)
    first = correct(target(registration), actor, correction(registration, pir="740746"), approve=False)
    assert (first.status, first.problems) == ("incomplete", ["email_not_personal"])
    second = correct(target(first), actor, correction(first, email="kovacs.anna@gmail.com"), approve=False)
    assert (second.status, second.problems) == ("ready", [])
    assert Event.objects.filter(verb="corrected").last().details["changed"] == {  # type: ignore[union-attr]
        "email": ["penzugy@tiszacsege.hu", "kovacs.anna@gmail.com"]
    }


def test_a_ready_request_that_loses_a_field_goes_to_review(actor: User) -> None:
    registration = make_registration()
    assert correct(target(registration), actor, correction(registration, pir=""), approve=False).status == "review"


def test_correct_and_approve_is_one_step(actor: User) -> None:
    registration = make_registration(Applicant(status=Status.REVIEW, problems=(Problem.JEGYZO_UNCLEAR,)))
    approved = correct(target(registration), actor, correction(registration), approve=True, despite=["jegyzo_unclear"])
    assert (approved.status, approved.reviewer) == (RegistrationStatus.APPROVED, actor)


def test_an_approved_request_stays_approved_when_corrected_and_complete(actor: User) -> None:
    registration = make_registration(status="approved")
    later = correct(target(registration), actor, correction(registration, full_name="Kiss Éva"), approve=False)
    assert later.status == "approved"
    with pytest.raises(FieldsMissingError):
        correct(target(later), actor, correction(later, full_name=""), approve=False)


def test_a_confirmed_clerk_completes_the_request_and_is_remembered(actor: User) -> None:
    one = Applicant(status=Status.REVIEW, problems=(Problem.JEGYZO_UNCLEAR,))
    registration = make_registration(one, jegyzo=JegyzoStatus.UNCLEAR)
    changed = confirm_clerk(target(registration), actor, "Szep.Odon@Tiszacsege.hu")
    assert (changed.status, changed.jegyzo_status, changed.problems) == ("ready", "confirmed", [])
    assert Clerk.objects.get().source == "staff"
    assert load_context(frozenset({OWN})).clerks["Tiszacsege"] == {"szep.odon@tiszacsege.hu"}


def test_exported_are_only_the_approved_that_did_not_change(actor: User) -> None:
    approved, changed = make_registration(status="approved"), make_registration(status="approved")
    seen = [target(approved), target(changed)]
    take_back(target(changed), actor)
    assert mark_exported(seen, actor).done == (approved.pk,)
    approved.refresh_from_db()
    assert approved.status == "exported"


def test_a_mail_is_finished_once_and_can_be_reopened(actor: User) -> None:
    mail = make_mail(make_raw("Mikor indul a képzés?"), kind="other", outcomes=["review"])
    finish_mail(mail.pk, actor, HandlingOutcome.DONE)
    finish_mail(mail.pk, make_user("masik"), HandlingOutcome.NO_REGISTRATION)
    mail.refresh_from_db()
    assert (mail.handling.outcome, mail.handling.actor) == ("done", actor)
    reopen_mail(mail.pk, actor)
    assert list(Event.objects.values_list("verb", flat=True)) == ["mail_finished", "mail_reopened"]


def test_a_registration_can_be_opened_by_hand_beside_others(actor: User) -> None:
    first = make_registration()
    opened = open_registration(first.mail_id, actor, known=1)
    assert (opened.position, opened.status, opened.version) == (1, "review", 1)
