"""Discard: a person decides that a reply shall not go out."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from registry.services.refusals import NotAllowedError
from worker.models import Event, Reply, ReplyState

DISCARDABLE = (ReplyState.DRAFT, ReplyState.FAILED)


@transaction.atomic
def discard_reply(reply_id: int, actor: User) -> Reply:
    """Drop a draft or one that could not be sent; its text stays in the ledger. Raises NotAllowedError."""
    changed = Reply.objects.filter(pk=reply_id, state__in=DISCARDABLE).update(state=ReplyState.DISCARDED)
    reply = Reply.objects.get(pk=reply_id)
    if not changed:
        raise NotAllowedError(reply.state)
    Event.objects.create(actor=actor, verb="reply_discarded", mail_id=reply.mail_id, reply=reply)
    return reply
