"""File: decided mails are moved into the folder of their outcome. Repeatable, and it waits for no SMTP server.

UID MOVE or nothing: where the server has no MOVE the mail stays and the ledger says `left`; a mail that a person
moved or deleted first is `vanished`.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from rules.model import Outcome
from worker.crash_points import reach
from worker.following import followed
from worker.mail.errors import MailError, Transient, Unsupported
from worker.mail.identity import is_searchable
from worker.mail.imap import Mailbox
from worker.models import Event, Mail, MailState
from worker.services.leases import RELEASED, claim, later

GROUP = 100
RETRY_AFTER_S = (5.0, 30.0, 120.0, 600.0)
MOVED, LEFT, VANISHED = "moved", "left", "vanished"
TO_FILE = Q(state=MailState.DECIDED) | Q(state=MailState.FAILED, filed_at__isnull=True)
EVERYBODYS = Q()
# A mail with several outcomes lies where it needs a person most.
PRECEDENCE: tuple[tuple[Outcome, str], ...] = (
    (Outcome.REVIEW, "REVIEW"),
    (Outcome.REPLY_MISSING, "MISSING"),
    (Outcome.ROUTE, "REGISTRATION"),
    (Outcome.REPLY_PASSWORD, "PASSWORD"),
    (Outcome.IGNORE, "AUTOMATIC"),
)

log = logging.getLogger(__name__)


def folder_key(mail: Mail) -> str:
    """The key in ASPOKTATAS.folders of where `mail` belongs."""
    if mail.state == MailState.FAILED:
        return "FAILED"
    return next((key for outcome, key in PRECEDENCE if outcome.value in mail.outcomes), "REVIEW")


def file_group(open_mailbox: Callable[[], Mailbox], folders: Mapping[str, str], whose: Q = EVERYBODYS) -> int:
    """Move one group of decided mails; returns how many were claimed. The mailbox is opened only for work.

    `whose` are the mails that lie in this mailbox (worker.services.mailboxes).
    Raises MailError where the connection or a command failed: the mails are tried again later.
    """
    token = claim(Mail.objects.filter(TO_FILE & whose), GROUP)
    if token is None:
        return 0
    mails = list(Mail.objects.filter(lease_token=token).defer("verdict", "trace").order_by("pk"))
    if __debug__:
        reach("file.claimed")
    began = time.time_ns()
    try:
        mailbox = open_mailbox()
        for (source, target), group in _by_place(mails, folders).items():
            _file_from(mailbox, source, target, group, token)
    except MailError as error:
        _give_back(mails, token, at_least=(error.wait or 0.0) if isinstance(error, Transient) else 0.0)
        raise
    followed("file", [mail.pk for mail in mails], began)
    return len(mails)


def _by_place(mails: Sequence[Mail], folders: Mapping[str, str]) -> dict[tuple[str, str], list[Mail]]:
    """Mails by (folder they are in, folder they belong into)."""
    groups: defaultdict[tuple[str, str], list[Mail]] = defaultdict(list)
    for mail in mails:
        groups[mail.filed_to or mail.folder, folders[folder_key(mail)]].append(mail)
    return groups


def _file_from(mailbox: Mailbox, source: str, target: str, mails: list[Mail], token: UUID) -> None:
    if source == target:
        _record(mails, token, MOVED, target)
        return
    if source != mailbox.server.folder:  # one of ours, by the operators' name: the server's may have a prefix
        source = mailbox.find_folder(source) or source
    selected = mailbox.selected
    if selected is None or selected.folder != source or selected.readonly:
        mailbox.select(source)
    else:
        mailbox.noop()  # what a person removed in the meantime would make the whole MOVE fail
    uids = _uids(mailbox, mails)
    _record([mail for mail in mails if mail.pk not in uids], token, VANISHED, "")
    present = [mail for mail in mails if mail.pk in uids]
    if not present:
        return
    if __debug__:
        reach("file.moving")
    try:
        moved = mailbox.move(uids.values(), target)
    except Unsupported:
        log.warning("the server has no MOVE: processed mails stay where they are")
        _record(present, token, LEFT, "")
        return
    if __debug__:
        reach("file.moved")
    _record([mail for mail in present if uids[mail.pk] in moved.moved], token, MOVED, target)
    _record([mail for mail in present if uids[mail.pk] in moved.vanished], token, VANISHED, "")
    _give_back([mail for mail in present if uids[mail.pk] in moved.left], token)
    if __debug__:
        reach("file.recorded")


def _uids(mailbox: Mailbox, mails: Sequence[Mail]) -> dict[int, int]:
    """Where each mail is in the selected folder, by primary key; those of another UIDVALIDITY are not there.

    A mail taken back from quarantine was filed before: its UID there is found by its Message-ID.
    """
    assert mailbox.selected is not None
    validity = mailbox.selected.uidvalidity
    uids: dict[int, int] = {}
    for mail in mails:
        if not mail.filed_to:
            if mail.uidvalidity == validity:
                uids[mail.pk] = mail.uid
        elif is_searchable(mail.message_id):
            found = mailbox.search(f'HEADER Message-ID "{mail.message_id}"')
            if len(found) == 1:
                uids[mail.pk] = found[0]
    return uids


def _claimed(mails: Sequence[Mail], token: UUID) -> QuerySet[Mail]:
    return Mail.objects.filter(pk__in=[mail.pk for mail in mails], lease_token=token)


def _record(mails: Sequence[Mail], token: UUID, filed_as: str, target: str) -> None:
    """Write what became of these mails; a mail in quarantine stays `failed`."""
    if not mails:
        return
    where = {"filed_to": target} if target else {}
    values = {**RELEASED, "filed_at": Now(), "filed_as": filed_as, "attempts": 0, **where}
    _claimed(mails, token).filter(state=MailState.DECIDED).update(state=MailState.FILED, **values)
    _claimed(mails, token).filter(state=MailState.FAILED).update(**values)
    for mail in mails:
        log.info("mail %d: %s", mail.pk, filed_as)
    if filed_as != MOVED:
        Event.objects.bulk_create(Event(verb=filed_as, mail=mail) for mail in mails)


def _give_back(mails: Sequence[Mail], token: UUID, at_least: float = 0.0) -> None:
    for mail in mails:
        wait = max(at_least, RETRY_AFTER_S[min(mail.attempts, len(RETRY_AFTER_S)) - 1])
        _claimed([mail], token).update(next_attempt_at=later(wait), **RELEASED)
