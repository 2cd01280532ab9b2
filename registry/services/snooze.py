"""Snooze: a request is kept out of the lists of work until a moment, or until an answer arrives.

Like who works on it, this changes nothing of the request itself.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from registry.models import Registration, RegistrationStatus
from registry.services.assign import take_if_free
from registry.services.change import Target, get_current
from registry.services.notes import add_note
from registry.services.refusals import OutdatedError
from worker.clock import database_now
from worker.models import Event

SNOOZABLE = (
    RegistrationStatus.READY,
    RegistrationStatus.REVIEW,
    RegistrationStatus.INCOMPLETE,
    RegistrationStatus.APPROVED,
)
SNOOZED, UNSNOOZED, WOKEN = "snoozed", "unsnoozed", "woken"


@transaction.atomic
def snooze(target: Target, actor: User, until: datetime, reason: str = "") -> Registration:
    """Put the request aside until `until` (aware; ValueError unless it lies ahead); `reason` becomes a note.

    Whoever does so goes on with a request that nobody has. Raises ChangeRefusedError.
    """
    if until <= database_now():
        raise ValueError("a request is put aside until a moment to come")
    registration = get_current(target, SNOOZABLE)
    if reason.strip():
        add_note(registration.pk, reason, actor)
    take_if_free(registration, actor)
    return _set(registration, until, actor, SNOOZED)


@transaction.atomic
def unsnooze(target: Target, actor: User) -> Registration:
    """Take the request up again at once. Raises ChangeRefusedError."""
    registration = get_current(target, SNOOZABLE)
    return _set(registration, None, actor, UNSNOOZED) if registration.snoozed_until else registration


def wake(conversation: int, by_mail: int) -> int:
    """Take up the conversation's requests again because a mail arrived; returns how many. Must run in a transaction."""
    rows = Registration.objects.filter(mail__conversation=conversation, snoozed_until__gt=Now())
    woken = 0
    for row in rows.defer("evidence", "suggestions"):
        if put_back(row, None):
            details = {"by_mail": by_mail, "before": _text(row.snoozed_until)}
            Event.objects.create(verb=WOKEN, mail_id=row.mail_id, registration=row, details=details)
            woken += 1
    return woken


def put_back(registration: Registration, until: datetime | None) -> bool:
    """Write the moment, where the row still stands as it was read; the event is the caller's."""
    rows = Registration.objects.filter(pk=registration.pk, snoozed_until=registration.snoozed_until)
    return rows.update(snoozed_until=until) == 1


def _set(registration: Registration, until: datetime | None, actor: User, verb: str) -> Registration:
    if not put_back(registration, until):
        raise OutdatedError(Registration.objects.get(pk=registration.pk))
    Event.objects.create(
        actor=actor,
        verb=verb,
        mail_id=registration.mail_id,
        registration=registration,
        details={"until": _text(until), "before": _text(registration.snoozed_until)},
    )
    registration.snoozed_until = until
    return registration


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
