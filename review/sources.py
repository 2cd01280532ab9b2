"""Who wrote a field last: what the history tells beside the words of the mail. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from worker.models import Event


def find_writers(registration_id: int, events: Sequence[Event]) -> dict[str, Event]:
    """By field the event (`events` are oldest first) by which a person gave it its value.

    A field that an answer, the clock or the worker wrote afterwards is not among them.
    """
    latest: dict[str, Event] = {}
    for event in events:
        changed = event.details.get("changed")
        if event.registration_id == registration_id and isinstance(changed, dict):
            latest |= dict.fromkeys(changed, event)
    return {field: event for field, event in latest.items() if event.actor_id is not None}
