"""What answers changed of a request, each change as before and after, and whether a person may undo it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registry.models import Registration
from registry.services.complete import COMPLETED, WITHDRAWN
from registry.services.undo_merge import UNDOABLE, UNDONE, latest_merge
from worker.models import Event

MERGES = frozenset({COMPLETED, WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Merge:
    """One change by an answer. `mail` is its key; `settled` are the problems that fell away, where that is known."""

    event: Event
    mail: int
    settled: tuple[str, ...]
    is_undone: bool
    is_undoable: bool


def find_merges(registration: Registration, events: Sequence[Event]) -> list[Merge]:
    """The changes among `events` (oldest first) that answers made to `registration`."""
    mine = [event for event in events if event.registration_id == registration.pk and "version" in event.details]
    if not any(event.verb in MERGES for event in mine):
        return []
    undone = {event.details.get("undone") for event in mine if event.verb == UNDONE}
    latest = latest_merge(registration) if registration.status in UNDOABLE else None
    return [
        Merge(
            event=event,
            mail=int(event.details.get("by_mail") or 0),
            settled=_settled(registration, event, mine[place + 1 :]),
            is_undone=event.pk in undone,
            is_undoable=latest is not None and latest.pk == event.pk,
        )
        for place, event in enumerate(mine)
        if event.verb in MERGES
    ]


def _settled(registration: Registration, event: Event, later: Sequence[Event]) -> tuple[str, ...]:
    """Problems that the change did away with: what stood before it, without what stood after.

    After it stands what the next merge found, or the row of today; what a person did in between hides it.
    """
    if event.verb != COMPLETED or (later and later[0].verb not in MERGES):
        return ()
    left = later[0].details.get("stood", {}).get("problems", []) if later else registration.problems
    return tuple(str(one) for one in event.details.get("stood", {}).get("problems", []) if one not in left)
