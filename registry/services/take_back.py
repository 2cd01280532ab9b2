"""Take back: undo the last decision about a request that has not left the house yet."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services.change import Target, get_current, record_change
from registry.services.undo import TAKEN_BACK, Undone, undo_decision
from registry.services.withdraw_letters import Letters, withdraw_letters
from worker.models import Event

UNDOABLE = (RegistrationStatus.APPROVED, RegistrationStatus.REJECTED, RegistrationStatus.WITHDRAWN)
OPEN = (RegistrationStatus.READY, RegistrationStatus.REVIEW, RegistrationStatus.INCOMPLETE)
CLOSING = ("approved", "rejected", "no_registration")


def take_back(target: Target, actor: User) -> Registration:
    """Put the request back where it stood before the decision that closed it. Raises ChangeRefusedError."""
    return take_back_with_letters(target, actor).registration


@transaction.atomic
def take_back_with_letters(target: Target, actor: User) -> Undone:
    """The same; says what became of the letters."""
    registration = get_current(target, UNDOABLE)
    latest = Event.objects.filter(registration=registration, details__has_key="version").order_by("-pk").first()
    if latest is not None and latest.verb in CLOSING and "stood" in latest.details:
        return undo_decision(registration, latest, actor)
    return _by_status(registration, latest, actor)


def _by_status(registration: Registration, latest: Event | None, actor: User) -> Undone:
    """Where something else was done since, a correction perhaps: all of it stays but the decision."""
    decision = _decision_of(registration)
    letters = withdraw_letters(registration, decision, actor) if decision else Letters()
    before = str(decision.details["from"]) if decision else RegistrationStatus.REVIEW
    values = {"status": before, "reject_reason": "", "reviewer": None}
    undone: dict[str, Any] = {"undone": decision.pk} if decision and decision == latest else {}
    after = record_change(registration, actor, TAKEN_BACK, values, letters=letters.gone, **undone)
    return Undone(after, decision or Event(verb=TAKEN_BACK), letters)


def _decision_of(registration: Registration) -> Event | None:
    """The last event that took the request out of the open ones."""
    events = Event.objects.filter(registration=registration, verb__in=CLOSING).order_by("-pk")
    return next((event for event in events if event.details.get("from") in OPEN), None)
