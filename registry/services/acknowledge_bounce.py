"""Acknowledge: a person saw that a reply came back."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from worker.models import Event, Reply


@transaction.atomic
def acknowledge_bounce(reply_id: int, actor: User) -> Reply:
    """Take the bounced reply off the list of replies that need a person."""
    reply = Reply.objects.get(pk=reply_id)
    Event.objects.create(actor=actor, verb="bounce_seen", mail_id=reply.mail_id, reply=reply)
    return reply
