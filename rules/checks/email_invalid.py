"""policy.md §3: malformed, or a domain that cannot receive mail. The reply offers the likely address."""

from __future__ import annotations

from rules.address_shape import shape_problem, suggest_address
from rules.case import Case, seen
from rules.findings import hit, miss
from rules.model import Finding, Problem

RULE = "email_invalid"


def check(case: Case) -> Finding:
    """Can no mail be sent to the address as it is written?"""
    email = case.person.email
    problem = shape_problem(email.value, case.catalogue) if email else ""
    if email is None or not problem:
        return miss(RULE, person=case.index)
    likely = suggest_address(email.value, case.catalogue)
    suggestion = {"suggestion": likely} if likely else {}
    return hit(
        RULE, Problem.EMAIL_INVALID, seen(email), person=case.index, value=email.value, why=problem, **suggestion
    )
