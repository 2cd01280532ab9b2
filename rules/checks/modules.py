"""FAQ: "annak megjelölése, hogy mely szakrendszer(ek) tananyagait szeretné elérni". No wish at all."""

from __future__ import annotations

from rules.case import Case
from rules.findings import hit, miss
from rules.model import Finding, Problem

RULE = "modules"


def check(case: Case) -> Finding:
    """Is no module asked for, known or unknown?"""
    person = case.person
    if not person.modules and not person.unknown_modules:
        return hit(RULE, Problem.MODULES_MISSING, person=case.index)
    return miss(RULE, person=case.index, value=", ".join(field.value for field in person.modules))
