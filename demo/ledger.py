"""What became of a mail, read from the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from worker.models import Mail, Reply


@dataclass(frozen=True, slots=True)
class Fate:
    """A mail as the ledger has it now. `people` are (name, status); `reply` is its state, "" where none is written.

    `millis` is the time from its storing to its decision; None while it waits.
    """

    digest: str
    sender: str
    subject: str
    state: str
    kind: str
    outcomes: tuple[str, ...]
    people: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]
    reply: str
    filed_to: str
    millis: int | None

    @property
    def settled(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self.state in ("filed", "failed") and self.reply not in ("queued", "sending", "retrying")

    def as_json(self, name: str) -> dict[str, Any]:
        """The line that `aspoktatas demo --once --json` prints for the sample `name`."""
        return {
            "file": name,
            "state": self.state,
            "kind": self.kind,
            "outcomes": list(self.outcomes),
            "people": [status for _, status in self.people],
            "problems": list(self.problems),
            "reply": self.reply,
            "filed_to": self.filed_to,
        }


def get_fates(digests: Iterable[str]) -> dict[str, Fate]:
    """The fates of the mails with these digests, as far as the ledger knows them."""
    mails = Mail.objects.filter(digest__in=list(digests)).prefetch_related("registrations", "replies").order_by("pk")
    return {mail.digest: _fate(mail) for mail in mails}


def _fate(mail: Mail) -> Fate:
    registrations = sorted(mail.registrations.all(), key=lambda row: row.position)
    replies: list[Reply] = list(mail.replies.all())
    asked = [word for row in registrations if row.status == "incomplete" for word in row.problems]
    return Fate(
        digest=mail.digest,
        sender=mail.sender,
        subject=mail.subject,
        state=mail.state,
        kind=mail.kind,
        outcomes=tuple(mail.outcomes),
        people=tuple((row.full_name, row.status) for row in registrations),
        problems=tuple(dict.fromkeys(asked)),
        reply=replies[-1].state if replies else "",
        filed_to=mail.filed_to,
        millis=_millis(mail.stored_at, mail.decided_at),
    )


def _millis(start: datetime, end: datetime | None) -> int | None:
    return None if end is None else max(0, round((end - start).total_seconds() * 1000))
