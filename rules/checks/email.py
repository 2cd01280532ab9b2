"""FAQ: "egyedi, személyhez köthető e-mail cím". Not given at all."""

from __future__ import annotations

from rules.case import Case
from rules.findings import hit, miss
from rules.model import Finding, Problem

RULE = "email"


def check(case: Case) -> Finding:
    """Is there no address for the person?"""
    email = case.person.email
    if email is None:
        return hit(RULE, Problem.EMAIL_MISSING, person=case.index)
    return miss(RULE, person=case.index, value=email.value)
