"""Correct: a person writes what the worker misread or the requester told by telephone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services import overruled
from registry.services.about import ABOUT
from registry.services.approve import approve_row
from registry.services.assign import take_if_free
from registry.services.change import Target, get_current, record_change, require_fields

CORRECTABLE = (
    RegistrationStatus.READY,
    RegistrationStatus.REVIEW,
    RegistrationStatus.INCOMPLETE,
    RegistrationStatus.APPROVED,
)
OPEN = (RegistrationStatus.READY, RegistrationStatus.REVIEW, RegistrationStatus.INCOMPLETE)


@dataclass(frozen=True, slots=True)
class Correction:
    """All fields as the person left them; `modules` are ProBono identifiers separated by blanks.

    `notes` are those that the new values call for.
    """

    full_name: str
    municipality: str
    pir: str
    county: str
    email: str
    modules: str
    notes: tuple[str, ...] = ()

    def changed_from(self, registration: Registration) -> tuple[str, ...]:
        """Names of the fields that differ from the row."""
        return tuple(name for name in ABOUT if getattr(self, name) != getattr(registration, name))


@transaction.atomic
def correct(
    target: Target, actor: User, correction: Correction, *, approve: bool, despite: Collection[str] = ()
) -> Registration:
    """Write the corrected fields and, where `approve`, let the request go on: an event for each that happened.

    Whoever saves without approving goes on with a request that nobody has. What the worker said of a rewritten field
    no longer holds and is dropped. Without `approve`, a request that lacks nothing any more becomes `ready`; an
    approved one keeps its status. Raises ChangeRefusedError, for instance ProblemsOpenError where problems are left
    that are not in `despite`.
    """
    registration = get_current(target, CORRECTABLE)
    corrected = Registration(**{name: getattr(correction, name) for name in ABOUT})
    goes_on = approve or registration.status == RegistrationStatus.APPROVED
    if goes_on:
        require_fields(corrected)
    values = _values(registration, correction)
    if not goes_on:
        values["status"] = _open_status(registration, corrected, bool(values["problems"]))
    changed = {name: getattr(correction, name) for name in correction.changed_from(registration)}
    if changed or values.get("status", registration.status) != registration.status:
        if not goes_on:
            take_if_free(registration, actor)
        said = overruled.corrected(registration, changed)
        registration = record_change(registration, actor, "corrected", values, **said)
    if approve and registration.status in OPEN:
        registration = approve_row(registration, actor, despite)
    return registration


def _values(registration: Registration, correction: Correction) -> dict[str, object]:
    settled = {code for name in correction.changed_from(registration) for code in ABOUT[name]}
    values: dict[str, object] = {name: getattr(correction, name) for name in ABOUT}
    values["problems"] = [code for code in registration.problems if code not in settled]
    kept = [code for code in registration.notes if code not in settled]
    values["notes"] = [*kept, *(code for code in correction.notes if code not in kept)]
    return values


def _open_status(before: Registration, corrected: Registration, has_problems: bool) -> str:
    if not has_problems and not corrected.missing_fields:
        return RegistrationStatus.READY
    return RegistrationStatus.REVIEW if before.status == RegistrationStatus.READY else before.status
