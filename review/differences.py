"""What a person typed against what a colleague saved meanwhile, field by field; and how to take the other one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from registry.models import Registration
from registry.services.about import ABOUT
from review.forms import CorrectionForm
from worker.models import Event


@dataclass(frozen=True, slots=True)
class Difference:
    """A field whose value in the form (`typed`) is another than the saved one; modules are identifiers."""

    field: str
    typed: str
    saved: str


def find_differences(registration: Registration, form: CorrectionForm) -> list[Difference]:
    """In the form's order; none for a form that nobody filled in."""
    if not form.is_bound:
        return []
    pairs = ((name, _text(form[name].value()), str(getattr(registration, name))) for name in ABOUT)
    return [
        Difference(name, typed, saved) for name, typed, saved in pairs if _words(name, typed) != _words(name, saved)
    ]


def take_theirs(registration: Registration, data: QueryDict) -> QueryDict:
    """`data` with the saved value in the field that it says to `take`; "all" for every field."""
    chosen = data.get("take", "")
    taken = data.copy()
    for name in ABOUT:
        if chosen in {name, "all"}:
            taken.setlist(name, _values(registration, name))
    taken["version"] = str(registration.version)
    return taken


def keep_untouched(registration: Registration, data: QueryDict, changes: Iterable[Event]) -> QueryDict:
    """`data` with the saved value wherever the person left alone what `changes` (since they looked) overwrote.

    What a colleague wrote is never undone by somebody who did not look at that field.
    """
    seen: dict[str, str] = {}
    for event in changes:
        for name, (before, _) in event.details.get("changed", {}).items():
            seen.setdefault(name, str(before))
    kept = data.copy()
    for name, before in seen.items():
        if _words(name, " ".join(data.getlist(name))) == _words(name, before):
            kept.setlist(name, _values(registration, name))
    return kept


def _values(registration: Registration, name: str) -> list[str]:
    value = str(getattr(registration, name))
    return value.split() if name == "modules" else [value]


def _words(name: str, value: str) -> list[str]:
    """What is compared: a form lists the modules in another order than the mail did, which is no difference."""
    return sorted(value.split()) if name == "modules" else value.split()


def _text(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else str(value or "")
