"""The IMAP adapter against a server that lies, breaks off, or says what nobody asked for."""

from __future__ import annotations

from contextlib import suppress

import pytest

from tests.servers.scripted_imap import Answer, run_scripted_imap
from worker.mail.errors import Disconnected, LoginRefused, MailError, Permanent, Throttled, Transient
from worker.mail.imap import Mailbox

HEAD = b'* 1 FETCH (UID 1 INTERNALDATE "23-Nov-2026 01:25:03 +0000" RFC822.SIZE %d)\r\n'
BODY = b'* 1 FETCH (UID 1 INTERNALDATE "23-Nov-2026 01:25:03 +0000" RFC822.SIZE %d BODY[] {%d}\r\n%s)\r\n'
RAW = b"Subject: x\r\n\r\nhi\r\n"
FOUND = b"* SEARCH 1\r\n"


def fetch_script(body: bytes, size: int = len(RAW)) -> Answer:
    """Answers the question for sizes honestly, and the one for bodies with `body`."""
    return lambda command: body if b"BODY" in command else HEAD % size


GOOD = BODY % (len(RAW), len(RAW), RAW)
TAKEN = {
    "honest": GOOD,
    "flags of another client in between": b"* 2 FETCH (FLAGS (\\Seen))\r\n" + GOOD + b"* 1 FETCH (UID 1 FLAGS ())\r\n",
    "an expunge and an exists in between": b"* 3 EXPUNGE\r\n" + GOOD + b"* 9 EXISTS\r\n* 1 RECENT\r\n",
    "another mail, not asked for": b"* 2 FETCH (UID 2 BODY[] {2}\r\nno)\r\n" + GOOD,
    "a NO that some are gone, after giving this one": GOOD + b"TAG NO some messages no longer exist\r\n",
    "lower case names": GOOD.replace(b"UID", b"uid").replace(b"BODY", b"body"),
    "a size that is never true": BODY % (999, len(RAW), RAW),
}
BROKEN = {
    "NIL": b"* 1 FETCH (UID 1 BODY[] NIL)\r\n",
    "an empty literal": b"* 1 FETCH (UID 1 BODY[] {0}\r\n)\r\n",
    "no UID": GOOD.replace(b"UID 1 ", b""),
    "only flags": b"* 1 FETCH (FLAGS (\\Seen))\r\n",
    "nothing": b"",
}


@pytest.mark.parametrize("name", TAKEN)
def test_the_mail_is_taken_whole_and_nothing_else(name: str) -> None:
    with (
        run_scripted_imap({b"UID FETCH": fetch_script(TAKEN[name]), b"UID SEARCH": FOUND}) as script,
        Mailbox(script.server) as mailbox,
    ):
        mailbox.select("INBOX", readonly=True)
        [batch] = mailbox.fetch([1])
    assert [(mail.uid, mail.raw) for mail in batch.mails] == [(1, RAW)]
    assert not batch.broken
    assert not batch.vanished


@pytest.mark.parametrize("name", BROKEN)
def test_no_phantom_mail_comes_of_a_broken_answer(name: str) -> None:
    with (
        run_scripted_imap({b"UID FETCH": fetch_script(BROKEN[name]), b"UID SEARCH": FOUND}) as script,
        Mailbox(script.server) as mailbox,
    ):
        mailbox.select("INBOX")
        [batch] = mailbox.fetch([1])
    assert batch.broken == {1}
    assert not batch.mails


def test_a_wrong_size_is_asked_for_again() -> None:
    bodies = iter([BODY % (len(RAW), 5, b"Subje"), GOOD])
    answers: dict[bytes, Answer] = {
        b"UID FETCH": lambda command: next(bodies) if b"BODY" in command else HEAD % len(RAW)
    }
    with run_scripted_imap(answers) as script, Mailbox(script.server) as mailbox:
        mailbox.select("INBOX")
        [[mail]] = [batch.mails for batch in mailbox.fetch([1])]
    assert mail.raw == RAW


BREAKS: dict[str, dict[bytes, Answer]] = {
    "cut in the middle of a literal": {b"UID FETCH": b"* 1 FETCH (UID 1 BODY[] {500}\r\nSubj"},
    "no answer at all": {b"UID FETCH": None},
    "an absurd literal": {b"UID FETCH": b"* 1 FETCH (UID 1 BODY[] {9999999999}\r\n"},
    "goodbye": {b"UID FETCH": b"* BYE shutting down\r\n"},
    "no IMAP": {b"UID FETCH": b"HTTP/1.1 200 OK\r\n\r\n"},
    "the connection ends": {b"UID FETCH": b"EOF"},
    "BAD": {b"UID FETCH": b"TAG BAD not connected\r\n"},
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_connection_is_transient_and_quick(name: str) -> None:
    with run_scripted_imap(BREAKS[name]) as script:
        mailbox = Mailbox(script.server, timeout=0.3)
        mailbox.select("INBOX")
        with pytest.raises(Transient):
            list(mailbox.fetch([1]))
        mailbox.close(polite=False)


@pytest.mark.parametrize("command", [b"SELECT", b"CAPABILITY", b"LOGIN", b"UID SEARCH", b"NOOP"])
@pytest.mark.parametrize(
    "answer", [None, b"EOF", b"\x00\xff garbage\r\n", b"TAG NO no\r\n", b"* SEARCH x y\r\nTAG BAD x\r\n"]
)
def test_no_step_raises_anything_but_mail_errors(command: bytes, answer: Answer) -> None:
    with run_scripted_imap({command: answer}) as script, suppress(MailError):
        mailbox = Mailbox(script.server, timeout=0.3)
        try:
            mailbox.select("INBOX")
            mailbox.noop()
            mailbox.search()
        finally:
            mailbox.close(polite=False)


def test_throttling_says_how_long() -> None:
    answer = b"TAG NO Request is throttled. Suggested Backoff Time: 299910 milliseconds\r\n"
    with run_scripted_imap({b"UID FETCH": answer}) as script, Mailbox(script.server) as mailbox:
        mailbox.select("INBOX")
        with pytest.raises(Throttled) as caught:
            list(mailbox.fetch([1]))
    assert caught.value.wait == pytest.approx(299.91)


def test_a_throttled_login_is_no_wrong_password() -> None:
    with (
        run_scripted_imap({b"LOGIN": b"TAG NO [UNAVAILABLE] too many connections\r\n"}) as script,
        pytest.raises(Throttled),
    ):
        Mailbox(script.server)


def test_a_refused_login() -> None:
    with run_scripted_imap({b"LOGIN": b"TAG NO [AUTHENTICATIONFAILED] no\r\n"}) as script, pytest.raises(LoginRefused):
        Mailbox(script.server)


def test_without_uidvalidity_we_stop() -> None:
    with (
        run_scripted_imap({b"SELECT": b"* 3 EXISTS\r\n"}) as script,
        Mailbox(script.server) as mailbox,
        pytest.raises(Permanent),
    ):
        mailbox.select("INBOX")


def test_a_move_without_copyuid_is_proved_by_a_search() -> None:
    with (
        run_scripted_imap({b"UID MOVE": b"", b"UID SEARCH": b"* SEARCH 2\r\n"}) as script,
        Mailbox(script.server) as mailbox,
    ):
        mailbox.select("INBOX")
        moved = mailbox.move([1, 2], "Jelszó")
    assert moved.moved == {1}
    assert moved.left == {2}


def test_nothing_we_say_can_destroy_or_mark_a_mail() -> None:
    answers: dict[bytes, Answer] = {b"UID FETCH": fetch_script(GOOD), b"UID SEARCH": FOUND, b"UID MOVE": b""}
    with run_scripted_imap(answers) as script, Mailbox(script.server) as mailbox:
        mailbox.select("INBOX")
        list(mailbox.fetch([1]))
        mailbox.move([1], "Jelszó")
        said = b"\n".join(script.commands).upper()
    assert not [word for word in (b"EXPUNGE", b"STORE", b"COPY", b"CLOSE", b"DELETE") if word in said]
    assert b"BODY[" not in said.replace(b"BODY.PEEK[", b"")


IDLES: dict[str, Answer] = {
    "a refusal": b"TAG BAD unknown\r\n",
    "the end": b"EOF",
    "goodbye": b"* BYE\r\n",
    "silence": None,
}


@pytest.mark.parametrize("name", IDLES)
def test_idle_that_does_not_begin(name: str) -> None:
    with run_scripted_imap({b"IDLE": IDLES[name]}) as script:
        mailbox = Mailbox(script.server, timeout=0.3)
        mailbox.select("INBOX")
        with pytest.raises(Disconnected), mailbox.idle() as idle:
            idle.wait(0.1)
        mailbox.close(polite=False)


def test_idle_hears_what_came_with_the_continuation_and_what_means_nothing() -> None:
    said = b"+ idling\r\n* OK Still here\r\n* 4 EXISTS\r\nTAG OK done\r\n"
    with run_scripted_imap({b"IDLE": said}) as script:
        mailbox = Mailbox(script.server)
        mailbox.select("INBOX")
        with mailbox.idle() as idle:
            assert not idle.wait(1)
            assert idle.wait(1)
        mailbox.close(polite=False)
