"""What is asked of one person, and the form's lines: the values of their sentences, cleaned. Pure; no sentence here."""

from __future__ import annotations

from dataclasses import dataclass

from rules.model import Field, Origin, Person, Problem
from worker.replies.hygiene import NAME_LIMIT, address, mistyped_address, number, phrase

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
SUGGESTED_MODULES = 4


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to ask for: the problem's word, the value as given, what may be meant, the settlement concerned.

    `of_sender`: nobody gave the value, it is the address that the mail came from.
    """

    problem: str
    given: str = ""
    suggestion: str = ""
    municipality: str = ""
    of_sender: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """The form's lines for one person; "" is a line to fill in."""

    full_name: str
    municipality: str
    pir: str
    county: str
    email: str
    modules: str

    @property
    def shows_any(self) -> bool:
        """Whether any line is filled in."""
        return any((self.full_name, self.municipality, self.pir, self.county, self.email, self.modules))


@dataclass(frozen=True, slots=True)
class Applicant:
    """An incomplete person: the number in this letter, the name ("" unless given), what is asked, the form."""

    number: int
    name: str
    items: tuple[Item, ...]
    form: Form


def applicant_of(number_: int, person: Person, short_names: dict[str, str]) -> Applicant:
    """`person` as the letter's `number_`-th; what concerns the whole mail is not among the items."""
    name = "" if Problem.FULL_NAME_MISSING in person.problems else text_of(person.full_name)
    asked = (problem for problem in Problem if problem in person.problems and problem not in OF_THE_MAIL)
    return Applicant(number_, name, tuple(_item(problem, person) for problem in asked), _form(person, short_names))


def grouped(applicants: tuple[Applicant, ...]) -> tuple[tuple[Item, ...], tuple[Applicant, ...]]:
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


def module_names(person: Person, short_names: dict[str, str]) -> tuple[str, ...]:
    """The short names of the modules that `person` gets, each once."""
    return tuple(dict.fromkeys(short_names[field.value] for field in person.modules if field.value in short_names))


def text_of(field: Field[str] | None) -> str:
    """The field's value, fit to be repeated; "" where there is none."""
    return phrase(field.value, NAME_LIMIT) if field else ""


def _form(person: Person, short_names: dict[str, str]) -> Form:
    refused = {field for field, problems in REFUSING.items() if problems & set(person.problems)}
    values = {
        "full_name": text_of(person.full_name),
        "municipality": text_of(person.municipality),
        "pir": number(person.pir.value) if person.pir else "",
        "county": text_of(person.county),
        "email": address(person.email.value) if person.email else "",
        "modules": "; ".join(module_names(person, short_names)),
    }
    return Form(**{field: "" if field in refused else value for field, value in values.items()})


def _item(problem: Problem, person: Person) -> Item:
    """The item for `problem` with the values its sentence needs."""
    suggestion = person.suggestions.get(problem, "")
    match problem:
        case Problem.FULL_NAME_MISSING:
            return Item(problem, given=text_of(person.full_name))
        case Problem.PIR_INVALID:
            return Item(problem, number(person.pir.value) if person.pir else "", number(suggestion))
        case Problem.COUNTY_MISMATCH:
            return Item(problem, text_of(person.county), phrase(suggestion), text_of(person.municipality))
        case Problem.EMAIL_INVALID | Problem.EMAIL_NOT_PERSONAL | Problem.EMAIL_SHARED:
            clean = mistyped_address if problem is Problem.EMAIL_INVALID else address
            given = clean(person.email.value) if person.email else ""
            of_sender = person.email is not None and person.email.origin is Origin.SENDER
            return Item(problem, given, address(suggestion), of_sender=of_sender)
        case Problem.MODULES_UNKNOWN:
            wishes = filter(None, (phrase(wish.value) for wish in person.unknown_modules[:3]))
            likely = (phrase(name) for name in suggestion.split(";")[:SUGGESTED_MODULES] if name.strip())
            return Item(problem, "; ".join(wishes), "; ".join(likely))
        case _:
            return Item(problem)
