"""The verdict as the ledger keeps it: a dict of plain JSON values, whole, with every finding and its evidence.

What a finding does not say is left out (verdicts of older releases say `"hit": false`, `"details": {}` and the like).
Pure. Nothing of it is lost (tests/services/test_verdicts.py); read back are only the people and the jegyző, as a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.model import (
    Address,
    Earlier,
    Evidence,
    Field,
    Finding,
    Jegyzo,
    JegyzoStatus,
    Note,
    Origin,
    Person,
    Problem,
    ReplyPlan,
    Status,
    Verdict,
)

FIELDS = ("full_name", "municipality", "pir", "county", "email")


def dump_verdict(verdict: Verdict) -> dict[str, Any]:
    """`verdict` as JSON values."""
    return {
        "kind": verdict.kind.value,
        "outcomes": sorted(outcome.value for outcome in verdict.outcomes),
        "reason": verdict.reason,
        "jegyzo": _dump_jegyzo(verdict.jegyzo),
        "people": [_dump_person(person) for person in verdict.people],
        "reply": _dump_reply(verdict.reply),
        "findings": [_dump_finding(finding) for finding in verdict.findings],
        "rules_version": verdict.rules_version,
        "continues": verdict.continues,
        "withdraws": list(verdict.withdraws),
    }


def dump_earlier(earlier: Earlier) -> dict[str, Any]:
    """The case as the verdict on an answer found it, as JSON values."""
    return {"people": [_dump_person(person) for person in earlier.people], "jegyzo": _dump_jegyzo(earlier.jegyzo)}


def load_earlier(data: Mapping[str, Any]) -> Earlier:
    """The case that `dump_earlier` wrote; raises KeyError or ValueError where `data` is none."""
    return Earlier(tuple(_load_person(person) for person in data["people"]), _load_jegyzo(data["jegyzo"]))


def _dump_evidence(evidence: tuple[Evidence, ...]) -> list[dict[str, Any]]:
    return [
        {"part": one.part, "start": one.start, "end": one.end, "excerpt": one.excerpt, "source": one.source}
        for one in evidence
    ]


def _load_evidence(data: list[dict[str, Any]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(**one) for one in data)


def dump_field(field: Field[str] | None) -> dict[str, Any] | None:
    """A field as JSON values; None where there is none."""
    if field is None:
        return None
    return {
        "value": field.value,
        "evidence": _dump_evidence(field.evidence),
        "origin": field.origin.value,
        "certainty": field.certainty,
    }


def load_field(data: Mapping[str, Any] | None) -> Field[str] | None:
    """The field that `dump_field` wrote; raises KeyError, TypeError or ValueError where `data` is none."""
    if data is None:
        return None
    return Field(data["value"], _load_evidence(data["evidence"]), Origin(data["origin"]), data["certainty"])


def _dump_person(person: Person) -> dict[str, Any]:
    return {
        **{name: dump_field(getattr(person, name)) for name in FIELDS},
        "modules": [dump_field(field) for field in person.modules],
        "unknown_modules": [dump_field(field) for field in person.unknown_modules],
        "status": person.status.value,
        "problems": [problem.value for problem in person.problems],
        "notes": [note.value for note in person.notes],
        "suggestions": {str(key): value for key, value in person.suggestions.items()},
    }


def _load_person(data: Mapping[str, Any]) -> Person:
    return Person(
        **{name: load_field(data[name]) for name in FIELDS},
        modules=_load_fields(data["modules"]),
        unknown_modules=_load_fields(data["unknown_modules"]),
        status=Status(data["status"]),
        problems=tuple(Problem(problem) for problem in data["problems"]),
        notes=tuple(Note(note) for note in data["notes"]),
        suggestions=dict(data["suggestions"]),
    )


def _load_fields(data: list[Mapping[str, Any]]) -> tuple[Field[str], ...]:
    return tuple(field for field in map(load_field, data) if field)


def _dump_jegyzo(jegyzo: Jegyzo | None) -> dict[str, Any] | None:
    if jegyzo is None:
        return None
    evidence = _dump_evidence(jegyzo.evidence)
    return {"status": jegyzo.status.value, "address": jegyzo.address, "name": jegyzo.name, "evidence": evidence}


def _load_jegyzo(data: Mapping[str, Any] | None) -> Jegyzo | None:
    if data is None:
        return None
    return Jegyzo(JegyzoStatus(data["status"]), data["address"], data["name"], _load_evidence(data["evidence"]))


def _dump_reply(plan: ReplyPlan | None) -> dict[str, Any] | None:
    if plan is None:
        return None
    return {"kind": plan.kind.value, "to": _dump_addresses(plan.to), "cc": _dump_addresses(plan.cc)}


def _dump_addresses(addresses: tuple[Address, ...]) -> list[dict[str, str]]:
    return [{"name": one.name, "address": one.address} for one in addresses]


def _dump_finding(finding: Finding) -> dict[str, Any]:
    """What it says: of forty rules that are asked nine in ten find nothing, and would be four fifths of a verdict."""
    told: dict[str, Any] = {"rule": finding.rule}
    if finding.hit:
        told["hit"] = True
    if finding.code:
        told["code"] = str(finding.code)
    if finding.person is not None:
        told["person"] = finding.person
    if finding.evidence:
        told["evidence"] = _dump_evidence(finding.evidence)
    if finding.details:
        told["details"] = dict(finding.details)
    return told
