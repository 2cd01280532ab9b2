"""policy.md §9: a sound PIR that contradicts a tax number in the mail is a note for staff, never asked for."""

from __future__ import annotations

from rules.case import Case, seen
from rules.findings import hit, miss
from rules.model import Finding, Note

RULE = "pir_contradicts_tax_number"


def check(case: Case) -> Finding:
    """Does a tax number beside it yield another PIR? (Reading leaves that number in `tax_pir`.)"""
    pir = case.person.pir
    if pir and case.tax_pir and pir.value != case.tax_pir:
        return hit(RULE, Note.PIR_CONTRADICTS_TAX_NUMBER, seen(pir), person=case.index, computed=case.tax_pir)
    return miss(RULE, person=case.index)
