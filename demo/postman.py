"""Delivers mails into the demo's mailbox: the samples one after another, then whatever is put into a folder."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from demo.mailbox import deliver
from demo.samples import Sample
from worker.mail.identity import identify

LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivered mail: when (local time, HH:MM:SS), what it shows, and the digest by which the ledger knows it."""

    at: str
    about: str
    digest: str


class Postman:
    """`arrivals` grows as mails are delivered; `left` samples are still to come."""

    def __init__(self, port: int, samples: Sequence[Sample], inbox: Path) -> None:
        """`port` is the IMAP server's; .eml files that appear in `inbox` are delivered too."""
        self._port = port
        self._waiting = list(samples)
        self._inbox = inbox
        self._seen: set[Path] = set()
        self.arrivals: list[Arrival] = []

    @property
    def left(self) -> int:
        """How many samples have not arrived yet."""
        return len(self._waiting)

    def deliver_next(self, number: int = 1) -> None:
        """Deliver the next samples, at most `number`."""
        now, self._waiting = self._waiting[:number], self._waiting[number:]
        self._deliver([(sample.about, sample.raw) for sample in now])

    def deliver_dropped(self) -> None:
        """Deliver the .eml files that have appeared in the folder since the last call."""
        new = sorted(set(self._inbox.glob("*.eml")) - self._seen)
        self._seen |= set(new)
        self._deliver([(path.name, LINE_END.sub(b"\r\n", path.read_bytes())) for path in new])

    def _deliver(self, mails: Sequence[tuple[str, bytes]]) -> None:
        if not mails:
            return
        deliver(self._port, [raw for _, raw in mails])
        at = time.strftime("%H:%M:%S")
        self.arrivals += [Arrival(at, about, identify(raw).digest) for about, raw in mails]
