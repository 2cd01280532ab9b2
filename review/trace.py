"""Why the worker decided as it did: each rule as a question, its answer, what it saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from review.evidence import Seen, find_seen


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One rule's answer; `code` is the problem, note or reason it gave, `details` its facts."""

    rule: str
    hit: bool
    code: str
    details: dict[str, str]
    seen: list[Seen]


@dataclass(frozen=True, slots=True)
class Trace:
    """The answers about the whole mail and about one person: those that said yes, then the others."""

    hits: list[TraceLine]
    misses: list[TraceLine]
    reason: str
    rules_version: str


def read_trace(verdict: Mapping[str, Any] | None, person: int | None, *, everybody: bool = False) -> Trace:
    """The trace in `verdict` (Mail.verdict) for the person at this place, for the mail alone, or for `everybody`."""
    verdict = verdict or {}
    lines = [
        TraceLine(
            rule=str(finding.get("rule", "")),
            hit=bool(finding.get("hit")),
            code=str(finding.get("code", "")),
            details={str(name): str(value) for name, value in (finding.get("details") or {}).items()},
            seen=find_seen(finding.get("evidence")),
        )
        for finding in verdict.get("findings") or ()
        if everybody or finding.get("person") in (None, person)
    ]
    return Trace(
        hits=[line for line in lines if line.hit],
        misses=[line for line in lines if not line.hit],
        reason=str(verdict.get("reason", "")),
        rules_version=str(verdict.get("rules_version", "")),
    )
