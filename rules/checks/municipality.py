"""FAQ: "önkormányzat megnevezése (munkavégzés helye)"."""

from __future__ import annotations

from rules.case import Case
from rules.findings import hit, miss
from rules.model import Finding, Problem

RULE = "municipality"


def check(case: Case) -> Finding:
    """Is no settlement named whose council or office employs the person?"""
    municipality = case.person.municipality
    if municipality is None:
        return hit(RULE, Problem.MUNICIPALITY_MISSING, person=case.index)
    return miss(RULE, person=case.index, value=municipality.value)
