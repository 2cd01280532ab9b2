"""Poll: what is in the folder and not in the ledger is stored, and committed, before anything else happens to it.

The truth is the difference between the mailbox and the ledger. The full comparison runs on a timer and at the start,
the cheap one (UIDs above the highest known) at every wake-up. `\\Seen` means nothing here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import close_old_connections
from django.db.models import Q
from django.db.models.functions import Now

from worker.crash_points import reach
from worker.mail.fetching import OVERSIZE
from worker.mail.imap import Mailbox
from worker.models import Event, Folder, Mail
from worker.services.leases import FREE, LEASE, RELEASED
from worker.services.prepared import PreparedSelect, PreparedUpdate
from worker.services.store import store_batch

BATCH = 100
COMPARE_EVERY = timedelta(minutes=10)
HELD_UIDVALIDITY = "uidvalidity"
AT_LEVEL: dict[str, Any] = {"where": ("pk", "uidvalidity", "highest_uid"), "asynchronous": True}
COMPARED_LATELY = Q(compared_at__gt=Now() - COMPARE_EVERY)
# What a wake-up says to the ledger. Nothing outside rests on it: what a crash of the database loses is found again.
STILL_LEVEL = PreparedUpdate(Folder, **AT_LEVEL, fixed=COMPARED_LATELY, polled_at=Now())
CLAIMED = PreparedUpdate(
    Folder, **AT_LEVEL, fixed=COMPARED_LATELY & FREE, given=("lease_token", "missing"), lease_until=Now() + LEASE
)
KNOWN = PreparedSelect(Mail, "uid", where=("mailbox", "folder", "uidvalidity", "uid__gte", "uid__lte"))
GOING_ON = PreparedUpdate(Folder, where=("pk",), given=("missing",), asynchronous=True, lease_until=Now() + LEASE)
LEVEL = PreparedUpdate(
    Folder,
    where=("pk", "lease_token"),
    given=("highest_uid",),
    asynchronous=True,
    polled_at=Now(),
    missing=0,
    **RELEASED,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Level:
    """How far the ledger is: its row of a folder, and up to which UID it holds the mails there."""

    pk: int
    uidvalidity: int
    highest_uid: int


@dataclass(frozen=True, slots=True)
class PollResult:
    """What a poll found; `skipped`: another process was polling this folder. `level`: how far the ledger is now."""

    stored: int = 0
    vanished: int = 0
    skipped: bool = False
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """How to take mails in: those older than what `since` says are never answered, of those over `oversize` bytes only
    the headers are fetched, and `stored` is called after each committed batch that holds new mails.
    """

    since: Callable[[], datetime]
    oversize: int = OVERSIZE
    stored: Callable[[], None] = lambda: None


def poll_news(mailbox: Mailbox, folder: str, terms: Terms, level: Level) -> PollResult | None:
    """Take in what lies above `level` in `folder`: the usual wake-up, in as few words to server and ledger as may be.

    None, and nothing done, where `folder` is not open, somebody changed the ledger's row of it since or polls it now,
    or the comparison is due: poll_folder finds out. Raises MailError; what is committed stays.
    """
    selected = mailbox.selected
    if selected is None or (selected.folder, selected.uidvalidity) != (folder, level.uidvalidity):
        return None
    mailbox.noop()  # a mail that came as an IDLE ended is otherwise missed
    present = mailbox.search_above(level.highest_uid)
    at_level = {"pk": level.pk, "uidvalidity": level.uidvalidity, "highest_uid": level.highest_uid}
    if not present:
        return PollResult(level=level) if STILL_LEVEL.run(**at_level) else None
    token = uuid4()
    if not CLAIMED.run(**at_level, lease_token=token, missing=len(present)):
        return None
    row = Folder(mailbox=mailbox.server.mailbox, name=folder, **at_level)
    with _given_back(row.pk, token):
        unknown = _unknown(row, present)
        result = _store_all(mailbox, row, unknown, terms) if unknown else PollResult()
        LEVEL.run(pk=row.pk, lease_token=token, highest_uid=present[-1])
    return replace(result, level=replace(level, highest_uid=present[-1]))


def poll_folder(mailbox: Mailbox, folder: str, terms: Terms, *, full: bool) -> PollResult:
    """Bring the ledger level with `folder`, by the `full` comparison or the cheap one.

    Raises MailError; what is committed stays.
    """
    selected = mailbox.selected
    if full or selected is None or selected.folder != folder:
        selected = mailbox.select(folder, readonly=True)
    else:
        mailbox.noop()
    row = _folder_row(mailbox.server.mailbox, folder, selected.uidvalidity)
    token = uuid4()
    if not Folder.objects.filter(FREE, pk=row.pk).update(lease_token=token, lease_until=Now() + LEASE):
        return PollResult(skipped=True)
    with _given_back(row.pk, token):
        row.refresh_from_db()
        if row.uidvalidity != selected.uidvalidity:
            row = _start_over(row, selected.uidvalidity)
            full = True
        result = _take_in(mailbox, row, terms, full=full or row.compared_at is None)
        Folder.objects.filter(pk=row.pk, lease_token=token).update(**RELEASED)
    return result


@contextmanager
def _given_back(folder: int, token: UUID) -> Iterator[None]:
    """Whatever goes wrong, the folder may be polled again at once; who ends well gives it back himself."""
    try:
        yield
    except BaseException:
        close_old_connections()  # by one that the database has ended nothing is given back
        Folder.objects.filter(pk=folder, lease_token=token).update(**RELEASED)
        raise


def _folder_row(mailbox: str, folder: str, uidvalidity: int) -> Folder:
    row, _ = Folder.objects.get_or_create(mailbox=mailbox, name=folder, defaults={"uidvalidity": uidvalidity})
    return row


def _start_over(row: Folder, uidvalidity: int) -> Folder:
    """The server renumbered the folder: everything is read again, and replies wait until a person has looked."""
    log.error("UIDVALIDITY of a watched folder changed; its replies are held until staff confirm")
    Event.objects.create(
        verb="uidvalidity_changed", details={"folder": row.name, "from": row.uidvalidity, "to": uidvalidity}
    )
    Folder.objects.filter(pk=row.pk).update(
        uidvalidity=uidvalidity, highest_uid=0, compared_at=None, held=HELD_UIDVALIDITY
    )
    row.refresh_from_db()
    return row


def _take_in(mailbox: Mailbox, row: Folder, terms: Terms, *, full: bool) -> PollResult:
    present = mailbox.search() if full else mailbox.search_above(row.highest_uid)
    unknown = _unknown(row, present)
    overlooked = sum(uid <= row.highest_uid for uid in unknown)
    if overlooked and row.compared_at is not None:
        log.error("%d mails had been overlooked and are taken in now", overlooked)
        Event.objects.create(verb="overlooked", details={"folder": row.name, "number": overlooked})
    result = PollResult()
    if unknown:
        Folder.objects.filter(pk=row.pk).update(missing=len(unknown))
        result = _store_all(mailbox, row, unknown, terms)
    highest, compared = max([row.highest_uid, *present]), {"compared_at": Now()} if full else {}
    Folder.objects.filter(pk=row.pk).update(highest_uid=highest, polled_at=Now(), missing=0, **compared)
    return replace(result, level=Level(row.pk, row.uidvalidity, highest))


def _store_all(mailbox: Mailbox, row: Folder, unknown: Sequence[int], terms: Terms) -> PollResult:
    since, rest = terms.since(), len(unknown)
    result = PollResult()
    for uids in _chunks(unknown):
        began = time.time_ns()
        for batch in mailbox.fetch(uids, terms.oversize):
            if __debug__:
                reach("poll.fetched")
            new, vanished = store_batch(row, batch, since, began), len(batch.vanished)
            rest -= new + vanished
            GOING_ON.run(pk=row.pk, missing=rest)  # who files asks whether more is to come
            result = replace(result, stored=result.stored + new, vanished=result.vanished + vanished)
            if __debug__:
                reach("poll.stored")
            if new:
                terms.stored()
            if __debug__:
                reach("poll.told")
            del batch  # before the next is fetched: either may be one large mail
            began = time.time_ns()
    return result


def _unknown(row: Folder, uids: Sequence[int]) -> list[int]:
    """Those of `uids` (ascending) that the ledger does not have.

    Where nothing is moved away the UIDs lie close together, and a range of them is read off the index: asking for each
    by its number takes the database and us ten times as long.
    """
    place = {"mailbox": row.mailbox, "folder": row.name, "uidvalidity": row.uidvalidity}
    known: set[int] = set()
    for chunk in _chunks(uids, 500):
        if chunk[-1] - chunk[0] < 4 * len(chunk):
            known.update(uid for (uid,) in KNOWN.run(**place, uid__gte=chunk[0], uid__lte=chunk[-1]))
        else:
            known.update(Mail.objects.filter(**place, uid__in=chunk).values_list("uid", flat=True))
    return [uid for uid in uids if uid not in known]


def _chunks(uids: Sequence[int], size: int = BATCH) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), size):
        yield uids[start : start + size]
