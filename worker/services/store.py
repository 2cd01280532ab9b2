"""Store: one transaction writes a batch of fetched mails, raw bytes and all. Twins are linked, never answered."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache

from worker.clock import database_now
from worker.crash_points import reach
from worker.following import followed
from worker.mail.fetching import Batch, Fetched
from worker.mail.identity import Identity, identify
from worker.models import Event, Folder, Mail, MailState, Original
from worker.packing import pack
from worker.services.commits import asynchronous_commit
from worker.services.originals import keep_originals
from worker.services.prepared import PreparedInsert

OVERSIZE = "oversize"
NO_BODY = "no_body"
MAILS = PreparedInsert(Mail)

log = logging.getLogger(__name__)


def store_batch(folder: Folder, batch: Batch, since: datetime, began: int | None = None) -> int:
    """Write every mail of `batch` and record what vanished or could not be read; returns how many rows are new.

    `began` (time.time_ns) is when fetching it began.
    """
    began = began or time.time_ns()
    now = cache(database_now)  # asked only where the server did not say when a mail came
    packed = [(mail, identify(mail.raw), pack(mail.raw)) for mail in batch.mails]
    with asynchronous_commit():
        earlier = _first_rows(identity.digest for _, identity, _ in packed)
        rows = [_mail_row(folder, mail, identity, since, now) for mail, identity, _ in packed]
        first: dict[str, Mail] = {}
        for row in rows:
            row.twin_of = earlier.get(row.digest) or first.setdefault(row.digest, row)
            if row.twin_of is row:
                row.twin_of = None
            row.answerable = row.answerable and row.twin_of is None
        _insert(rows)
        keep_originals((row, data) for row, (_, _, data) in zip(rows, packed, strict=True))
        for uid in sorted(batch.broken):
            _quarantine_unread(folder, uid, now())
        for uid in sorted(batch.vanished):
            Event.objects.create(verb="vanished", details={"folder": folder.name, "uid": uid})
        if __debug__:
            reach("poll.storing")
    for row in rows:
        log.info("mail %d: taken in", row.pk)
    followed("poll", [row.pk for row in rows], began)
    return len(packed) + len(batch.broken)


def _first_rows(digests: Iterable[str]) -> dict[str, Mail]:
    """The earliest mail of each digest that the ledger has."""
    rows = Mail.objects.filter(digest__in=list(digests), twin_of__isnull=True).exclude(failure=NO_BODY).only("digest")
    return {row.digest: row for row in rows.order_by("-pk")}


def _insert(rows: Sequence[Mail]) -> None:
    """Write the rows; a twin within the batch after the mail that it is like."""
    within = [row for row in rows if row.twin_of is not None and row.twin_of in rows]
    MAILS.run(row for row in rows if row not in within)
    for row in within:
        row.twin_of = row.twin_of  # its key is known only now
        row.save(force_insert=True)


def _mail_row(folder: Folder, mail: Fetched, identity: Identity, since: datetime, now: Callable[[], datetime]) -> Mail:
    received = mail.received_at or now()
    return Mail(
        mailbox=folder.mailbox,
        folder=folder.name,
        uidvalidity=folder.uidvalidity,
        uid=mail.uid,
        message_id=identity.message_id,
        digest=identity.digest,
        size=min(mail.size, 2**31 - 1),
        received_at=received,
        answerable=received >= since,
        failure="" if mail.whole else OVERSIZE,
    )


def _quarantine_unread(folder: Folder, uid: int, now: datetime) -> None:
    """The server lists the mail and gives no body: staff must look at it there."""
    row = Mail.objects.create(
        mailbox=folder.mailbox,
        folder=folder.name,
        uidvalidity=folder.uidvalidity,
        uid=uid,
        digest=identify(b"").digest,
        size=0,
        received_at=now,
        answerable=False,
        state=MailState.FAILED,
        failure=NO_BODY,
    )
    Original.objects.create(mail=row, data=pack(b""))
    Event.objects.create(verb="failed", mail=row, details={"failure": NO_BODY})
    log.error("mail %d: the server gives no body, now in quarantine", row.pk)
