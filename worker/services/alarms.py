"""Alarms: what an operator must know of, raised once, told by mail, log and metric, and taken back on recovery.

An alarm is a Control row while it lasts. Watcher and worker both look, so that one of them may be dead; the mail goes
straight to the SMTP server, for the outbox may be what is broken, and is tried again until it is accepted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, Q
from django.db.models.functions import Now

from config.accounts import Account
from registry.portal import PortalResult, PortalState
from worker.clock import database_now
from worker.models import OUTGOING, Control, Event, Folder, Mail, MailState, Reply, ReplyState
from worker.services.controls import (
    ALARM,
    FAILING,
    HEARTBEAT,
    REPLIES_STOPPED,
    TOKENS,
    failing_since,
    last_beat,
    replies_stopped,
    tokens_failing_since,
)
from worker.services.mailboxes import mails_of, watched_folder
from worker.services.prepared import PreparedQuestions

WATCHER_SILENT = timedelta(minutes=3)
POLL_LATE = timedelta(minutes=10)
WORK_STUCK = timedelta(minutes=10)
TOKEN_FAILING = timedelta(minutes=2)  # an issuer may be restarted
HANDOVER_STUCK = timedelta(minutes=30)  # the portal may be under maintenance
REPLIES_STUCK = timedelta(minutes=30)  # a greylisting server may ask for less
TOLD_AGAIN = timedelta(days=1)
TRIED_AGAIN = timedelta(minutes=5)
# Where none of these is there, nothing is wrong. Each asks for at least what its alarm asks for.
SUSPICIOUS = PreparedQuestions(
    Mail.objects.filter(state=MailState.STORED, stored_at__lt=Now() - WORK_STUCK),
    Mail.objects.filter(state=MailState.FAILED),
    Reply.objects.filter(state=ReplyState.UNCERTAIN),
    Reply.objects.filter(state__in=OUTGOING, created_at__lt=Now() - REPLIES_STUCK),
    PortalResult.objects.filter(state=PortalState.WAITING, at__lt=Now() - HANDOVER_STUCK),
    Folder.objects.filter(~Q(held="") | Q(polled_at__isnull=True) | Q(polled_at__lt=Now() - POLL_LATE)),
    Control.objects.filter(name__startswith=HEARTBEAT, at__lt=Now() - WATCHER_SILENT),
    Control.objects.filter(Q(name=REPLIES_STOPPED) | Q(name__startswith=TOKENS) | Q(name__startswith=FAILING)),
)
AT_A_MAILBOX = ("watcher_silent", "poll_late", "replies_stuck", "token_failing", "folder_held")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class News:
    """What changed: names of alarms raised (with the figure they speak of), still there after a day, and over."""

    raised: dict[str, str]
    lasting: dict[str, str]
    cleared: tuple[str, ...]


def check_alarms(tell: Callable[[News], bool], accounts: Sequence[Account] = ()) -> None:
    """Compare what is wrong now with what was; `tell` hands news to people, False where that failed.

    `accounts` are the mailboxes that are watched; an alarm about one of them bears its suffix.
    """
    now = database_now()
    present = find_trouble(now, accounts)
    known = {row.name.removeprefix(ALARM): row for row in Control.objects.filter(name__startswith=ALARM)}
    if not present and not known:
        return
    for name in present.keys() - known.keys():
        _raise_alarm(name, present[name], now)
    for name, row in known.items():
        if name not in present and not row.value.get("over") and not _is_being_told(row, now):
            _clear(row, name, now)
    _tell(tell, present)


def find_trouble(now: datetime, accounts: Sequence[Account] = ()) -> dict[str, str]:
    """The names of everything that is wrong at this moment, each with its figure ("" where it has none)."""
    if not any(SUSPICIOUS.ask()):
        return {}
    trouble = {
        "mails_stuck": _minutes(_oldest_mail(), now, WORK_STUCK),
        "quarantine": _number(Mail.objects.filter(state=MailState.FAILED).count()),
        "replies_uncertain": _number(Reply.objects.filter(state=ReplyState.UNCERTAIN).count()),
        "replies_stopped": "1" if replies_stopped() else "",
        "handover_stuck": _minutes(_oldest_hand_over(), now, HANDOVER_STUCK),
    }
    for account in accounts:
        found = _at_mailbox(now, account.suffix, watched_folder(account), mails_of(account, accounts, "mail__mailbox"))
        trouble |= {name + account.suffix: figure for name, figure in found.items()}
    if not accounts:
        trouble |= _at_mailbox(now, "", Q(), Q())
    return {name: figure for name, figure in trouble.items() if figure}


def _at_mailbox(now: datetime, suffix: str, folder: Q, replies: Q) -> dict[str, str]:
    """What may be wrong at one mailbox: with its watched folder, and with the replies to its mails."""
    folders = Folder.objects.filter(folder)
    polled_at = folders.aggregate(at=Min("polled_at"))["at"] or failing_since(f"watcher{suffix}")  # or never at all
    return {
        "watcher_silent": _minutes(last_beat(f"watcher{suffix}"), now, WATCHER_SILENT),
        "poll_late": _minutes(polled_at, now, POLL_LATE),
        "replies_stuck": "" if replies_stopped() else _minutes(_oldest_reply(replies), now, REPLIES_STUCK),
        "token_failing": _minutes(tokens_failing_since(suffix), now, TOKEN_FAILING),
        "folder_held": _number(folders.exclude(held="").count()),
    }


def _oldest_mail() -> datetime | None:
    waiting = Mail.objects.filter(state=MailState.STORED)
    oldest: datetime | None = waiting.aggregate(at=Min("stored_at"))["at"]
    return oldest


def _oldest_hand_over() -> datetime | None:
    """Of those whom the portal could not take yet."""
    waiting = PortalResult.objects.filter(state=PortalState.WAITING).exclude(error="")
    oldest: datetime | None = waiting.aggregate(at=Min("at"))["at"]
    return oldest


def _oldest_reply(whose: Q) -> datetime | None:
    """Of those that the worker may send: replies to a held folder's mails wait for a person, not for us."""
    held = Folder.objects.exclude(held="").values_list("mailbox", "name")
    waiting = Reply.objects.filter(whose, state__in=OUTGOING)
    for mailbox, name in held:
        waiting = waiting.exclude(mail__mailbox=mailbox, mail__folder=name)
    oldest: datetime | None = waiting.aggregate(at=Min("created_at"))["at"]
    return oldest


def _minutes(since: datetime | None, now: datetime, limit: timedelta) -> str:
    return str(int((now - since) / timedelta(minutes=1))) if since and now - since > limit else ""


def _number(count: int) -> str:
    return str(count) if count else ""


def _raise_alarm(name: str, figure: str, now: datetime) -> None:
    with transaction.atomic():
        values = {"value": {"told": False, "figure": figure}, "at": now}
        _, created = Control.objects.get_or_create(name=ALARM + name, defaults=values)
        if created:
            Event.objects.create(verb="alarm_raised", details={"alarm": name, "figure": figure})
            log.error("alarm: %s (%s)", name, figure)


def _clear(row: Control, name: str, now: datetime) -> None:
    with transaction.atomic():
        over = {"over": True, "told": False, "figure": row.value.get("figure", "")}
        if not row.value.get("told"):  # nobody heard of it: nothing to take back
            changed = Control.objects.filter(name=row.name, at=row.at).delete()[0]
        else:
            changed = Control.objects.filter(name=row.name, at=row.at).update(value=over, at=now)
        if changed:
            Event.objects.create(verb="alarm_cleared", details={"alarm": name})
            log.warning("alarm over: %s", name)


def _tell(tell: Callable[[News], bool], present: dict[str, str]) -> None:
    """Claim what has to be told, tell it in one letter, and mark it told where that worked."""
    now = database_now()  # later than any `at` that is claimed
    claimed = [row for row in Control.objects.filter(name__startswith=ALARM) if _is_due(row, now) and _claim(row, now)]
    if not claimed:
        return
    names = {row.name.removeprefix(ALARM): row for row in claimed}
    over = tuple(sorted(name for name, row in names.items() if row.value.get("over")))
    lasting = {name: present.get(name, "") for name, row in sorted(names.items()) if row.value.get("told")}
    raised = {name: present.get(name, "") for name in sorted(names) if name not in lasting and name not in over}
    heard = tell(News(raised, lasting, over))
    for name, row in names.items():
        mine = Control.objects.filter(name=row.name, at=now)  # as claimed
        if heard and name in over:
            mine.delete()
        else:
            told = heard or bool(row.value.get("told"))
            mine.update(value={**row.value, "told": told, "tried": not heard, "telling": False})


def _is_due(row: Control, now: datetime) -> bool:
    if row.value.get("tried") or row.value.get("telling"):
        return now - row.at > TRIED_AGAIN
    return not row.value.get("told") or now - row.at > TOLD_AGAIN


def _claim(row: Control, now: datetime) -> bool:
    """Whether it is ours to tell; another process that looked at the same moment gets nothing."""
    mine = Control.objects.filter(name=row.name, at=row.at)
    return mine.update(value={**row.value, "telling": True}, at=now) == 1


def _is_being_told(row: Control, now: datetime) -> bool:
    """Whether somebody hears of it this very moment: its end must be told them, too, and so waits."""
    return bool(row.value.get("telling")) and now - row.at < TRIED_AGAIN
