"""What staff decide the worker knows at the next mail; what they decide otherwise than it is counted by rule."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from registry.models import Registration
from registry.services.accept_address import accept_address
from registry.services.approve import approve
from registry.services.change import Target
from registry.services.confirm_clerk import confirm_clerk
from registry.services.correct import Correction, correct
from registry.services.handle_mail import open_registration
from registry.services.reject import reject
from registry.services.snooze import snooze
from registry.services.take_back import take_back
from registry.services.withdraw import mark_no_registration
from review.feedback import count_corrections, count_decisions
from tests.services.correspondence import Correspondence, letter_to, only_request, request, write
from worker.clock import database_now
from worker.models import Event, Mail

pytestmark = pytest.mark.django_db
OFFICE = "penzugy@tiszacsege.hu"
PLAIN_CC = "Minta Béla <minta.bela@tiszacsege.hu>"


@pytest.fixture
def worker() -> Correspondence:
    return Correspondence()


def target(row: Registration) -> Target:
    return Target(row.pk, Registration.objects.get(pk=row.pk).version)


def counted() -> set[tuple[str, str, str, int]]:
    now = database_now()
    rows = count_corrections(now - timedelta(days=1), now + timedelta(days=1))
    return {(row.rule, row.field, row.kind, row.number) for row in rows}


def row_of(mail: Mail) -> Registration:
    return Registration.objects.get(mail=mail)


def test_a_confirmed_jegyzo_is_known_at_the_next_mail(worker: Correspondence, actor: User) -> None:
    first = row_of(worker.receive_one(write(request(), cc=PLAIN_CC)))
    assert (first.status, first.problems) == ("review", ["jegyzo_unclear"])
    confirm_clerk(target(first), actor, "minta.bela@tiszacsege.hu")
    other = request(**{"Név": "Nagy Éva", "E-mail": "nagy.eva@tiszacsege.hu"})
    second = row_of(worker.receive_one(write(other, sender="Nagy Éva <nagy.eva@tiszacsege.hu>", cc=PLAIN_CC)))
    assert (second.status, second.jegyzo_status) == ("ready", "confirmed")


def test_an_accepted_address_is_doubted_no_more_at_the_next_mail(worker: Correspondence, actor: User) -> None:
    first = row_of(worker.receive_one(write(request(**{"E-mail": OFFICE}))))
    assert (first.status, first.problems) == ("incomplete", ["email_not_personal"])
    accept_address(target(first), actor)
    mark_no_registration(target(first), actor)  # so that the next mail begins a request of its own
    second = worker.receive_one(write(request(**{"E-mail": OFFICE}), subject="Újra"))
    assert (row_of(second).status, row_of(second).problems) == ("ready", [])
    said = {one["rule"]: one for one in (second.verdict or {})["findings"] if one["rule"].startswith("email_not")}
    assert said["email_not_personal"]["details"] == {"value": OFFICE, "why": "accepted"}


def test_of_another_address_the_rules_judge_as_ever(worker: Correspondence, actor: User) -> None:
    accept_address(target(row_of(worker.receive_one(write(request(**{"E-mail": OFFICE}))))), actor)
    second = worker.receive_one(write(request(**{"Név": "Nagy Éva", "E-mail": "ado@tiszacsege.hu"})))
    assert row_of(second).problems == ["email_not_personal"]


def test_an_answer_wakes_a_request_that_was_put_aside(worker: Correspondence, actor: User) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    snooze(target(only_request()), actor, database_now() + timedelta(days=9))
    answer = worker.receive_one(write("A PIR számunk: 740746", answers=letter_to(first).message_id))
    row = only_request()
    assert (row.status, row.snoozed_until) == ("ready", None)
    assert Event.objects.get(verb="woken").details["by_mail"] == answer.pk


def test_so_does_a_strangers_mail_but_no_machines(worker: Correspondence, actor: User) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    snooze(target(only_request()), actor, database_now() + timedelta(days=9))
    ours = letter_to(first).message_id
    worker.receive_one(write("Házon kívül vagyok.", answers=ours, Auto_Submitted="auto-replied"))
    assert only_request().snoozed_until is not None
    worker.receive_one(write("Én küldöm.", sender="Idegen Ödön <idegen.odon@gmail.com>", cc="", answers=ours))
    assert Registration.objects.get(mail=first).snoozed_until is None


def test_a_changed_value_is_the_readings_error(worker: Correspondence, actor: User) -> None:
    row = row_of(worker.receive_one(write(request())))
    names = ("municipality", "pir", "county", "email", "modules")
    fields = {name: getattr(row, name) for name in names}
    correct(target(row), actor, Correction(full_name="Kovács Annamária", **fields), approve=True)
    assert counted() == {("reading", "full_name", "misread", 1)}
    told = Event.objects.get(verb="corrected").details
    assert told["rules_version"] == row.mail.rules_version != ""


@pytest.mark.parametrize(("text", "said"), [("Hívjanak.", set()), ("Az azonosítónk 740746/2.", {"overlooked"})])
def test_a_missing_value_that_stands_in_the_mail_was_overlooked(
    worker: Correspondence, actor: User, text: str, said: set[str]
) -> None:
    row = row_of(worker.receive_one(write(request(PIR=None) + text)))
    assert row.pir == ""
    names = ("full_name", "municipality", "county", "email", "modules")
    correct(target(row), actor, Correction(pir="740746", **{n: getattr(row, n) for n in names}), approve=False)
    assert {kind for _, _, kind, _ in counted()} == said


def test_what_is_set_aside_is_counted_by_its_rule(worker: Correspondence, actor: User) -> None:
    accepted = row_of(worker.receive_one(write(request(**{"E-mail": OFFICE}))))
    accept_address(target(accepted), actor)
    text = request(**{"Név": "Nagy Éva", "E-mail": "nagy.eva@tiszacsege.hu"})
    unclear = row_of(worker.receive_one(write(text, sender="Nagy Éva <nagy.eva@tiszacsege.hu>", cc=PLAIN_CC)))
    approve(target(unclear), actor, despite=unclear.problems)
    assert counted() == {
        ("email_not_personal", "email", "overruled", 1),
        ("jegyzo_unclear", "jegyzo", "overruled", 1),
    }


def test_another_outcome_is_counted_by_what_decided_it(worker: Correspondence, actor: User) -> None:
    row = row_of(worker.receive_one(write(request())))
    reject(target(row), actor, "Nem önkormányzati dolgozó.", letter=False)
    assert counted() == {("asks_registration", "outcome", "rejected", 1)}
    assert count_decisions(database_now() - timedelta(days=1), database_now() + timedelta(days=1)) == 1
    take_back(target(row), actor)
    assert counted() == set()


def test_a_request_that_the_worker_did_not_see(worker: Correspondence, actor: User) -> None:
    mail = worker.receive_one(write("Kérem, töröljék a fiókomat.", cc=""))
    open_registration(mail.pk, actor, known=0)
    [(_, field, kind, _)] = counted()
    assert (field, kind) == ("kind", "opened")


def test_what_happened_before_or_after_the_period_is_not_counted(worker: Correspondence, actor: User) -> None:
    row = row_of(worker.receive_one(write(request())))
    reject(target(row), actor, "Nem önkormányzati dolgozó.", letter=False)
    now = database_now()
    assert count_corrections(now - timedelta(days=9), now - timedelta(days=1)) == []
    assert count_corrections(now + timedelta(days=1), now + timedelta(days=9)) == []
