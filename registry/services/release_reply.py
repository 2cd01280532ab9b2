"""Release: a held reply may go out."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from worker.models import Event, Reply, ReplyState


@transaction.atomic
def release_replies(actor: User, ids: Iterable[int] | None = None) -> int:
    """Queue these drafts (all of them where `ids` is None); returns how many. Those no longer drafts are left."""
    drafts = Reply.objects.select_for_update().filter(state=ReplyState.DRAFT)
    chosen = list(drafts if ids is None else drafts.filter(pk__in=list(ids)))
    released = Reply.objects.filter(pk__in=[reply.pk for reply in chosen], state=ReplyState.DRAFT).update(
        state=ReplyState.QUEUED, attempts=0, next_attempt_at=Now(), lease_token=None, lease_until=None
    )
    Event.objects.bulk_create(
        Event(actor=actor, verb="reply_released", mail_id=reply.mail_id, reply=reply) for reply in chosen
    )
    return released
