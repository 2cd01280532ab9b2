"""Known people: what the ledger holds of a request, as the rules want it, each value with where it was seen.

A value that a person corrected has no evidence. Evidence that lies in an earlier mail is marked with that mail's
number (`mail:17`) instead of a place, so that nobody looks for it in the mail that is judged now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from registry.models import Registration, RegistrationStatus
from rules.model import Earlier, Evidence, Field, Jegyzo, JegyzoStatus, Note, Person, Problem, Status
from worker.services.verdicts import FIELDS, load_field

SURE = (
    RegistrationStatus.READY,
    RegistrationStatus.APPROVED,
    RegistrationStatus.EXPORTED,
    RegistrationStatus.REGISTERED,
)
BEST_JEGYZO = (JegyzoStatus.CONFIRMED, JegyzoStatus.STATED, JegyzoStatus.SENDER, JegyzoStatus.UNCLEAR)


def load_person(registration: Registration) -> Person:
    """The person of `registration` as it stands now. Reads its mail where an old row needs it."""
    kept = registration.evidence
    return Person(
        **{name: _field(getattr(registration, name), kept.get(name), registration) for name in FIELDS},
        modules=_modules(registration.module_ids, kept.get("modules"), registration),
        unknown_modules=_unknown_modules(registration),
        status=_status(registration.status),
        problems=tuple(problem for problem in Problem if problem in registration.problems),
        notes=tuple(note for note in Note if note in registration.notes),
        suggestions={str(key): str(value) for key, value in registration.suggestions.items()},
    )


def gather_earlier(registrations: Iterable[Registration]) -> Earlier:
    """The case that these rows are; their jegyző is the best that one of their mails had."""
    rows = list(registrations)
    return Earlier(tuple(load_person(row) for row in rows), load_jegyzo(rows))


def load_jegyzo(registrations: Iterable[Registration]) -> Jegyzo | None:
    """The best jegyző of these rows; None where no mail of theirs was searched for one."""
    known = [row for row in registrations if row.jegyzo_status]
    for status in BEST_JEGYZO:
        for row in known:
            if row.jegyzo_status == status:
                evidence = _copied(known) if status is JegyzoStatus.UNCLEAR else ()
                return Jegyzo(status, row.jegyzo_address, _jegyzo_name(row), evidence)
    return Jegyzo(JegyzoStatus.ABSENT) if known else None


def _copied(rows: Iterable[Registration]) -> tuple[Evidence, ...]:
    """Who was copied and may be the jegyző, as the rows' mails show; an answer may say who of them is."""
    seen: dict[str, Evidence] = {}
    for row in rows:
        kept = (row.mail.verdict or {}).get("jegyzo") or {}
        for one in kept.get("evidence") or () if kept.get("status") == JegyzoStatus.UNCLEAR else ():
            address = str(one.get("excerpt", ""))
            seen.setdefault(address, Evidence(-1, 0, 0, address, f"mail:{row.mail_id}"))
    return tuple(seen.values())


def _jegyzo_name(row: Registration) -> str:
    kept = (row.mail.verdict or {}).get("jegyzo") or {}
    return str(kept.get("name", "")) if kept.get("address") == row.jegyzo_address else ""


def _status(status: str) -> Status:
    if status == RegistrationStatus.INCOMPLETE:
        return Status.INCOMPLETE
    return Status.READY if status in SURE else Status.REVIEW


def _field(value: str, kept: Any, row: Registration) -> Field[str] | None:
    """`value` with its evidence, where the ledger's is about this very value."""
    if not value:
        return None
    field = _kept_field(kept, row)
    return field if field is not None and field.value == value else Field(value)


def _modules(values: Iterable[str], kept: Any, row: Registration) -> tuple[Field[str], ...]:
    fields = _kept_fields(kept, row)
    known = {field.value: field for field in fields}
    return tuple(known.get(value) or Field(value) for value in values)


def _unknown_modules(row: Registration) -> tuple[Field[str], ...]:
    """Wishes that fit no module; of a row written before they were kept, those of its mail's verdict."""
    if "unknown_modules" in row.evidence or row.version > 1:
        return _kept_fields(row.evidence.get("unknown_modules"), row)
    people = (row.mail.verdict or {}).get("people", [])
    person = people[row.position] if row.position < len(people) else {}
    return _kept_fields(person.get("unknown_modules"), row)


def _kept_fields(kept: Any, row: Registration) -> tuple[Field[str], ...]:
    found = (_kept_field(one, row) for one in kept) if isinstance(kept, list) else ()
    return tuple(field for field in found if field is not None)


def _kept_field(kept: Any, row: Registration) -> Field[str] | None:
    if not isinstance(kept, Mapping):
        return None
    try:
        field = load_field(kept)
    except (KeyError, TypeError, ValueError):
        return None
    if field is None:
        return None
    return replace(field, evidence=tuple(_told_earlier(one, kept.get("mail", row.mail_id)) for one in field.evidence))


def _told_earlier(evidence: Evidence, mail_id: int) -> Evidence:
    if evidence.source.startswith("mail:"):
        return evidence
    return Evidence(-1, 0, 0, evidence.excerpt, f"mail:{mail_id}")
