"""What goes over the wire: envelope, DSN options and headers of every kind of letter (reliability.md §3.1, §3.4)."""

from __future__ import annotations

import email
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

import pytest
from django.contrib.auth import get_user_model
from django.db.models.functions import Now

from config.environment import Environment
from registry.models import Registration
from registry.services.change import Target
from registry.services.reject import reject
from registry.services.release_reply import release_replies
from registry.services.write_reply import StaffLetter, edit_draft, text_mark, write_reply
from tests.servers.dovecot import dovecot, mailbox_user
from tests.servers.smtp_sink import Sink
from tests.servers.standin import THINKING, make_mail, parse
from tests.services.conftest import deliver_mail, environment, make_desk
from worker.clock import database_now
from worker.models import Mail, Reply
from worker.replies.mime import redated
from worker.services.desk import Desk
from worker.services.notify import Scribe
from worker.services.replying import compose

__all__ = ["deliver_mail", "dovecot", "environment", "mailbox_user", "make_desk"]

ONCE = (
    "From", "To", "Reply-To", "Date", "Message-ID", "In-Reply-To", "References", "Subject", "Auto-Submitted",
    "X-Auto-Response-Suppress", "Precedence", "X-Loop", "Content-Language", "MIME-Version", "Content-Type",
)  # fmt: skip
NEVER = ("Disposition-Notification-To", "Return-Receipt-To", "Errors-To", "Sender", "Bcc", "Return-Path")


@pytest.fixture
def desk(make_desk: Callable[..., Desk], deliver_mail: Callable[..., None]) -> Desk:
    """A desk that has answered one mail; the answer went out."""
    deliver_mail(make_mail("hianyos", 1, References="<regi@mintafalu.example>"))
    desk = make_desk()
    desk.poll()
    desk.process()
    return desk


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_the_dialogue_of_an_answer(desk: Desk, sink: Sink) -> None:
    [taken] = sink.accepted
    assert taken.sender == desk.environment.address, "what bounces comes back to the mailbox, where staff see it"
    assert taken.recipients == ("minta.eva1@falu1.example",)
    assert sink.rcpt_options == ["NOTIFY=FAILURE"]
    assert taken.data == bytes(Reply.objects.get().data)


def test_the_headers_of_an_answer(desk: Desk, sink: Sink) -> None:
    mail = parsed(sink.accepted[0].data)
    names = [name.lower() for name in mail]
    assert [name for name in ONCE if names.count(name.lower()) != 1] == []
    assert [name for name in NEVER if name in mail] == []
    assert not [name for name in names if name.startswith(("list-", "x-ms-", "x-mailer"))]
    address = desk.environment.address
    assert mail["From"].addresses[0].addr_spec == mail["Reply-To"].addresses[0].addr_spec == address
    assert len(mail["To"].addresses) == 1
    assert mail["In-Reply-To"] == "<1@mintafalu.example>"
    assert mail["References"] == "<regi@mintafalu.example> <1@mintafalu.example>"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Precedence"] == "bulk"
    assert mail["Message-ID"].endswith(f"@{address.rpartition('@')[2]}>")
    assert mail["X-Loop"].startswith(address)
    assert mail["Date"].datetime.tzinfo is not None
    assert len(mail["Subject"]) <= 256
    assert not list(mail.iter_attachments())


def test_the_message_id_is_always_the_same(desk: Desk, environment: Environment, sink: Sink) -> None:
    """Whoever composes the answer to this mail again, with the same secret, names it alike; without it, nobody does."""
    mail, reply = Mail.objects.get(), Reply.objects.get()
    message = parse(mail.raw)
    verdict = THINKING.decide(message, THINKING.catalogue, None)  # type: ignore[arg-type]  # the stand-in asks nothing
    again = compose(mail, message, verdict, THINKING.catalogue, desk.voice)
    other = compose(mail, message, verdict, THINKING.catalogue, replace(desk.voice, secret="another"))
    assert again is not None
    assert other is not None
    assert again.message_id == reply.message_id != other.message_id


def test_letters_that_staff_write_or_bring_about(desk: Desk, sink: Sink) -> None:
    """Staff hear where any of them does not arrive; only what the worker wrote says that a machine did."""
    clerk = get_user_model().objects.create_user("ugyintezo")
    row = Registration.objects.get()
    reject(Target(row.pk, row.version), clerk, "Nem dolgozó.", scribe=Scribe(desk.environment, THINKING))
    letter = StaffLetter(("minta.eva1@falu1.example",), (), "Kérdés", "Kérjük, hívjon.")
    write_reply(row.mail, clerk, parse(row.mail.raw), letter, desk.environment.address, known=0)
    Reply.objects.filter(kind="rejected").update(next_attempt_at=Now())
    desk.process()
    assert sink.rcpt_options == ["NOTIFY=FAILURE"] * 3
    assert {taken.sender for taken in sink.accepted} == {desk.environment.address}
    for taken in sink.accepted[1:]:
        mail = parsed(taken.data)
        assert [name for name in NEVER if name in mail] == []
        assert mail["In-Reply-To"] == "<1@mintafalu.example>"
        assert mail["Reply-To"].addresses[0].addr_spec == desk.environment.address
    notice, by_hand = (parsed(taken.data) for taken in sink.accepted[1:])
    names = ("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence")
    assert [notice[name] for name in names] == ["auto-generated", "All", "bulk"]
    assert [by_hand[name] for name in names] == [None, "OOF", None]


def test_a_draft_that_is_released_days_later_is_dated_anew(
    make_desk: Callable[..., Desk], deliver_mail: Callable[..., None], sink: Sink
) -> None:
    deliver_mail(make_mail("hianyos", 1))
    desk = make_desk(replies="draft")
    desk.poll()
    desk.process()
    draft = Reply.objects.get()
    written = redated(bytes(draft.data), datetime(2026, 1, 5, 8, 0, tzinfo=UTC))
    Reply.objects.update(data=written)
    clerk = get_user_model().objects.create_user("ugyintezo")
    before = database_now().replace(microsecond=0)
    assert (release_replies(clerk), release_replies(clerk)) == (1, 0)
    desk.process()
    [taken] = sink.accepted
    sent, old = parsed(taken.data), parsed(written)
    assert before <= sent["Date"].datetime <= database_now()
    same = [name for name in ONCE if name != "Date" and name in old]
    assert [sent[name] for name in same] == [old[name] for name in same]
    assert taken.data.split(b"\r\n\r\n", 1)[1] == written.split(b"\r\n\r\n", 1)[1]


def test_a_draft_in_other_words_is_still_a_machines_answer(
    make_desk: Callable[..., Desk], deliver_mail: Callable[..., None], sink: Sink
) -> None:
    """A person's words, and yet nobody thought of writing: a mail brought it about, and it counts in the budgets."""
    deliver_mail(make_mail("hianyos", 1))
    desk = make_desk(replies="draft")
    desk.poll()
    desk.process()
    draft = Reply.objects.select_related("mail").get()
    clerk = get_user_model().objects.create_user("ugyintezo")
    seen, address = text_mark(draft.text), desk.environment.address
    edit_draft(draft.pk, clerk, parse(draft.mail.raw), "Kérjük, hívjon.", seen=seen, own_address=address)
    release_replies(clerk)
    desk.process()
    mail = parsed(sink.accepted[0].data)
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
