"""Answers find their case and complete it, whoever of the case writes them and however."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.models import Registration
from tests.services.correspondence import ANNA, CLERK, Correspondence, letter_to, only_request, request, write
from worker.models import Conversation, Event, LinkedBy, Mail, Reply
from worker.services.replay import decided_mails, replay

pytestmark = pytest.mark.django_db
LAST = "válaszát már munkatársunk dolgozza fel"


def test_one_line_completes_the_case(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    assert only_request().status == "incomplete"
    before = only_request()
    second = worker.receive_one(write("Íme: 740746", cc="", answers=letter_to(first).message_id))
    row = only_request()
    assert (row.status, row.pir, row.problems, row.mail) == ("ready", "740746", [], first)
    assert row.version == before.version + 1
    assert (second.conversation, second.linked_by) == (first.conversation, LinkedBy.REPLY)
    assert row.evidence["pir"]["mail"] == second.pk
    assert row.evidence["full_name"] == before.evidence["full_name"]
    assert second.outcomes == ["route"]
    assert Reply.objects.count() == 1
    event = Event.objects.get(verb="completed")
    assert event.details["changed"] == {"pir": ["", "740746"]}
    assert (event.details["by_mail"], event.details["stood"]["problems"]) == (second.pk, ["pir_missing"])
    assert Event.objects.get(verb="linked").mail == second


def test_the_mark_in_the_subject_is_enough(worker: Correspondence) -> None:
    """A ticket system gives the mail a new thread and a longer subject."""
    first = worker.receive_one(write(request(PIR=None)))
    subject = f"[Ticket#4711] RE: {letter_to(first).subject} (2. válasz)".lower()
    second = worker.receive_one(write("PIR: 740746", cc="", subject=subject))
    assert (second.conversation, second.linked_by) == (first.conversation, LinkedBy.TOKEN)
    assert only_request().status == "ready"


def test_a_mark_that_nobody_gave_leads_nowhere(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    second = worker.receive_one(
        write(request(Név="Nagy Éva", E_mail="nagy.eva@tab.hu", PIR="740009"), sender="x@tab.hu",
              subject="Re: [ASPO-AAAAAAAAAA]")
    )  # fmt: skip
    assert second.conversation != first.conversation
    assert second.linked_by == LinkedBy.OPENED


def test_an_answer_to_the_requesters_own_mail(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    second = worker.receive_one(write("PIR szám: 740746", cc="", answers=first.message_id))
    assert second.conversation == first.conversation
    assert only_request().status == "ready"


def test_the_jegyzo_answers_in_the_requesters_place(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    worker.receive_one(write("PIR: 740746", sender=CLERK, cc="", answers=letter_to(first).message_id))
    assert only_request().status == "ready"


def test_the_person_answers_in_the_clerks_place(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None), sender="Szabó Péter <szabo.peter@tiszacsege.hu>"))
    worker.receive_one(write("PIR: 740746", sender=ANNA, cc="", answers=letter_to(first).message_id))
    assert only_request().status == "ready"


def test_the_jegyzo_copied_later(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(), cc=""))
    assert only_request().problems == ["jegyzo_not_in_cc"]
    worker.receive_one(write("Küldöm a jegyzőnek is.", cc=CLERK, answers=letter_to(first).message_id))
    row = only_request()
    assert (row.status, row.jegyzo_address) == ("ready", "jegyzo@tiszacsege.hu")


def test_the_second_letter_is_the_last(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None, Szakrendszer=None)))
    second = worker.receive_one(write("PIR: 740746", cc="", answers=letter_to(first).message_id))
    assert only_request().problems == ["modules_missing"]
    last = letter_to(second)
    assert LAST in " ".join(last.text.split())
    third = worker.receive_one(write("Szakrendszer: zongora", cc="", answers=last.message_id))
    assert not Reply.objects.filter(mail=third).exists()
    assert "review" in third.outcomes
    fourth = worker.receive_one(write("Szakrendszer: ADÓ", cc="", answers=last.message_id))
    assert only_request().status == "ready"
    assert not Reply.objects.filter(mail=fourth).exists()


def test_two_colleagues_of_one_case(worker: Correspondence) -> None:
    """The reply asks for both; each answers for herself, one beside the other in one group."""
    text = (
        "Kérem két kolléga regisztrációját az oktatási portálra.\nÖnkormányzat: Tiszacsege\nPIR: 740746\n\n"
        "Név: Kovács Anna\nE-mail: kovacs.anna@tiszacsege.hu\n\n"
        "Név: Szabó Ilona\nE-mail: szabo.ilona@tiszacsege.hu\n"
    )
    first = worker.receive_one(write(text))
    assert [row.problems for row in Registration.objects.order_by("pk")] == [["modules_missing"]] * 2
    letter = letter_to(first)
    worker.receive(
        write("Kovács Anna tananyaga: ADÓ", cc="", answers=letter.message_id),
        write("Szabó Ilona tananyaga: KATI", cc="", answers=letter.message_id),
    )
    rows = Registration.objects.order_by("pk").values_list("full_name", "status", "modules")
    assert list(rows) == [
        ("Kovács Anna", "ready", "PM-2777-2105-BS"),
        ("Szabó Ilona", "ready", "PM-2759-2103-BS"),
    ]


def test_an_out_of_office_changes_nothing(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    absent = worker.receive_one(
        write(
            "Szabadságon vagyok. PIR: 740009", cc="", answers=letter_to(first).message_id, Auto_Submitted="auto-replied"
        )
    )
    assert (absent.kind, absent.conversation) == ("automatic", first.conversation)
    assert only_request().status == "incomplete"
    assert Registration.objects.get().version == 1


def test_a_case_closed_without_an_answer_opens_again(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    Registration.objects.update(status="expired")
    Conversation.objects.update(closed_at=first.received_at)
    worker.receive_one(write("PIR: 740746", cc="", answers=letter_to(first).message_id))
    assert only_request().status == "ready"
    assert Conversation.objects.get().closed_at is None


def test_a_new_colleague_in_the_answer(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    text = request(Név="Szabó Ilona", E_mail="szabo.ilona@tiszacsege.hu")
    second = worker.receive_one(write(text, answers=letter_to(first).message_id))
    assert second.conversation == first.conversation
    assert {row.mail_id for row in Registration.objects.filter(full_name="Szabó Ilona")} == {second.pk}
    assert Registration.objects.get(full_name="Kovács Anna").mail == first


def test_replay_sees_the_case_as_it_stood(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    worker.receive_one(write("Íme: 740746", cc="", answers=letter_to(first).message_id))
    replayed = list(replay(decided_mails(), worker.thinking, worker.voice.own_addresses))
    assert [one.changes for one in replayed] == [(), ()]
    assert Mail.objects.count() == 2


def test_a_letter_that_waits_for_its_release_is_not_sent_once_the_answer_is_there(worker: Correspondence) -> None:
    """In draft mode the requester mends his request before staff have released what it lacks."""
    worker.voice = replace(worker.voice, mode="draft")
    first = worker.receive_one(write(request(PIR=None, Szakrendszer=None)))
    second = worker.receive_one(write("PIR: 740746", cc="", answers=first.message_id))
    assert letter_to(first).state == "discarded"
    assert letter_to(second).state == "draft"
    assert LAST not in " ".join(letter_to(second).text.split()), "the first one that goes out is not the last"
    worker.receive_one(write("Szakrendszer: ADÓ", cc="", answers=first.message_id))
    assert set(Reply.objects.values_list("state", flat=True)) == {"discarded"}
    assert only_request().status == "ready"
