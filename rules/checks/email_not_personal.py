"""FAQ: "munkakört is tartalmazó – pl. penzugy@mintafalu.com – e-mail címet nem áll módunkban elfogadni"."""

from __future__ import annotations

from rules.address_shape import shape_problem
from rules.case import Case, seen
from rules.findings import hit, miss
from rules.model import Finding, Problem
from rules.personal_address import judge_address

RULE = "email_not_personal"


def check(case: Case) -> Finding:
    """Does the address hold a job, an office or an organisation, or only the settlement's name?"""
    email = case.person.email
    if email is None or shape_problem(email.value, case.catalogue):
        return miss(RULE, person=case.index)
    if email.value in case.context.accepted_addresses:  # a person knows better
        return miss(RULE, person=case.index, value=email.value, why="accepted")
    name = case.person.full_name.value if case.person.full_name else ""
    place = case.person.municipality.value if case.person.municipality else ""
    judged = judge_address(email.value, name, place, case.catalogue)
    if not judged.personal:
        details = {"value": email.value, "token": judged.token, "shows": judged.kind.value}
        return hit(RULE, Problem.EMAIL_NOT_PERSONAL, seen(email), person=case.index, **details)
    return miss(RULE, person=case.index, token=judged.token)
