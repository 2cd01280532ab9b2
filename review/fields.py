"""The fields of one registration's form, each with its state, what the worker said of it and where it was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.forms import BoundField

from registry.models import Registration
from registry.services.about import ABOUT
from review.evidence import Seen, find_seen, origin_of
from review.forms import CorrectionForm
from review.screen import for_screen
from review.sources import find_writers
from rules.model import Message
from worker.models import Event

FIELDS = tuple(ABOUT)
PLACES_SHOWN = 4
AROUND = 45  # characters shown on either side of a value
COMPUTED = frozenset({"county_inferred", "pir_from_tax_number"})  # notes that cast no doubt
OFFERED_FOR = {"county_mismatch": "county"}  # told at two fields, but the suggestion is a value of this one


class State(StrEnum):
    """How a field stands; a code of the label group "field_state"."""

    OK = "ok"
    MISSING = "missing"
    DOUBTFUL = "doubtful"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class PlaceSeen:
    """A value's words (`excerpt`) with those `before` and `after` it, and the kind of place (label group "part").

    `mail` is the mail's key, 0 for the first one; `anchor` names the mark in its text, "" where there is none.
    """

    where: str
    before: str
    excerpt: str
    after: str
    mail: int
    anchor: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of the form with what the worker said of it. `current` is shown where it differs from the input.

    `writer` is the event by which a person wrote the value, None where it came with a mail.
    """

    name: str
    input: BoundField
    value: str
    state: State
    problems: list[str]
    notes: list[str]
    suggestion: str
    origin: str
    seen: list[PlaceSeen]
    writer: Event | None
    current: str


@dataclass(frozen=True, slots=True)
class Readings:
    """What the mails on the page give: the parsed ones by key (0 for the request's own), and the numbers of the first
    marks by mail, field and part."""

    messages: Mapping[int, Message]
    anchors: Mapping[tuple[int, str, int], int]


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
    registration: Registration, form: CorrectionForm, readings: Readings, events: Sequence[Event]
) -> list[FieldView]:
    """Every field of `form`; `events` are the request's, oldest first."""
    kept = kept_fields(registration)
    writers = find_writers(registration.pk, events)
    return [_field_view(registration, form, name, (kept.get(name), writers.get(name)), readings) for name in FIELDS]


def _field_view(
    registration: Registration,
    form: CorrectionForm,
    name: str,
    known: tuple[object, Event | None],
    readings: Readings,
) -> FieldView:
    kept, writer = known
    codes = ABOUT[name]
    offering = [code for code in codes if OFFERED_FOR.get(code, name) == name]
    suggestions = [str(registration.suggestions[code]) for code in offering if registration.suggestions.get(code)]
    problems = [code for code in registration.problems if code in codes]
    notes = [code for code in registration.notes if code in codes]
    return FieldView(
        name=name,
        input=form[name],
        value=str(getattr(registration, name)),
        state=_state(registration, name, [*problems, *notes], writer),
        problems=problems,
        notes=notes,
        suggestion=suggestions[0] if suggestions and problems else "",
        origin=origin_of(kept),
        seen=[
            _place(seen, name, readings, registration.mail_id)
            for seen in find_seen(kept)[:PLACES_SHOWN]
            if seen.excerpt
        ],
        writer=writer,
        current=_current_if_different(registration, form, name),
    )


def _state(registration: Registration, name: str, codes: Sequence[str], writer: Event | None) -> State:
    if not getattr(registration, name):
        return State.MISSING
    if any(code not in COMPUTED for code in codes):
        return State.DOUBTFUL
    return State.CORRECTED if writer is not None else State.OK


def _place(seen: Seen, name: str, readings: Readings, home: int) -> PlaceSeen:
    message = readings.messages.get(seen.mail)
    where = seen.where(message) if message is not None else ""
    key = seen.mail or home
    number = readings.anchors.get((key, name, seen.part), 0)
    before, words, after = "", for_screen(seen.excerpt), ""
    if message is not None and 0 <= seen.part < len(message.parts):
        before, words, after = _around(for_screen(message.parts[seen.part].text), seen)
    mail = 0 if key == home else key
    return PlaceSeen(where, before, words, after, mail, f"m-{key}-{number}" if number else "")


def _around(text: str, seen: Seen) -> tuple[str, str, str]:
    """The value's words and the rest of their line, cut to a readable length."""
    begin, end = max(seen.start, 0), min(max(seen.end, 0), len(text))
    begin += len(text[begin:end]) - len(text[begin:end].lstrip())  # a blank that was read along stays visible
    line = text.rfind("\n", 0, begin) + 1
    stop = text.find("\n", end)
    before = text[max(line, begin - AROUND) : begin]
    after = text[end : min(len(text) if stop < 0 else stop, end + AROUND)]
    cut_before = "…" if begin - AROUND > line else ""
    cut_after = "…" if stop > end + AROUND or (stop < 0 and len(text) > end + AROUND) else ""
    return cut_before + before.lstrip(), " ".join(text[begin:end].split()), after.rstrip() + cut_after


def _current_if_different(registration: Registration, form: CorrectionForm, name: str) -> str:
    """What the row holds now, where a person is about to write something else over it."""
    current = str(getattr(registration, name))
    given: Any = form[name].value()
    given = " ".join(given) if isinstance(given, list) else str(given or "")
    return current if form.is_bound and given != current else ""
