"""What is where, how old the oldest pending work is, and whether the watcher lives: read-only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import models
from django.db.models import Count, Min, Q

from config.accounts import Account
from registry.models import Registration, RegistrationStatus
from worker.clock import database_now
from worker.models import OUTGOING, Control, Folder, Mail, MailState, Reply, ReplyState
from worker.services.controls import REPLIES_STOPPED, last_beat
from worker.services.mailboxes import mails_of, watched_folder

WATCHER_SILENT_AFTER_S = 90.0  # it proves itself every 30 s
PENDING_MAILS = Q(state__in=[MailState.STORED, MailState.DECIDED])


@dataclass(frozen=True, slots=True)
class MailboxStatus:
    """One mailbox: its mails by state, whether it is watched, when it was last read, how many are to be taken in."""

    mailbox: str
    mails: dict[str, int]
    polled_s_ago: float | None
    watcher_alive: bool
    missing: int
    held: bool


@dataclass(frozen=True)
class StatusReport:
    """Counts by state, pending work and its greatest age in seconds, the watcher's last sign of life.

    Of several watchers it is the one that has been silent longest.
    """

    mails: dict[str, int]
    registrations: dict[str, int]
    replies: dict[str, int]
    pending: int
    oldest_pending_s: float
    watcher_alive: bool
    watcher_last_seen: datetime | None
    missing: int
    replies_stopped: str
    mailboxes: tuple[MailboxStatus, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The shape of `aspoktatas status --json` (docs/operation.md)."""
        seen = self.watcher_last_seen.isoformat() if self.watcher_last_seen else None
        return {
            "mails": self.mails,
            "registrations": self.registrations,
            "replies": self.replies,
            "pending": self.pending,
            "oldest_pending_s": round(self.oldest_pending_s, 1),
            "watcher": {"alive": self.watcher_alive, "last_seen": seen},
            "missing": self.missing,
            "replies_stopped": self.replies_stopped,
            "mailboxes": [asdict(one) for one in self.mailboxes],
        }


def get_status(accounts: Sequence[Account] = ()) -> StatusReport:
    """Measure now, by the database's clock; `accounts` are the mailboxes that are watched."""
    now = database_now()
    pending_mails = Mail.objects.filter(PENDING_MAILS).aggregate(number=Count("id"), oldest=Min("stored_at"))
    pending_replies = Reply.objects.filter(state__in=OUTGOING).aggregate(number=Count("id"), oldest=Min("created_at"))
    oldest = min((row["oldest"] for row in (pending_mails, pending_replies) if row["oldest"]), default=now)
    beats = [last_beat(f"watcher{one.suffix}") for one in accounts] or [last_beat("watcher")]
    seen = None if None in beats else min(beat for beat in beats if beat)
    stopped = Control.objects.filter(name=REPLIES_STOPPED).first()
    return StatusReport(
        mails=_counts(Mail.objects.all(), "state", MailState.values),
        registrations=_counts(Registration.objects.all(), "status", RegistrationStatus.values),
        replies=_counts(Reply.objects.all(), "state", ReplyState.values),
        pending=pending_mails["number"] + pending_replies["number"],
        oldest_pending_s=max(0.0, (now - oldest).total_seconds()),
        watcher_alive=_is_recent(seen, now),
        watcher_last_seen=seen,
        missing=Folder.objects.aggregate(missing=models.Sum("missing"))["missing"] or 0,
        replies_stopped=str(stopped.value.get("reason", "")) if stopped else "",
        mailboxes=tuple(_mailbox(one, accounts, now) for one in accounts if one.imap),
    )


def _mailbox(account: Account, accounts: Sequence[Account], now: datetime) -> MailboxStatus:
    folder = Folder.objects.filter(watched_folder(account)).first()
    polled = folder.polled_at if folder else None
    return MailboxStatus(
        mailbox=account.mailbox,
        mails=_counts(Mail.objects.filter(mails_of(account, accounts)), "state", MailState.values),
        polled_s_ago=round((now - polled).total_seconds(), 1) if polled else None,
        watcher_alive=_is_recent(last_beat(f"watcher{account.suffix}"), now),
        missing=folder.missing if folder else 0,
        held=bool(folder and folder.held),
    )


def is_alive(name: str) -> bool:
    """Whether the process called `name` (watcher, watcher_2, worker) made progress within WATCHER_SILENT_AFTER_S."""
    return _is_recent(last_beat(name), database_now())


def _is_recent(seen: datetime | None, now: datetime) -> bool:
    return seen is not None and (now - seen).total_seconds() < WATCHER_SILENT_AFTER_S


def _counts(rows: models.QuerySet[models.Model], column: str, words: list[str]) -> dict[str, int]:
    found = dict(rows.values_list(column).annotate(number=Count("pk")).order_by())
    return {word: found.get(word, 0) for word in words}
