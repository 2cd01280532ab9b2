"""Assign: who works on a request. It changes nothing of the request itself, so a colleague's open form stays good."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services.change import BulkResult
from registry.services.change_many import new_mark
from registry.services.refusals import NotAllowedError, TakenError
from worker.models import Event

ASSIGNABLE = (
    RegistrationStatus.READY,
    RegistrationStatus.REVIEW,
    RegistrationStatus.INCOMPLETE,
    RegistrationStatus.APPROVED,
)
ASSIGNED, UNASSIGNED = "assigned", "unassigned"


@transaction.atomic
def assign(pk: int, assignee: User | None, actor: User, *, seen: int | None) -> Registration:
    """Give the request to `assignee`, or to nobody; `seen` is the key of whom the person saw it with.

    Doing it twice changes nothing. Raises Registration.DoesNotExist, NotAllowedError, TakenError where somebody else
    gave it to another in the meantime.
    """
    registration = Registration.objects.select_related("assignee").get(pk=pk)
    if registration.status not in ASSIGNABLE:
        raise NotAllowedError(registration.status)
    wanted = assignee.pk if assignee else None
    if registration.assignee_id == wanted:
        return registration
    if registration.assignee_id != seen or not _give(registration, wanted, actor):
        raise TakenError(Registration.objects.select_related("assignee").get(pk=pk).assignee)
    registration.assignee = assignee
    return registration


def assign_many(keys: Iterable[int], assignee: User | None, actor: User) -> BulkResult:
    """Give each of these requests to `assignee`, whoever had it; decided ones and those that are gone are refused."""
    done: list[int] = []
    refused: list[int] = []
    mark = new_mark()
    for pk in keys:
        with transaction.atomic():
            row = Registration.objects.filter(pk=pk, status__in=ASSIGNABLE).first()
            wanted = assignee.pk if assignee else None
            is_done = row is not None and (row.assignee_id == wanted or _give(row, wanted, actor, bulk=mark))
        (done if is_done else refused).append(pk)
    return BulkResult(tuple(done), tuple(refused), mark=mark)


def take_if_free(registration: Registration, actor: User) -> bool:
    """Whoever goes on with a request that nobody has gets it; whether it was so. Must run in a transaction."""
    if registration.assignee_id is not None or registration.status not in ASSIGNABLE:
        return False
    return _give(registration, actor.pk, actor)


def give_back(registration: Registration, assignee_id: int | None, current: int | None) -> bool:
    """Put back who had it, where `current` still has it; the event is the caller's."""
    rows = Registration.objects.filter(pk=registration.pk, assignee=current)
    return rows.update(assignee=assignee_id) == 1


def _give(registration: Registration, assignee_id: int | None, actor: User, **details: int) -> bool:
    if not give_back(registration, assignee_id, registration.assignee_id):
        return False
    Event.objects.create(
        actor=actor,
        verb=ASSIGNED if assignee_id is not None else UNASSIGNED,
        mail_id=registration.mail_id,
        registration=registration,
        details={"assignee": assignee_id, "before": registration.assignee_id, **details},
    )
    return True
