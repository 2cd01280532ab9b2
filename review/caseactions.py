"""What may be done about a request now, and by whom: gathered for its page. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User

from registry.models import CaseNote, Registration
from registry.services.accept_address import OPEN, doubts_of
from registry.services.assign import ASSIGNABLE
from registry.services.change_many import find_together
from registry.services.notes import get_notes
from registry.services.snooze import SNOOZABLE, SNOOZED, UNSNOOZED, WOKEN
from registry.services.undo import find_undoable
from review.colleagues import get_colleagues, get_people
from review.labels import labels_of
from review.presence import Other, find_others, mark_of, meet
from staff.access import may
from staff.roles import Ability
from worker.clock import database_now
from worker.models import Event
from worker.services.workdays import BUDAPEST, next_monday, next_morning

LONGEST_SNOOZE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Reason:
    """A ready-made reason for a rejection: its code, a few words to find it by, and the words of the letter."""

    code: str
    short: str
    words: str


@dataclass(frozen=True, slots=True)
class CaseActions:
    """`undoable` is what an undo would take back, done to `together` requests in one go. `mornings` are the moments
    offered for putting the request aside, by code; `woken` is the event that took it up again, where nobody has done
    anything since. `doubts` of the address a person may set aside. `people` are the members of staff that the events
    name, by key.
    """

    colleagues: list[User]
    people: dict[int, User]
    notes: list[CaseNote]
    undoable: Event | None
    together: int
    is_assignable: bool
    is_snoozable: bool
    is_snoozed: bool
    woken: Event | None
    mornings: dict[str, datetime]
    first_day: date
    last_day: date
    doubts: list[str]
    reasons: list[Reason]
    others: list[Other]
    mark: str


def get_actions(registration: Registration, user: User, events: Sequence[Event]) -> CaseActions:
    """For `user`; `events` are the request's and its mails', oldest first."""
    decides = may(user, Ability.DECIDE)
    mine = [event for event in events if event.registration_id == registration.pk]
    now = database_now()
    colleagues = get_colleagues() if decides else []
    others = meet(registration, user) if decides else find_others(registration, user)
    keys = [event.details.get(name) for event in mine for name in ("assignee", "before") if _is_key(event, name)]
    today = now.astimezone(BUDAPEST).date()
    undoable = find_undoable(registration, mine) if decides else None
    return CaseActions(
        colleagues=colleagues,
        people=get_people(keys, colleagues),
        notes=get_notes(registration.pk, mine),
        undoable=undoable,
        together=len(find_together(undoable)) if undoable else 0,
        is_assignable=registration.status in ASSIGNABLE,
        is_snoozable=registration.status in SNOOZABLE,
        is_snoozed=registration.snoozed_until is not None and registration.snoozed_until > now,
        woken=_woken(mine),
        mornings=get_mornings(today),
        first_day=today + timedelta(days=1),
        last_day=today + LONGEST_SNOOZE,
        doubts=doubts_of(registration) if registration.status in OPEN else [],
        reasons=get_reasons(),
        others=others,
        mark=mark_of(others, registration.version),
    )


def get_mornings(today: date) -> dict[str, datetime]:
    """When a request that is put aside on `today` comes back, by the code of what is chosen."""
    return {
        "tomorrow": next_morning(today + timedelta(days=1)),
        "monday": next_morning(next_monday(today)),
    }


def get_reasons() -> list[Reason]:
    """The ready-made reasons for a rejection, in the order of their file."""
    short = labels_of("reject_short")
    return [Reason(code, short[code], words) for code, words in labels_of("reject_reason").items()]


def _is_key(event: Event, name: str) -> bool:
    return isinstance(event.details.get(name), int)


def _woken(events: Sequence[Event]) -> Event | None:
    """The waking, unless somebody of staff did something since."""
    for event in reversed(events):
        if event.verb == WOKEN:
            return event
        if event.actor_id is not None or event.verb in {SNOOZED, UNSNOOZED}:
            return None
    return None
