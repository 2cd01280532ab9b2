"""The fields of one registration's form, each with what the worker said of it and where it was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField

from registry.models import Registration
from registry.services.correct import ABOUT
from review.evidence import Seen, find_seen, origin_of
from review.forms import CorrectionForm
from rules.model import Message

FIELDS = tuple(ABOUT)
PLACES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class PlaceSeen:
    """An excerpt, the kind of place it stands at (label group "part"), and the mail's key, 0 for the first mail."""

    where: str
    excerpt: str
    mail: int


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of the form with what the worker said of it. `current` is shown where it differs from the input."""

    name: str
    input: BoundField
    problems: list[str]
    notes: list[str]
    suggestion: str
    origin: str
    seen: list[PlaceSeen]
    current: str


def kept_fields(registration: Registration) -> dict[str, object]:
    """What the ledger keeps of each field: the registration's own evidence, else that of its mail's verdict."""
    people = (registration.mail.verdict or {}).get("people", [])
    person = people[registration.position] if registration.position < len(people) else {}
    kept = registration.evidence or {}
    return {name: kept.get(name) or (not kept and person.get(name)) or None for name in FIELDS}


def mails_seen(registration: Registration, kept: Mapping[str, object]) -> list[int]:
    """The keys of the other mails in which values were seen, oldest first."""
    found = {seen.mail for value in kept.values() for seen in find_seen(value)}
    return sorted(found - {0, registration.mail_id})


def given_by(registrations: Iterable[Registration]) -> dict[str, object]:
    """What the ledger keeps of the fields of all these requests; each value says of which mail it is (`Seen.mail`)."""
    return {name: [{"mail": one.mail_id, "kept": one.evidence.get(name)} for one in registrations] for name in FIELDS}


def field_views(
    registration: Registration, form: CorrectionForm, kept: Mapping[str, object], messages: Mapping[int, Message]
) -> list[FieldView]:
    """Every field of `form`; `messages` are the parsed mails by key, 0 for the registration's own."""
    return [_field_view(registration, form, name, kept.get(name), messages) for name in FIELDS]


def _field_view(
    registration: Registration, form: CorrectionForm, name: str, kept: object, messages: Mapping[int, Message]
) -> FieldView:
    codes = ABOUT[name]
    suggestions = [str(registration.suggestions[code]) for code in codes if registration.suggestions.get(code)]
    problems = [code for code in registration.problems if code in codes]
    return FieldView(
        name=name,
        input=form[name],
        problems=problems,
        notes=[code for code in registration.notes if code in codes],
        suggestion=suggestions[0] if suggestions and problems else "",
        origin=origin_of(kept),
        seen=[_place(seen, messages, registration) for seen in find_seen(kept)[:PLACES_SHOWN] if seen.excerpt],
        current=_current_if_different(registration, form, name),
    )


def _place(seen: Seen, messages: Mapping[int, Message], registration: Registration) -> PlaceSeen:
    message = messages.get(seen.mail)
    where = seen.where(message) if message is not None else ""
    return PlaceSeen(where, seen.excerpt, 0 if seen.mail == registration.mail_id else seen.mail)


def _current_if_different(registration: Registration, form: CorrectionForm, name: str) -> str:
    """What the row holds now, where a person is about to write something else over it."""
    current = str(getattr(registration, name))
    given: Any = form[name].value()
    given = " ".join(given) if isinstance(given, list) else str(given or "")
    return current if form.is_bound and given != current else ""
