"""policy.md §5: only wishes that fit no row of the FAQ's table. The reply offers the rows whose words are closest."""

from __future__ import annotations

from rules.case import Case
from rules.findings import hit, miss
from rules.model import Finding, Problem
from rules.reading.modules import closest_modules

RULE = "modules_unknown"
COMPARED = 3  # wishes for which likely rows are sought: the reply repeats no more of them
LONGEST = 120  # characters of a wish that are compared


def check(case: Case) -> Finding:
    """Do all the wishes fit no row of the table?"""
    person = case.person
    if person.modules or not person.unknown_modules:
        return miss(RULE, person=case.index)
    wishes = [field.value for field in person.unknown_modules]
    evidence = [item for field in person.unknown_modules for item in field.evidence]
    likely = _likely(wishes, case)
    suggestion = {"suggestion": likely} if likely else {}
    return hit(RULE, Problem.MODULES_UNKNOWN, evidence, person=case.index, value="; ".join(wishes), **suggestion)


def _likely(wishes: list[str], case: Case) -> str:
    """The short names of the rows most like the first wishes, joined by "; "; "" where none is like them."""
    ids = [one for wish in wishes[:COMPARED] for one in closest_modules(wish[:LONGEST], case.catalogue)]
    names = {module.id: module.short_name for module in case.catalogue.modules}
    return "; ".join(dict.fromkeys(names[one] for one in ids))
