"""policy.md §9: a sound PIR that the register gives to another place is a note for staff, never asked for."""

from __future__ import annotations

from rules.case import Case, seen
from rules.findings import hit, miss
from rules.model import Finding, Note

RULE = "pir_of_another_body"


def check(case: Case) -> Finding:
    """Does the official register know this PIR as another municipality's?"""
    pir, municipality = case.person.pir, case.person.municipality
    owner = case.context.registered_pirs.get(pir.value, "") if pir else ""
    if owner and municipality and owner != municipality.value:
        return hit(RULE, Note.PIR_OF_ANOTHER_BODY, seen(pir), person=case.index, owner=owner)
    return miss(RULE, person=case.index)
