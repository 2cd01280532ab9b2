"""An export: the requests that a person chose to hand over, fixed in their versions by an event; what it holds now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from registry.exports.gather import by_address, find_people, load_courses, survey
from registry.exports.people import PortalPerson
from registry.models import COMPLETE, Registration, RegistrationStatus
from registry.services.change import Target
from review.knowledge import get_catalogue
from worker.models import Event

MADE = "export_made"
MOODLE = "moodle"
MOST = 2_000  # people are looked through before the page comes back
CLOSED = (RegistrationStatus.REJECTED, RegistrationStatus.WITHDRAWN, RegistrationStatus.EXPIRED)
OURS = (RegistrationStatus.EXPORTED, RegistrationStatus.REGISTERED)  # what this very export brought about


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A request that the portal would refuse: the codes of why (label group "portal_problem")."""

    registration: Registration
    problems: Sequence[str]


def fix_export(actor: User, name: str, rows: QuerySet[Registration], look: Mapping[str, object]) -> Event | None:
    """Write down what is in the file `name`; None where nothing is. `look` is the file's dialect.

    For the portal that is whoever it would take; the others are kept with the reasons. At most MOST requests.
    """
    details: dict[str, Any] = {"format": name, **look}
    if name == MOODLE:
        details["closed"] = rows.filter(status__in=CLOSED).count()
        rows = rows.exclude(status__in=CLOSED)
        found = rows.count()
        rows = rows.filter(COMPLETE)
        details["incomplete"] = found - (complete := rows.count())
        if complete > MOST:
            rows = rows.filter(pk__in=list(rows.order_by("pk").values_list("pk", flat=True)[:MOST]))
        details["more"] = max(0, complete - MOST)
        people = gather_people(rows)
        refused = {one.pk: person.problems for person in people if person.problems for one in person.registrations}
        details["left_out"] = [[pk, list(problems)] for pk, problems in sorted(refused.items())]
        rows = rows.exclude(pk__in=list(refused))
    details["rows"] = [list(pair) for pair in rows.order_by("pk").values_list("pk", "version")]
    if not details["rows"] and not details.get("left_out"):
        return None
    return Event.objects.create(actor=actor, verb=MADE, details=details)


def get_export(pk: int) -> Event:
    """The event; 404 where it is another one."""
    event = get_object_or_404(Event.objects.select_related("actor"), pk=pk)
    if event.verb != MADE:
        raise Http404
    return event


def get_unchanged(event: Event) -> QuerySet[Registration]:
    """The export's registrations without those that changed after it was made (taken back, corrected).

    Those that only it brought further are kept, so that the file can be downloaded again.
    """
    versions: dict[int, int] = dict(event.details["rows"])
    now = Registration.objects.filter(pk__in=list(versions)).values_list("pk", "version", "status")
    kept = [pk for pk, version, status in now if _is_as_chosen(version - versions[pk], status)]
    return Registration.objects.filter(pk__in=kept).order_by("pk")


def get_left_out(event: Event) -> list[LeftOut]:
    """The requests that the portal would refuse."""
    left_out: dict[int, list[str]] = dict(event.details.get("left_out", []))
    rows = Registration.objects.defer("evidence", "suggestions").in_bulk(list(left_out))
    return [LeftOut(rows[pk], problems) for pk, problems in left_out.items() if pk in rows]


def gather_people(rows: QuerySet[Registration]) -> list[PortalPerson]:
    """The portal's people among `rows`, in the order of their addresses."""
    courses = load_courses(settings.ASPOKTATAS.moodle.courses)
    seen = survey(rows, courses)
    return list(find_people(by_address(rows), get_catalogue(), courses, seen.rivals))


def targets_of(rows: QuerySet[Registration], statuses: Sequence[str]) -> list[Target]:
    """Those in `statuses`, as they stand now."""
    chosen = rows.filter(status__in=statuses).order_by("pk").values_list("pk", "version")
    return [Target(pk, version) for pk, version in chosen]


def _is_as_chosen(grown: int, status: str) -> bool:
    return grown == 0 or (status in OURS and grown <= OURS.index(RegistrationStatus(status)) + 1)
