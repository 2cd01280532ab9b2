"""IDLE: the server's hint that something changed. Only ever a hint; a search follows."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from worker.mail.errors import Disconnected
from worker.mail.stream import PlainClient, TlsClient
from worker.mail.translate import translated


class Idle:
    """An IDLE command in progress, as a context manager; leaving it ends the command."""

    def __init__(self, client: PlainClient | TlsClient) -> None:
        self._client = client
        self._tag = b""

    def __enter__(self) -> Self:
        with translated("idle"):
            self._tag = self._client._new_tag()  # imaplib learns IDLE only in Python 3.14
            self._client.tagged_commands.pop(self._tag, None)
            self._client.send(self._tag + b" IDLE\r\n")
            while not (line := self._line()).startswith(b"+"):
                if line.startswith(self._tag):
                    self._tag = b""
                    raise Disconnected("idle: the server refuses")
        return self

    def wait(self, seconds: float) -> bool:
        """Whether the server told of mails within `seconds`; raises Disconnected.

        Of those that others remove or mark it may say what it likes: in a large folder a look costs it a second.
        """
        with translated("idle"):
            if not self._client.wait_readable(seconds):
                return False
            line = self._line()
            return line.startswith(b"*") and line.upper().rstrip().endswith((b" EXISTS", b" RECENT"))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is not None or not self._tag:
            return  # the connection is given up
        with translated("idle"):
            self._client.send(b"DONE\r\n")
            while not self._line().startswith(self._tag + b" "):
                pass

    def _line(self) -> bytes:
        line = self._client.readline()
        if line.upper().startswith(b"* BYE"):
            raise Disconnected("idle: the server says goodbye")
        return line
