"""policy.md §2: a council's or office's tax number given instead of the PIR yields it; staff see that it was so."""

from __future__ import annotations

from rules.case import Case, seen
from rules.findings import hit, miss
from rules.model import Finding, Note, Origin

RULE = "pir_from_tax_number"


def check(case: Case) -> Finding:
    """Was the PIR computed from a tax number?"""
    pir = case.person.pir
    if pir and pir.origin is Origin.INFERRED:
        return hit(RULE, Note.PIR_FROM_TAX_NUMBER, seen(pir), person=case.index, value=pir.value)
    return miss(RULE, person=case.index)
