"""An SMTP server on loopback (aiosmtpd) that keeps what it accepts and misbehaves on command."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.servers.processes import free_port

HANG = "hang"  # no answer, until the server stops
CUT = "cut"  # the connection is reset without an answer
GARBAGE = "%$#! what is it that you want"


@dataclass(frozen=True)
class Accepted:
    """A mail that the sink took responsibility for."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes

    @property
    def message_id(self) -> str:
        """Its Message-ID."""
        return str(message_from_bytes(self.data)["Message-ID"])

    @property
    def in_reply_to(self) -> str:
        """The Message-ID that it answers."""
        return str(message_from_bytes(self.data)["In-Reply-To"])


@dataclass
class Sink:
    """The running server. `orders` hold the next misbehaviours by stage: EHLO, MAIL, RCPT, DATA, DOT."""

    port: int
    accepted: list[Accepted] = field(default_factory=list)
    connections: int = 0
    rcpt_options: list[str] = field(default_factory=list)
    orders: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    arrived: threading.Condition = field(default_factory=threading.Condition)
    tokens: dict[str, str] = field(default_factory=dict)  # XOAUTH2: user → the token that is good for it
    logins: list[str] = field(default_factory=list)

    def url(self) -> str:
        """The ASPOKTATAS_SMTP_URL of this server."""
        return f"smtp://127.0.0.1:{self.port}"

    def order(self, stage: str, *answers: str) -> None:
        """Give these answers, one each time, at `stage`; then behave again."""
        self.orders[stage].extend(answers)

    def wait_for(self, number: int, seconds: float = 30.0) -> bool:
        """Whether `number` mails were accepted within `seconds`."""
        with self.arrived:
            return self.arrived.wait_for(lambda: len(self.accepted) >= number, seconds)


class _Handler:
    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sink.connections += 1
        ordered = await _obey(self.sink, "EHLO", server)
        session.host_name = hostname
        return [ordered] if ordered else [*responses[:-1], "250-DSN", responses[-1]]

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        said = base64.b64decode(args[1]).decode().split("\1")
        user, token = said[0].removeprefix("user="), said[1].removeprefix("auth=Bearer ")
        if self.sink.tokens.get(user) != token:
            await server.push("334 " + base64.b64encode(b'{"status":"401"}').decode())
            await server._reader.readline()
            return AuthResult(success=False, handled=False)
        self.sink.logins.append(user)
        return AuthResult(success=True)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        ordered = await _obey(self.sink, "MAIL", server)
        if not ordered:
            envelope.mail_from = address
        return ordered or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        ordered = await _obey(self.sink, "RCPT", server)
        if not ordered:
            envelope.rcpt_tos.append(address)
        return ordered or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        taken = Accepted(
            envelope.mail_from or "",
            tuple(envelope.rcpt_tos),
            bytes(envelope.original_content or b""),
        )
        next_order = self.sink.orders["DOT"][0] if self.sink.orders["DOT"] else ""
        if not next_order or next_order in (HANG, CUT, GARBAGE):
            with self.sink.arrived:
                self.sink.accepted.append(taken)
                self.sink.arrived.notify_all()
        return await _obey(self.sink, "DOT", server) or "250 OK: taken"


class _Server(SMTP):
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        ordered = await _obey(self.event_handler.sink, "DATA", self)
        if ordered:
            await self.push(ordered)
        else:
            await super().smtp_DATA(arg)

    async def smtp_RCPT(self, arg: str) -> None:  # noqa: N802
        """Without DSN's parameters, which aiosmtpd does not know."""
        address, _, options = arg.partition("> ")
        self.event_handler.sink.rcpt_options.append(options)
        await super().smtp_RCPT(address + ">" if options else arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Server(self.handler, enable_SMTPUTF8=True, ident="sink", auth_require_tls=False)


async def _obey(sink: Sink, stage: str, server: SMTP) -> str:
    """The ordered answer for this stage; "" where none is ordered."""
    if not sink.orders[stage]:
        return ""
    answer = sink.orders[stage].popleft()
    if answer == HANG:
        await asyncio.Event().wait()
    if answer == CUT:
        transport: Any = server.transport
        transport.abort()
        await asyncio.Event().wait()
    return answer


@contextmanager
def run_sink() -> Iterator[Sink]:
    """A sink for as long as the block runs."""
    sink = Sink(free_port())
    controller = _Controller(_Handler(sink), hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A fresh sink for one test."""
    with run_sink() as server:
        yield server
