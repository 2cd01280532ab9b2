"""policy.md §3: an address that is neither a job's nor like the name is accepted, with a note for staff."""

from __future__ import annotations

from rules.case import Case
from rules.findings import miss
from rules.model import Finding

RULE = "email_unrelated"


def check(case: Case) -> Finding:
    """Has the address nothing to do with the person's name?"""
    return miss(RULE, person=case.index)
