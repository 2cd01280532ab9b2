"""Feedback: how often staff decided otherwise than the rules, by rule. Read from the events; it holds codes only."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from registry.services.undo import TAKEN_BACK
from worker.models import Event

DECISIONS = ("approved", "rejected", "no_registration")


class Correction(NamedTuple):
    """`number` times a person decided otherwise than `rule` said of `field`, among `decisions` on requests in all.

    `rule` is a rule's name ("reading": what took the value from the mail; "linked_by_…": what found the case), `field`
    one of the request's or "jegyzo", "kind", "outcome", "conversation"; registry.services.overruled lists the kinds.
    """

    rule: str
    field: str
    kind: str
    number: int
    decisions: int


def count_corrections(since: datetime, until: datetime) -> list[Correction]:
    """From `since` until before `until` (aware), the most frequent first; what was taken back does not count."""
    events = Event.objects.filter(at__gte=since, at__lt=until, actor__isnull=False)
    said = events.filter(details__has_key="overruled").values_list("pk", "registration", "details__overruled")
    undone = set(_undone(since))
    decisions = count_decisions(since, until)
    seen = {  # somebody who corrects the same field twice found one error
        (registration or -pk, (entry["rule"], entry["field"], entry["kind"]))
        for pk, registration, entries in said.iterator()
        if pk not in undone
        for entry in entries
    }
    counted = Counter(what for _, what in seen)
    rows = [Correction(*what, number, decisions) for what, number in counted.items()]
    return sorted(rows, key=lambda row: (-row.number, row.rule, row.field, row.kind))


def count_decisions(since: datetime, until: datetime) -> int:
    """How many requests staff approved or refused in that time."""
    events = Event.objects.filter(at__gte=since, at__lt=until, verb__in=DECISIONS, actor__isnull=False)
    return events.values("registration").distinct().count()


def _undone(since: datetime) -> list[int]:
    """The events that were taken back, whenever."""
    later = Event.objects.filter(at__gte=since, verb=TAKEN_BACK, details__has_key="undone")
    return [int(pk) for pk in later.values_list("details__undone", flat=True)]
