"""policy.md §2: 6 digits that pass the check, or any number of the imported official register."""

from __future__ import annotations

from rules.case import Case, seen
from rules.findings import hit, miss
from rules.model import Finding, Problem
from rules.reading.pir import is_pir, likely_pir

RULE = "pir_invalid"


def check(case: Case) -> Finding:
    """Is what stands as PIR none? Offers the likely number where it was cut from a tax number."""
    pir = case.person.pir
    if pir is None or is_pir(pir.value) or pir.value in case.context.registered_pirs:
        return miss(RULE, person=case.index)
    likely = likely_pir(pir.value)
    suggestion = {"suggestion": likely} if likely else {}
    return hit(RULE, Problem.PIR_INVALID, seen(pir), person=case.index, value=pir.value, **suggestion)
