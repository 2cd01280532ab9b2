"""The SMTP adapter: every way an attempt can end has its name, and the right one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.smtp_sink import CUT, GARBAGE, HANG, Sink
from worker.mail.server import parse_server
from worker.mail.smtp import Result, Sender

DATA = "Subject: válasz\r\nMessage-ID: <a@b>\r\n\r\nelső sor\r\n.pont\r\n..kettő\r\n".encode()
FROM, TO = "asp@kincstar.example", ["a@b.example"]


@pytest.fixture
def sender(sink: Sink) -> Iterator[Sender]:
    sender = Sender(parse_server(sink.url(), "smtp"), timeout=0.4, dot_timeout=0.4)
    yield sender
    sender.close()


def nothing() -> None:
    """The record before DATA, where a test needs none."""


def test_accepted_byte_for_byte(sender: Sender, sink: Sink) -> None:
    delivery = sender.send(FROM, ["a@b.example", "c@d.example"], DATA, nothing)
    assert delivery.result is Result.ACCEPTED
    assert delivery.answer == "250 OK: taken"
    [mail] = sink.accepted
    assert (mail.sender, mail.recipients, mail.data) == (FROM, ("a@b.example", "c@d.example"), DATA)
    assert sink.rcpt_options == ["NOTIFY=NEVER", "NOTIFY=NEVER"]


def test_the_connection_is_kept(sender: Sender, sink: Sink) -> None:
    for _ in range(3):
        assert sender.send(FROM, TO, DATA, nothing).result is Result.ACCEPTED
    assert sink.connections == 1


def test_a_kept_connection_that_died_is_replaced(sender: Sender, sink: Sink) -> None:
    sender.send(FROM, TO, DATA, nothing)
    sink.order("MAIL", CUT)
    assert sender.send(FROM, TO, DATA, nothing).result is Result.ACCEPTED
    sink.order("MAIL", "421 idle for too long")
    assert sender.send(FROM, TO, DATA, nothing).result is Result.ACCEPTED
    assert (sink.connections, len(sink.accepted)) == (3, 3)


BEFORE_DATA = [
    ("EHLO", HANG, Result.TEMPORARY, True),
    ("EHLO", CUT, Result.TEMPORARY, True),
    ("MAIL", "451 later", Result.TEMPORARY, False),
    ("MAIL", "421 go away", Result.TEMPORARY, True),
    ("MAIL", "550 not you", Result.PERMANENT, False),
    ("MAIL", HANG, Result.TEMPORARY, True),
    ("MAIL", GARBAGE, Result.TEMPORARY, True),
    ("RCPT", "451 greylisted", Result.TEMPORARY, False),
    ("RCPT", "550 no such user", Result.PERMANENT, False),
    ("RCPT", CUT, Result.TEMPORARY, True),
]


@pytest.mark.parametrize("case", BEFORE_DATA)
def test_before_data(sender: Sender, sink: Sink, case: tuple[str, str, Result, bool]) -> None:
    stage, order, result, trouble = case
    sink.order(stage, order)
    started: list[bool] = []
    delivery = sender.send(FROM, TO, DATA, lambda: started.append(True))
    assert (delivery.result, delivery.server_trouble) == (result, trouble)
    assert not started, "nothing may be recorded as started"
    assert sender.send(FROM, TO, DATA, nothing).result is Result.ACCEPTED
    assert len(sink.accepted) == 1


AT_DATA = [
    ("DATA", "451 later", Result.TEMPORARY),
    ("DATA", "554 no", Result.PERMANENT),
    ("DATA", "421 closing", Result.TEMPORARY),
    ("DATA", CUT, Result.TEMPORARY),
    ("DATA", HANG, Result.TEMPORARY),
    ("DATA", GARBAGE, Result.TEMPORARY),
    ("DOT", "451 disk full", Result.TEMPORARY),
    ("DOT", "421 closing", Result.TEMPORARY),
    ("DOT", "552 too big", Result.PERMANENT),
    ("DOT", CUT, Result.UNKNOWN),
    ("DOT", HANG, Result.UNKNOWN),
    ("DOT", GARBAGE, Result.UNKNOWN),
]


@pytest.mark.parametrize(("stage", "order", "result"), AT_DATA)
def test_from_data_on(sender: Sender, sink: Sink, stage: str, order: str, result: Result) -> None:
    sink.order(stage, order)
    started: list[bool] = []
    assert sender.send(FROM, TO, DATA, lambda: started.append(True)).result is result
    assert started == [True]
    assert len(sink.accepted) == (result is Result.UNKNOWN)
    assert sender.send(FROM, TO, DATA, nothing).result is Result.ACCEPTED


def test_one_refused_recipient_does_not_stop_the_other(sender: Sender, sink: Sink) -> None:
    sink.order("RCPT", "550 no such user")
    delivery = sender.send(FROM, ["rossz@b.example", "a@b.example"], DATA, nothing)
    assert (delivery.result, delivery.refused) == (Result.ACCEPTED, ("rossz@b.example",))
    assert sink.accepted[0].recipients == ("a@b.example",)


def test_a_failing_record_stops_the_mail(sender: Sender, sink: Sink) -> None:
    def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        sender.send(FROM, TO, DATA, fail)
    assert not sink.accepted


def test_international_addresses(sender: Sender, sink: Sink) -> None:
    assert sender.send(FROM, ["györgy@példa.example"], DATA, nothing).result is Result.ACCEPTED
    assert sink.accepted[0].recipients == ("györgy@példa.example",)


def test_nobody_listens() -> None:
    delivery = Sender(parse_server("smtp://127.0.0.1:1", "smtp")).send(FROM, TO, DATA, nothing)
    assert delivery.server_trouble
    assert delivery.result is Result.TEMPORARY


def test_tls_is_not_optional(sink: Sink) -> None:
    """A server without TLS gets nothing from us where the configuration asks for TLS."""
    for scheme in ("smtps", "smtp+starttls"):
        sender = Sender(parse_server(f"{scheme}://u:p@127.0.0.1:{sink.port}", "smtp"), timeout=0.4)
        assert sender.send(FROM, TO, DATA, nothing).server_trouble
    assert not sink.accepted
