"""Switches and marks that all processes share: the first start, the breaker, signs of life."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now

from worker.clock import database_now
from worker.models import Control, Event
from worker.services.prepared import PreparedUpdate

SINCE = "since"
REPLIES_STOPPED = "replies_stopped"  # the row exists while replies are stopped; its value says why: {"reason": …}
HEARTBEAT = "heartbeat:"
IMAP_WAIT = "imap_wait"  # then the mailbox's suffix
RESTORED = "restored"  # the row exists once a backup was put back: {"since": …, "folders_read": …}, `at` says when;
# folders_read lists the mailboxes whose folders were read again
TOKENS = "tokens:"  # how the access tokens of a server (imap, smtp, imap_2 …) are getting on
FAILING = "failing:"  # and a watcher's name: a row from its first failure until it has read its mailbox
ALARM = "alarm:"  # a row while the alarm lasts and until its end is told
ALIVE = PreparedUpdate(Control, where=("name",), given=("value",), asynchronous=True, at=Now())


def get_since(configured: datetime | None) -> datetime:
    """The moment before which mails are never answered: as configured, else the first start, recorded here."""
    if configured is not None:
        return configured
    control, _ = Control.objects.get_or_create(name=SINCE, defaults={"value": _this_second})
    return datetime.fromisoformat(control.value["at"])


def _this_second() -> dict[str, str]:
    """Servers give INTERNALDATE in whole seconds: a mail of the first second is no old mail."""
    return {"at": database_now().replace(microsecond=0).isoformat()}


def replies_stopped() -> bool:
    """Whether the breaker holds all replies back; the control's value says why."""
    control = Control.objects.filter(name=REPLIES_STOPPED).first()
    return control is not None and bool(control.value.get("reason"))


def stop_replies(reason: str) -> None:
    """Open the breaker and record the alarm once; a person closes it again (registry.services.stop_replies)."""
    with transaction.atomic():
        _, created = Control.objects.get_or_create(
            name=REPLIES_STOPPED, defaults={"value": {"reason": reason}, "at": Now()}
        )
        if created:
            Event.objects.create(verb="replies_stopped", details={"reason": reason})


def restored_at() -> datetime | None:
    """When a backup was put back last: mails that came before may have been answered already. None: never."""
    control = Control.objects.filter(name=RESTORED).first()
    return control.at if control else None


def fall_silent(name: str) -> None:
    """Take the sign of life of `name` back: it ended in good order."""
    Control.objects.filter(name=HEARTBEAT + name).delete()


def last_beat(name: str) -> datetime | None:
    """When `name` last made progress; None where it never did, or ended in good order."""
    row = Control.objects.filter(name=HEARTBEAT + name).first()
    return row.at if row else None


def beat(name: str) -> None:
    """Say that `name` (watcher, watcher_2, worker) has just made progress."""
    value = {"pid": os.getpid()}
    if not ALIVE.run(name=HEARTBEAT + name, value=value):
        Control.objects.update_or_create(name=HEARTBEAT + name, defaults={"value": value, "at": Now()})


def note_failing(name: str) -> None:
    """Remember since when the watcher called `name` cannot read its mailbox."""
    Control.objects.get_or_create(name=FAILING + name, defaults={"at": Now()})


def end_failing(name: str) -> None:
    """It can."""
    Control.objects.filter(name=FAILING + name).delete()


def failing_since(name: str) -> datetime | None:
    """Since when the watcher called `name` cannot read its mailbox; None where it can."""
    row = Control.objects.filter(name=FAILING + name).first()
    return row.at if row else None


def let_imap_rest(seconds: float, suffix: str = "") -> None:
    """Nobody shall log in to the mailbox for so many seconds: its server asked for patience, or refused the login."""
    until = (database_now() + timedelta(seconds=seconds)).isoformat()
    Control.objects.update_or_create(name=IMAP_WAIT + suffix, defaults={"value": {"until": until}, "at": Now()})


def imap_rests_for(suffix: str = "") -> float:
    """Seconds until the next login to the mailbox is allowed; 0 where it is now."""
    control = Control.objects.filter(name=IMAP_WAIT + suffix).first()
    if control is None:
        return 0.0
    return max(0.0, (datetime.fromisoformat(control.value["until"]) - database_now()).total_seconds())


def note_tokens(name: str, expires_at: datetime | None, failing_since: datetime | None) -> None:
    """Write down how the tokens of the server called `name` are getting on, where this process knows."""
    if expires_at is None and failing_since is None:
        return
    value = {"expires_at": _text(expires_at), "failing_since": _text(failing_since)}
    Control.objects.update_or_create(name=TOKENS + name, defaults={"value": value, "at": Now()})


def tokens_failing_since(suffix: str | None = None) -> datetime | None:
    """Since when an access token cannot be renewed; None where all can. With `suffix` those of one mailbox."""
    rows = Control.objects.filter(name__startswith=TOKENS)
    if suffix is not None:
        rows = rows.filter(name__in=[f"{TOKENS}imap{suffix}", f"{TOKENS}smtp{suffix}"])
    return min(
        (datetime.fromisoformat(row.value["failing_since"]) for row in rows if row.value["failing_since"]), default=None
    )


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
