"""What was in hand as the database failed is due again at once, unless it may be what the database fails at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now

from tests.servers.smtp_sink import Sink
from tests.services.correspondence import VOICE, Correspondence, request, write
from worker.mail.smtp import Sender
from worker.models import Mail, Reply, ReplyState
from worker.services.decide import decide_group
from worker.services.deliver import deliver_group
from worker.services.desk import Desk
from worker.services.leases import give_back_left

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = 3
AWAY = pytest.mark.skipif(connection.vendor == "sqlite", reason="a file is not away")


def letters() -> list[bytes]:
    """Of as many people, each of whom lacks a PIR."""
    people = [f"e{one}@tiszacsege.hu" for one in range(NUMBER)]
    return [write(request(**{"PIR": None, "E-mail": one}), sender=one, cc="") for one in people]


def lose_session(*_: object) -> None:
    """As at a failover, or when a pooler starts again."""
    if connection.vendor == "sqlite":
        raise OperationalError("disk I/O error")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def decide_and_fail(worker: Correspondence, fail: Callable[..., None]) -> None:
    """A group is claimed, and the database fails before anything of it is written."""

    def ask(claim: object) -> dict[int, object]:
        fail(claim)
        return {}

    with pytest.raises(OperationalError):
        decide_group(worker.thinking, worker.voice, ask=ask)  # type: ignore[arg-type]


def test_a_group_whose_session_is_lost_is_due_again_at_once(worker: Correspondence) -> None:
    worker.store(*letters())
    decide_and_fail(worker, lose_session)
    assert set(Mail.objects.values_list("lease_token", "attempts")) == {(None, 1)}
    worker.decide()
    assert set(Mail.objects.values_list("state", "failure")) == {("decided", "")}
    assert Reply.objects.count() == NUMBER


def test_what_fails_a_second_time_waits_for_its_claim_to_run_out(worker: Correspondence) -> None:
    """Else a mail that no database survives would be tried as fast as one can start again."""
    worker.store(*letters())
    decide_and_fail(worker, lose_session)
    decide_and_fail(worker, lose_session)
    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [1, 1, 2]
    assert Mail.objects.filter(lease_until__gt=Now()).get().attempts == 2


@AWAY
def test_while_the_database_is_away_it_is_remembered(worker: Correspondence, monkeypatch: pytest.MonkeyPatch) -> None:
    worker.store(*letters())

    def go_away(_: object) -> None:
        monkeypatch.setitem(connection.settings_dict, "PORT", "1")
        lose_session()

    decide_and_fail(worker, go_away)
    with pytest.raises(OperationalError):
        give_back_left()
    monkeypatch.undo()
    assert Mail.objects.filter(lease_until__gt=Now()).count() == NUMBER
    assert [give_back_left(), give_back_left()] == [NUMBER, 0]
    assert not Mail.objects.exclude(lease_token=None).exists()


def test_a_claim_that_somebody_else_has_by_now_is_not_given_back(worker: Correspondence) -> None:
    worker.store(*letters())

    def fail(_: object) -> None:
        Mail.objects.update(lease_until=Now() - timedelta(minutes=1))
        assert decide_group(worker.thinking, worker.voice) == 1, "one of them was claimed by another and decided"
        raise OperationalError("disk I/O error")

    decide_and_fail(worker, fail)
    assert sorted(Mail.objects.values_list("state", "attempts")) == [("decided", 0), ("stored", 1), ("stored", 1)]


def test_letters_that_were_not_tried_go_out_at_once_and_none_goes_twice(
    worker: Correspondence, desk: Desk, sink: Sink
) -> None:
    worker.store(*letters())
    worker.decide()
    sender = desk.sender
    assert isinstance(sender, Sender)
    with pytest.raises(OperationalError):
        deliver_group(sender, VOICE, 0, heard=lose_session)
    states = sorted(Reply.objects.values_list("state", "lease_token"))
    assert states == [(ReplyState.QUEUED, None)] * 2 + [(ReplyState.SENT, None)]
    assert deliver_group(sender, VOICE, 0) == NUMBER - 1
    assert len({one.message_id for one in sink.accepted}) == len(sink.accepted) == NUMBER
