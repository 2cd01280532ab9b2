"""Judges: what they say is what this process would have said, and without them everything goes on."""

from __future__ import annotations

import multiprocessing
import pickle
import time
from collections.abc import Mapping
from uuid import uuid4

import pytest
from django.db import transaction

from registry.models import Registration
from tests.servers.mails import make_mails
from tests.services.correspondence import VOICE, Correspondence, request, write
from worker.models import Event, Mail, Reply
from worker.services.decide import decide_group
from worker.services.judgement import Judged, Reading
from worker.services.judges import WORTH, Judges
from worker.services.judging import judge_claimed
from worker.services.leases import Claim
from worker.services.thinking import load_thinking

pytestmark = pytest.mark.django_db(transaction=True)
RAWS = make_mails(60)
LOST_WITHIN_S = 30.0


def elsewhere(ours: Claim) -> Mapping[int, Judged | Reading]:
    """As a judge in another process answers: nothing but bytes comes back."""
    answer: dict[int, Judged | Reading] = pickle.loads(pickle.dumps(judge_claimed(ours, "")))  # our own
    return answer


def nobody(_ours: Claim) -> Mapping[int, Judged | Reading]:
    """Where there is no judge."""
    return {}


def written() -> list[object]:
    """All that the ledger has of the mails, but keys and times."""
    mails = Mail.objects.order_by("uid").values_list("uid", "state", "kind", "outcomes", "verdict", "subject", "sender")
    requests = Registration.objects.order_by("mail__uid", "position")
    replies = Reply.objects.order_by("mail__uid", "kind").values_list("mail__uid", "kind", "state", "recipients")
    events = Event.objects.order_by("mail__uid", "verb").values_list("mail__uid", "verb", "details")
    columns = ("mail__uid", "position", "status", "full_name", "pir", "email", "modules", "evidence", "problems")
    return [*mails, *requests.values_list(*columns), *replies, *events]


def test_the_ledger_is_the_same_whoever_judged() -> None:
    results = []
    for ask in (nobody, elsewhere):
        with transaction.atomic():
            for number, mail in enumerate(Correspondence().store(*RAWS), start=1):
                Mail.objects.filter(pk=mail.pk).update(uid=number)
            while decide_group(load_thinking(), VOICE, ask=ask):
                pass
            results.append(written())
            transaction.set_rollback(True)
    assert len(results[0]) > 3 * len(RAWS)
    assert results[0] == results[1]


def test_of_a_case_it_only_reads_and_the_answer_is_judged_here() -> None:
    line = Correspondence()
    mail = line.receive_one(write(request(PIR=None)))
    letter = Reply.objects.get(mail=mail)
    answer = write("A PIR számunk: 740746\n\nKovács Anna", subject=f"Re: {letter.subject}", answers=letter.message_id)
    [mail] = line.store(answer)
    seen: list[Judged | Reading] = []

    def ask(ours: Claim) -> Mapping[int, Judged | Reading]:
        found = elsewhere(ours)
        seen.extend(found.values())
        return found

    assert decide_group(load_thinking(), VOICE, ask=ask)
    assert [type(one) for one in seen] == [Reading]
    assert Registration.objects.get().status == "ready"


def test_where_a_request_is_known_after_all_it_is_judged_again() -> None:
    line = Correspondence()
    line.receive_one(write(request()))
    line.store(write(request()))
    assert decide_group(load_thinking(), VOICE, ask=elsewhere)
    assert Registration.objects.count() == 1, "the same request once more begins no second one"


def test_none_are_started_for_a_few_mails_or_where_none_are_wanted() -> None:
    wanted, unwanted = Judges(1), Judges(0)
    assert wanted.judge("", Claim(uuid4(), range(WORTH - 1))) == {}
    assert unwanted.judge("", Claim(uuid4(), range(50))) == {}
    assert not wanted.is_up
    assert not unwanted.is_up


def test_one_that_is_not_ready_is_not_waited_for() -> None:
    judges = Judges(1)
    try:
        assert judges.judge("", Claim(uuid4(), range(WORTH))) == {}
        assert judges.is_up
    finally:
        judges.close()
    assert not judges.is_up


def test_one_that_was_lost_before_it_had_begun_is_replaced() -> None:
    judges = Judges(1)
    try:
        judges.judge("", Claim(uuid4(), range(WORTH)))
        [first] = multiprocessing.active_children()
        first.kill()
        until = time.monotonic() + LOST_WITHIN_S
        while judges.is_up and time.monotonic() < until:
            assert judges.judge("", Claim(uuid4(), range(WORTH))) == {}
            time.sleep(0.01)
        judges.judge("", Claim(uuid4(), range(WORTH)))
        [second] = multiprocessing.active_children()
        assert second.pid != first.pid
    finally:
        judges.close()
