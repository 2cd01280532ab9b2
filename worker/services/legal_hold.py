"""Legal hold: a case that a court or an authority needs is neither purged nor erased until it is released."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Min, QuerySet

from worker.models import Conversation, Event, LinkedBy, Mail, MailState
from worker.services.record import take_turn


@transaction.atomic
def hold(mails: Iterable[int], actor: User, reason: str) -> int:
    """Hold the cases of these mails; returns how many were not held. `reason` must not be blank (ValueError).

    A mail that belongs to no case becomes one by itself: what is nowhere held would be purged.
    """
    reason = reason.strip()[:300]
    if not reason:
        raise ValueError("a hold needs a reason")
    keys = list(mails)
    take_turn()
    for mail in Mail.objects.filter(pk__in=keys, conversation=None, state=MailState.FILED).only("pk", "linked_by"):
        linked_by = mail.linked_by or LinkedBy.OPENED
        Mail.objects.filter(pk=mail.pk).update(conversation=Conversation.objects.create(), linked_by=linked_by)
    return _set(Conversation.objects.filter(mails__in=keys, legal_hold="").distinct(), actor, "held", reason)


@transaction.atomic
def release(conversation: int, actor: User) -> int:
    """Let retention and erasure have the case again; 0 where it was not held."""
    return _set(Conversation.objects.filter(pk=conversation).exclude(legal_hold=""), actor, "released_from_hold", "")


def _set(cases: QuerySet[Conversation], actor: User, verb: str, reason: str) -> int:
    keys = list(cases.values_list("pk", flat=True))
    Conversation.objects.filter(pk__in=keys).update(legal_hold=reason)
    first = Mail.objects.filter(conversation__in=keys).values("conversation").annotate(mail=Min("pk"))
    Event.objects.bulk_create(
        Event(verb=verb, actor=actor, mail_id=row["mail"], details={"conversation": row["conversation"]})
        for row in first.order_by("conversation")
    )
    return len(keys)
