"""FAQ: "a kérelmező következő adatai: teljes név". A nickname or given name alone is none (policy.md §9)."""

from __future__ import annotations

from rules.case import Case, seen
from rules.findings import hit, miss
from rules.model import Finding, Problem

RULE = "full_name"


def check(case: Case) -> Finding:
    """Is the person's family and given name missing?"""
    name = case.person.full_name
    if name is None or len(name.value.split()) < 2:
        return hit(RULE, Problem.FULL_NAME_MISSING, seen(name), person=case.index)
    return miss(RULE, person=case.index, value=name.value)
