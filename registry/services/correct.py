"""Correct: a person writes what the worker misread or the requester told by telephone."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services.change import Target, get_current, record_change, require_fields

CORRECTABLE = (
    RegistrationStatus.READY,
    RegistrationStatus.REVIEW,
    RegistrationStatus.INCOMPLETE,
    RegistrationStatus.APPROVED,
)
OPEN = (RegistrationStatus.READY, RegistrationStatus.REVIEW, RegistrationStatus.INCOMPLETE)
ABOUT = {  # which problems and notes speak of which field: they fall away when a person rewrites it
    "full_name": ("full_name_missing",),
    "municipality": ("municipality_missing", "municipality_unknown", "county_mismatch"),
    "pir": (
        "pir_missing",
        "pir_invalid",
        "pir_from_tax_number",
        "pir_contradicts_tax_number",
        "pir_of_another_body",
    ),
    "county": ("county_missing", "county_mismatch", "county_inferred"),
    "email": ("email_missing", "email_invalid", "email_not_personal", "email_shared", "email_unrelated_to_name"),
    "modules": ("modules_missing", "modules_unknown", "modules_partly_unknown"),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """All fields as the person left them; `modules` are ProBono identifiers separated by blanks."""

    full_name: str
    municipality: str
    pir: str
    county: str
    email: str
    modules: str

    def changed_from(self, registration: Registration) -> tuple[str, ...]:
        """Names of the fields that differ from the row."""
        return tuple(name for name in ABOUT if getattr(self, name) != getattr(registration, name))


@transaction.atomic
def correct(target: Target, actor: User, correction: Correction, *, approve: bool) -> Registration:
    """Write the corrected fields and, where `approve`, let the request go on. Raises ChangeRefusedError.

    What the worker said of a rewritten field no longer holds and is dropped. Without `approve`, a request that
    lacks nothing any more becomes `ready`; an approved one keeps its status.
    """
    registration = get_current(target, CORRECTABLE)
    changed = correction.changed_from(registration)
    settled = {code for name in changed for code in ABOUT[name]}
    values: dict[str, object] = {name: getattr(correction, name) for name in ABOUT}
    values["problems"] = [code for code in registration.problems if code not in settled]
    values["notes"] = [code for code in registration.notes if code not in settled]
    corrected = Registration(**{name: getattr(correction, name) for name in ABOUT})
    details: dict[str, object] = {}
    if approve or registration.status == RegistrationStatus.APPROVED:
        require_fields(corrected)
        values |= {"status": RegistrationStatus.APPROVED, "reviewer": actor}
        details["despite"] = values["problems"]
    elif registration.status in OPEN:
        values["status"] = _open_status(registration, corrected, bool(values["problems"]))
    return record_change(registration, actor, "corrected", values, **details)


def _open_status(before: Registration, corrected: Registration, has_problems: bool) -> str:
    if not has_problems and not corrected.missing_fields:
        return RegistrationStatus.READY
    return RegistrationStatus.REVIEW if before.status == RegistrationStatus.READY else before.status
