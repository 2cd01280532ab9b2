"""The same change of many requests at once: one UPDATE, one INSERT of their events (`change` has the one by one).

What a person did to many in one go can be taken back in one go (`undo_many`): the events of one such act carry the same
mark in their details under `bulk`: the last event that there was before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Max
from django.db.models.functions import Now

from registry.models import Registration
from registry.services.change import Target
from worker.models import Event

LASTS = timedelta(hours=1)  # no act on many takes longer; its events are found by the index of their actor and time


def new_mark() -> int:
    """The mark of an act on many that begins now."""
    return Event.objects.aggregate(last=Max("pk"))["last"] or 0


def find_marked(actor: User, mark: int | None) -> Event | None:
    """An event of the act on many with this mark, None where it changed nothing."""
    return Event.objects.filter(actor=actor, pk__gt=mark or 0, details__bulk=mark).order_by("pk").first()


def find_together(event: Event) -> list[Event]:
    """The events of the act that `event` belongs to, oldest first; itself alone where it was done by itself."""
    mark = event.details.get("bulk")
    if isinstance(mark, bool) or not isinstance(mark, int):  # True: from before there were marks
        return [event]
    around = Event.objects.filter(actor=event.actor_id, at__range=(event.at - LASTS, event.at + LASTS))
    return list(around.filter(verb=event.verb, pk__gt=mark, details__bulk=mark).order_by("pk"))


def lock_current(targets: Iterable[Target], allowed: Sequence[str]) -> list[Registration]:
    """Those of `targets` that are as they were seen and in a status of `allowed`, locked, with mail and original.

    Must run in a transaction.
    """
    seen = {target.pk: target.version for target in targets}
    rows = Registration.objects.filter(pk__in=list(seen), status__in=allowed).select_related("mail__original")
    locked = rows.select_for_update(of=("self",)).order_by("pk")
    return [row for row in locked if row.version == seen[row.pk]]


def record_status(
    rows: Sequence[Registration], actor: User | None, verb: str, status: str, details: Mapping[int, Mapping[str, Any]]
) -> None:
    """Give the locked `rows` another status, and each its event with `details` by primary key; `rows` follow.

    The events are as `change.record_change` writes them.
    """
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(
        version=F("version") + 1, updated_at=Now(), status=status, **({"snoozed_until": None} if actor else {})
    )
    events = []
    for row in rows:
        before, aside = row.status, row.snoozed_until.isoformat() if row.snoozed_until else None
        row.version, row.status = row.version + 1, status
        said: dict[str, Any] = {"version": row.version, "from": before, "to": status, "changed": {}}
        if actor is not None:
            row.snoozed_until = None
            said["stood"] = {"status": before, "snoozed_until": aside}
        said |= details.get(row.pk, {})
        events.append(Event(actor=actor, verb=verb, mail_id=row.mail_id, registration=row, details=said))
    Event.objects.bulk_create(events)
