"""File: decided mails are moved into the folder of their outcome. Repeatable, and it waits for no SMTP server.

UID MOVE or nothing: where the server has no MOVE the mail stays and the ledger says `left`; a mail that a person
moved or deleted first is `vanished`.

A MOVE out of a large folder costs a server like Dovecot the same for one mail as for a thousand, for it reads its
directory anew. So a backlog is filed in large groups: what is decided may wait a little for what still is not.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from rules.model import Outcome
from worker.crash_points import reach
from worker.following import followed
from worker.mail.errors import MailError, Transient, Unsupported
from worker.mail.identity import is_searchable
from worker.mail.imap import Mailbox
from worker.models import Event, Folder, Mail, MailState
from worker.services.leases import DUE, LEASE, RELEASED, Claim, claim, holding, later

GROUP = 5000
LONGEST_WAIT = timedelta(minutes=2)
RENEW_S = 15.0  # with the longest wait for a server well below a claim's lease
NEEDED = ("folder", "uidvalidity", "uid", "message_id", "state", "outcomes", "filed_to", "attempts")
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


@dataclass
class Hold:
    """Our hold on the claimed mails: a slow server may need longer for all of them than a lease lasts."""

    claim: Claim
    renewed_at: float = field(default_factory=time.monotonic)

    def keep(self, mails: Sequence[Mail]) -> list[Mail]:
        """Those of `mails` that are still ours, and remain it for a while."""
        if time.monotonic() - self.renewed_at > RENEW_S:
            rows = self.claim.of(Mail.objects.all())
            rows.update(lease_until=Now() + LEASE)
            self.renewed_at = time.monotonic()
            ours = set(rows.values_list("pk", flat=True))
            return [mail for mail in mails if mail.pk in ours]
        return list(mails)


def is_better_later(whose: Q, folder: Q) -> bool:
    """Whether somebody is filing already, and will go on; or more of a backlog is to come, being decided or still
    unread in the watched `folder`, and what is decided has not waited for long: who decides the last one rings again.
    """
    waiting = Mail.objects.filter(TO_FILE & whose)
    if waiting.filter(lease_until__gt=Now()).exists():  # two at once hold each other up
        return True
    deciding = Mail.objects.filter(whose, state=MailState.STORED, next_attempt_at__lte=Now())  # claimed by somebody too
    if not deciding.exists() and not Folder.objects.filter(folder, missing__gt=0).exists():
        return False
    return not waiting.filter(DUE, decided_at__lt=Now() - LONGEST_WAIT).exists()


def file_group(open_mailbox: Callable[[], Mailbox], folders: Mapping[str, str], whose: Q = EVERYBODYS) -> int:
    """Move one group of decided mails; returns how many were claimed. The mailbox is opened only for work.

    `whose` are the mails that lie in this mailbox (worker.services.mailboxes).
    Raises MailError where the connection or a command failed: the mails are tried again later.
    """
    claimed = claim(Mail.objects.filter(TO_FILE & whose), GROUP)
    if claimed is None:
        return 0
    mails = list(claimed.of(Mail.objects.only(*NEEDED)).order_by("pk"))
    if __debug__:
        reach("file.claimed")
    began, ours = time.time_ns(), Hold(claimed)
    try:
        mailbox = open_mailbox()
        with holding(claimed, Mail.objects.filter(TO_FILE)):
            for source, targets in _by_place(mails, folders).items():
                _file_from(mailbox, source, targets, ours)
    except MailError as error:
        _give_back(mails, claimed.token, at_least=(error.wait or 0.0) if isinstance(error, Transient) else 0.0)
        raise
    followed("file", [mail.pk for mail in mails], began)
    return len(mails)


def _by_place(mails: Sequence[Mail], folders: Mapping[str, str]) -> dict[str, dict[str, list[Mail]]]:
    """Mails by the folder they are in, then by the folder they belong into."""
    places: defaultdict[str, defaultdict[str, list[Mail]]] = defaultdict(lambda: defaultdict(list))
    for mail in mails:
        places[mail.filed_to or mail.folder][folders[folder_key(mail)]].append(mail)
    return {source: dict(targets) for source, targets in places.items()}


def _file_from(mailbox: Mailbox, source: str, targets: dict[str, list[Mail]], ours: Hold) -> None:
    _record(targets.pop(source, []), ours.claim.token, MOVED, source)  # they are where they belong
    if not targets:
        return
    _open(mailbox, source)
    moves = 0
    for target, mails in sorted(targets.items(), key=lambda one: len(one[1])):  # of few it learns how many at once
        uids = _uids(mailbox, mails)
        _record([mail for mail in mails if mail.pk not in uids], ours.claim.token, VANISHED, "")
        waiting = [mail for mail in mails if mail.pk in uids]
        while waiting:
            if moves == 1:
                mailbox.check()
            number = mailbox.count_to_move([uids[mail.pk] for mail in waiting])
            group, waiting = waiting[:number], waiting[number:]
            _move(mailbox, target, ours.keep(group), uids, ours.claim.token)
            moves += 1


def _open(mailbox: Mailbox, source: str) -> None:
    """Select `source` as it is now: what a person removed in the meantime would make a whole MOVE fail."""
    if source != mailbox.server.folder:  # one of ours, by the operators' name: the server's may have a prefix
        source = mailbox.find_folder(source) or source
    selected = mailbox.selected
    if selected is None or selected.folder != source or selected.readonly:
        mailbox.select(source)
    else:
        mailbox.noop()


def _move(mailbox: Mailbox, target: str, mails: Sequence[Mail], uids: Mapping[int, int], token: UUID) -> None:
    """One MOVE of `mails`, whose `uids` are by primary key, and its record."""
    if not mails:
        return
    if __debug__:
        reach("file.moving")
    try:
        moved = mailbox.move([uids[mail.pk] for mail in mails], target)
    except Unsupported:
        log.warning("the server has no MOVE: processed mails stay where they are")
        _record(mails, token, LEFT, "")
        return
    if __debug__:
        reach("file.moved")
    _record([mail for mail in mails if uids[mail.pk] in moved.moved], token, MOVED, target)
    _record([mail for mail in mails if uids[mail.pk] in moved.vanished], token, VANISHED, "")
    _give_back([mail for mail in mails if uids[mail.pk] in moved.left], token)
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
    where = {"filed_to": target} if target else {}
    values = {**RELEASED, "filed_at": Now(), "filed_as": filed_as, "attempts": 0, **where}
    for state, changes in ((MailState.DECIDED, {"state": MailState.FILED}), (MailState.FAILED, {})):
        some = [mail for mail in mails if mail.state == state]
        if some:
            _claimed(some, token).filter(state=state).update(**values, **changes)
    for mail in mails:
        log.info("mail %d: %s", mail.pk, filed_as)
    if filed_as != MOVED:
        Event.objects.bulk_create(Event(verb=filed_as, mail=mail) for mail in mails)


def _give_back(mails: Sequence[Mail], token: UUID, at_least: float = 0.0) -> None:
    """They are tried again after a while that grows with the attempts, and not before `at_least` seconds."""
    waits: defaultdict[float, list[Mail]] = defaultdict(list)
    for mail in mails:
        waits[max(at_least, RETRY_AFTER_S[min(mail.attempts, len(RETRY_AFTER_S)) - 1])].append(mail)
    for wait, group in waits.items():
        _claimed(group, token).update(next_attempt_at=later(wait), **RELEASED)
