"""An IMAP server that says what a test tells it to: for answers that no sane server gives on demand."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from worker.mail.server import MailServer, parse_server

Answer = bytes | Callable[[bytes], bytes] | None  # None: no answer at all
CAPABILITIES = b"IMAP4rev1 IDLE MOVE UIDPLUS NAMESPACE"
DEFAULTS: dict[bytes, Answer] = {
    b"CAPABILITY": b"* CAPABILITY " + CAPABILITIES + b"\r\n",
    b"NAMESPACE": b'* NAMESPACE (("" "/")) NIL NIL\r\n',
    b"EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] UIDs valid\r\n",
    b"SELECT": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] UIDs valid\r\n",
    b"LOGIN": b"",
    b"NOOP": b"",
    b"LIST": b"",
    b"CREATE": b"",
    b"SUBSCRIBE": b"",
    b"LOGOUT": b"* BYE\r\n",
}


@dataclass
class ScriptedImap:
    """`answers` by command ("UID FETCH", "IDLE" …): what comes before the tagged OK, or all of it where it has one.

    In an answer `TAG` stands for the command's tag.
    """

    port: int
    answers: dict[bytes, Answer]
    greeting: bytes = b"* OK ready\r\n"
    commands: list[bytes] = field(default_factory=list)

    @property
    def server(self) -> MailServer:
        """How to reach it."""
        return parse_server(f"imap://asp:x@127.0.0.1:{self.port}/INBOX", "imap")


@contextmanager
def run_scripted_imap(
    answers: dict[bytes, Answer] | None = None, greeting: bytes | None = None
) -> Iterator[ScriptedImap]:
    """Serve until the block ends; every connection gets the same script."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        script = ScriptedImap(listener.getsockname()[1], {**DEFAULTS, **(answers or {})})
        script.greeting = script.greeting if greeting is None else greeting
        open_sockets: list[socket.socket] = []
        thread = threading.Thread(target=_accept, args=(listener, script, open_sockets), daemon=True)
        thread.start()
        try:
            yield script
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for connection in open_sockets:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _accept(listener: socket.socket, script: ScriptedImap, open_sockets: list[socket.socket]) -> None:
    threads = []
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            open_sockets.append(connection)
            threads.append(threading.Thread(target=_serve, args=(connection, script), daemon=True))
            threads[-1].start()
    for thread in threads:
        thread.join(5)


def _serve(connection: socket.socket, script: ScriptedImap) -> None:
    with suppress(OSError), connection, connection.makefile("rb") as lines:
        connection.sendall(script.greeting)
        for line in lines:
            tag, _, rest = line.strip().partition(b" ")
            script.commands.append(rest)
            name = rest.upper().split(b" ")[0]
            if name == b"UID":
                name = b" ".join(rest.upper().split(b" ")[:2])
            answer = script.answers.get(name, b"TAG BAD unknown\r\n")
            said = answer(rest) if callable(answer) else answer
            if said is None:
                continue
            if said == b"EOF":
                return
            if b"TAG " not in said:
                said += b"TAG OK done\r\n"
            connection.sendall(said.replace(b"TAG ", tag + b" "))
