"""Confirm a clerk: a person vouches that an address is the jegyző's, and the directory learns it."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from registry.directory import mark_directories_changed
from registry.models import Clerk, Registration, RegistrationStatus
from registry.services.change import Target, get_current, record_change

JEGYZO_PROBLEMS = frozenset({"jegyzo_not_in_cc", "jegyzo_unclear"})
OPEN = (RegistrationStatus.READY, RegistrationStatus.REVIEW, RegistrationStatus.INCOMPLETE)


@transaction.atomic
def confirm_clerk(target: Target, actor: User, address: str) -> Registration:
    """Take `address` as the jegyző of the request's municipality, now and in later mails.

    A request that lacks nothing else becomes `ready`. Raises ChangeRefusedError, ValueError for a blank address.
    """
    address = address.strip().lower()
    if "@" not in address:
        raise ValueError("a clerk needs an address")
    registration = get_current(target, OPEN)
    problems = [code for code in registration.problems if code not in JEGYZO_PROBLEMS]
    values = {"jegyzo_status": "confirmed", "jegyzo_address": address, "problems": problems}
    if registration.municipality:
        Clerk.objects.get_or_create(
            municipality=registration.municipality, address=address, defaults={"source": "staff"}
        )
        mark_directories_changed()
    if not problems and not registration.missing_fields and "municipality_unknown" not in registration.notes:
        values["status"] = RegistrationStatus.READY
    return record_change(registration, actor, "clerk_confirmed", values, address=address)
