"""policy.md §6: `county_mismatch`: the settlement lies elsewhere. The reply offers the settlement's county."""

from __future__ import annotations

from rules.case import Case, seen
from rules.findings import hit, miss
from rules.model import Finding, Problem

RULE = "county_mismatch"


def check(case: Case) -> Finding:
    """Does the settlement lie in another county than the one named?"""
    county, municipality = case.person.county, case.person.municipality
    settlement = case.catalogue.settlements.get(municipality.value) if municipality else None
    if county and settlement and settlement.county != county.value:
        return hit(
            RULE,
            Problem.COUNTY_MISMATCH,
            seen(county),
            person=case.index,
            value=county.value,
            suggestion=settlement.county,
        )
    return miss(RULE, person=case.index)
