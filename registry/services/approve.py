"""Approve: a person (or a bulk action of one) lets a request go on to the portal."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services.change import BulkResult, Target, get_current, record_change, require_fields
from registry.services.change_many import new_mark
from registry.services.overruled import overruled
from registry.services.refusals import ChangeRefusedError, OutdatedError, ProblemsOpenError

APPROVABLE = (RegistrationStatus.READY, RegistrationStatus.REVIEW, RegistrationStatus.INCOMPLETE)
CLEAN = (RegistrationStatus.READY,)
GROUP = 50


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
    done, why = list[int](), dict[int, str]()
    waiting, mark = iter(targets), new_mark()
    while group := list(islice(waiting, GROUP)):
        with transaction.atomic():  # one commit for many; each still by itself, under a savepoint
            for target in group:
                if reason := _approve_clean(target, actor, mark):
                    why[target.pk] = reason
                else:
                    done.append(target.pk)
    return BulkResult(tuple(done), tuple(why), why, mark)


def _approve_clean(target: Target, actor: User, mark: int) -> str:
    """Why it was not done; "" where it was."""
    try:
        with transaction.atomic():
            registration = get_current(target, CLEAN)
            if registration.problems:
                return "problems"
            values = {"status": RegistrationStatus.APPROVED, "reviewer": actor}
            record_change(registration, actor, "approved", values, bulk=mark)
    except Registration.DoesNotExist:
        return "gone"
    except OutdatedError:
        return "outdated"
    except ChangeRefusedError:
        return "state"
    return ""
