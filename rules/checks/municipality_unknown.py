"""policy.md §6: a municipality that is named, but in no list of settlements, is for staff, never asked for."""

from __future__ import annotations

from rules.case import Case, seen
from rules.findings import hit, miss
from rules.model import Finding, Note

RULE = "municipality_unknown"


def check(case: Case) -> Finding:
    """Is the named municipality in no list of settlements?"""
    municipality = case.person.municipality
    if municipality and municipality.value not in case.catalogue.settlements:
        return hit(RULE, Note.MUNICIPALITY_UNKNOWN, seen(municipality), person=case.index, value=municipality.value)
    return miss(RULE, person=case.index)
