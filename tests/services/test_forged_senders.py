"""Whose word on forged senders counts, from the configuration to the answer that is not written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import override_settings

from review.waiting import get_mails
from tests.services.correspondence import Correspondence, letter_to, only_request, request, write
from worker.models import Event, Mail, Reply

pytestmark = pytest.mark.django_db(transaction=True)
OURS, THEIRS = "mx.kincstar.example; dmarc=fail header.from=tiszacsege.hu", "mx.masik.example; dmarc=fail"


@pytest.fixture
def worker() -> Iterator[Correspondence]:
    """The worker of an operator who named a server."""
    believed = frozenset({"mx.kincstar.example"})
    with override_settings(ASPOKTATAS=replace(settings.ASPOKTATAS, authenticators=believed)):
        yield Correspondence()


def withheld(mail: Mail) -> str:
    return str(Event.objects.get(mail=mail, verb="decided").details["withheld"])


def test_what_our_server_calls_forged_is_staffs(worker: Correspondence) -> None:
    mail = worker.receive_one(write(request(PIR=None), Authentication_Results=OURS))
    assert (mail.outcomes, Reply.objects.count()) == (["review"], 0)
    password = worker.receive_one(write("Elfelejtettem a jelszavamat.", Authentication_Results=OURS))
    assert (password.outcomes, Reply.objects.count()) == (["review"], 0)
    assert set(get_mails("manual")) == {mail, password}


def test_anybody_elses_word_means_nothing(worker: Correspondence) -> None:
    mail = worker.receive_one(write(request(PIR=None), Authentication_Results=THEIRS))
    assert mail.outcomes == ["reply_missing"]
    worker.receive_one(write("PIR: 740746", answers=letter_to(mail).message_id, Authentication_Results=THEIRS))
    assert only_request().status == "ready"


def test_a_forged_answer_changes_no_case(worker: Correspondence) -> None:
    first = worker.receive_one(write(request(PIR=None)))
    forged = worker.receive_one(write("PIR: 740746", answers=letter_to(first).message_id, Authentication_Results=OURS))
    assert withheld(forged) == "distrusted"
    assert (only_request().version, only_request().status) == (1, "incomplete")
