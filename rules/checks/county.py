"""FAQ: "megye megnevezése". Where the settlement is known it is filled in and not asked for (policy.md §2)."""

from __future__ import annotations

from rules.case import Case
from rules.findings import hit, miss
from rules.model import Finding, Problem

RULE = "county"


def check(case: Case) -> Finding:
    """Is the county neither given nor known from the settlement?"""
    county = case.person.county
    if county is None:
        return hit(RULE, Problem.COUNTY_MISSING, person=case.index)
    return miss(RULE, person=case.index, value=county.value)
