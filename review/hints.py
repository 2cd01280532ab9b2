"""What a person should know of a request before deciding: strangers' answers, doubles, why it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registry.models import Registration, RegistrationStatus
from worker.models import Event, Mail

CLOSED_BY_ITSELF = frozenset({RegistrationStatus.WITHDRAWN, RegistrationStatus.EXPIRED})


@dataclass(frozen=True, slots=True)
class Double:
    """Another request, beyond doubt (`sure`) or perhaps of the same person."""

    registration: Registration
    sure: bool


@dataclass(frozen=True, slots=True)
class Hints:
    """`strangers` are mails of others about this case that nobody dealt with; `closing` the event that closed it
    without a decision of staff about the request, or None."""

    strangers: list[Mail]
    doubles: list[Double]
    closing: Event | None


def get_hints(registration: Registration, events: Sequence[Event]) -> Hints:
    """At most two queries, and only where an event of the request gives a reason."""
    mine = [event for event in events if event.registration_id == registration.pk]
    return Hints(_strangers(registration, mine), _doubles(mine), _closing(registration, mine))


def _strangers(registration: Registration, mine: Sequence[Event]) -> list[Mail]:
    keys = [event.details.get("by_mail") for event in mine if event.verb == "stranger_answered"]
    if not keys:
        return []
    rows = Mail.objects.filter(pk__in=keys, handling__isnull=True).defer("verdict", "trace")
    conversation = registration.mail.conversation_id
    return [mail for mail in rows.order_by("pk") if mail.conversation_id != conversation]


def _doubles(mine: Sequence[Event]) -> list[Double]:
    sure = {
        event.details.get("registration"): event.details.get("sure") for event in mine if event.verb == "same_request"
    }
    if not sure:
        return []
    rows = Registration.objects.filter(pk__in=list(sure)).defer("evidence", "suggestions").order_by("pk")
    return [Double(row, bool(sure[row.pk])) for row in rows]


def _closing(registration: Registration, mine: Sequence[Event]) -> Event | None:
    if registration.status not in CLOSED_BY_ITSELF:
        return None
    closing = [event for event in mine if event.details.get("to") == registration.status]
    return closing[-1] if closing else None
