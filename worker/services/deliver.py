"""Deliver: replies that are due go out, each at most once.

    queued/retrying → sending (claimed) → data_started_at (committed) → DATA → sent | retrying | failed | uncertain

Before `data_started_at` every failure is safe to repeat; after it only a definite answer of the server is. What may
have gone out is `uncertain` and waits for a person.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from worker.crash_points import reach
from worker.following import following, note
from worker.mail.smtp import Delivery, Result, Sender
from worker.models import DUE_STATES, Event, Folder, Reply, ReplyState, SentCopy
from worker.services.commits import asynchronous_commit
from worker.services.controls import replies_stopped, stop_replies
from worker.services.leases import RELEASED, ClaimLost, finish, holding, is_due, later, take
from worker.services.prepared import PreparedUpdate
from worker.services.replying import Voice

GROUP = 20
GROUP_FOR_S = 30.0  # a slow server: the rest later, or the claims run out
DATA_LEASE_S = 75.0  # longer than the wait for the answer to the final dot
BACKOFF_S = (60.0, 300.0, 900.0, 3600.0, 4 * 3600.0)
MAX_ATTEMPTS = 20  # about three days of trying
SERVER_BACKOFF_S = 30.0
EVERYBODYS = Q()
LOOKED_FOR: dict[str, Any] = {"sent_copy": SentCopy.PENDING, "attempts": 0, "next_attempt_at": Now()}
UNTRIED = Reply.objects.filter(state=ReplyState.SENDING, data_started_at__isnull=True)  # certainly not sent
# The two statements that every letter needs, each committed by itself.
CLAIMED: dict[str, Any] = {"where": ("pk", "lease_token"), "fixed": {"state": ReplyState.SENDING}}
AS_SENT: dict[str, Any] = {"state": ReplyState.SENT, "sent_at": Now(), "attempts": 0, "next_attempt_at": Now()}
STARTED = PreparedUpdate(Reply, **CLAIMED, data_started_at=Now(), lease_until=later(DATA_LEASE_S))
# Without this one's commit the letter is `uncertain`: whoever asks the Sent folder finds out.
SENT = PreparedUpdate(Reply, **CLAIMED, given=("answer", "sent_copy"), asynchronous=True, **AS_SENT, **RELEASED)

log = logging.getLogger(__name__)


def deliver_group(
    sender: Sender,
    voice: Voice,
    per_hour: int,
    whose: Q = EVERYBODYS,
    heard: Callable[[bool], None] = lambda _: None,
) -> int:
    """Send one group of due replies; returns how many were tried. 0: nothing is due, or replies are held back.

    With the voice's mode `off` only what people wrote goes out; `per_hour` is the breaker's limit, 0 for none; `whose`
    are the replies that go out through `sender` (worker.services.mailboxes); `heard` is told after each whether the
    server is in trouble.
    """
    rows = _due(voice.mode).filter(whose)
    if not is_due(rows) or replies_stopped():
        return 0
    number = min(GROUP, left_this_hour(per_hour)) if per_hour else GROUP
    if number <= 0:
        if rows.filter(author__isnull=True, next_attempt_at__lte=Now()).exists():
            stop_replies("replies_per_hour")
            log.critical("more than %d replies in an hour: all replies are stopped until staff resume", per_hour)
        return 0
    taken = take(rows, number, asynchronous_commit, state=ReplyState.SENDING)
    if taken is None:
        return 0
    if __debug__:
        reach("deliver.claimed")
    with holding(taken[0], UNTRIED, state=ReplyState.QUEUED, next_attempt_at=Now()):
        return _send_claimed(sender, taken[1], taken[0].token, voice, heard)


def _send_claimed(
    sender: Sender, claimed: list[Reply], token: UUID, voice: Voice, heard: Callable[[bool], None]
) -> int:
    over = time.monotonic() + GROUP_FOR_S
    events: list[Event] = []  # written at the end: a person reads them and nothing depends on them
    try:
        for position, reply in enumerate(claimed):
            with following("deliver", reply.mail_id, reply=reply.pk):
                trouble = _send(sender, reply, token, voice, events)
            heard(trouble)
            if trouble or time.monotonic() > over:
                _give_back(claimed[position + 1 :], token)
                return 0 if trouble else position + 1
    finally:
        if events:
            with asynchronous_commit():
                Event.objects.bulk_create(events)
    return len(claimed)


def _due(mode: str) -> QuerySet[Reply]:
    """Replies that may go out: not to mails of a held folder, and with `off` none of the worker's own."""
    held = Folder.objects.filter(mailbox=OuterRef("mail__mailbox"), name=OuterRef("mail__folder")).exclude(held="")
    rows = Reply.objects.filter(~Exists(held), state__in=DUE_STATES, data_started_at__isnull=True)
    return rows if mode != "off" else rows.filter(author__isnull=False)


def left_this_hour(per_hour: int) -> int:
    started = Reply.objects.filter(data_started_at__gt=Now() - timedelta(hours=1), author__isnull=True)
    return per_hour - started.count()


def _send(sender: Sender, reply: Reply, token: UUID, voice: Voice, events: list[Event]) -> bool:
    """Try one claimed reply; whether the server is in trouble, so that trying others now makes no sense."""

    def before_data() -> None:
        if __debug__:
            reach("deliver.introduced")
        if STARTED.run(pk=reply.pk, lease_token=token) != 1:
            raise ClaimLost
        if __debug__:
            reach("deliver.data_started")

    try:
        delivery = sender.send(
            reply.envelope_from or voice.address,
            reply.recipients,
            bytes(reply.data),
            before_data,
            notify="FAILURE",  # docs/reliability.md, Bounces of our letters
        )
        if __debug__:
            reach("deliver.answered")
        events += _record(reply, token, delivery, SentCopy.PENDING if voice.keeps_copies else "")
        if __debug__:
            reach("deliver.recorded")
    except ClaimLost:
        log.warning("reply %d: the claim ran out", reply.pk)
        return False
    return delivery.server_trouble or delivery.result is Result.UNKNOWN


def _record(reply: Reply, token: UUID, delivery: Delivery, sent_copy: str) -> list[Event]:
    """Write the outcome; returns the event that tells it, where there is one to tell.

    `sent_copy` is the state of the copy of a sent one; of an uncertain one the Sent folder is asked in any case.
    """
    note(result=delivery.result.name.lower())
    answer = delivery.answer.replace("\x00", "")[:300]
    if delivery.result is Result.ACCEPTED:
        if SENT.run(pk=reply.pk, lease_token=token, answer=answer, sent_copy=sent_copy) != 1:
            # given up while the server thought about it: this answer is the evidence
            given_up = Reply.objects.filter(pk=reply.pk, state=ReplyState.UNCERTAIN)
            finish(given_up, **AS_SENT, answer=answer, sent_copy=sent_copy)
        log.info("reply %d: sent", reply.pk)
    elif delivery.result is Result.UNKNOWN:
        finish(_mine(reply, token), state=ReplyState.UNCERTAIN, answer=answer, **LOOKED_FOR)
        log.error("reply %d: it may or may not have gone out; staff decide", reply.pk)
    elif delivery.result is Result.PERMANENT or (reply.attempts >= MAX_ATTEMPTS and not delivery.server_trouble):
        finish(_mine(reply, token), state=ReplyState.FAILED, answer=answer, data_started_at=None)
        log.error("reply %d: refused for good", reply.pk)
    else:
        wait = SERVER_BACKOFF_S if delivery.server_trouble else BACKOFF_S[min(reply.attempts, len(BACKOFF_S)) - 1]
        finish(
            _mine(reply, token),
            state=ReplyState.RETRYING,
            answer=answer,
            data_started_at=None,
            next_attempt_at=later(wait),
        )
        log.warning("reply %d: attempt %d failed for now", reply.pk, reply.attempts)
        return []
    verb = {Result.ACCEPTED: "sent", Result.UNKNOWN: "uncertain"}.get(delivery.result, "send_failed")
    details = {"refused": list(delivery.refused)} if delivery.refused else {}
    return [Event(verb=verb, mail_id=reply.mail_id, reply=reply, details=details)]


def _mine(reply: Reply, token: UUID) -> QuerySet[Reply]:
    return Reply.objects.filter(pk=reply.pk, lease_token=token, state=ReplyState.SENDING)


def _give_back(replies: list[Reply], token: UUID) -> None:
    """Those claimed and not tried wait until the server may be better."""
    rows = UNTRIED.filter(pk__in=[reply.pk for reply in replies], lease_token=token)
    rows.update(state=ReplyState.RETRYING, next_attempt_at=later(SERVER_BACKOFF_S), **RELEASED)
