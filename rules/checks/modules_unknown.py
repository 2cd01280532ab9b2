"""policy.md §5: only wishes that fit no row of the FAQ's table."""

from __future__ import annotations

from rules.case import Case
from rules.findings import hit, miss
from rules.model import Finding, Problem

RULE = "modules_unknown"


def check(case: Case) -> Finding:
    """Do all the wishes fit no row of the table?"""
    person = case.person
    if person.modules or not person.unknown_modules:
        return miss(RULE, person=case.index)
    wishes = "; ".join(field.value for field in person.unknown_modules)
    evidence = [item for field in person.unknown_modules for item in field.evidence]
    return hit(RULE, Problem.MODULES_UNKNOWN, evidence, person=case.index, value=wishes)
