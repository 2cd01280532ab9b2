"""Settle: a person found out what became of a reply that may or may not have gone out, or that failed."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from registry.services.refusals import NotAllowedError
from worker.models import Event, Reply, ReplyState


@transaction.atomic
def settle_as_sent(reply_id: int, actor: User) -> Reply:
    """It did go out. Only an `uncertain` reply can be settled so (NotAllowedError)."""
    changed = Reply.objects.filter(pk=reply_id, state=ReplyState.UNCERTAIN).update(
        state=ReplyState.SENT, sent_at=Now(), lease_token=None, lease_until=None
    )
    return _recorded(reply_id, actor, "reply_settled_sent", changed)


@transaction.atomic
def send_again(reply_id: int, actor: User) -> Reply:
    """It did not go out: the same bytes with the same Message-ID are queued once more (NotAllowedError)."""
    changed = Reply.objects.filter(pk=reply_id, state__in=[ReplyState.UNCERTAIN, ReplyState.FAILED]).update(
        state=ReplyState.QUEUED,
        attempts=0,
        data_started_at=None,
        next_attempt_at=Now(),
        lease_token=None,
        lease_until=None,
    )
    return _recorded(reply_id, actor, "reply_sent_again", changed)


def _recorded(reply_id: int, actor: User, verb: str, changed: int) -> Reply:
    reply = Reply.objects.get(pk=reply_id)
    if not changed:
        raise NotAllowedError(reply.state)
    Event.objects.create(actor=actor, verb=verb, mail_id=reply.mail_id, reply=reply)
    return reply
