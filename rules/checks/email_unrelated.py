"""policy.md §3: an address that is neither a job's nor like the name is accepted, with a note for staff."""

from __future__ import annotations

from rules.address_shape import shape_problem
from rules.case import Case, seen
from rules.findings import hit, miss
from rules.model import Finding, Note
from rules.personal_address import AddressKind, judge_address

RULE = "email_unrelated"


def check(case: Case) -> Finding:
    """Has the address nothing to do with the person's name, though it is no role's either?"""
    email, name = case.person.email, case.person.full_name
    if email is None or name is None or shape_problem(email.value, case.catalogue):
        return miss(RULE, person=case.index)
    if email.value in case.context.accepted_addresses:  # a person knows better
        return miss(RULE, person=case.index, value=email.value, why="accepted")
    place = case.person.municipality.value if case.person.municipality else ""
    if judge_address(email.value, name.value, place, case.catalogue).kind is AddressKind.UNRELATED:
        return hit(RULE, Note.EMAIL_UNRELATED_TO_NAME, seen(email), person=case.index, value=email.value)
    return miss(RULE, person=case.index)
