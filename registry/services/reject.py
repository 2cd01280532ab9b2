"""Reject: a person refuses a request, and says why."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services.change import Target, get_current, record_change

REJECTABLE = (
    RegistrationStatus.READY,
    RegistrationStatus.REVIEW,
    RegistrationStatus.INCOMPLETE,
    RegistrationStatus.APPROVED,
)


@transaction.atomic
def reject(target: Target, actor: User, reason: str) -> Registration:
    """Refuse the request; `reason` must not be blank (ValueError). Nothing is sent to the requester by this."""
    reason = reason.strip()
    if not reason:
        raise ValueError("a rejection needs a reason")
    registration = get_current(target, REJECTABLE)
    values = {"status": RegistrationStatus.REJECTED, "reject_reason": reason, "reviewer": actor}
    return record_change(registration, actor, "rejected", values, reason=reason)
