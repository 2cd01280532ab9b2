"""FAQ: "munkakört is tartalmazó – pl. penzugy@mintafalu.com – e-mail címet nem áll módunkban elfogadni"."""

from __future__ import annotations

from rules.case import Case, seen
from rules.findings import hit, miss
from rules.model import Finding, Problem

RULE = "email_not_personal"


def check(case: Case) -> Finding:
    """Does the address hold a job, an office or an organisation, or only the settlement's name?"""
    email = case.person.email
    roles = set(case.catalogue.words["role_words"])
    if email and set(email.value.partition("@")[0].replace("-", ".").split(".")) & roles:
        return hit(RULE, Problem.EMAIL_NOT_PERSONAL, seen(email), person=case.index, value=email.value)
    return miss(RULE, person=case.index)
