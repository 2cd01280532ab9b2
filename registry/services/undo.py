"""Undo: the last thing that a person did to a request is taken back, until the request is handed over.

What may be undone is read from the events, the newest first; something that was undone, and its undoing, no longer
count, so that one step after another can be taken back. Whatever the worker did in between stops it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from registry.models import Registration, RegistrationStatus
from registry.services.assign import ASSIGNED, UNASSIGNED, give_back
from registry.services.change import record_change
from registry.services.forget import forget_address, forget_clerk
from registry.services.moot_letters import bring_letters_back
from registry.services.notes import REMOVED, RESTORED, restore_note
from registry.services.refusals import NotAllowedError, OutdatedError
from registry.services.snooze import SNOOZED, UNSNOOZED, WOKEN, put_back
from registry.services.undo_merge import UNDONE
from registry.services.withdraw_letters import Letters, withdraw_letters
from worker.models import Event

TAKEN_BACK = "taken_back"
HANDED_OVER = (RegistrationStatus.EXPORTED, RegistrationStatus.REGISTERED)
DECISIONS = frozenset(  # each wrote the row, and its event holds what stood there before
    {
        "approved",
        "rejected",
        "no_registration",
        "sent_to_review",
        "corrected",
        "clerk_confirmed",
        "address_accepted",
        "contradiction_settled",
        "reopened",
        "asked",
    }
)
BESIDE = frozenset({ASSIGNED, UNASSIGNED, SNOOZED, UNSNOOZED, REMOVED})  # these changed nothing of the request itself
UNDOING = frozenset({TAKEN_BACK, UNDONE, RESTORED})
COUNTING = Q(details__has_key="version") | Q(verb__in=[*BESIDE, RESTORED, WOKEN, TAKEN_BACK])


@dataclass(frozen=True, slots=True)
class Undone:
    """The request as it is now, the event that was undone, and what became of the letters it had brought about."""

    registration: Registration
    event: Event
    letters: Letters


def find_undoable(registration: Registration, events: Iterable[Event] | None = None) -> Event | None:
    """The event that `undo` would take back, None where there is nothing. `events` are the request's own, oldest first,
    where the caller has them."""
    if registration.status in HANDED_OVER or registration.is_erased:
        return None
    if events is None:
        events = Event.objects.filter(COUNTING, registration=registration).select_related("actor").order_by("pk")
    undone: set[int] = set()
    for event in sorted(events, key=lambda one: one.pk, reverse=True):
        if event.verb in UNDOING:
            undone.add(int(event.details.get("undone") or 0))
        elif event.pk in undone or not _counts(event):
            continue
        else:
            return event if _is_undoable(event) else None
    return None


@transaction.atomic
def undo(pk: int, event_id: int, actor: User) -> Undone:
    """Take back the event `event_id`, which must be what `find_undoable` names.

    Raises Registration.DoesNotExist, NotAllowedError where the request is handed over or nothing can be undone,
    OutdatedError where something else happened in the meantime.
    """
    registration = Registration.objects.get(pk=pk)
    event = find_undoable(registration)
    if event is None:
        raise NotAllowedError(registration.status)
    if event.pk != event_id:
        raise OutdatedError(registration)
    if event.verb in DECISIONS:
        return undo_decision(registration, event, actor)
    _undo_beside(registration, event, actor)
    return Undone(Registration.objects.get(pk=pk), event, Letters())


def undo_decision(registration: Registration, event: Event, actor: User) -> Undone:
    """The same for a decision, the row being known to be current. Must run in a transaction."""
    letters = withdraw_letters(registration, event, actor)
    bring_letters_back(event, actor)
    values = {_column(name): _loaded(name, value) for name, value in event.details.get("stood", {}).items()}
    if event.verb == "clerk_confirmed":
        forget_clerk(event)
    if event.verb == "address_accepted":
        forget_address(event)
    after = record_change(registration, actor, TAKEN_BACK, values, stood={}, undone=event.pk, letters=letters.gone)
    return Undone(after, event, letters)


def _counts(event: Event) -> bool:
    return "version" in event.details or event.verb in BESIDE or event.verb == WOKEN


def _is_undoable(event: Event) -> bool:
    return event.actor_id is not None and (
        event.verb in BESIDE or (event.verb in DECISIONS and "stood" in event.details)
    )


def _undo_beside(registration: Registration, event: Event, actor: User) -> None:
    """Raises OutdatedError where it stands otherwise by now, NotAllowedError for another's note."""
    if event.verb == REMOVED:
        restore_note(event.details["note"], actor, undone=event.pk)
        return
    if event.verb in {ASSIGNED, UNASSIGNED}:
        done = give_back(registration, event.details["before"], event.details["assignee"])
    else:
        before = event.details["before"]
        done = put_back(registration, datetime.fromisoformat(before) if before else None)
    if not done:
        raise OutdatedError(registration)
    Event.objects.create(
        actor=actor,
        verb=TAKEN_BACK,
        mail_id=registration.mail_id,
        registration=registration,
        details={"undone": event.pk},
    )


def _column(name: str) -> str:
    """How an UPDATE names the column: of a person by the key."""
    return str(getattr(Registration._meta.get_field(name), "attname", name))


def _loaded(name: str, value: object) -> object:
    return datetime.fromisoformat(value) if name == "snoozed_until" and isinstance(value, str) else value
