"""Release: a held reply may go out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from worker.clock import database_now
from worker.models import Event, Reply, ReplyState
from worker.replies.mime import redated


@transaction.atomic
def release_replies(actor: User, ids: Iterable[int] | None = None) -> int:
    """Queue these drafts (all of them where `ids` is None); returns how many. Those no longer drafts are left.

    Each is dated anew: a letter is complete when a person says so, and one that seems days old ends among spam.
    """
    drafts = Reply.objects.select_for_update().filter(state=ReplyState.DRAFT)
    chosen = list(drafts if ids is None else drafts.filter(pk__in=list(ids)))
    now = database_now()
    released = [reply for reply in chosen if _release(reply, now)]
    Event.objects.bulk_create(
        Event(actor=actor, verb="reply_released", mail_id=reply.mail_id, reply=reply) for reply in released
    )
    return len(released)


def _release(reply: Reply, now: datetime) -> bool:
    held = Reply.objects.filter(pk=reply.pk, state=ReplyState.DRAFT)
    values = {"attempts": 0, "next_attempt_at": Now(), "lease_token": None, "lease_until": None}
    return bool(held.update(state=ReplyState.QUEUED, data=redated(bytes(reply.data), now), **values))
