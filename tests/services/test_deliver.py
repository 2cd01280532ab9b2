"""Deliver: at most once, whatever the server does and whenever the process dies."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model
from django.db.models.functions import Now

from config.environment import Environment
from tests.servers.smtp_sink import CUT, GARBAGE, HANG, Sink
from tests.servers.standin import THINKING, make_mail
from worker.mail.server import parse_server
from worker.mail.smtp import Delivery, Sender
from worker.models import Control, Event, Folder, Mail, Reply
from worker.services.deliver import deliver_group
from worker.services.desk import Desk
from worker.services.leases import later
from worker.services.sweep import sweep

Deliver = Callable[..., None]


@pytest.fixture
def waiting(make_desk: Callable[..., Desk], deliver_mail: Deliver) -> Callable[[int], Desk]:
    """Makes so many queued replies; returns a desk that may send them."""

    def make(number: int) -> Desk:
        deliver_mail(*(make_mail("hianyos", one) for one in range(number)))
        writer = make_desk(smtp=None)
        writer.poll()
        writer.process()
        assert Reply.objects.filter(state="queued").count() == number
        return make_desk()

    return make


def make_due() -> None:
    Reply.objects.filter(lease_until=None).update(next_attempt_at=Now())


@pytest.mark.parametrize(
    ("stage", "order", "state"),
    [
        ("MAIL", "451 later", "retrying"),
        ("RCPT", "450 greylisted", "retrying"),
        ("RCPT", "550 no such user", "failed"),
        ("DATA", "451 later", "retrying"),
        ("DATA", CUT, "retrying"),
        ("DATA", "554 no", "failed"),
        ("DOT", "451 disk full", "retrying"),
        ("DOT", "552 too big", "failed"),
        ("DOT", CUT, "uncertain"),
        ("DOT", GARBAGE, "uncertain"),
    ],
)
def test_every_answer_has_its_state(
    waiting: Callable[[int], Desk], sink: Sink, stage: str, order: str, state: str
) -> None:
    desk = waiting(1)
    sink.order(stage, order)
    desk.process()
    reply = Reply.objects.get()
    assert reply.state == state
    assert (reply.data_started_at is not None) == (state == "uncertain")
    make_due()
    desk.process()
    desk.process()
    reply.refresh_from_db()
    assert reply.state == ("sent" if state == "retrying" else state)
    assert len(sink.accepted) == (0 if state == "failed" else 1), "never twice"


def test_an_uncertain_reply_is_never_sent_by_itself(waiting: Callable[[int], Desk], sink: Sink) -> None:
    desk = waiting(1)
    sink.order("DOT", CUT)
    desk.process()
    Reply.objects.update(next_attempt_at=later(-1000), lease_until=later(-1000))
    sweep()
    desk.process()
    assert Reply.objects.get().state == "uncertain"
    assert Event.objects.filter(verb="uncertain").count() == 1
    assert len(sink.accepted) == 1


def test_a_server_in_trouble_is_asked_once_and_left_alone(waiting: Callable[[int], Desk], sink: Sink) -> None:
    desk = waiting(5)
    sink.order("MAIL", *["421 busy"] * 5)
    desk.process()
    assert len(sink.orders["MAIL"]) == 4
    assert set(Reply.objects.values_list("state", flat=True)) == {"retrying"}
    assert not Reply.objects.exclude(lease_token=None).exists()
    sink.orders["MAIL"].clear()
    make_due()
    desk.process()
    assert len(sink.accepted) == 5


class Death(BaseException):
    """Stands for kill -9."""


def test_death_before_data_is_repeated_and_after_it_is_not(
    waiting: Callable[[int], Desk], environment: Environment, sink: Sink
) -> None:
    desk = waiting(2)
    assert environment.smtp is not None

    class DyingBefore(Sender):
        def send(self, *arguments: object, **named: object) -> None:  # type: ignore[override]
            raise Death

    class DyingAfter(Sender):
        def _transfer(self, *arguments: object) -> None:  # type: ignore[override]
            raise Death

    before, after = DyingBefore(environment.smtp), DyingAfter(environment.smtp)
    with pytest.raises(Death):
        deliver_group(before, desk.voice, 0)
    assert set(Reply.objects.values_list("state", flat=True)) == {"sending"}
    Reply.objects.update(lease_until=later(-1))
    sweep()
    assert set(Reply.objects.values_list("state", flat=True)) == {"queued"}
    with pytest.raises(Death):
        deliver_group(after, desk.voice, 0)
    after.close()
    Reply.objects.update(lease_until=later(-1))
    sweep()
    desk.process()
    assert sorted(Reply.objects.values_list("state", flat=True)) == ["sent", "uncertain"]
    assert len(sink.accepted) == 1


def test_the_answer_that_comes_after_the_claim_ran_out_is_evidence(waiting: Callable[[int], Desk], sink: Sink) -> None:
    desk = waiting(1)
    assert desk.sender is not None

    class Slow(Sender):
        def _transfer(self, smtp: smtplib.SMTP, data: bytes) -> Delivery:
            delivery = super()._transfer(smtp, data)
            Reply.objects.update(lease_until=later(-1))
            sweep()
            assert Reply.objects.get().state == "uncertain"
            return delivery

    slow = Slow(desk.sender.server)
    deliver_group(slow, desk.voice, 0)
    slow.close()
    assert Reply.objects.get().state == "sent"


def test_the_breaker_stops_all_replies(
    waiting: Callable[[int], Desk], make_desk: Callable[..., Desk], sink: Sink
) -> None:
    waiting(5)
    desk = make_desk(replies_per_hour=3)
    desk.process()
    assert len(sink.accepted) == 3
    assert Control.objects.get(name="replies_stopped").value == {"reason": "replies_per_hour"}
    assert Event.objects.filter(verb="replies_stopped").count() == 1
    desk.process()
    assert len(sink.accepted) == 3
    Control.objects.filter(name="replies_stopped").delete()
    make_desk().process()
    assert len(sink.accepted) == 5


def test_switched_off_only_people_write(
    waiting: Callable[[int], Desk], make_desk: Callable[..., Desk], sink: Sink
) -> None:
    waiting(2)
    clerk = get_user_model().objects.create(username="ügyintéző")
    Reply.objects.filter(pk=Reply.objects.order_by("pk").values("pk")[:1]).update(author=clerk, envelope_from="")
    make_desk(replies="off").process()
    assert [mail.sender for mail in sink.accepted] == ["aspoktatas@allamkincstar.gov.hu"]


def test_a_refused_copy_is_told(waiting: Callable[[int], Desk], sink: Sink) -> None:
    desk = waiting(1)
    Reply.objects.update(recipients=["jo@a.example", "rossz@a.example"])
    sink.order("RCPT", "550 no such user")
    desk.process()
    assert Reply.objects.get().state == "sent"
    assert Event.objects.get(verb="sent").details == {"refused": ["jo@a.example"]}


def test_drafts_wait_for_a_person(waiting: Callable[[int], Desk], sink: Sink) -> None:
    desk = waiting(1)
    Reply.objects.update(state="draft")
    desk.process()
    assert not sink.accepted


def test_filing_does_not_wait_for_a_hanging_server(waiting: Callable[[int], Desk], sink: Sink) -> None:
    desk = waiting(1)
    sink.order("MAIL", HANG)
    assert desk.file() == 1
    assert Mail.objects.get().state == "filed"


def test_a_held_folder_holds(waiting: Callable[[int], Desk], sink: Sink) -> None:
    desk = waiting(1)
    Folder.objects.update(held="uidvalidity")
    desk.process()
    assert not sink.accepted


def test_a_server_that_is_not_there(environment: Environment, deliver_mail: Deliver) -> None:
    deliver_mail(make_mail("hianyos", 1))
    desk = Desk(replace(environment, smtp=parse_server("smtp://127.0.0.1:1", "smtp")), THINKING)
    desk.poll()
    desk.process()
    desk.file()
    assert Reply.objects.get().state == "retrying"
    assert Mail.objects.get().state == "filed"
    desk.close()
