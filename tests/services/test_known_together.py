"""Mails of known people, many at once: written together, each as if it were alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import Registration
from registry.services.approve import approve
from registry.services.change import Target
from rules.model import Verdict
from tests.review.factory import make_user
from tests.services.correspondence import Correspondence, letter_to, only_request, request, write
from worker.models import Conversation, Event, Mail, Reply

pytestmark = pytest.mark.django_db


def begin(worker: Correspondence, number: int, **changes: str | None) -> tuple[str, str]:
    """A request of somebody's in which something is missing; their address and our letter's Message-ID."""
    name = f"Minta {'ABCDEFGHIJKLMNOPQRST'[number]}ladár"
    address = f"minta{number}@falu{number}.hu"
    values: dict[str, str | None] = {"Név": name, "E-mail": address, "PIR": None, **changes}
    mail = worker.receive_one(write(request(**values), sender=f"{name} <{address}>"))
    return address, letter_to(mail).message_id


def statements(worker: Correspondence, *raws: bytes) -> int:
    """How many it takes to decide them."""
    worker.store(*raws)
    with CaptureQueriesContext(connection) as asked:
        worker.decide()
    return len(asked)


@pytest.mark.parametrize("text", ["PIR: 740746", "Szakrendszer: ADÓ"])
def test_many_answers_take_no_more_statements_than_a_few(worker: Correspondence, text: str) -> None:
    """The second one leaves something missing: another letter is written, and its budgets are asked for."""
    told = [begin(worker, number, Szakrendszer=None if "ADÓ" in text else "ADÓ") for number in range(14)]
    answers = [write(text, sender=address, cc="", answers=letter) for address, letter in told]
    few, many = statements(worker, *answers[:4]), statements(worker, *answers[4:])
    assert many <= few
    assert set(Mail.objects.filter(linked_by="reply").values_list("state", flat=True)) == {"decided"}
    assert Mail.objects.filter(linked_by="reply").count() == 14
    assert Registration.objects.exclude(version=2).count() == 0


def test_answers_of_one_case_in_one_group_are_read_in_each_others_light(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None, Szakrendszer=None, Vármegye=None)))
    letter = letter_to(first).message_id
    texts = ("PIR: 740746", "Szakrendszer: ADÓ", "Köszönöm!")
    mails = worker.receive(*(write(text, cc="", answers=letter) for text in texts))
    assert (only_request().pir, only_request().modules, only_request().version) == ("740746", "PM-2777-2105-BS", 3)
    assert {mail.conversation_id for mail in mails} == {first.conversation_id}
    assert Reply.objects.filter(author=None, mail__conversation=first.conversation_id).count() <= 2


def test_an_answer_to_a_mail_of_the_same_group_finds_its_conversation(worker: Correspondence) -> None:
    whole = write(request())
    [name] = [line.partition(": ")[2] for line in whole.decode().splitlines() if line.startswith("Message-ID")]
    mails = worker.receive(whole, write("Még valami: köszönöm.", cc="", answers=name))
    assert [mail.conversation_id for mail in mails] == [mails[0].conversation_id] * 2
    assert Conversation.objects.count() == 1


def test_the_letters_of_a_group_count_against_each_others_budgets(worker: Correspondence) -> None:
    texts = [request(PIR=None), request(PIR=None), request(PIR=None, Vármegye=None), request(PIR=None)]
    worker.receive(*(write(text, subject=f"Kérés {place}") for place, text in enumerate(texts)))
    letters = Reply.objects.filter(author=None)
    assert 1 <= letters.count() <= 2
    assert Event.objects.filter(verb="decided").count() == 4


def test_what_staff_do_after_the_group_has_looked_is_seen_when_it_is_written(worker: Correspondence) -> None:
    told = [begin(worker, number) for number in range(3)]
    answers = [write("PIR: 740746", sender=address, cc="", answers=letter) for address, letter in told]
    row = Registration.objects.order_by("pk")[1]
    Registration.objects.filter(pk=row.pk).update(pir="740009", problems=[])
    waiting = [lambda: approve(Target(row.pk, row.version), make_user())]

    def dump(verdict: Verdict) -> dict[str, Any]:
        while waiting:
            waiting.pop()()
        return worker.thinking.dump(verdict)

    Correspondence(replace(worker.thinking, dump=dump)).receive(*answers)
    assert list(Registration.objects.order_by("pk").values_list("status", "pir")) == [
        ("ready", "740746"),
        ("approved", "740009"),
        ("ready", "740746"),
    ]
