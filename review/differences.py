"""What a person typed against what a colleague saved meanwhile, field by field; and how to take the other one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from registry.models import Registration
from registry.services.about import ABOUT
from review.forms import CorrectionForm


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
    return [Difference(name, typed, saved) for name, typed, saved in pairs if typed.split() != saved.split()]


def take_theirs(registration: Registration, data: QueryDict) -> QueryDict:
    """`data` with the saved value in the field that it says to `take`; "all" for every field."""
    chosen = data.get("take", "")
    taken = data.copy()
    for name in ABOUT:
        if chosen in {name, "all"}:
            value = getattr(registration, name)
            taken.setlist(name, value.split() if name == "modules" else [value])
    taken["version"] = str(registration.version)
    return taken


def _text(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else str(value or "")
