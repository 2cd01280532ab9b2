"""What no machine may do: strangers, several cases, decided requests, doubles, letters of staff."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from registry.models import Registration
from registry.services.change import Target
from registry.services.correct import Correction, correct
from registry.services.send_to_review import send_to_review
from registry.services.write_reply import StaffLetter, ask_again
from tests.services.correspondence import (
    CLERK,
    OWN,
    STRANGER,
    Correspondence,
    letter_to,
    only_request,
    request,
    write,
)
from worker.intake.parse import parse_message
from worker.models import Event, LinkedBy, Mail, Reply

pytestmark = pytest.mark.django_db
ILONA = {"Név": "Szabó Ilona", "E_mail": "szabo.ilona@tiszacsege.hu"}


def withheld(mail: Mail) -> str:
    return str(Event.objects.get(verb="decided", mail=mail).details["withheld"])


@pytest.mark.parametrize("text", ["PIR: 740746", request(Név="Idegen Ödön", E_mail="idegen.odon@gmail.com"), "Mi ez?"])
def test_a_stranger_who_has_our_letter_gets_nothing(worker: Correspondence, text: str) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    letter = letter_to(first)
    strange = worker.receive_one(write(text, sender=STRANGER, subject=letter.subject, answers=letter.message_id))
    assert strange.outcomes == ["review"]
    assert strange.conversation != first.conversation
    assert Reply.objects.count() == 1
    assert (only_request().status, only_request().version) == ("incomplete", 1)
    assert withheld(strange) == "stranger"
    seen = Event.objects.filter(verb="stranger_answered")
    assert {event.mail_id for event in seen} == {strange.pk, first.pk}
    assert {event.details["conversation"] for event in seen} == {first.conversation_id}


def test_an_answer_that_would_be_answered_to_a_stranger(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None, Szakrendszer=None)))
    strange = worker.receive_one(
        write("PIR: 740746", answers=letter_to(first).message_id, Reply_To="idegen.odon@gmail.com")
    )
    assert withheld(strange) == "stranger"
    assert only_request().version == 1


def test_a_forged_answer(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    forged = write(
        "PIR: 740746", answers=letter_to(first).message_id, Authentication_Results="mx; dmarc=fail header.from=x"
    )
    assert withheld(worker.receive_one(forged)) == "distrusted"
    assert only_request().version == 1


def test_a_colleague_who_answers_the_requesters_mail_begins_a_case_of_her_own(worker: Correspondence) -> None:
    first = worker.receive_one(write(request()))
    second = worker.receive_one(write(request(**ILONA), sender="szabo.ilona@tiszacsege.hu", answers=first.message_id))
    assert second.conversation != first.conversation
    assert list(Registration.objects.values_list("status", flat=True)) == ["ready", "ready"]


def test_the_missing_piece_in_a_mail_of_its_own(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    second = worker.receive_one(write("Elküldöm a PIR számot: 740746", cc="", subject="PIR szám"))
    assert (second.conversation, second.linked_by) == (first.conversation, LinkedBy.SENDER)
    assert only_request().status == "ready"


def test_the_missing_piece_for_one_of_two_cases_goes_to_staff(worker: Correspondence) -> None:
    worker.receive_one(write(request(PIR=None)))
    worker.receive_one(write(request(PIR=None, **ILONA)))
    assert Registration.objects.filter(status="incomplete").count() == 2
    piece = worker.receive_one(write("Elküldöm a PIR számot: 740746", cc="", subject="PIR szám"))
    assert (piece.outcomes, withheld(piece)) == (["review"], "several_cases")
    assert not Registration.objects.filter(mail=piece).exists()
    assert set(Registration.objects.values_list("version", flat=True)) == {1}


def test_a_request_for_somebody_else_is_no_answer(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    second = worker.receive_one(write(request(**ILONA)))
    assert second.conversation != first.conversation
    assert Registration.objects.get(mail=first).version == 1
    assert Registration.objects.get(mail=second).status == "ready"


def test_the_same_request_again_makes_no_second_row(worker: Correspondence) -> None:
    first = worker.receive_one(write(request()))
    again = worker.receive_one(write(request(), subject="Regisztráció újra"))
    assert (again.conversation, again.linked_by) == (first.conversation, LinkedBy.SAME_REQUEST)
    assert (only_request().mail, only_request().version) == (first, 1)


def test_the_whole_request_again_completes_the_first(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    again = worker.receive_one(write(request()))
    assert again.conversation == first.conversation
    assert (only_request().mail, only_request().status, only_request().pir) == (first, "ready", "740746")


def test_both_in_one_group(worker: Correspondence) -> None:
    worker.receive(write(request(PIR=None)), write(request()), write(request()))
    assert (only_request().status, only_request().version) == ("ready", 2)
    assert len(set(Mail.objects.values_list("conversation", flat=True))) == 1


def test_the_same_person_by_somebody_else_waits_for_staff(worker: Correspondence) -> None:
    worker.receive_one(write(request()))
    worker.receive_one(write(request(), sender=STRANGER))
    first, second = Registration.objects.order_by("pk")
    assert (first.status, first.version, second.status) == ("ready", 1, "review")
    assert Event.objects.get(verb="same_request").details["registration"] == first.pk


@pytest.mark.parametrize(("modules", "status"), [("KATI", "ready"), ("ADÓ", "review")])
def test_somebody_whose_request_was_exported(worker: Correspondence, modules: str, status: str) -> None:
    worker.receive_one(write(request()))
    Registration.objects.update(status="exported")
    second = worker.receive_one(write(request(Szakrendszer=modules)))
    assert Registration.objects.get(mail=second).status == status


@pytest.mark.parametrize("status", ["approved", "exported", "rejected"])
def test_what_staff_decided_no_answer_changes(worker: Correspondence, status: str) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    Registration.objects.update(status=status, pir="740009", reject_reason="próba", problems=[])
    answer = worker.receive_one(write("Helyesen a PIR: 740746", cc="", answers=letter_to(first).message_id))
    assert (only_request().pir, only_request().version) == ("740009", 1)
    assert "review" in answer.outcomes
    assert withheld(answer) == "decided_already"


def test_a_contradiction_goes_to_staff(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    text = "PIR: 740746\nE-mail: kovacs.anna2@tiszacsege.hu"
    answer = worker.receive_one(write(text, cc="", answers=letter_to(first).message_id))
    row = only_request()
    assert (row.status, row.email, "answer_contradicts" in row.notes) == ("review", "kovacs.anna@tiszacsege.hu", True)
    assert "review" in answer.outcomes


def test_an_answer_to_staff_is_for_staff(worker: Correspondence, actor: User) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    row = only_request()
    letter = StaffLetter(("kovacs.anna@tiszacsege.hu",), (), "Re: Regisztráció", "Melyik hivatalban dolgozik?")
    ask_again(Target(row.pk, row.version), actor, parse_message(first.raw), letter, OWN)
    asked = Reply.objects.get(author=actor)
    answer = worker.receive_one(write("PIR: 740746", cc="", answers=asked.message_id))
    assert (only_request().status, only_request().pir) == ("review", "740746")
    assert (answer.outcomes, withheld(answer)) == (["review"], "answers_staff")


def test_what_a_person_wrote_is_known_without_evidence(worker: Correspondence, actor: User) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    row = only_request()
    values = {name: getattr(row, name) for name in ("full_name", "municipality", "county", "modules")}
    correct(
        Target(row.pk, row.version), actor, Correction(**values, pir="", email="k.anna@tiszacsege.hu"), approve=False
    )
    worker.receive_one(write("PIR: 740746", cc="", answers=letter_to(first).message_id))
    assert (only_request().email, only_request().pir) == ("k.anna@tiszacsege.hu", "740746")


def test_withdrawn_by_the_requester(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    mail = worker.receive_one(write("Mégsem kérem a regisztrációt.", cc="", answers=letter_to(first).message_id))
    row = Registration.objects.get()
    assert row.status == "withdrawn"
    assert Event.objects.get(verb="withdrawn").details["by_mail"] == mail.pk
    assert not Reply.objects.filter(mail=mail).exists()


def test_withdrawn_in_a_mail_of_its_own(worker: Correspondence) -> None:
    worker.receive_one(write(request()))
    worker.receive_one(write("Tisztelt Kincstár! Mégsem kérem a regisztrációt.", cc="", subject="Visszavonás"))
    assert Registration.objects.get().status == "withdrawn"


def test_a_withdrawal_after_the_decision_goes_to_staff(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    Registration.objects.update(status="approved", pir="740746")
    mail = worker.receive_one(write("Mégsem kérem a regisztrációt.", cc="", answers=letter_to(first).message_id))
    assert Registration.objects.get().status == "approved"
    assert (mail.outcomes, withheld(mail)) == (["review"], "decided_already")


def test_a_twin_completes_nothing_twice(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    raw = write("PIR: 740746", cc=CLERK, answers=letter_to(first).message_id)
    worker.receive(raw, raw)
    worker.uidvalidity = 2
    worker.receive_one(raw)
    assert (only_request().status, only_request().version) == ("ready", 2)
    assert set(Mail.objects.values_list("conversation", flat=True)) == {first.conversation_id}
    assert Event.objects.filter(verb__in=["completed", "linked"]).count() == 2


def test_a_twin_of_the_first_mail_makes_no_second_row(worker: Correspondence) -> None:
    raw = write(request())
    mails = worker.receive(raw, raw)
    assert [mail.outcomes for mail in mails] == [["route"], ["route"]]
    assert len({mail.conversation_id for mail in mails}) == 1
    assert only_request().mail == mails[0]


def test_a_withdrawal_of_one_of_two_cases_goes_to_staff(worker: Correspondence) -> None:
    worker.receive_one(write(request()))
    worker.receive_one(write(request(**ILONA)))
    mail = worker.receive_one(write("Mégsem kérem a regisztrációt.", cc="", subject="Visszavonás"))
    assert (mail.outcomes, withheld(mail)) == (["review"], "several_cases")
    assert set(Registration.objects.values_list("status", flat=True)) == {"ready"}


def test_a_question_of_the_requester_changes_nothing(worker: Correspondence) -> None:
    worker.receive_one(write(request(PIR=None)))
    mail = worker.receive_one(write("Mikor lesz a következő tanfolyam?", cc="", subject="Kérdés"))
    assert (mail.kind, mail.outcomes, mail.linked_by) == ("other", ["review"], LinkedBy.OPENED)
    assert only_request().version == 1


def test_what_a_person_moved_to_review_stays_there(worker: Correspondence, actor: User) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    row = only_request()
    send_to_review(Target(row.pk, row.version), actor)
    worker.receive_one(write("PIR: 740746", cc="", answers=letter_to(first).message_id))
    assert (only_request().status, only_request().pir) == ("review", "740746")


def test_a_program_that_sends_our_letter_back_is_not_answered_for_ever(worker: Correspondence) -> None:
    """No automatic header, fresh Message-IDs, a growing subject, the requester's address, our form and all."""
    letter = letter_to(worker.receive_one(write(request(PIR=None))))
    for number in range(5):
        echo = write(f"[#{number}] Köszönjük!\n\n{letter.text}", subject=f"[#{number}] {letter.subject}")
        worker.receive_one(echo)
    assert Reply.objects.count() <= 2
    assert only_request().status == "incomplete"
