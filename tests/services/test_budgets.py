"""Budgets: the second barrier against loops, whatever the headers say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.servers.smtp_sink import Sink
from tests.servers.standin import make_mail
from worker.models import Event, Mail, Reply
from worker.services import budgets
from worker.services.desk import Desk
from worker.services.leases import later

Deliver = Callable[..., None]
SENDER = "Valaki <valaki@falu.example>"


def withheld() -> list[str]:
    events = Event.objects.filter(verb="decided").order_by("mail").values_list("details", flat=True)
    return [details["withheld"] for details in events]


def test_the_same_answer_goes_to_a_sender_once_a_week(desk: Desk, deliver_mail: Deliver, sink: Sink) -> None:
    for number in range(3):
        deliver_mail(make_mail("hianyos", number, From=SENDER))
        desk.poll()
        desk.process()
    assert withheld() == ["", "budget_same_answer", "budget_same_answer"]
    assert len(sink.accepted) == 1
    assert [mail.outcomes for mail in Mail.objects.order_by("pk")[1:]] == [["review"], ["review"]]
    Reply.objects.update(created_at=later(-8 * 24 * 3600))
    deliver_mail(make_mail("hianyos", 9, From=SENDER))
    desk.poll()
    desk.process()
    assert len(sink.accepted) == 2


def test_a_partner_that_answers_every_reply_is_not_answered_for_ever(
    desk: Desk, deliver_mail: Deliver, sink: Sink
) -> None:
    """A ticket system without any automatic header, which grows the subject and changes its address each round.

    From its second address on it is a stranger to the conversation, and staff see its mail.
    """
    subject, references = "jelszo", ""
    for number in range(6):
        deliver_mail(make_mail(subject, number, From=f"<ticket{number}@falu.example>", References=references))
        desk.poll()
        desk.process()
        if len(sink.accepted) <= number:
            break
        references = f"{references} {sink.accepted[-1].message_id}".strip()
        subject = f"jelszo [Ticket Received] {subject}"
    assert len(sink.accepted) == 1
    assert withheld()[-1] == "stranger"


def test_a_conversation_has_a_budget_whatever_is_asked(
    desk: Desk, deliver_mail: Deliver, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "SAME_ANSWER", 99)
    monkeypatch.setattr(budgets, "SAME_SENDER", 99)
    references = ""
    for number in range(4):
        deliver_mail(make_mail("jelszo", number, From=SENDER, References=references))
        desk.poll()
        desk.process()
        references = sink.accepted[-1].message_id
    assert len(sink.accepted) == budgets.SAME_THREAD
    assert withheld() == ["", "", "budget_thread", "budget_thread"]


def test_three_answers_of_any_kind(
    desk: Desk, deliver_mail: Deliver, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "SAME_ANSWER", 99)
    for number in range(5):
        deliver_mail(make_mail("hianyos", number, From=SENDER))
    desk.poll()
    desk.process()
    assert len(sink.accepted) == budgets.SAME_SENDER
    assert withheld()[-1] == "budget_sender"


def test_a_domain_has_an_hourly_budget(
    desk: Desk, deliver_mail: Deliver, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "SAME_DOMAIN_AN_HOUR", 2)
    deliver_mail(*(make_mail("hianyos", number, From=f"<x{number}@falu.example>") for number in range(4)))
    deliver_mail(*(make_mail("hianyos", number + 10, From=f"<x{number}@gmail.com>") for number in range(4)))
    desk.poll()
    desk.process()
    assert withheld() == ["", "", "budget_domain", "budget_domain", "", "", "", ""]


def test_a_domain_has_a_daily_budget(
    desk: Desk, deliver_mail: Deliver, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "SAME_DOMAIN_A_DAY", 2)
    for hours, number in enumerate(range(3), start=1):
        deliver_mail(make_mail("hianyos", number, From=f"Minta {number} <x{number}@falu.example>"))
        desk.poll()
        desk.process()
        Reply.objects.update(created_at=later(-hours * 3600))
    assert withheld() == ["", "", "budget_domain"]
    Reply.objects.update(created_at=later(-25 * 3600))
    deliver_mail(make_mail("hianyos", 9, From="Minta Ede <ede@falu.example>"))
    desk.poll()
    desk.process()
    assert withheld()[-1] == ""


def test_the_same_letter_goes_to_a_domain_ten_times_a_week(
    desk: Desk, deliver_mail: Deliver, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that writes under ever new addresses; people are greeted by their names (here: nobody is known)."""
    assert budgets.SAME_LETTER == 10
    monkeypatch.setattr(budgets, "SAME_LETTER", 3)
    deliver_mail(*(make_mail("jelszo", number, From=f"<x{number}@falu.example>") for number in range(5)))
    deliver_mail(*(make_mail("jelszo", number, From=f"<x{number}@gmail.com>") for number in range(10, 15)))
    deliver_mail(make_mail("hianyos", 20, From="<x20@falu.example>"))
    desk.poll()
    desk.process()
    assert withheld() == [""] * 3 + ["budget_same_letter"] * 2 + [""] * 5 + [""]
    Reply.objects.update(created_at=later(-8 * 24 * 3600))
    deliver_mail(make_mail("jelszo", 30, From="<x30@falu.example>"))
    desk.poll()
    desk.process()
    assert withheld()[-1] == ""


def test_failed_and_discarded_replies_do_not_count(desk: Desk, deliver_mail: Deliver, sink: Sink) -> None:
    deliver_mail(make_mail("hianyos", 1, From=SENDER))
    desk.poll()
    desk.process()
    Reply.objects.update(state="discarded")
    deliver_mail(make_mail("hianyos", 2, From=SENDER))
    desk.poll()
    desk.process()
    assert len(sink.accepted) == 2
