"""What a finding says beside hit or miss: its rule, whose it is, where it was seen, and the values to explain it by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from rules.case import Case
from rules.chain import PERSON_CHECKS
from rules.checks import (
    email_invalid,
    email_not_personal,
    email_unrelated,
    modules,
    modules_partly_unknown,
    modules_unknown,
    pir_of_another_body,
)
from rules.model import Context, Evidence, Field, Finding, Jegyzo, Person
from tests.rules.checks.test_person_checks import HITS, NEAR_MISSES, REGISTER, SEEN, case

FIELDS = ("full_name", "municipality", "pir", "county", "email")
BEFORE = Person(full_name=Field("Első Elek"), email=Field("elso.elek@paks.hu"), pir=Field("740373"))
JEGYZO_SEEN = (Evidence(-1, 0, 5, "cc@x.hu", "cc"),)
HIT_SAYS: dict[str, tuple[str, dict[str, str]]] = {  # whose evidence it shows, and its details
    "full_name": ("full_name", {}),
    "municipality": ("", {}),
    "municipality_unknown": ("municipality", {"value": "Harmatosd"}),
    "pir": ("", {}),
    "pir_invalid": ("pir", {"value": "740001", "suggestion": "740009"}),
    "pir_from_tax_number": ("pir", {"value": "740009"}),
    "pir_contradicts_tax_number": ("pir", {"computed": "740373"}),
    "pir_of_another_body": ("pir", {"owner": "Paks"}),
    "county": ("", {}),
    "county_mismatch": ("county", {"value": "Zala", "suggestion": "Somogy"}),
    "county_inferred": ("county", {"value": "Somogy"}),
    "email": ("", {}),
    "email_invalid": ("email", {"value": "minta.vera@gmail", "why": "domain", "suggestion": "minta.vera@gmail.com"}),
    "email_not_personal": ("email", {"value": "penzugy@tab.hu", "token": "penzugy", "shows": "role"}),
    "email_unrelated": ("email", {"value": "cicus82@freemail.hu"}),
    "email_shared": ("email", {"value": "minta.vera@tab.hu"}),
    "modules": ("", {}),
    "modules_unknown": ("unknown_modules", {"value": "KIRA"}),
    "modules_partly_unknown": ("unknown_modules", {"value": "KIRA"}),
    "jegyzo_not_in_cc": ("", {}),
    "jegyzo_unclear": ("jegyzo", {}),
    "unreadable_attachment": ("unread", {}),
}
MISS_SAYS: dict[str, dict[str, str]] = {  # of a sound request; {} where not named
    "full_name": {"value": "Minta Vera"},
    "municipality": {"value": "Tab"},
    "pir": {"value": "740009"},
    "county": {"value": "Somogy"},
    "email": {"value": "minta.vera@tab.hu"},
    "email_not_personal": {"token": "minta"},
    "modules": {"value": "PM-2777-2105-BS"},
    "jegyzo_not_in_cc": {"status": "stated"},
    "jegyzo_unclear": {"status": "stated"},
}


def marked(field: Field[str], at: int) -> Field[str]:
    """The field with a place of its own where it was seen."""
    return replace(field, evidence=(Evidence(0, at, at + 4, field.value, "text"),))


def as_second(asked: Case) -> Case:
    """The same case with somebody before its person, and every value seen somewhere."""
    person = asked.person
    found: dict[str, Any] = {
        name: marked(field, at) for at, name in enumerate(FIELDS) if (field := getattr(person, name))
    }
    unknown = tuple(marked(field, 90 + at) for at, field in enumerate(person.unknown_modules))
    people = (BEFORE, replace(person, unknown_modules=unknown, **found), *asked.people[1:])
    jegyzo = Jegyzo(asked.jegyzo.status, evidence=JEGYZO_SEEN)
    return replace(asked, index=1, people=people, jegyzo=jegyzo, tax_pirs=("", *asked.tax_pirs))


def name_of(check: Callable[[Case], Finding]) -> str:
    return check.__module__.rpartition(".")[2]


def evidence_in(asked: Case, where: str) -> tuple[Evidence, ...]:
    """What `where` names of the case."""
    if where == "unread":
        return SEEN
    if where == "jegyzo":
        return JEGYZO_SEEN
    value = getattr(asked.person, where) if where else ()
    fields = (value,) if isinstance(value, Field) else value or ()
    return tuple(one for field in fields for one in field.evidence)


@pytest.mark.parametrize("asked", HITS, ids=lambda one: "")
def test_a_hit_names_its_rule_its_person_and_where(asked: tuple[Callable[[Case], Finding], str, Case]) -> None:
    check, code, given = asked[0], asked[1], as_second(asked[2])
    finding = check(given)
    assert (finding.rule, finding.hit, finding.code, finding.person) == (name_of(check), True, code, 1)
    where, _ = HIT_SAYS[name_of(check)]
    assert finding.evidence == evidence_in(given, where)


@pytest.mark.parametrize("name", HIT_SAYS)
def test_a_hit_says_what_explains_it(name: str) -> None:
    given = {
        "full_name": case(full_name=Field("Vera")),
        "email_not_personal": case(email=Field("penzugy@tab.hu")),
        "pir_invalid": case(pir=Field("740001")),
    }
    check, asked = next((check, asked) for check, _, asked in HITS if name_of(check) == name)
    assert check(given.get(name, asked)).details == HIT_SAYS[name][1]


@pytest.mark.parametrize("check", PERSON_CHECKS, ids=name_of)
def test_a_miss_says_what_stands_there(check: Callable[[Case], Finding]) -> None:
    finding = check(as_second(case()))
    assert finding == Finding(name_of(check), False, "", 1, (), MISS_SAYS.get(name_of(check), {}))


@pytest.mark.parametrize("asked", NEAR_MISSES, ids=lambda one: "")
def test_a_near_miss_is_its_persons_too(asked: tuple[Callable[[Case], Finding], Case]) -> None:
    finding = asked[0](as_second(asked[1]))
    assert (finding.rule, finding.hit, finding.person, finding.evidence) == (name_of(asked[0]), False, 1, ())


@pytest.mark.parametrize("check", [email_not_personal.check, email_unrelated.check])
def test_an_address_that_staff_accepted_is_never_asked_about(check: Callable[[Case], Finding]) -> None:
    accepted = Context(accepted_addresses=frozenset({"penzugy@tab.hu", "cicus82@freemail.hu"}))
    for address in sorted(accepted.accepted_addresses):
        finding = check(as_second(case(email=Field(address), context=accepted)))
        assert finding == Finding(name_of(check), False, "", 1, (), {"value": address, "why": "accepted"})


def test_several_wishes_are_said_together() -> None:
    unknown = (Field("KIRA"), Field("Winiktat"))
    assert modules_unknown.check(case(modules=(), unknown_modules=unknown)).details["value"] == "KIRA; Winiktat"
    assert modules_partly_unknown.check(case(unknown_modules=unknown)).details["value"] == "KIRA; Winiktat"
    both = (Field("PM-2777-2105-BS"), Field("PM-2759-2103-BS"))
    assert modules.check(case(modules=both)).details["value"] == "PM-2777-2105-BS, PM-2759-2103-BS"


def test_an_address_that_cannot_be_written_to_is_asked_for_once() -> None:
    """A slip of a provider's name: the likely address is offered, and its local part is not judged as well."""
    asked = case(email=Field("penzugy@gmial.com"))
    assert email_invalid.check(asked).details["suggestion"] == "penzugy@gmail.com"
    assert not email_not_personal.check(asked).hit


def test_what_nobody_could_guess_is_not_guessed() -> None:
    finding = email_invalid.check(case(email=Field("@@@")))
    assert (finding.hit, set(finding.details)) == (True, {"value", "why"})


def test_without_a_name_or_place_an_address_is_judged_by_itself() -> None:
    assert not email_not_personal.check(case(full_name=None, municipality=None)).hit
    role = email_not_personal.check(case(full_name=None, municipality=None, email=Field("penzugy@tab.hu")))
    assert role.details["token"] == "penzugy"


@pytest.mark.parametrize(
    ("check", "asked"),
    [
        (modules_unknown.check, case(unknown_modules=(Field("KIRA"),))),  # beside one that is known: a note says so
        (email_not_personal.check, case(email=Field("penzugy@gmial.com"))),
        (email_unrelated.check, case(email=Field("cicus82@gmial.com"))),
        (email_unrelated.check, case(email=Field("tab@freemail.hu"))),  # the settlement's: asked for as not personal
        (pir_of_another_body.check, case(pir=None, context=REGISTER)),
    ],
)
def test_what_another_check_speaks_of(check: Callable[[Case], Finding], asked: Case) -> None:
    assert check(as_second(asked)) == Finding(name_of(check), False, "", 1, (), {})
