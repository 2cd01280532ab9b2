"""Notices: what became of a request is told once, to whom it may be told, and nothing fails by it."""

from __future__ import annotations

import email
from collections.abc import Callable, Sequence
from dataclasses import replace
from email import policy
from email.message import EmailMessage

import pytest
from django.conf import settings
from django.contrib.auth.models import User

from registry.models import Account, Registration
from registry.services.change import Target
from registry.services.mark_exported import mark_exported
from registry.services.refusals import OutdatedError
from registry.services.reject import reject
from registry.services.take_back import take_back
from rules.model import JegyzoStatus
from tests.review.factory import (
    OWN,
    Applicant,
    make_raw,
    make_registration,
    make_registrations,
    make_user,
    request_text,
)
from worker.models import Event, Mail, Reply
from worker.services.leases import later
from worker.services.notify import Scribe
from worker.services.thinking import load_thinking

pytestmark = pytest.mark.django_db

ANNA = Applicant()
BEA = Applicant("Szabó Bea", email="szabo.bea@tiszacsege.hu")
CILI = Applicant("Tóth Cecília", email="toth.cecilia@tiszacsege.hu")


def scribe(**changes: object) -> Scribe:
    return Scribe(replace(settings.ASPOKTATAS, **{"replies": "on", **changes}))  # type: ignore[arg-type]


def target(row: Registration) -> Target:
    return Target(row.pk, Registration.objects.get(pk=row.pk).version)


def targets(rows: Sequence[Registration]) -> list[Target]:
    return [target(row) for row in rows]


def headers(reply: Reply) -> EmailMessage:
    message = email.message_from_bytes(bytes(reply.data), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def letters(kind: str = "") -> list[Reply]:
    rows = Reply.objects.order_by("pk")
    return list(rows.filter(kind=kind) if kind else rows)


def test_one_letter_a_mail_about_all_its_people_of_the_batch(actor: User) -> None:
    first = make_registrations([ANNA, BEA, CILI], status="approved")
    other = make_registration(Applicant("Nagy Dóra", email="nagy.dora@tiszacsege.hu"), status="approved")
    result = mark_exported(targets([first[0], other, first[1]]), actor, scribe())
    assert (result.done, result.refused) == ((first[0].pk, other.pk, first[1].pk), ())
    about, about_other = letters()
    assert (about.kind, about.state, about.author, about.mail) == ("registered", "queued", None, first[0].mail)
    assert about.recipients == ["kovacs.anna@tiszacsege.hu", "jegyzo@tiszacsege.hu"]
    assert headers(about)["In-Reply-To"] == first[0].mail.message_id
    assert headers(about)["Cc"].addresses[0].addr_spec == "jegyzo@tiszacsege.hu"
    assert "Kovács Anna" in about.text
    assert "Szabó Bea" in about.text
    assert "Cecília" not in about.text
    assert "Nagy Dóra" in about_other.text
    mark_exported(targets([first[2]]), actor, scribe())
    assert [letter.mail_id for letter in letters()] == [first[0].mail_id, other.mail_id, first[0].mail_id]
    assert "Cecília" in letters()[2].text
    assert "Anna" not in letters()[2].text.replace("Tisztelt Kovács Anna", "")


def test_a_double_click_writes_no_second_letter(actor: User) -> None:
    seen = targets(make_registrations([ANNA, BEA], status="approved"))
    mark_exported(seen, actor, scribe())
    again = mark_exported(seen, actor, scribe())
    assert (again.done, len(again.refused)) == ((), 2)
    assert len(letters()) == 1


def test_that_somebody_has_an_account_is_told_to_them_alone(actor: User) -> None:
    Account.objects.create(email=BEA.email)
    shouted = replace(CILI, email="TOTH.Cecilia@tiszacsege.hu")
    Account.objects.create(email=CILI.email)
    mark_exported(targets(make_registrations([ANNA, BEA, shouted], status="approved")), actor, scribe())
    [registered], owners = letters("registered"), letters("account_exists")
    assert "Bea" not in registered.text
    assert BEA.email not in bytes(registered.data).decode()
    assert [owner.recipients for owner in owners] == [["szabo.bea@tiszacsege.hu"], ["toth.cecilia@tiszacsege.hu"]]
    for owner in owners:
        assert headers(owner)["Cc"] is None
        assert "Anna" not in owner.text
    assert len({letter.message_id for letter in letters()}) == 3


def test_where_all_have_accounts_the_requester_hears_nothing_of_it(actor: User) -> None:
    Account.objects.create(email=BEA.email)
    mark_exported(targets([make_registration(BEA, status="approved")]), actor, scribe())
    assert [letter.kind for letter in letters()] == ["account_exists"]


def test_the_letter_goes_where_answers_are_wanted(actor: User) -> None:
    raw = make_raw(request_text(ANNA)).replace(b"Subject:", b"Reply-To: titkarsag@tiszacsege.hu\nSubject:", 1)
    mark_exported(targets([make_registration(raw=raw, status="approved")]), actor, scribe())
    assert letters()[0].recipients == ["titkarsag@tiszacsege.hu", "jegyzo@tiszacsege.hu"]


def test_nobody_is_put_in_copy_who_was_not(actor: User) -> None:
    row = make_registration(status="approved", jegyzo=JegyzoStatus.CONFIRMED)
    Registration.objects.update(jegyzo_address="masik.jegyzo@tiszacsege.hu")  # staff named them; the mail did not
    mark_exported(targets([row]), actor, scribe())
    assert letters()[0].recipients == ["kovacs.anna@tiszacsege.hu"]


@pytest.mark.parametrize(
    ("changes", "states"),
    [
        ({"replies": "draft"}, ["draft"]),
        ({"replies": "off"}, []),
        ({"notices": frozenset()}, []),
        ({"notices": frozenset({"registered"})}, ["queued"]),
    ],
)
def test_mode_and_configuration(actor: User, changes: dict[str, object], states: list[str]) -> None:
    mark_exported(targets([make_registration(status="approved")]), actor, scribe(**changes))
    assert [letter.state for letter in letters()] == states
    assert not Event.objects.filter(verb="notice_withheld").exists(), "nothing was wanted, so nothing was withheld"


def suppress(mail: Mail) -> None:
    mail.verdict["findings"].append({"rule": "answer_suppressed", "hit": True})  # type: ignore[index]
    mail.save()


WITHHELD: dict[str, Callable[[Mail], object]] = {
    "answer_suppressed": suppress,
    "automatic": lambda mail: Mail.objects.update(kind="automatic"),
    "before_since": lambda mail: Mail.objects.update(answerable=False),
    "undecided": lambda mail: Mail.objects.update(verdict=None),
}


@pytest.mark.parametrize("reason", sorted(WITHHELD))
def test_whom_no_machine_may_answer_gets_no_letter_and_staff_see_why(actor: User, reason: str) -> None:
    row = make_registration(status="approved")
    WITHHELD[reason](row.mail)
    assert mark_exported(targets([row]), actor, scribe()).done == (row.pk,)
    assert letters() == []
    [event] = Event.objects.filter(verb="notice_withheld")
    assert (event.mail, event.registration) == (row.mail, row)
    assert event.details == {"kind": "registered", "registrations": [row.pk], "withheld": reason}


def test_a_mail_that_names_ourselves_gets_no_letter(actor: User) -> None:
    row = make_registration(raw=make_raw(request_text(ANNA), sender=f"ASP <{OWN}>"), status="approved")
    mark_exported(targets([row]), actor, scribe())
    assert letters() == []
    assert Event.objects.get(verb="notice_withheld").details["withheld"] == "no_address"


def test_an_export_stands_whatever_its_letter_does(actor: User) -> None:
    def broken(_: bytes) -> None:
        raise ValueError("this mail cannot be parsed")

    row = make_registration(status="approved")
    thinking = replace(load_thinking(), parse=broken)  # type: ignore[arg-type]
    result = mark_exported(targets([row]), actor, Scribe(scribe().environment, thinking))
    assert result.done == (row.pk,)
    assert Event.objects.get(verb="notice_withheld").details["withheld"] == "broken"


def test_a_rejection_tells_its_reason(actor: User) -> None:
    [row, _] = make_registrations([ANNA, BEA])
    reject(target(row), actor, "A megadott személy nem önkormányzati dolgozó.", scribe=scribe())
    [letter] = letters()
    assert (letter.kind, letter.recipients) == ("rejected", ["kovacs.anna@tiszacsege.hu", "jegyzo@tiszacsege.hu"])
    assert "nem önkormányzati dolgozó" in " ".join(letter.text.split())
    assert "Bea" not in letter.text
    assert not Reply.objects.filter(next_attempt_at__lte=later(60)).exists(), "time to take it back"
    assert Reply.objects.filter(next_attempt_at__lte=later(180)).exists()
    written = Event.objects.get(verb="reply_written")
    assert (written.registration, written.reply, written.actor) == (row, letter, None)


def test_a_rejection_without_a_letter(actor: User) -> None:
    row = make_registration()
    reject(target(row), actor, "Kétszer szerepel.", letter=False, scribe=scribe())
    assert letters() == []
    assert Event.objects.get(verb="rejected").details["letter"] is False


def test_two_reviewers_at_once_write_one_letter(actor: User) -> None:
    row = make_registration()
    seen = target(row)
    reject(seen, actor, "Nem dolgozó.", scribe=scribe())
    with pytest.raises(OutdatedError):
        reject(seen, make_user("masik"), "Nem dolgozó.", scribe=scribe())
    assert len(letters()) == 1


@pytest.mark.parametrize("mode", ["draft", "on"])
def test_a_rejection_taken_back_takes_its_waiting_letter_along(actor: User, mode: str) -> None:
    [row, other] = make_registrations([ANNA, BEA])
    for one in (row, other):
        reject(target(one), actor, "Nem dolgozó.", scribe=scribe(replies=mode))
    take_back(target(row), actor)
    mine, others = letters()
    assert (mine.state, others.state) == ("discarded", "draft" if mode == "draft" else "queued")
    reject(target(row), actor, "Más okból.", scribe=scribe(replies=mode))
    assert "Más okból" in letters()[2].text


def test_people_whose_data_no_mail_gave_are_told_too(actor: User) -> None:
    """A row that a person opened and filled in has no evidence."""
    row = make_registration(status="approved")
    Registration.objects.update(evidence={}, full_name="Kiss Elemér")
    mark_exported(targets([row]), actor, scribe())
    assert "Kiss Elemér" in letters()[0].text
