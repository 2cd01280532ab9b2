"""FAQ: "PIR száma". Not given at all (policy.md §2: 6 digits, or a council's tax number instead)."""

from __future__ import annotations

from rules.case import Case
from rules.findings import hit, miss
from rules.model import Finding, Problem

RULE = "pir"


def check(case: Case) -> Finding:
    """Is there neither a PIR nor a tax number that yields one?"""
    pir = case.person.pir
    if pir is None:
        return hit(RULE, Problem.PIR_MISSING, person=case.index)
    return miss(RULE, person=case.index, value=pir.value)
