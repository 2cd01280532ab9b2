"""Send to review: a person wants somebody to look at it before it goes on."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services.change import Target, get_current, record_change
from registry.services.overruled import outcome

MOVABLE = (RegistrationStatus.READY, RegistrationStatus.INCOMPLETE)


@transaction.atomic
def send_to_review(target: Target, actor: User) -> Registration:
    """Move the request to the manual list."""
    registration = get_current(target, MOVABLE)
    said = outcome(registration, "outcome", "sent_to_review", only_from=registration.status)
    return record_change(registration, actor, "sent_to_review", {"status": RegistrationStatus.REVIEW}, **said)
