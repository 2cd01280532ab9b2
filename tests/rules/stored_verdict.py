"""A stored verdict read back whole: the product itself never needs more of it than the people and the jegyző."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.model import Address, Evidence, Finding, Kind, Outcome, ReplyKind, ReplyPlan, Verdict
from worker.services.verdicts import load_earlier


def load_verdict(data: Mapping[str, Any]) -> Verdict:
    """The verdict that `dump_verdict` wrote; raises KeyError or ValueError where `data` is none."""
    case = load_earlier(data)
    return Verdict(
        kind=Kind(data["kind"]),
        outcomes=frozenset(Outcome(outcome) for outcome in data["outcomes"]),
        reason=data["reason"],
        jegyzo=case.jegyzo,
        people=case.people,
        reply=_load_reply(data["reply"]),
        findings=tuple(_load_finding(finding) for finding in data["findings"]),
        rules_version=data["rules_version"],
        continues=data["continues"],
        withdraws=tuple(data["withdraws"]),
    )


def _load_reply(data: Mapping[str, Any] | None) -> ReplyPlan | None:
    if data is None:
        return None
    return ReplyPlan(ReplyKind(data["kind"]), _load_addresses(data["to"]), _load_addresses(data["cc"]))


def _load_addresses(data: list[dict[str, str]]) -> tuple[Address, ...]:
    return tuple(Address(one["name"], one["address"]) for one in data)


def _load_finding(data: Mapping[str, Any]) -> Finding:
    evidence = tuple(Evidence(**one) for one in data.get("evidence", ()))
    told = {name: data[name] for name in ("hit", "code", "person", "details") if name in data}
    return Finding(data["rule"], **{"hit": False, **told}, evidence=evidence)
