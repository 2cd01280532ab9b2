"""Recover: what a restored ledger must learn of the time that it missed.

The mailbox went on living between backup and restore: mails arrived, were answered and filed. Nobody is answered a
second time: every reply that may have gone out becomes `uncertain`, the Sent folder settles what it can prove
(`copy_sent`), the rest waits for staff. Mails filed meanwhile are read again from the folders of the outcomes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now

from worker.clock import database_now
from worker.mail.answers import format_day
from worker.mail.fetching import Batch
from worker.mail.identity import identify
from worker.mail.imap import Mailbox
from worker.models import UNSENT, Control, Event, Folder, Mail, Reply, ReplyState
from worker.services.backup import MADE
from worker.services.controls import HEARTBEAT, RESTORED
from worker.services.leases import RELEASED
from worker.services.outbox import MAYBE_SENT
from worker.services.store import store_batch

BATCH = 50
MARGIN = timedelta(days=2)  # IMAP searches by the server's own day
UNSETTLED = (*UNSENT, ReplyState.SENDING)

log = logging.getLogger(__name__)


@transaction.atomic
def mark_restored() -> int:
    """Say that this ledger is a backup put back now; returns how many replies became uncertain.

    Its time is when the backup was made, as noted in it.
    """
    made = Control.objects.filter(name=MADE).first()
    latest = Mail.objects.order_by("-stored_at").first()
    since = made.at if made else latest.stored_at if latest else database_now()
    value = {"since": since.isoformat(), "folders_read": []}
    Control.objects.update_or_create(name=RESTORED, defaults={"value": value, "at": Now()})
    Control.objects.filter(name__startswith=HEARTBEAT).delete()
    Folder.objects.update(compared_at=None, **RELEASED)
    rows = list(Reply.objects.filter(state__in=UNSETTLED).only("mail"))
    anew = {"next_attempt_at": Now(), "attempts": 0}
    Reply.objects.filter(pk__in=[row.pk for row in rows]).update(**MAYBE_SENT, **anew, **RELEASED)
    Event.objects.bulk_create(Event(verb="uncertain", mail_id=row.mail_id, reply=row) for row in rows)
    Event.objects.create(verb="restored", details={"since": since.isoformat()})
    return len(rows)


def recover_folders(mailbox: Mailbox, folders: Iterable[str], since: datetime, oversize: int) -> int:
    """Take in what was filed since the backup; returns how many mails. Does nothing unless a restore asks for it.

    `folders` are those of the outcomes. Mails from before `since` are never answered; of those over `oversize` bytes
    only the headers are taken in.
    Raises MailError; what is committed stays, and the next call goes on.
    """
    control = Control.objects.filter(name=RESTORED).first()
    if control is None or mailbox.server.mailbox in _mailboxes_read(control):
        return 0
    start = datetime.fromisoformat(control.value["since"]) - MARGIN
    criteria = f"SINCE {format_day(start)}"
    taken = 0
    for name in dict.fromkeys(folders):
        if found := mailbox.find_folder(name):
            selected = mailbox.select(found, readonly=True)
            place = Folder(mailbox=mailbox.server.mailbox, name=name, uidvalidity=selected.uidvalidity)
            taken += _take_in(mailbox, place, criteria, since, oversize)
    _note_read(mailbox.server.mailbox)
    Event.objects.create(verb="folders_recovered", details={"number": taken})
    log.warning("restored ledger: %d mails were filed since the backup and are taken in again", taken)
    return taken


def _note_read(mailbox: str) -> None:
    with transaction.atomic():  # another mailbox's may be read at the same time
        control = Control.objects.select_for_update().get(name=RESTORED)
        control.value["folders_read"] = [*_mailboxes_read(control), mailbox]
        control.save(update_fields=["value"])


def _mailboxes_read(control: Control) -> list[str]:
    read = control.value.get("folders_read") or []  # the first release wrote whether its one mailbox was read
    return list(read) if isinstance(read, list) else [*Folder.objects.values_list("mailbox", flat=True)]


def _take_in(mailbox: Mailbox, place: Folder, criteria: str, since: datetime, oversize: int) -> int:
    uids = mailbox.search(criteria)
    taken = 0
    for start in range(0, len(uids), BATCH):
        for batch in mailbox.fetch(uids[start : start + BATCH], oversize):
            taken += store_batch(place, _unknown(place, batch), since)
            del batch  # before the next is fetched: either may be one large mail
    return taken


def _unknown(place: Folder, batch: Batch) -> Batch:
    """Those mails of `batch` that the ledger does not have, wherever it saw them."""
    digests = {mail.uid: identify(mail.raw).digest for mail in batch.mails}
    known = set(Mail.objects.filter(digest__in=digests.values()).values_list("digest", flat=True))
    here = Mail.objects.filter(mailbox=place.mailbox, folder=place.name, uidvalidity=place.uidvalidity)
    seen = set(here.filter(uid__in=[*digests, *batch.broken]).values_list("uid", flat=True))
    return replace(
        batch,
        mails=tuple(mail for mail in batch.mails if digests[mail.uid] not in known and mail.uid not in seen),
        broken=batch.broken - seen,
        vanished=frozenset(),
    )
