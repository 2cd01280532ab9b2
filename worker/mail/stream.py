"""Reading an IMAP connection: imaplib's clients with a buffer of our own.

imaplib reads through a file object that becomes unusable after one time-out and hides what it has buffered; IDLE needs
to know both what is buffered here and what TLS has already decrypted. `read` and `readline` are imaplib's documented
places to step in.
"""

from __future__ import annotations

import imaplib
import io
import select
import ssl
import time
from typing import Any

TIMEOUT_S = 30.0  # silence that ends a connection
SLOWEST_BYTES_A_SECOND = 20_000  # a server that drips more slowly than this holds us up on purpose
LONGEST_LINE = 20 * 1024 * 1024  # room for a SEARCH answer with two million numbers
LARGEST_LITERAL = 128 * 1024 * 1024
LARGEST_ANSWER = 160 * 1024 * 1024  # of one command, literals and all: a batch is far less
MOST_LINES = 200_000  # of one command's answer
LINES_WITHIN_S = 600.0  # all lines of one command's answer
CHUNK = 256 * 1024


class BufferedReads(imaplib.IMAP4):
    """Mixin for imaplib's clients: buffered reads, each bounded in time and size."""

    _buffer: bytearray
    _taken: int
    _lines: int
    _asked_at: float

    def open(self, *args: Any, **kwargs: Any) -> None:
        """Connect; imaplib calls this before it reads anything."""
        self._buffer = bytearray()
        self._begin()
        super().open(*args, **kwargs)

    def send(self, data: Any) -> None:
        """Say something; what the server may say to it is counted anew."""
        self._begin()
        super().send(data)

    def _begin(self) -> None:
        self._taken, self._lines, self._asked_at = 0, 0, time.monotonic()

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> Any:
        """Switch to TLS; what an attacker injected into the plain stream before it is refused."""
        result = super().starttls(ssl_context)
        if self._buffer:
            raise self.abort("data before the TLS handshake")
        return result

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes; raises imaplib's abort at the connection's end, TimeoutError when too slow."""
        if size > LARGEST_LITERAL:
            raise self.abort(f"a literal of {size} bytes is more than we take")
        deadline = time.monotonic() + TIMEOUT_S + size / SLOWEST_BYTES_A_SECOND
        literal = io.BytesIO()  # it grows in place and hands its bytes over without a copy: a large mail is here once
        while True:
            literal.write(self._take(min(size - literal.tell(), len(self._buffer))))
            if literal.tell() == size:
                return literal.getvalue()
            self._receive(deadline)

    def readline(self) -> bytes:
        """A line with its end; raises like `read`."""
        deadline = time.monotonic() + TIMEOUT_S + LONGEST_LINE / SLOWEST_BYTES_A_SECOND / 10
        self._lines += 1
        if self._lines > MOST_LINES or time.monotonic() - self._asked_at > LINES_WITHIN_S:
            raise self.abort("an answer that does not end")
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > LONGEST_LINE:
                raise self.abort("a line without end")
            self._receive(deadline)
        return self._take(end + 1)

    def wait_readable(self, seconds: float) -> bool:
        """Whether something can be read within `seconds`: data, or the news that the connection has ended."""
        deadline = time.monotonic() + seconds
        poller = select.poll()
        poller.register(self.sock.fileno(), select.POLLIN)
        while not self._buffer:
            pending = isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()
            if not pending and not poller.poll(max(0.0, deadline - time.monotonic()) * 1000):
                return False
            if not self._receive_now():
                return True
        return True

    def _receive_now(self) -> bool:
        """Take what is there without waiting; False at the connection's end. TLS may have nothing for us."""
        timeout = self.sock.gettimeout()
        self.sock.settimeout(0)
        try:
            data = self.sock.recv(CHUNK)
        except (ssl.SSLWantReadError, BlockingIOError):
            return True
        finally:
            self.sock.settimeout(timeout)
        self._buffer += data
        return bool(data)

    def _receive(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise TimeoutError("the server is too slow")
        data = self.sock.recv(CHUNK)
        if not data:
            raise self.abort("the server closed the connection (EOF)")
        self._buffer += data

    def _take(self, size: int) -> bytes:
        taken = bytes(memoryview(self._buffer)[:size])
        del self._buffer[:size]
        self._taken += size
        if self._taken > LARGEST_ANSWER:
            raise self.abort("an answer without end")
        return taken


class PlainClient(BufferedReads):
    """imaplib.IMAP4 with buffered reads."""


class TlsClient(BufferedReads, imaplib.IMAP4_SSL):
    """imaplib.IMAP4_SSL with buffered reads."""
