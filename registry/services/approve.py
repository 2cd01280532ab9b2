"""Approve: a person (or a bulk action of one) lets a request go on to the portal."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services.change import BulkResult, Target, get_current, record_change, require_fields
from registry.services.refusals import ChangeRefusedError

APPROVABLE = (RegistrationStatus.READY, RegistrationStatus.REVIEW, RegistrationStatus.INCOMPLETE)
CLEAN = (RegistrationStatus.READY,)


@transaction.atomic
def approve(target: Target, actor: User) -> Registration:
    """Approve one request, with whatever problems are left: the event keeps them. Raises ChangeRefusedError."""
    registration = get_current(target, APPROVABLE)
    require_fields(registration)
    return record_change(
        registration,
        actor,
        "approved",
        {"status": RegistrationStatus.APPROVED, "reviewer": actor},
        despite=registration.problems,
    )


def approve_many(targets: Iterable[Target], actor: User) -> BulkResult:
    """Approve each that is still `ready` and unchanged; the others are told apart, never forced."""
    done, refused = [], []
    for target in targets:
        try:
            with transaction.atomic():
                registration = get_current(target, CLEAN)
                values = {"status": RegistrationStatus.APPROVED, "reviewer": actor}
                record_change(registration, actor, "approved", values, bulk=True)
            done.append(target.pk)
        except (ChangeRefusedError, Registration.DoesNotExist):
            refused.append(target.pk)
    return BulkResult(tuple(done), tuple(refused))
