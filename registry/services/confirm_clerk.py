"""Confirm a clerk: a person vouches that an address is the jegyző's, and the directory learns it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from registry.directory import mark_directories_changed
from registry.models import Clerk, Registration, RegistrationStatus
from registry.services import overruled
from registry.services.change import Target, get_current, record_change

JEGYZO_PROBLEMS = frozenset({"jegyzo_not_in_cc", "jegyzo_unclear"})
OPEN = (RegistrationStatus.READY, RegistrationStatus.REVIEW, RegistrationStatus.INCOMPLETE)


@transaction.atomic
def confirm_clerk(target: Target, actor: User, address: str) -> Registration:
    """Take `address` as the jegyző of the request's municipality, now and in later mails.

    A request that lacks nothing else becomes `ready`. The event says whether the directory `learned` it by this.
    Raises ChangeRefusedError, ValueError for a blank address.
    """
    address = address.replace("\0", "").strip().lower()
    if "@" not in address:
        raise ValueError("a clerk needs an address")
    registration = get_current(target, OPEN)
    problems = [code for code in registration.problems if code not in JEGYZO_PROBLEMS]
    values = {"jegyzo_status": "confirmed", "jegyzo_address": address, "problems": problems}
    learned = _learn(registration.municipality, address, actor)
    if is_ready(registration, problems, registration.notes):
        values["status"] = RegistrationStatus.READY
    said = overruled.overruled(registration, [code for code in registration.problems if code in JEGYZO_PROBLEMS])
    told: dict[str, Any] = {"address": address, "municipality": registration.municipality, "learned": learned}
    return record_change(registration, actor, "clerk_confirmed", values, **told, **said)


def is_ready(registration: Registration, problems: list[str], notes: list[str]) -> bool:
    """Whether an open request with these problems and notes left lacks nothing."""
    doubts = {"municipality_unknown", "answer_contradicts"} & set(notes)
    return not problems and not doubts and not registration.missing_fields


def _learn(municipality: str, address: str, actor: User) -> bool:
    if not municipality:
        return False
    values = {"source": "staff", "confirmed_by": actor}
    _, is_new = Clerk.objects.get_or_create(municipality=municipality, address=address, defaults=values)
    mark_directories_changed()
    return is_new
