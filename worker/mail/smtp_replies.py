"""Reading an SMTP server's replies; smtplib waits as long as anything comes, here each is bounded."""

from __future__ import annotations

import smtplib
import socket
import time
from typing import Any

MOST_LINES = 200  # of one reply; an EHLO of many extensions has twenty
CHUNK = 4096


class _Lines:
    """A socket's lines, for as long as smtplib keeps it as its `file`."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = bytearray()
        self._deadline = 0.0
        self._left = 0

    def begin(self) -> None:
        """A reply is awaited: the socket's own time-out is now for all of it."""
        self._deadline = time.monotonic() + (self._sock.gettimeout() or 0.0)
        self._left = MOST_LINES

    def readline(self, most: int) -> bytes:
        """A line with its end, or its first `most` bytes; b"" at the connection's end. Raises OSError."""
        self._left -= 1
        if self._left < 0:
            raise OSError("a reply without end")
        while (end := self._buffer.find(b"\n")) < 0 and len(self._buffer) < most:
            if not self._receive():
                break
        size = min(end + 1 if end >= 0 else len(self._buffer), most)
        line = bytes(self._buffer[:size])
        del self._buffer[:size]
        return line

    def _receive(self) -> bool:
        timeout, left = self._sock.gettimeout(), self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server is too slow")
        try:
            self._sock.settimeout(left)
            data = self._sock.recv(CHUNK)
        finally:
            self._sock.settimeout(timeout)
        self._buffer += data
        return bool(data)

    def close(self) -> None:
        """smtplib closes what it calls its file; the socket is closed by itself."""


class BoundedReplies(smtplib.SMTP):
    """Mixin for smtplib's clients: each reply is bounded in lines and, by the socket's time-out, in time."""

    file: Any

    def getreply(self) -> tuple[int, bytes]:
        """The next reply; raises SMTPServerDisconnected where it does not end."""
        if self.file is None:
            assert self.sock is not None
            self.file = _Lines(self.sock)
        self.file.begin()
        return super().getreply()


class PlainSmtp(BoundedReplies):
    """smtplib.SMTP with bounded replies."""


class TlsSmtp(BoundedReplies, smtplib.SMTP_SSL):
    """smtplib.SMTP_SSL with bounded replies."""
