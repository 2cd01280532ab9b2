"""The embedded servers do what the product asks of real ones."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.mailbox import PASSWORD, USER, deliver
from demo.servers import MailServers
from worker.mail.imap import Mailbox
from worker.mail.server import parse_server

MAIL = b"From: <eva@posta.example>\r\nSubject: =?utf-8?q?pr=C3=B3ba?=\r\n\r\n\xe1rv\xedz\r\n.pont\r\n"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServers]:
    running = MailServers(tmp_path_factory.mktemp("replies"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def mailbox(servers: MailServers) -> Iterator[Mailbox]:
    server = parse_server(f"imap://{USER}:{PASSWORD}@127.0.0.1:{servers.imap_port}/INBOX", "imap")
    with Mailbox(server) as connected:
        connected.select("INBOX")
        yield connected


def test_the_mailbox_speaks_idle_and_move(servers: MailServers, mailbox: Mailbox) -> None:
    assert mailbox.capabilities >= {"IDLE", "MOVE", "UIDPLUS"}
    before = set(mailbox.search())
    sending = threading.Thread(target=deliver, args=(servers.imap_port, [MAIL]))
    with mailbox.idle() as idle:
        sending.start()
        assert idle.wait(10)
    sending.join()
    mailbox.noop()
    (uid,) = set(mailbox.search()) - before
    (fetched,) = [mail for batch in mailbox.fetch([uid]) for mail in batch.mails]
    assert fetched.raw == MAIL
    assert mailbox.move([uid], "Kézi ügyintézés").moved == {uid}
    assert uid not in mailbox.search()


def test_the_sink_keeps_what_is_sent(servers: MailServers) -> None:
    raw = b"To: <eva@posta.example>\r\nSubject: Re: x\r\nIn-Reply-To: <1@x>\r\n\r\nSz\xc3\xb6veg.\r\n"
    with smtplib.SMTP("127.0.0.1", servers.smtp_port) as client:
        client.sendmail("a@x.example", ["eva@posta.example"], raw)
    sent = servers.sink.replies[-1]
    assert sent.recipients == ("eva@posta.example",)
    assert sent.in_reply_to == "<1@x>"
    assert "Subject: Re: x" in sent.path.read_text(encoding="utf-8")
    assert sent.path.with_suffix(".eml").read_bytes() == raw


def test_stopping_ends_the_thread(tmp_path: Path) -> None:
    running = MailServers(tmp_path)
    running.start()
    running.stop()
    running.stop()
    assert "demo mail servers" not in {thread.name for thread in threading.enumerate() if thread is running._thread}
