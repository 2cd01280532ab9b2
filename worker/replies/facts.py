"""From a Verdict to the values the templates print: cleaned, counted, grouped. Pure; no sentence lives here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from rules.catalogue import Catalogue, Module
from rules.model import Field, Message, Person, Problem, Status, Verdict
from worker.replies.greeting import writer_name
from worker.replies.hygiene import NAME_LIMIT, address, mistyped_address, number, phrase

PEOPLE_LIMIT = 30  # a mail that names more gets the form for these; nobody reads a longer letter
OF_THE_MAIL = frozenset({Problem.JEGYZO_NOT_IN_CC, Problem.JEGYZO_UNCLEAR})
OF_MODULES = frozenset({Problem.MODULES_MISSING, Problem.MODULES_UNKNOWN})
REFUSING = {  # a form line stays empty where one of these refused its value
    "full_name": frozenset({Problem.FULL_NAME_MISSING}),
    "municipality": frozenset({Problem.MUNICIPALITY_MISSING}),
    "pir": frozenset({Problem.PIR_MISSING, Problem.PIR_INVALID}),
    "county": frozenset({Problem.COUNTY_MISSING, Problem.COUNTY_MISMATCH}),
    "email": frozenset(
        {Problem.EMAIL_MISSING, Problem.EMAIL_INVALID, Problem.EMAIL_NOT_PERSONAL, Problem.EMAIL_SHARED}
    ),
    "modules": OF_MODULES,
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to ask for: the problem's word, the value as given, what may be meant, the settlement concerned."""

    problem: str
    given: str = ""
    suggestion: str = ""
    municipality: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """The form's lines for one person; "" is a line to fill in."""

    full_name: str
    municipality: str
    pir: str
    county: str
    email: str
    modules: str


@dataclass(frozen=True, slots=True)
class Applicant:
    """An incomplete person: the number in this letter, the name ("" unless given), what is asked, the form."""

    number: int
    name: str
    items: tuple[Item, ...]
    form: Form


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a letter says, but its words.

    `total` counts the mail's people. `common` are the items that all applicants share, then no longer among their
    own. `ready` and `reviewed` are names of those of whom nothing is asked; `omitted` counts applicants beyond the
    limit. `modules` is the catalogue where modules are asked for. `jegyzo` is "", "absent" or "unclear";
    `understood` says whether the form shows any value.
    """

    greeting: str
    total: int
    applicants: tuple[Applicant, ...]
    common: tuple[Item, ...]
    ready: tuple[str, ...]
    reviewed: tuple[str, ...]
    omitted: int
    modules: tuple[Module, ...]
    jegyzo: str
    understood: bool
    own_address: str
    privacy_url: str


def gather_facts(
    message: Message, verdict: Verdict, catalogue: Catalogue, *, own_address: str, privacy_url: str = ""
) -> Facts:
    """What the letter about `verdict` says."""
    short_names = {module.id: module.short_name for module in catalogue.modules}
    incomplete = [person for person in verdict.people if person.status is Status.INCOMPLETE]
    incomplete = incomplete or [
        person for person in verdict.people if person.problems
    ]  # staff ask on their own account
    asked = {problem for person in incomplete for problem in person.problems}
    applicants = tuple(
        _applicant(index, person, short_names) for index, person in enumerate(incomplete[:PEOPLE_LIMIT], start=1)
    )
    common, applicants = _grouped(applicants)
    return Facts(
        greeting=writer_name(message, verdict, catalogue),
        total=len(verdict.people),
        applicants=applicants,
        common=common,
        ready=_names(verdict.people, Status.READY),
        reviewed=_names(verdict.people, Status.REVIEW),
        omitted=max(0, len(incomplete) - PEOPLE_LIMIT),
        modules=catalogue.modules if asked & OF_MODULES else (),
        jegyzo=_jegyzo(asked),
        understood=any(any(astuple(one.form)) for one in applicants),
        own_address=own_address,
        privacy_url=privacy_url,
    )


def _applicant(index: int, person: Person, short_names: dict[str, str]) -> Applicant:
    name = "" if Problem.FULL_NAME_MISSING in person.problems else _text(person.full_name)
    items = tuple(_item(problem, person) for problem in Problem if problem in person.problems)
    return Applicant(
        index, name, tuple(item for item in items if item.problem not in OF_THE_MAIL), _form(person, short_names)
    )


def _form(person: Person, short_names: dict[str, str]) -> Form:
    refused = {field for field, problems in REFUSING.items() if problems & set(person.problems)}
    known = [short_names[field.value] for field in person.modules if field.value in short_names]
    values = {
        "full_name": _text(person.full_name),
        "municipality": _text(person.municipality),
        "pir": number(person.pir.value) if person.pir else "",
        "county": _text(person.county),
        "email": address(person.email.value) if person.email else "",
        "modules": "; ".join(dict.fromkeys(known)),
    }
    return Form(**{field: "" if field in refused else value for field, value in values.items()})


def _item(problem: Problem, person: Person) -> Item:
    """The item for `problem` with the values its sentence needs."""
    suggestion = person.suggestions.get(problem, "")
    match problem:
        case Problem.FULL_NAME_MISSING:
            return Item(problem, given=_text(person.full_name))
        case Problem.PIR_INVALID:
            return Item(problem, number(person.pir.value) if person.pir else "", number(suggestion))
        case Problem.COUNTY_MISMATCH:
            return Item(problem, _text(person.county), phrase(suggestion), _text(person.municipality))
        case Problem.EMAIL_INVALID | Problem.EMAIL_NOT_PERSONAL | Problem.EMAIL_SHARED:
            clean = mistyped_address if problem is Problem.EMAIL_INVALID else address
            return Item(problem, clean(person.email.value) if person.email else "", address(suggestion))
        case Problem.MODULES_UNKNOWN:
            wishes = "; ".join(filter(None, (phrase(wish.value) for wish in person.unknown_modules[:3])))
            return Item(problem, wishes, "; ".join(phrase(name) for name in suggestion.split(";")[:4] if name.strip()))
        case _:
            return Item(problem)


def _grouped(applicants: tuple[Applicant, ...]) -> tuple[tuple[Item, ...], tuple[Applicant, ...]]:
    """The items that all of several applicants share, and the applicants with the rest."""
    if len(applicants) < 2:
        return (), applicants
    shared = set(applicants[0].items).intersection(*(one.items for one in applicants[1:]))
    common = tuple(item for item in applicants[0].items if item in shared)
    rest = tuple(
        Applicant(one.number, one.name, tuple(item for item in one.items if item not in shared), one.form)
        for one in applicants
    )
    return common, rest


def _jegyzo(asked: set[Problem]) -> str:
    if Problem.JEGYZO_NOT_IN_CC in asked:
        return "absent"
    return "unclear" if Problem.JEGYZO_UNCLEAR in asked else ""


def _names(people: Sequence[Person], status: Status) -> tuple[str, ...]:
    return tuple(_text(person.full_name) for person in people if person.status is status)[:PEOPLE_LIMIT]


def _text(field: Field[str] | None) -> str:
    return phrase(field.value, NAME_LIMIT) if field else ""
