"""Withdraw: what the worker took for a request is none, or the requester took it back."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services.change import Target, get_current, record_change
from registry.services.overruled import outcome

WITHDRAWABLE = (RegistrationStatus.READY, RegistrationStatus.REVIEW, RegistrationStatus.INCOMPLETE)


@transaction.atomic
def mark_no_registration(target: Target, actor: User) -> Registration:
    """Close the row as no request at all; it can be taken back."""
    registration = get_current(target, WITHDRAWABLE)
    values = {"status": RegistrationStatus.WITHDRAWN, "reviewer": actor}
    said = outcome(registration, "kind", "no_registration")
    return record_change(registration, actor, "no_registration", values, **said)
