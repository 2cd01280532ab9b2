"""policy.md §3: the same address for two people is asked of both; an account belongs to one person."""

from __future__ import annotations

from rules.case import Case, seen
from rules.findings import hit, miss
from rules.model import Finding, Problem

RULE = "email_shared"


def check(case: Case) -> Finding:
    """Does another person of the mail have the same address?"""
    email = case.person.email
    others = [person.email.value for at, person in enumerate(case.people) if at != case.index and person.email]
    if email and email.value in others:
        return hit(RULE, Problem.EMAIL_SHARED, seen(email), person=case.index, value=email.value)
    return miss(RULE, person=case.index)
