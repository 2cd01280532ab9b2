"""What is where, how old the oldest pending work is, and whether the watcher lives: read-only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Count, Min, Q

from registry.models import Registration, RegistrationStatus
from worker.clock import database_now
from worker.models import Control, Folder, Mail, MailState, Reply, ReplyState
from worker.services.controls import REPLIES_STOPPED, last_beat

WATCHER_SILENT_AFTER_S = 90.0  # it proves itself every 30 s
PENDING_MAILS = Q(state__in=[MailState.STORED, MailState.DECIDED])
PENDING_REPLIES = Q(state__in=[ReplyState.QUEUED, ReplyState.SENDING, ReplyState.RETRYING])


@dataclass(frozen=True)
class StatusReport:
    """Counts by state, pending work and its greatest age in seconds, the watcher's last sign of life."""

    mails: dict[str, int]
    registrations: dict[str, int]
    replies: dict[str, int]
    pending: int
    oldest_pending_s: float
    watcher_alive: bool
    watcher_last_seen: datetime | None
    missing: int
    replies_stopped: str

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
        }


def get_status() -> StatusReport:
    """Measure now, by the database's clock."""
    now = database_now()
    pending_mails = Mail.objects.filter(PENDING_MAILS).aggregate(number=Count("id"), oldest=Min("stored_at"))
    pending_replies = Reply.objects.filter(PENDING_REPLIES).aggregate(number=Count("id"), oldest=Min("created_at"))
    oldest = min((row["oldest"] for row in (pending_mails, pending_replies) if row["oldest"]), default=now)
    seen = last_beat("watcher")
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
    )


def is_alive(name: str) -> bool:
    """Whether the process called `name` (watcher, worker) made progress within WATCHER_SILENT_AFTER_S."""
    return _is_recent(last_beat(name), database_now())


def _is_recent(seen: datetime | None, now: datetime) -> bool:
    return seen is not None and (now - seen).total_seconds() < WATCHER_SILENT_AFTER_S


def _counts(rows: models.QuerySet[models.Model], column: str, words: list[str]) -> dict[str, int]:
    found = dict(rows.values_list(column).annotate(number=Count("pk")).order_by())
    return {word: found.get(word, 0) for word in words}
