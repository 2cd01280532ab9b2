"""Decide: once, all or nothing, and one bad mail never stops another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db.models.functions import Now

from config.environment import Environment
from registry.models import Registration
from rules.catalogue import Catalogue
from rules.model import Context, Message, Verdict
from tests.servers import standin
from tests.servers.smtp_sink import Sink
from tests.servers.standin import THINKING, make_mail
from worker.models import Event, Mail, Reply
from worker.services.decide import MAX_ATTEMPTS
from worker.services.desk import Desk
from worker.services.leases import later
from worker.services.sweep import sweep

Deliver = Callable[..., None]


def make_due() -> None:
    """Let waiting mails be due now, as if time had passed."""
    Mail.objects.filter(lease_until=None).update(next_attempt_at=Now())


def let_claims_expire() -> None:
    """As if the process that holds the claims had died a while ago."""
    Mail.objects.exclude(lease_until=None).update(lease_until=later(-1))
    Reply.objects.exclude(lease_until=None).update(lease_until=later(-1))


def test_one_bad_mail_never_stops_the_others(desk: Desk, deliver_mail: Deliver, sink: Sink) -> None:
    deliver_mail(make_mail("hianyos", 1), make_mail("robban", 2), make_mail("hianyos", 3))
    desk.poll()
    desk.process()
    assert len(sink.accepted) == 2
    for _ in range(MAX_ATTEMPTS - 1):
        assert Mail.objects.get(uid=2).state == "stored"
        make_due()
        desk.process()
    bad = Mail.objects.get(uid=2)
    assert (bad.state, bad.attempts, bad.failure) == ("failed", 3, "ValueError")
    assert "this mail cannot be parsed" in bad.trace
    desk.file()
    bad.refresh_from_db()
    assert (bad.state, bad.filed_to, bad.filed_as) == ("failed", "Hiba", "moved")


def test_what_a_mail_does_to_the_database_is_undone_alone(environment: Environment, deliver_mail: Deliver) -> None:
    """A verdict that the ledger's constraints refuse: nothing of it stays, its neighbours are written."""

    def incomplete_but_ready(message: Message, catalogue: Catalogue, context: Context) -> Verdict:
        verdict = standin.decide(message, catalogue, context)
        if message.subject == "teljes rossz":
            return replace(verdict, people=(replace(verdict.people[0], pir=None),))
        return verdict

    desk = Desk(environment, replace(THINKING, decide=incomplete_but_ready))
    deliver_mail(make_mail("teljes rossz", 1), make_mail("teljes", 2))
    desk.poll()
    desk.process()
    assert list(Mail.objects.order_by("uid").values_list("state", flat=True)) == ["stored", "decided"]
    assert Registration.objects.count() == 1
    assert "IntegrityError" in Mail.objects.get(uid=1).trace
    desk.close()


def test_hostile_characters_reach_the_database(environment: Environment, deliver_mail: Deliver) -> None:
    def nasty(verdict: Verdict) -> dict[str, object]:
        return {"people": [], "a\x00b": ["\ud800 \x00"]}

    desk = Desk(environment, replace(THINKING, dump=nasty))
    deliver_mail(make_mail("valami \x01", 1))
    desk.poll()
    desk.process()
    assert Mail.objects.get().verdict == {"people": [], "ab": ["? "]}
    desk.close()


def test_deciding_again_changes_nothing(desk: Desk, deliver_mail: Deliver, sink: Sink) -> None:
    deliver_mail(make_mail("hianyos", 1))
    desk.poll()
    desk.process()
    desk.process()
    assert (Reply.objects.count(), Registration.objects.count(), len(sink.accepted)) == (1, 1, 1)


class Death(BaseException):
    """Stands for kill -9: no handler of the product sees it."""


def test_a_mail_that_kills_the_process_is_parked_and_takes_nobody_with_it(
    environment: Environment, deliver_mail: Deliver, sink: Sink
) -> None:
    def kill(raw: bytes) -> Message:
        if b"robban" in raw:
            raise Death
        return standin.parse(raw)

    desk = Desk(environment, replace(THINKING, parse=kill))
    deliver_mail(make_mail("hianyos", 1), make_mail("robban", 2), make_mail("hianyos", 3))
    desk.poll()
    for _ in range(5):
        try:
            desk.process()
        except Death:
            let_claims_expire()
        sweep()
    states = dict(Mail.objects.values_list("uid", "state"))
    assert states == {1: "decided", 2: "failed", 3: "decided"}
    assert Mail.objects.get(uid=2).failure == "died"
    assert len(sink.accepted) == 2
    desk.close()


def test_a_late_process_cannot_overwrite_its_successor(environment: Environment, deliver_mail: Deliver) -> None:
    deliver_mail(make_mail("hianyos", 1))

    def slow(raw: bytes) -> Message:
        let_claims_expire()
        other.process()
        return standin.parse(raw)

    other = Desk(environment, THINKING)
    late = Desk(environment, replace(THINKING, parse=slow))
    late.poll()
    late.process()
    assert Mail.objects.get().attempts == 0
    assert Event.objects.filter(verb="decided").count() == 1
    assert Reply.objects.count() == 1
    other.close()
    late.close()


@pytest.mark.parametrize("mode_state_sent", [("on", "sent", 1), ("draft", "draft", 0)])
def test_reply_modes(
    make_desk: Callable[..., Desk], deliver_mail: Deliver, sink: Sink, mode_state_sent: tuple[str, str, int]
) -> None:
    mode, state, sent = mode_state_sent
    deliver_mail(make_mail("hianyos", 1))
    desk = make_desk(replies=mode)
    desk.poll()
    desk.process()
    assert (Reply.objects.get().state, len(sink.accepted)) == (state, sent)


def test_replies_off(make_desk: Callable[..., Desk], deliver_mail: Deliver, sink: Sink) -> None:
    deliver_mail(make_mail("hianyos", 1))
    desk = make_desk(replies="off")
    desk.poll()
    desk.process()
    mail = Mail.objects.get()
    assert (mail.state, mail.outcomes) == ("decided", ["reply_missing"])
    assert not Reply.objects.exists()
    assert not sink.accepted


def test_a_bounce_of_our_reply_is_linked_to_it(desk: Desk, deliver_mail: Deliver, sink: Sink) -> None:
    deliver_mail(make_mail("hianyos", 1))
    desk.poll()
    desk.process()
    [reply] = sink.accepted
    parts = ["Content-Type: message/delivery-status\r\n\r\nStatus: 5.1.1\r\n"]
    parts += [f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {reply.message_id}\r\n"]
    body = "".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n"
    report = "multipart/report; boundary=b; report-type=delivery-status"
    deliver_mail(make_mail("automata", 2, From="MAILER-DAEMON@x.example", Content_Type=report) + body.encode())
    desk.poll()
    desk.process()
    event = Event.objects.get(verb__in=["bounced", "answered_automatically"])
    assert event.reply == Reply.objects.get()
