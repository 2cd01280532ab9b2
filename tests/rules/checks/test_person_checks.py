"""Each check of rules/checks on a person that it hits and on one that it misses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from config.catalogue import load_catalogue
from rules.case import Case
from rules.chain import PERSON_CHECKS
from rules.checks import (
    county,
    county_inferred,
    county_mismatch,
    email,
    email_invalid,
    email_not_personal,
    email_shared,
    email_unrelated,
    full_name,
    jegyzo_not_in_cc,
    jegyzo_unclear,
    modules,
    modules_partly_unknown,
    modules_unknown,
    municipality,
    municipality_unknown,
    pir,
    pir_contradicts_tax_number,
    pir_from_tax_number,
    pir_invalid,
    pir_of_another_body,
    unreadable_attachment,
)
from rules.model import Context, Evidence, Field, Finding, Jegyzo, JegyzoStatus, Note, Origin, Person, Problem

WHOLE = Person(
    full_name=Field("Minta Vera"),
    municipality=Field("Tab"),
    pir=Field("740009"),
    county=Field("Somogy"),
    email=Field("minta.vera@tab.hu"),
    modules=(Field("PM-2777-2105-BS"),),
)
SEEN = (Evidence(-1, 0, 4, "scan.pdf", "attachment"),)


def case(jegyzo: str = "stated", beside: Person | None = None, **changes: Any) -> Case:
    """A sound request, but for `changes` of the person; `unread`, `tax_pirs` and `context` change the case."""
    about = {name: changes.pop(name) for name in ("unread", "tax_pirs", "context") if name in changes}
    people = (replace(WHOLE, **changes), *([beside] if beside else []))
    context = about.pop("context", Context())
    return Case(0, people, Jegyzo(JegyzoStatus(jegyzo)), load_catalogue(), context, **about)


OTHER = replace(WHOLE, full_name=Field("Kis Pál"), email=Field("kis.pal@tab.hu"))
REGISTER = Context(registered_pirs={"740009": "Paks", "123456": "Tab"})

HITS: list[tuple[Callable[[Case], Finding], str, Case]] = [
    (full_name.check, Problem.FULL_NAME_MISSING, case(full_name=None)),
    (full_name.check, Problem.FULL_NAME_MISSING, case(full_name=Field("Vera"))),
    (municipality.check, Problem.MUNICIPALITY_MISSING, case(municipality=None)),
    (municipality_unknown.check, Note.MUNICIPALITY_UNKNOWN, case(municipality=Field("Harmatosd"))),
    (pir.check, Problem.PIR_MISSING, case(pir=None)),
    (pir_invalid.check, Problem.PIR_INVALID, case(pir=Field("740001"))),
    (pir_invalid.check, Problem.PIR_INVALID, case(pir=Field("7400090"))),
    (pir_from_tax_number.check, Note.PIR_FROM_TAX_NUMBER, case(pir=Field("740009", origin=Origin.INFERRED))),
    (pir_contradicts_tax_number.check, Note.PIR_CONTRADICTS_TAX_NUMBER, case(tax_pirs=("740373",))),
    (pir_of_another_body.check, Note.PIR_OF_ANOTHER_BODY, case(context=REGISTER)),
    (county.check, Problem.COUNTY_MISSING, case(county=None)),
    (county_mismatch.check, Problem.COUNTY_MISMATCH, case(county=Field("Zala"))),
    (county_inferred.check, Note.COUNTY_INFERRED, case(county=Field("Somogy", origin=Origin.INFERRED))),
    (email.check, Problem.EMAIL_MISSING, case(email=None)),
    (email_invalid.check, Problem.EMAIL_INVALID, case(email=Field("minta.vera@gmail"))),
    (email_not_personal.check, Problem.EMAIL_NOT_PERSONAL, case(email=Field("penzugy@tab.hu"))),
    (email_not_personal.check, Problem.EMAIL_NOT_PERSONAL, case(email=Field("penzugy.vera@tab.hu"))),
    (email_not_personal.check, Problem.EMAIL_NOT_PERSONAL, case(email=Field("tab@freemail.hu"))),
    (email_unrelated.check, Note.EMAIL_UNRELATED_TO_NAME, case(email=Field("cicus82@freemail.hu"))),
    (email_shared.check, Problem.EMAIL_SHARED, case(beside=replace(OTHER, email=WHOLE.email))),
    (modules.check, Problem.MODULES_MISSING, case(modules=())),
    (modules_unknown.check, Problem.MODULES_UNKNOWN, case(modules=(), unknown_modules=(Field("KIRA"),))),
    (modules_partly_unknown.check, Note.MODULES_PARTLY_UNKNOWN, case(unknown_modules=(Field("KIRA"),))),
    (jegyzo_not_in_cc.check, Problem.JEGYZO_NOT_IN_CC, case("absent")),
    (jegyzo_unclear.check, Problem.JEGYZO_UNCLEAR, case("unclear")),
    (unreadable_attachment.check, Note.DATA_ONLY_IN_UNREADABLE_ATTACHMENT, case(unread=SEEN)),
]

NEAR_MISSES: list[tuple[Callable[[Case], Finding], Case]] = [
    (pir_invalid.check, case(pir=None)),
    (pir_invalid.check, case(pir=Field("123456"), context=REGISTER)),
    (pir_of_another_body.check, case(pir=Field("740373"), context=REGISTER)),
    (pir_contradicts_tax_number.check, case(tax_pirs=("740009",))),
    (county_mismatch.check, case(municipality=Field("Harmatosd"), county=Field("Zala"))),
    (county_mismatch.check, case(municipality=None, county=Field("Zala"))),
    (email_not_personal.check, case(full_name=Field("Pap Éva"), email=Field("pap.eva@tab.hu"))),
    (email_not_personal.check, case(email=Field("cicus82@freemail.hu"))),
    (email_unrelated.check, case(email=Field("penzugy@tab.hu"))),
    (email_unrelated.check, case(full_name=None, email=Field("cicus82@freemail.hu"))),
    (email_shared.check, case(beside=OTHER)),
    (email_shared.check, case(email=None, beside=replace(OTHER, email=None))),
    (modules.check, case(modules=(), unknown_modules=(Field("KIRA"),))),
    (modules_partly_unknown.check, case(modules=(), unknown_modules=(Field("KIRA"),))),
    (jegyzo_not_in_cc.check, case("unclear")),
    (jegyzo_unclear.check, case("sender")),
]


@pytest.mark.parametrize(("check", "code", "asked"), HITS)
def test_hit(check: Callable[[Case], Finding], code: str, asked: Case) -> None:
    finding = check(asked)
    assert finding.hit
    assert finding.code == code
    assert finding.person == 0


@pytest.mark.parametrize("check", PERSON_CHECKS)
def test_a_sound_request_misses_every_check(check: Callable[[Case], Finding]) -> None:
    assert not check(case()).hit


@pytest.mark.parametrize(("check", "asked"), NEAR_MISSES)
def test_near_miss(check: Callable[[Case], Finding], asked: Case) -> None:
    assert not check(asked).hit


def test_every_check_has_a_hit_here() -> None:
    assert {check for check, _, _ in HITS} == set(PERSON_CHECKS)


@pytest.mark.parametrize(
    ("check", "asked", "suggestion"),
    [
        (pir_invalid.check, case(pir=Field("740001")), "740009"),
        (county_mismatch.check, case(county=Field("Zala")), "Somogy"),
        (email_invalid.check, case(email=Field("minta.vera@gmail")), "minta.vera@gmail.com"),
        (
            modules_unknown.check,
            case(modules=(), unknown_modules=(Field("iktatási alapok"), Field("postáz"))),
            "Irat - Iktató; Irat - Postázó",
        ),
    ],
)
def test_what_the_reply_may_offer(check: Callable[[Case], Finding], asked: Case, suggestion: str) -> None:
    assert check(asked).details["suggestion"] == suggestion


def test_digits_that_lead_nowhere_get_no_offer() -> None:
    assert "suggestion" not in pir_invalid.check(case(pir=Field("7458220"))).details
