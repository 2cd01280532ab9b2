"""A server to which every name leads that a hostile mail may call: it answers nothing and remembers who came."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Door(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        """Keep the first line of whatever was sent."""
        self.request.settimeout(2)
        try:
            line = self.request.recv(4096).split(b"\r\n", 1)[0]
        except TimeoutError:
            line = b"(nothing said)"
        self.server.seen.append(line.decode("latin-1"))  # type: ignore[attr-defined]
        self.request.sendall(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


class Listening(socketserver.ThreadingTCPServer):
    """`seen` holds the first line of each connection."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.seen: list[str] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


@contextmanager
def listening() -> Iterator[Listening]:
    """Such a server while the block runs."""
    with Listening() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
