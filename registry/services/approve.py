"""Approve: a person (or a bulk action of one) lets a request go on to the portal."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services.change import BulkResult, Target, get_current, record_change, require_fields
from registry.services.overruled import overruled
from registry.services.refusals import ChangeRefusedError, ProblemsOpenError

APPROVABLE = (RegistrationStatus.READY, RegistrationStatus.REVIEW, RegistrationStatus.INCOMPLETE)
CLEAN = (RegistrationStatus.READY,)


@transaction.atomic
def approve(target: Target, actor: User, despite: Collection[str] = ()) -> Registration:
    """Approve one request. Raises ChangeRefusedError, ProblemsOpenError where a problem is not in `despite`."""
    return approve_row(get_current(target, APPROVABLE), actor, despite)


def approve_row(registration: Registration, actor: User, despite: Collection[str]) -> Registration:
    """The same for a row that is known to be current; the event keeps the problems that the person accepted."""
    require_fields(registration)
    if set(registration.problems) - set(despite):
        raise ProblemsOpenError(registration.problems)
    values = {"status": RegistrationStatus.APPROVED, "reviewer": actor}
    said = overruled(registration, registration.problems)
    return record_change(registration, actor, "approved", values, despite=registration.problems, **said)


def approve_many(targets: Iterable[Target], actor: User) -> BulkResult:
    """Approve each that is still `ready` and unchanged; the others are told apart, never forced."""
    done, refused = [], []
    for target in targets:
        try:
            with transaction.atomic():
                registration = get_current(target, CLEAN)
                if registration.problems:
                    raise ProblemsOpenError(registration.problems)
                values = {"status": RegistrationStatus.APPROVED, "reviewer": actor}
                record_change(registration, actor, "approved", values, bulk=True)
            done.append(target.pk)
        except (ChangeRefusedError, Registration.DoesNotExist):
            refused.append(target.pk)
    return BulkResult(tuple(done), tuple(refused))
