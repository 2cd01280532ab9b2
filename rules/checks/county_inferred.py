"""policy.md §2: the county not given, but the settlement known: filled in from it, and nothing is asked."""

from __future__ import annotations

from rules.case import Case, seen
from rules.findings import hit, miss
from rules.model import Finding, Note, Origin

RULE = "county_inferred"


def check(case: Case) -> Finding:
    """Was the county filled in from the settlement?"""
    county = case.person.county
    if county and county.origin is Origin.INFERRED:
        return hit(RULE, Note.COUNTY_INFERRED, seen(county), person=case.index, value=county.value)
    return miss(RULE, person=case.index)
