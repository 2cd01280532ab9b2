"""Reopen: a person takes up a request again that was closed because no answer came."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services.change import Target, get_current, record_change
from worker.models import Conversation


@transaction.atomic
def reopen(target: Target, actor: User) -> Registration:
    """Put an expired request on the manual list: what is waited for again is for the person to ask."""
    registration = get_current(target, (RegistrationStatus.EXPIRED,))
    Conversation.objects.filter(mails=registration.mail_id).update(closed_at=None)
    return record_change(registration, actor, "reopened", {"status": RegistrationStatus.REVIEW})
