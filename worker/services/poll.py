"""Poll: what is in the folder and not in the ledger is stored, and committed, before anything else happens to it.

The truth is the difference between the mailbox and the ledger. The full comparison runs on a timer and at the start,
the cheap one (UIDs above the highest known) at every wake-up. `\\Seen` means nothing here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from django.db.models.functions import Now

from worker.crash_points import reach
from worker.mail.fetching import OVERSIZE
from worker.mail.imap import Mailbox
from worker.models import Event, Folder, Mail
from worker.services.leases import FREE, LEASE, RELEASED
from worker.services.prepared import PreparedUpdate
from worker.services.store import store_batch

BATCH = 100
COMPARE_EVERY = timedelta(minutes=10)
HELD_UIDVALIDITY = "uidvalidity"
STILL_LEVEL = PreparedUpdate(
    Folder,
    where=("pk", "uidvalidity", "highest_uid"),
    asynchronous=True,
    fixed={"compared_at__gt": Now() - COMPARE_EVERY},
    polled_at=Now(),
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


def is_level(mailbox: Mailbox, folder: str, level: Level) -> bool:
    """Whether `folder`, which is open, holds no more than at `level`, and nobody changed the ledger's row of it since.

    Then this was a poll, and is noted as one: the usual end of a wake-up. Where it says no, poll_folder finds out.
    """
    selected = mailbox.selected
    if selected is None or (selected.folder, selected.uidvalidity) != (folder, level.uidvalidity):
        return False
    mailbox.noop()  # a mail that came as an IDLE ended is otherwise missed
    if mailbox.search_above(level.highest_uid):
        return False
    return STILL_LEVEL.run(pk=level.pk, uidvalidity=level.uidvalidity, highest_uid=level.highest_uid) == 1


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
    mine = Folder.objects.filter(pk=row.pk, lease_token=token)
    try:
        row.refresh_from_db()
        if row.uidvalidity != selected.uidvalidity:
            row = _start_over(row, selected.uidvalidity)
            full = True
        return _take_in(mailbox, row, terms, full=full or row.compared_at is None)
    finally:
        mine.update(**RELEASED)


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
    result = _store_all(mailbox, row, unknown, terms) if unknown else PollResult()
    highest, compared = max([row.highest_uid, *present]), {"compared_at": Now()} if full else {}
    Folder.objects.filter(pk=row.pk).update(highest_uid=highest, polled_at=Now(), missing=0, **compared)
    return replace(result, level=Level(row.pk, row.uidvalidity, highest))


def _store_all(mailbox: Mailbox, row: Folder, unknown: Sequence[int], terms: Terms) -> PollResult:
    mine, since, rest = Folder.objects.filter(pk=row.pk), terms.since(), len(unknown)
    mine.update(missing=rest)
    result = PollResult()
    for uids in _chunks(unknown):
        began = time.time_ns()
        for batch in mailbox.fetch(uids, terms.oversize):
            if __debug__:
                reach("poll.fetched")
            new, vanished = store_batch(row, batch, since, began), len(batch.vanished)
            rest -= new + vanished
            mine.update(lease_until=Now() + LEASE, missing=rest)  # who files asks whether more is to come
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
    place = Mail.objects.filter(mailbox=row.mailbox, folder=row.name, uidvalidity=row.uidvalidity)
    known: set[int] = set()
    for chunk in _chunks(uids, 500):
        close = chunk[-1] - chunk[0] < 4 * len(chunk)
        asked = place.filter(uid__range=(chunk[0], chunk[-1])) if close else place.filter(uid__in=chunk)
        known.update(asked.values_list("uid", flat=True))
    return [uid for uid in uids if uid not in known]


def _chunks(uids: Sequence[int], size: int = BATCH) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), size):
        yield uids[start : start + size]
