"""FAQ: "szíveskedjen e-mailben (a jegyzőt másolatba téve) megküldeni". Nobody else is among the recipients."""

from __future__ import annotations

from rules.case import Case
from rules.findings import hit, miss
from rules.model import Finding, JegyzoStatus, Problem

RULE = "jegyzo_not_in_cc"


def check(case: Case) -> Finding:
    """Is there no one among the visible recipients who could be the jegyző?"""
    if case.jegyzo.status is JegyzoStatus.ABSENT:
        return hit(RULE, Problem.JEGYZO_NOT_IN_CC, person=case.index)
    return miss(RULE, person=case.index, status=case.jegyzo.status)
