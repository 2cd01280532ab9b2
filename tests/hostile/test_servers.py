"""Mail servers that lie or never end: what they say costs bounded time and memory, and no mail."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.servers.scripted_imap import Answer, run_scripted_imap
from worker.mail.errors import MailError
from worker.mail.imap import Mailbox
from worker.mail.outcome import Result
from worker.mail.server import parse_server
from worker.mail.smtp import Sender
from worker.mail.smtp_replies import MOST_LINES
from worker.mail.stream import MOST_LINES as MOST_IMAP_LINES

HEAD = b'* 1 FETCH (UID 1 INTERNALDATE "23-Nov-2026 01:25:03 +0000" RFC822.SIZE %s)\r\n'
GOOD = b"* 1 FETCH (UID 1 BODY[] {18}\r\nSubject: x\r\n\r\nhi\r\n)\r\n"
FETCHED: dict[str, tuple[bytes, bytes]] = {
    "a literal of 4 GB": (HEAD % b"18", b"* 1 FETCH (UID 1 BODY[] {4294967296}\r\nSubject: x\r\n"),
    "a literal of a number without end": (HEAD % b"18", b"* 1 FETCH (UID 1 BODY[] {%s}\r\n" % (b"9" * 5000)),
    "a negative literal": (HEAD % b"18", b"* 1 FETCH (UID 1 BODY[] {-5}\r\nSubject\r\n)\r\n"),
    "a literal in a literal": (HEAD % b"18", b"* 1 FETCH (UID 1 BODY[] {4}\r\n{9}\r\n)\r\n"),
    "a size of 4 GB": (HEAD % b"4294967296", GOOD),
    "a size of a thousand digits": (HEAD % (b"9" * 1000), GOOD),
    "a negative size": (HEAD % b"-1", GOOD),
    "NULs": (HEAD % b"18", GOOD.replace(b"hi\r\n", b"\0\0\r\n")),
    "NULs in the answer": (b"* 1 \0FETCH (UID \0 1)\r\n", GOOD),
    "quotes that do not close": (HEAD % b"18", b'* 1 FETCH (UID 1 BODY[] "Subject: x\r\n'),
    "brackets without end": (HEAD % b"18", b"* 1 FETCH (UID 1 BODY[] " + b"(" * 100_000 + b"\r\n"),
    "a UID beyond all numbers": (b"* 1 FETCH (UID %s RFC822.SIZE 5)\r\n" % (b"9" * 400), GOOD),
}


@pytest.mark.parametrize("name", FETCHED)
def test_a_lying_fetch_gives_the_mail_or_none(name: str) -> None:
    head, body = FETCHED[name]
    answers: dict[bytes, Answer] = {
        b"UID FETCH": lambda command: body if b"BODY" in command else head,
        b"UID SEARCH": b"* SEARCH 1\r\n",
    }
    started = time.monotonic()
    with run_scripted_imap(answers) as script, suppress(MailError), Mailbox(script.server, timeout=2) as mailbox:
        mailbox.select("INBOX", readonly=True)
        assert all(mail.uid == 1 and mail.raw for batch in mailbox.fetch([1]) for mail in batch.mails)
    assert time.monotonic() - started < 20


ENDLESS = {
    "lines": b"* OK still there\r\n" * (MOST_IMAP_LINES + 10),
    "one line": b"* OK " + b"x" * (21 * 1024 * 1024),
    "a search": b"* SEARCH" + b" 1" * 11_000_000,
}


@pytest.mark.parametrize("name", ENDLESS)
def test_an_imap_answer_without_end_costs_the_connection(name: str) -> None:
    with run_scripted_imap({b"NOOP": ENDLESS[name]}) as script:
        mailbox = Mailbox(script.server, timeout=5)
        with pytest.raises(MailError):
            mailbox.noop()
        mailbox.close(polite=False)


def test_many_lines_of_an_honest_server_are_no_trouble() -> None:
    """A colleague marks a hundred thousand mails at once."""
    said = b"* 7 FETCH (FLAGS (\\Seen))\r\n" * 100_000
    with run_scripted_imap({b"NOOP": said}) as script, Mailbox(script.server) as mailbox:
        mailbox.noop()


Talk = Callable[[socket.socket], None]


@contextmanager
def smtp_that(talks: Talk) -> Iterator[int]:
    """An SMTP server whose every connection is `talks`'s; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection, suppress(OSError):
                        talks(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def greeting_without_end(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"220-welcome\r\n" * 100)


def line_without_end(connection: socket.socket) -> None:
    connection.sendall(b"220 ")
    while True:
        connection.sendall(b"x" * 10_000)


def drip(connection: socket.socket) -> None:
    """A letter now and then: never silent for long, never done."""
    while True:
        connection.sendall(b"2")
        time.sleep(0.05)


def extensions_without_end(connection: socket.socket) -> None:
    connection.sendall(b"220 hi\r\n")
    connection.recv(1000)
    while True:
        connection.sendall(b"250-X-EXTENSION\r\n" * 100)


def nuls(connection: socket.socket) -> None:
    connection.sendall(b"220 hi\r\n")
    while connection.recv(1000):
        connection.sendall(b"\0\0\0 \0\r\n")


def http(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize("talks", [greeting_without_end, line_without_end, drip, extensions_without_end, nuls, http])
def test_an_smtp_server_without_end_or_sense_is_in_trouble_and_nothing_was_sent(talks: Talk) -> None:
    started, begun = time.monotonic(), list[bool]()
    with smtp_that(talks) as port:
        sender = Sender(parse_server(f"smtp://127.0.0.1:{port}", "smtp"), timeout=1.5)
        delivery = sender.send("a@b.hu", ["c@d.hu"], b"Subject: x\r\n\r\nx\r\n", lambda: begun.append(True))
        sender.close()
    assert time.monotonic() - started < 10
    assert (delivery.result, delivery.server_trouble, begun) == (Result.TEMPORARY, True, [])
    assert len(delivery.answer) < 300
    assert delivery.answer.isprintable() or "\0" in delivery.answer


def test_an_answer_to_the_dot_that_never_ends_is_uncertain() -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"220 hi\r\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                word = line[:4].upper().strip()
                connection.sendall({b"EHLO": b"250 x\r\n", b"DATA": b"354 go\r\n"}.get(word, b"250 ok\r\n"))
                if word == b"DATA":
                    break
            while lines.readline() != b".\r\n":
                pass
        for _ in range(MOST_LINES + 10):
            connection.sendall(b"250-taken\r\n")

    with smtp_that(talk) as port:
        sender = Sender(parse_server(f"smtp://127.0.0.1:{port}", "smtp"), timeout=5, dot_timeout=5)
        delivery = sender.send("a@b.hu", ["c@d.hu"], b"Subject: x\r\n\r\nx\r\n", lambda: None)
    assert delivery.result is Result.UNKNOWN


def test_what_came_before_starttls_is_not_believed() -> None:
    """An attacker in the middle adds an answer to the plain one: it must not count under TLS."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"220 hi\r\n")
        connection.recv(1000)
        connection.sendall(b"250-x\r\n250 STARTTLS\r\n")
        connection.recv(1000)
        connection.sendall(b"220 go\r\n250 injected\r\n")
        connection.recv(1000)

    with smtp_that(talk) as port:
        server = parse_server(f"smtp+starttls://127.0.0.1:{port}", "smtp")
        delivery = Sender(server, timeout=2, context=ssl.create_default_context()).send(
            "a@b.hu", ["c@d.hu"], b"x", lambda: None
        )
    assert delivery.server_trouble
