"""policy.md §5: a wish that fits no row, beside others that do, is a note; the known ones go on."""

from __future__ import annotations

from rules.case import Case
from rules.findings import hit, miss
from rules.model import Finding, Note

RULE = "modules_partly_unknown"


def check(case: Case) -> Finding:
    """Is there a wish that fits no row beside those that do?"""
    person = case.person
    if not person.modules or not person.unknown_modules:
        return miss(RULE, person=case.index)
    wishes = "; ".join(field.value for field in person.unknown_modules)
    evidence = [item for field in person.unknown_modules for item in field.evidence]
    return hit(RULE, Note.MODULES_PARTLY_UNKNOWN, evidence, person=case.index, value=wishes)
