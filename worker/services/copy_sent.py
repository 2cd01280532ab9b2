"""Copy: replies that went out get their copy in the mailbox's Sent folder, and what is there already is evidence.

Each is looked for by its Message-ID first, so that a copy which the server keeps by itself, or one that was added
before a process died, is not added again. An `uncertain` reply that is found there did go out: it is settled. Nothing
here can hold up or undo a delivery.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from worker.clock import database_now
from worker.crash_points import reach
from worker.following import following
from worker.mail.errors import Disconnected, LoginRefused, MailError, Throttled
from worker.mail.imap import Mailbox
from worker.models import Event, Reply, ReplyState, SentCopy
from worker.services.leases import LEASE, RELEASED, ClaimLost, claim, finish, later
from worker.services.replying import AUTO

GROUP = 50
MAX_ATTEMPTS = 12  # about a day
RETRY_AFTER_S = (30.0, 120.0, 600.0, 3600.0, 4 * 3600.0)
TO_COPY = Q(sent_copy=SentCopy.PENDING, state__in=[ReplyState.SENT, ReplyState.UNCERTAIN])
EVERYBODYS = Q()
WHOLE_CONNECTION = (Disconnected, Throttled, LoginRefused)  # not this reply's fault
EARLIER = timedelta(days=2)  # the server's day is not ours

log = logging.getLogger(__name__)


def copy_group(open_mailbox: Callable[[], Mailbox], wanted: str, *, adds: bool, whose: Q = EVERYBODYS) -> int:
    """Settle the copies of one group of replies; returns how many were claimed. The mailbox is opened only for work.

    `wanted` is the folder's name, or AUTO; without `adds` it is only looked at. `whose` are the replies to this
    mailbox's mails (worker.services.mailboxes). Raises MailError where the connection failed: the rest is tried again
    later, without counting against it.
    """
    ours = claim(Reply.objects.filter(TO_COPY & whose), GROUP)
    if ours is None:
        return 0
    token, replies = ours.token, list(ours.of(Reply.objects.all()).order_by("pk"))
    waiting, tried = list(replies), 0
    try:
        mailbox = open_mailbox()
        folder = _open_folder(mailbox, wanted)
        if folder is None:
            _write_off(replies, token, "")
            return len(replies)
        while waiting:
            tried = 1
            with following("copy", waiting[0].mail_id, reply=waiting[0].pk):
                _settle_or_lose(mailbox, folder, waiting[0], token, adds=adds)
            waiting.pop(0)
    except MailError as error:
        wait = getattr(error, "wait", None) or 0.0
        _give_back(waiting[:tried], token, at_least=wait, uncounted=0)
        _give_back(waiting[tried:], token, at_least=wait, uncounted=1)
        raise
    return len(replies)


def _open_folder(mailbox: Mailbox, wanted: str) -> str | None:
    """The Sent folder under the server's name, opened to look; None where there is none, or it is the watched one."""
    folder = mailbox.sent_folder("" if wanted == AUTO else wanted)
    if folder is None or folder.casefold() == mailbox.server.folder.casefold():
        return None
    mailbox.select(folder, readonly=True)
    return folder


def _settle_or_lose(mailbox: Mailbox, folder: str, reply: Reply, token: UUID, *, adds: bool) -> None:
    try:
        _settle(mailbox, folder, reply, token, adds=adds)
    except ClaimLost:
        log.warning("reply %d: the claim ran out", reply.pk)


def _settle(mailbox: Mailbox, folder: str, reply: Reply, token: UUID, *, adds: bool) -> None:
    """One reply: found, added or left for later.

    Raises MailError where the connection is of no use any more, ClaimLost where somebody else has the reply by now.
    """
    try:
        if mailbox.holds(reply.message_id, _sent_on(reply) - EARLIER):
            _record_found(reply, token)
        elif reply.state == ReplyState.UNCERTAIN:
            _wait(reply, token)
        elif adds and reply.data:  # of an emptied letter there is nothing to keep
            if __debug__:
                reach("copy.missing")
            _hold(reply, token)
            mailbox.append(folder, bytes(reply.data), reply.sent_at or database_now())
            if __debug__:
                reach("copy.added")
            _record(reply, token, sent_copy=SentCopy.DONE)
        else:
            _write_off([reply], token, "")
    except WHOLE_CONNECTION:
        raise
    except MailError as error:
        log.warning("reply %d: no copy in the Sent folder yet: %s", reply.pk, error)
        _wait(reply, token)


def _sent_on(reply: Reply) -> date:
    return (reply.data_started_at or reply.created_at).date()


def _mine(reply: Reply, token: UUID) -> QuerySet[Reply]:
    return Reply.objects.filter(pk=reply.pk, lease_token=token, state=reply.state)


def _hold(reply: Reply, token: UUID) -> None:
    """Those before it may have taken longer than the claim holds, and two processes must not both add a copy."""
    if not _mine(reply, token).update(lease_until=Now() + LEASE):
        raise ClaimLost


def _record(reply: Reply, token: UUID, **changes: object) -> None:
    finish(_mine(reply, token), attempts=0, **changes)


def _record_found(reply: Reply, token: UUID) -> None:
    """It is there. For an uncertain reply that is the proof that it went out."""
    if reply.state == ReplyState.SENT:
        _record(reply, token, sent_copy=SentCopy.DONE)
        return
    with transaction.atomic():
        _record(reply, token, state=ReplyState.SENT, sent_at=Now(), sent_copy=SentCopy.DONE)
        Event.objects.create(verb="found_sent", mail_id=reply.mail_id, reply=reply)
    log.info("reply %d: found in the Sent folder, so it did go out", reply.pk)


def _wait(reply: Reply, token: UUID) -> None:
    """Look again later, but not for ever."""
    if reply.attempts < MAX_ATTEMPTS:
        wait = RETRY_AFTER_S[min(reply.attempts, len(RETRY_AFTER_S)) - 1]
        finish(_mine(reply, token), next_attempt_at=later(wait))
        return
    if reply.state == ReplyState.SENT:
        Event.objects.create(verb="copy_given_up", mail_id=reply.mail_id, reply=reply)
    _write_off([reply], token, SentCopy.GIVEN_UP)


def _write_off(replies: Sequence[Reply], token: UUID, sent_copy: str) -> None:
    """No copies; whether the replies went out is another matter, which stays as it is."""
    rows = Reply.objects.filter(TO_COPY, pk__in=[reply.pk for reply in replies], lease_token=token)
    rows.update(sent_copy=sent_copy, attempts=0, **RELEASED)


def _give_back(replies: Sequence[Reply], token: UUID, *, at_least: float, uncounted: int) -> None:
    """The connection broke: the claim ends and, where `uncounted` is 1, does not count as an attempt."""
    for reply in replies:
        wait = max(at_least, RETRY_AFTER_S[min(reply.attempts, len(RETRY_AFTER_S)) - 1])
        attempts = F("attempts") - uncounted
        _mine(reply, token).update(next_attempt_at=later(wait), attempts=attempts, **RELEASED)
