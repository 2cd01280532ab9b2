"""What the sweep learns of what there is to do, and in how many words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from registry.replays import Replay
from tests.review.factory import make_mail, make_raw, make_reply
from worker.models import Control, Mail, MailState, MailText, Reply, ReplyState, SentCopy
from worker.services import purge_nightly, roll_up, wait
from worker.services.controls import stop_replies
from worker.services.decide import MAX_ATTEMPTS
from worker.services.leases import later
from worker.services.pending import find_due
from worker.services.search_text import CAUGHT_UP
from worker.services.ticks import my_turn

SENT = {"state": ReplyState.SENT, "sent_at": Now(), "data_started_at": Now()}

pytestmark = pytest.mark.django_db


def due() -> set[str]:
    """The names of what is due."""
    return {name for name, is_due in asdict(find_due()).items() if is_due}


@pytest.fixture
def at_rest() -> None:
    """Somebody looked around a moment ago, and the search has every text."""
    for part in (wait, roll_up, purge_nightly):
        assert my_turn(part.TICK, part.LOOK_EVERY)
    Control.objects.create(name=CAUGHT_UP, value={"done": True})


def mail(**columns: Any) -> Mail:
    """One in the ledger that has its text."""
    made = make_mail(make_raw("?"))
    MailText.objects.update_or_create(mail=made, defaults={"text": "?"})
    Mail.objects.filter(pk=made.pk).update(**{"filed_at": Now(), **columns})
    return made


def reply(**columns: Any) -> None:
    """One to a mail that is done with."""
    made = make_reply(mail(state=MailState.FILED, filed_as="moved", filed_to="?"))
    Reply.objects.filter(pk=made.pk).update(**columns)


def test_an_empty_ledger_wants_to_be_looked_around_in() -> None:
    assert due() == {"cases", "figures", "privacy", "texts"}


@pytest.mark.usefixtures("at_rest")
def test_at_rest_it_is_one_statement() -> None:
    with CaptureQueriesContext(connection) as said:
        assert due() == set()
    assert len(said) == 1


@pytest.mark.usefixtures("at_rest")
@pytest.mark.parametrize(
    ("part", "name"), [(wait, "cases"), (roll_up, "figures"), (purge_nightly, "privacy")], ids=lambda one: str(one)[:20]
)
def test_each_look_around_has_its_time(part: Any, name: str) -> None:
    Control.objects.filter(name=part.TICK).update(at=Now() - part.LOOK_EVERY)
    assert due() == {name}


@pytest.mark.usefixtures("at_rest")
@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"state": MailState.STORED}, {"work"}),
        ({"state": MailState.STORED, "next_attempt_at": later(60)}, set()),
        ({"state": MailState.STORED, "lease_until": later(60)}, set()),
        ({"state": MailState.STORED, "lease_until": later(-1)}, {"work"}),
        ({"state": MailState.STORED, "lease_until": later(-1), "attempts": MAX_ATTEMPTS}, {"expired", "work", "files"}),
        ({"state": MailState.DECIDED}, {"files"}),
        ({"state": MailState.FAILED}, set()),
        ({"state": MailState.FAILED, "filed_at": None}, {"files"}),
        ({"state": MailState.FILED, "filed_as": "moved", "filed_to": "?"}, set()),
    ],
)
def test_mails(columns: dict[str, Any], expected: set[str]) -> None:
    mail(**columns)
    assert due() == expected


@pytest.mark.usefixtures("at_rest")
def test_a_parked_mail_without_a_text() -> None:
    mail(state=MailState.FAILED)
    MailText.objects.all().delete()
    assert due() == {"texts"}


@pytest.mark.usefixtures("at_rest")
@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"state": ReplyState.QUEUED}, {"work"}),
        ({"state": ReplyState.RETRYING, "next_attempt_at": later(60)}, set()),
        ({"state": ReplyState.RETRYING, "next_attempt_at": later(-1)}, {"work"}),
        ({"state": ReplyState.SENDING, "lease_until": later(60)}, set()),
        ({"state": ReplyState.SENDING, "lease_until": later(-1)}, {"expired", "work"}),
        ({**SENT, "sent_copy": SentCopy.PENDING}, {"files"}),
        ({**SENT, "sent_copy": ""}, set()),
    ],
)
def test_replies(columns: dict[str, Any], expected: set[str]) -> None:
    reply(**columns)
    assert due() == expected


@pytest.mark.usefixtures("at_rest")
def test_replies_that_are_stopped_are_not_rung_for() -> None:
    reply(state=ReplyState.QUEUED)
    stop_replies("replies_per_hour")
    assert due() == {"today"}  # of which an event tells


@pytest.mark.usefixtures("at_rest")
def test_a_replay(admin_user: User) -> None:
    Replay.objects.create(compares="ledger", since=Now(), until=Now(), version="?", total=1, author=admin_user)
    assert due() == {"replays"}
