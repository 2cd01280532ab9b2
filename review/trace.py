"""Why the worker decided as it did: each rule as a question, its answer, what it saw; in the order of the chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from review.evidence import Seen, find_seen
from review.screen import for_screen

# The steps of rules.chain, in its order; a code of the label group "step".
STEPS: dict[str, frozenset[str]] = {
    "automatic": frozenset(
        {"own_mail", "null_return_path", "auto_submitted", "report", "calendar", "loop", "autoresponder", "precedence"}
        | {"mailing_list", "machine_sender", "automatic_subject", "automatic_text", "ticket", "quarantine"}
        | {"newsletter", "absence"}
    ),
    "wish": frozenset(
        {"answers_form", "says_nothing", "asks_removal", "asks_live_system", "takes_back", "complains", "solicits"}
        | {"speaks_of_elsewhere", "asks_registration", "reminder_never_comes", "asks_password", "hints_at_login"}
        | {"gives_data", "mentions_registration", "introduces_worker", "wants_training"}
    ),
    "guard": frozenset({"sender_unclear", "answer_suppressed", "not_addressed_to_us", "distrusted", "unreadable"}),
    "answer": frozenset(
        {"withdraws", "answer_fills", "answer_corrects", "answer_repeats", "answer_contradicts", "answer_mentions"}
    ),
    "jegyzo": frozenset({"jegyzo_not_in_cc", "jegyzo_unclear"}),
}
PERSON = "person"  # whatever is none of these asks about the person's data


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One rule's answer; `code` is the problem, note or reason it gave, `details` its facts."""

    rule: str
    hit: bool
    code: str
    details: dict[str, str]
    seen: list[Seen]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the chain: its answers that say something, and those that found nothing, each in their order."""

    code: str
    hits: list[TraceLine]
    misses: list[TraceLine]


@dataclass(frozen=True, slots=True)
class Trace:
    """The steps about the whole mail and about one person, and what followed."""

    steps: list[Step]
    kind: str
    outcomes: list[str]
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
            seen=[_covered(one) for one in find_seen(finding.get("evidence"))],
        )
        for finding in verdict.get("findings") or ()
        if everybody or finding.get("person") in (None, person)
    ]
    return Trace(
        steps=_steps(lines),
        kind=str(verdict.get("kind", "")),
        outcomes=[str(one) for one in verdict.get("outcomes") or ()],
        reason=str(verdict.get("reason", "")),
        rules_version=str(verdict.get("rules_version", "")),
    )


def step_of(rule: str) -> str:
    """The step of the chain that asks this rule."""
    return next((step for step, rules in STEPS.items() if rule in rules), PERSON)


def _steps(lines: list[TraceLine]) -> list[Step]:
    """By step, in the order in which the steps were asked."""
    found: dict[str, list[TraceLine]] = {}
    for line in lines:
        found.setdefault(step_of(line.rule), []).append(line)
    return [
        Step(code, [line for line in those if line.hit], [line for line in those if not line.hit])
        for code, those in found.items()
    ]


def _covered(seen: Seen) -> Seen:
    return Seen(seen.part, seen.start, seen.end, for_screen(seen.excerpt), seen.source, seen.mail)
