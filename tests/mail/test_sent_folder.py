"""The Sent folder, at a real Dovecot: each reply's copy once, the delivery never held up, a find there is proof."""

from __future__ import annotations

import imaplib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models.functions import Now

from config.environment import Environment
from tests.servers.dovecot import Dovecot, run_dovecot, short_folder
from tests.servers.smtp_sink import CUT, Sink
from tests.servers.standin import make_mail
from tests.services.conftest import deliver_mail, environment, make_desk
from worker.clock import database_now
from worker.mail.errors import Throttled, Transient
from worker.mail.imap import Mailbox
from worker.mail.server import MailServer, Security, parse_server
from worker.models import Event, Reply
from worker.services.copy_sent import MAX_ATTEMPTS, copy_group
from worker.services.desk import Desk
from worker.services.leases import LEASE
from worker.services.replying import AUTO

__all__ = ["deliver_mail", "environment", "make_desk"]

SENT, ENCODED = "Elküldött elemek", '"Elk&APw-ld&APY-tt elemek"'
MakeDesk = Callable[..., Desk]
Deliver = Callable[..., None]


@pytest.fixture(scope="module")
def marked() -> Iterator[Dovecot]:
    """A server that marks a folder with a Hungarian name as the one for sent mail."""
    folders = f'mailbox "{SENT}" {{\n special_use = \\Sent\n auto = create\n }}'
    with short_folder() as home, run_dovecot(home, folders=folders) as server:
        yield server


@pytest.fixture
def dovecot(marked: Dovecot) -> Dovecot:
    """What `environment` and `deliver_mail` take theirs from."""
    return marked


def copies(dovecot: Dovecot, user: str, folder: str = ENCODED) -> list[tuple[bytes, bytes]]:
    """(FETCH line, bytes) of each mail in the Sent folder."""
    client: imaplib.IMAP4 = dovecot.client(user)
    kind, _ = client.select(folder, readonly=True)
    _, data = client.uid("FETCH", "1:*", "(FLAGS INTERNALDATE BODY.PEEK[])") if kind == "OK" else ("", [])
    client.logout()
    return [row for row in data if isinstance(row, tuple)]


def make_due() -> None:
    Reply.objects.update(next_attempt_at=Now())


@pytest.fixture
def sent(make_desk: MakeDesk, deliver_mail: Deliver) -> Desk:
    """A desk that has just sent one reply."""
    deliver_mail(make_mail("hianyos", 1))
    desk = make_desk()
    desk.poll()
    desk.process()
    return desk


def test_a_sent_reply_gets_its_copy_once(sent: Desk, dovecot: Dovecot, mailbox_user: str, sink: Sink) -> None:
    reply = Reply.objects.get()
    assert (reply.state, reply.sent_copy) == ("sent", "pending")
    assert sent.copy_sent() == 1
    [(line, data)] = copies(dovecot, mailbox_user)
    assert data == bytes(reply.data) == sink.accepted[0].data
    assert rb"\Seen" in line
    reply.refresh_from_db()
    assert (reply.state, reply.sent_copy, reply.lease_token) == ("sent", "done", None)
    assert sent.copy_sent() == 0
    sent.poll(full=True)
    assert len(copies(dovecot, mailbox_user)) == 1


def test_of_an_emptied_letter_there_is_no_copy(sent: Desk, dovecot: Dovecot, mailbox_user: str) -> None:
    Reply.objects.update(data=b"")
    assert sent.copy_sent() == 1
    assert copies(dovecot, mailbox_user) == []
    assert Reply.objects.get().sent_copy == ""


def test_a_process_that_died_after_adding_adds_no_second(sent: Desk, dovecot: Dovecot, mailbox_user: str) -> None:
    sent.copy_sent()
    Reply.objects.update(sent_copy="pending")
    assert sent.copy_sent() == 1
    assert len(copies(dovecot, mailbox_user)) == 1
    assert Reply.objects.get().sent_copy == "done"


def test_a_copy_that_the_server_made_is_enough(sent: Desk, dovecot: Dovecot, mailbox_user: str) -> None:
    client = dovecot.client(mailbox_user)
    client.append(ENCODED, "", "", bytes(Reply.objects.get().data))
    client.logout()
    sent.copy_sent()
    assert len(copies(dovecot, mailbox_user)) == 1
    assert Reply.objects.get().sent_copy == "done"


@pytest.mark.parametrize("setting", ["auto", ""], ids=["copies", "no copies"])
def test_an_uncertain_reply_found_there_did_go_out(  # noqa: PLR0917  # fixtures
    make_desk: MakeDesk, deliver_mail: Deliver, dovecot: Dovecot, mailbox_user: str, sink: Sink, setting: str
) -> None:
    deliver_mail(make_mail("hianyos", 1), make_mail("hianyos", 2))
    desk = make_desk(sent_folder=setting)
    sink.order("DOT", CUT, CUT)
    desk.poll()
    desk.process()
    make_due()
    desk.process()
    assert [reply.state for reply in Reply.objects.all()] == ["uncertain", "uncertain"]
    proof = Reply.objects.order_by("pk")[0]
    client = dovecot.client(mailbox_user)
    client.append(ENCODED, "", "", bytes(proof.data))
    client.logout()
    desk.copy_sent()
    first, second = Reply.objects.order_by("pk")
    assert (first.state, first.sent_copy) == ("sent", "done")
    assert first.sent_at is not None
    assert (second.state, second.sent_copy) == ("uncertain", "pending"), "a person still decides about the other"
    assert [(event.reply_id, event.actor) for event in Event.objects.filter(verb="found_sent")] == [(first.pk, None)]
    assert len(copies(dovecot, mailbox_user)) == 1, "nothing is ever added for what may not have gone out"
    for _ in range(MAX_ATTEMPTS + 1):
        make_due()
        desk.copy_sent()
    second.refresh_from_db()
    assert (second.state, second.sent_copy) == ("uncertain", "given_up")


def test_a_named_folder_is_made(
    make_desk: MakeDesk, deliver_mail: Deliver, dovecot: Dovecot, mailbox_user: str
) -> None:
    deliver_mail(make_mail("hianyos", 1))
    desk = make_desk(sent_folder="Gépi válaszok/Elment")
    desk.poll()
    desk.process()
    desk.copy_sent()
    assert len(copies(dovecot, mailbox_user, '"G&AOk-pi v&AOE-laszok/Elment"')) == 1
    assert copies(dovecot, mailbox_user) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sent_folder": ""}, ""),
        ({"smtp_host": "smtp.office365.com"}, ""),
        ({"smtp_host": "smtp.office365.com", "sent_folder": "Elment"}, "pending"),
    ],
)
def test_where_no_copy_is_wanted_none_is_planned(
    make_desk: MakeDesk, environment: Environment, changes: dict[str, str], expected: str
) -> None:
    host = changes.pop("smtp_host", "")
    smtp = MailServer("smtp", Security.TLS, host, 465) if host else environment.smtp
    voice = make_desk(smtp=smtp, **changes).voice
    assert voice.keeps_copies == bool(expected)


def test_no_marked_folder_no_copy(sent: Desk, dovecot: Dovecot, mailbox_user: str) -> None:
    with Mailbox(sent.imap) as mailbox:
        mailbox._folders.find_special = lambda use: None  # type: ignore[method-assign]  # as on a server without marks
        assert copy_group(lambda: mailbox, AUTO, adds=True) == 1
    assert Reply.objects.get().sent_copy == ""
    assert copies(dovecot, mailbox_user) == []


def test_the_watched_folder_never_gets_copies(sent: Desk, dovecot: Dovecot, mailbox_user: str) -> None:
    with Mailbox(replace(sent.imap, folder=SENT)) as mailbox:
        copy_group(lambda: mailbox, AUTO, adds=True)
    assert Reply.objects.get().sent_copy == ""
    assert copies(dovecot, mailbox_user) == []


def test_an_imap_server_that_is_away_costs_only_time(
    make_desk: MakeDesk, sent: Desk, dovecot: Dovecot, mailbox_user: str, sink: Sink
) -> None:
    away = make_desk(imap=parse_server("imap://a:b@127.0.0.1:1/INBOX", "imap"))
    assert away.copy_sent() == 0
    reply = Reply.objects.get()
    assert (reply.state, reply.sent_copy, reply.attempts, reply.lease_token) == ("sent", "pending", 0, None)
    assert len(sink.accepted) == 1
    make_due()
    sent.copy_sent()
    assert len(copies(dovecot, mailbox_user)) == 1


class Full(Mailbox):
    """A mailbox that takes no more."""

    def append(self, *_: object) -> None:
        """As Dovecot says it."""
        raise Transient("append: [OVERQUOTA] Quota exceeded")


def test_a_folder_that_takes_nothing_is_given_up_with_an_event(sent: Desk) -> None:
    with Full(sent.imap) as mailbox:
        for _ in range(MAX_ATTEMPTS):
            make_due()
            assert copy_group(lambda: mailbox, AUTO, adds=True) == 1
    reply = Reply.objects.get()
    assert (reply.state, reply.sent_copy) == ("sent", "given_up")
    assert Event.objects.filter(verb="copy_given_up").count() == 1
    make_due()
    assert sent.copy_sent() == 0


def test_a_claim_that_ran_out_meanwhile_adds_nothing(sent: Desk, dovecot: Dovecot, mailbox_user: str) -> None:
    """A slow server kept it too long: whoever has the reply by now adds the copy."""
    with Mailbox(sent.imap) as mailbox:

        def open_slowly() -> Mailbox:
            Reply.objects.update(lease_token=uuid4())
            return mailbox

        copy_group(open_slowly, AUTO, adds=True)
    assert copies(dovecot, mailbox_user) == []


class Busy(Mailbox):
    """A server that wants to be left alone for a while."""

    def append(self, *_: object) -> None:
        """As the adapter translates [THROTTLED]."""
        raise Throttled("append: too many commands", wait=400.0)


def test_a_server_that_asks_for_patience_gets_it_and_the_claim_ends(sent: Desk) -> None:
    with Busy(sent.imap) as mailbox, pytest.raises(Throttled):
        copy_group(lambda: mailbox, AUTO, adds=True)
    reply = Reply.objects.get()
    assert (reply.sent_copy, reply.attempts, reply.lease_token, reply.lease_until) == ("pending", 1, None, None)
    assert 390 < (reply.next_attempt_at - database_now()).total_seconds() <= 400
    assert sent.copy_sent() == 0


class Watched(Mailbox):
    """Looks how long the claim still holds when the copy is added."""

    held: timedelta | None = None

    def append(self, *words: Any) -> None:
        """As the real one."""
        lease = Reply.objects.get().lease_until
        self.held = lease - database_now() if lease else None
        super().append(*words)


def test_the_claim_is_renewed_before_anything_is_added(sent: Desk) -> None:
    with Watched(sent.imap) as mailbox:
        copy_group(lambda: mailbox, AUTO, adds=True)
        assert mailbox.held is not None
        assert mailbox.held > LEASE / 2
