"""policy.md §4: others are among the recipients, none of them known as jegyző; or only a deputy or secretariat."""

from __future__ import annotations

from rules.case import Case
from rules.findings import hit, miss
from rules.model import Finding, JegyzoStatus, Problem

RULE = "jegyzo_unclear"


def check(case: Case) -> Finding:
    """Is it open whether one of the recipients is the jegyző?"""
    if case.jegyzo.status is JegyzoStatus.UNCLEAR:
        return hit(RULE, Problem.JEGYZO_UNCLEAR, case.jegyzo.evidence, person=case.index)
    return miss(RULE, person=case.index, status=case.jegyzo.status)
