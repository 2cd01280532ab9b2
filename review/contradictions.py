"""Where an answer says otherwise than the request: both values, for a person to choose. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.models import Registration
from rules.model import Note

CHOOSABLE = ("full_name", "municipality", "pir", "county", "email", "modules")
TELLING = ("email", "full_name", "pir")  # what tells people of a case apart, the surest first


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A field, the value that the request has, and the one that the mail (its key) gave instead."""

    field: str
    kept: str
    answered: str
    mail: int


def find_contradictions(
    registration: Registration, answers: Iterable[tuple[int, Mapping[str, Any]]], modules: frozenset[str]
) -> list[Contradiction]:
    """Those that nobody settled yet; `answers` are (mail, verdict), oldest first, `modules` the identifiers known.

    Of several answers about a field the last counts.
    """
    found: dict[str, Contradiction] = {}
    for mail, verdict in answers:
        place = place_in(verdict, registration)
        said: dict[str, list[str]] = {}
        for finding in verdict.get("findings") or ():
            if finding.get("rule") == Note.ANSWER_CONTRADICTS and finding.get("hit") and finding.get("person") == place:
                details = finding.get("details") or {}
                said.setdefault(str(details.get("field", "")), []).append(str(details.get("now", "")))
        for field, values in said.items():
            if field in CHOOSABLE:
                answered = " ".join(one for one in values if one in modules) if field == "modules" else values[-1]
                found[field] = Contradiction(field, str(getattr(registration, field)), answered, mail)
    return [one for one in found.values() if one.kept != one.answered]


def place_in(verdict: Mapping[str, Any], registration: Registration) -> int | None:
    """Which of the verdict's people `registration` is; None where that is not sure."""
    people = verdict.get("people") or []
    if len(people) == 1:
        return 0
    for name in TELLING:
        value = str(getattr(registration, name)).lower()
        places = [place for place, person in enumerate(people) if value and _value(person, name) == value]
        if len(places) == 1:
            return places[0]
    return None


def _value(person: Mapping[str, Any], name: str) -> str:
    kept = person.get(name)
    return str(kept.get("value", "")).lower() if isinstance(kept, Mapping) else ""
