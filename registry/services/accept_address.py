"""Accept an address: a person takes it for personal although the rules doubt it, and they never doubt it again."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from registry.directory import mark_directories_changed
from registry.models import AcceptedAddress, Registration, RegistrationStatus
from registry.services import overruled
from registry.services.change import Target, get_current, record_change
from registry.services.confirm_clerk import is_ready
from registry.services.refusals import NotAllowedError

DOUBTS = frozenset({"email_not_personal", "email_unrelated_to_name"})
OPEN = (RegistrationStatus.READY, RegistrationStatus.REVIEW, RegistrationStatus.INCOMPLETE)


def doubts_of(registration: Registration) -> list[str]:
    """What the rules doubt of the request's address, and a person may set aside (codes)."""
    return [code for code in (*registration.problems, *registration.notes) if code in DOUBTS]


@transaction.atomic
def accept_address(target: Target, actor: User) -> Registration:
    """Take the request's address for personal, now and in later mails.

    A request that lacks nothing else becomes `ready`. The event says whether the address was `learned` by this.
    Raises ChangeRefusedError: NotAllowedError where nobody doubts it.
    """
    registration = get_current(target, OPEN)
    doubts = doubts_of(registration)
    if not doubts:
        raise NotAllowedError(registration.status)
    address = registration.email.lower()
    _, is_new = AcceptedAddress.objects.get_or_create(address=address, defaults={"accepted_by": actor})
    mark_directories_changed()
    problems = [code for code in registration.problems if code not in DOUBTS]
    notes = [code for code in registration.notes if code not in DOUBTS]
    values: dict[str, object] = {"problems": problems, "notes": notes}
    if "email_not_personal" in doubts and is_ready(registration, problems, notes):
        values["status"] = RegistrationStatus.READY
    said = overruled.overruled(registration, doubts)
    return record_change(registration, actor, "address_accepted", values, address=address, learned=is_new, **said)
