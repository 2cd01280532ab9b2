"""Two at once: whoever comes second thinks again; what staff do in between wins."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db.models import F
from django.db.models.functions import Now

from registry.models import Registration
from registry.services.approve import approve
from registry.services.change import Target
from rules.catalogue import Catalogue
from rules.model import Context, Message, Verdict
from tests.review.factory import make_user
from tests.services.correspondence import Correspondence, letter_to, only_request, request, write
from worker.models import Conversation, Event, Mail, Reply

pytestmark = pytest.mark.django_db


def test_two_answers_decided_by_two_workers(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None, Szakrendszer=None)))
    letter = letter_to(first)
    one, other = (write(text, cc="", answers=letter.message_id) for text in ("PIR: 740746", "Szakrendszer: ADÓ"))
    late = worker.interrupted(lambda: worker.receive(other))
    late.receive(one)
    row = only_request()
    assert (row.status, row.pir, row.modules, row.version) == ("ready", "740746", "PM-2777-2105-BS", 3)
    assert set(Mail.objects.values_list("attempts", "failure")) == {(0, "")}


def test_the_first_two_mails_of_one_person_at_once(worker: Correspondence) -> None:
    late = worker.interrupted(lambda: worker.receive(write(request())))
    late.receive(write(request()))
    assert only_request().status == "ready"
    assert Conversation.objects.count() == 1


def test_staff_approve_while_the_answer_is_thought_about(worker: Correspondence) -> None:
    actor = make_user()
    first = worker.receive_one(write(request(PIR=None)))
    Registration.objects.update(pir="740009", problems=[])
    row = only_request()
    late = worker.interrupted(lambda: approve(Target(row.pk, row.version), actor))
    answer = late.receive_one(write("Helyesen a PIR: 740746", cc="", answers=letter_to(first).message_id))
    assert (only_request().status, only_request().pir) == ("approved", "740009")
    assert "review" in answer.outcomes


def test_the_budget_holds_for_two_at_once(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None, Szakrendszer=None, Önkormányzat=None, Vármegye=None)))
    letter = letter_to(first)
    one, other = (write(text, cc="", answers=letter.message_id) for text in ("PIR: 740746", "Szakrendszer: ADÓ"))
    worker.interrupted(lambda: worker.receive(other)).receive(one)
    assert Reply.objects.filter(author=None).count() == 2
    assert Event.objects.filter(verb="decided", details__withheld="budget_thread").count() == 1


def test_a_case_that_never_rests_costs_the_mail_nothing(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    answer = write("PIR: 740746", cc="", answers=letter_to(first).message_id)

    def disturb(message: Message, catalogue: Catalogue, context: Context) -> Verdict:
        Registration.objects.update(version=F("version") + 1)
        return worker.thinking.decide(message, catalogue, context)

    restless = Correspondence(replace(worker.thinking, decide=disturb))
    mail = restless.receive_one(answer)
    assert (mail.state, mail.attempts, mail.failure, mail.lease_token) == ("stored", 0, "", None)
    Mail.objects.update(next_attempt_at=Now())
    worker.decide()
    assert only_request().status == "ready"


def test_a_mail_retried_from_quarantine_is_merged_once(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    [mail] = worker.store(write("PIR: 740746", cc="", answers=letter_to(first).message_id))
    Mail.objects.filter(pk=mail.pk).update(state="failed", failure="died")
    worker.decide()
    assert only_request().status == "incomplete"
    Mail.objects.filter(pk=mail.pk).update(state="stored", attempts=0)
    worker.decide()
    worker.decide()
    assert (only_request().status, only_request().version) == ("ready", 2)
