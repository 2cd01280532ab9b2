"""From people as the rules or the ledger know them to the values that the templates print. No sentence lives here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rules.catalogue import Catalogue, Module
from rules.model import Jegyzo, JegyzoStatus, Message, Person, Problem, Status
from worker.replies.greeting import writer_name
from worker.replies.hygiene import address
from worker.replies.items import OF_MODULES, OF_THE_MAIL, Applicant, Item, applicant_of, grouped, module_names, text_of

PEOPLE_LIMIT = 30  # a mail that names more gets the form for these; nobody reads a longer letter
KNOWN_JEGYZO = frozenset({JegyzoStatus.CONFIRMED, JegyzoStatus.STATED, JegyzoStatus.SENDER})


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom a letter speaks of: "" for what is not known; `modules` are short names."""

    name: str
    email: str
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a letter says, but its words. Every letter gets them all; the templates may use no other names.

    `total` counts the letter's people, `people` are those with a name or an address. `applicants` are the incomplete
    ones, `common` the items that all of them share, then no longer among their own. `ready` and `reviewed` are names
    of those of whom nothing is asked; `omitted` counts applicants beyond the limit. `modules` is the catalogue where
    modules are asked for. `jegyzo` is "", "absent" or "unclear"; `understood` says whether the form shows any value.
    `reason` holds the paragraphs of staff's own words; `writes_to_writer` is False in a letter to somebody who did
    not write to us.
    """

    greeting: str
    total: int
    people: tuple[Named, ...]
    applicants: tuple[Applicant, ...]
    common: tuple[Item, ...]
    ready: tuple[str, ...]
    reviewed: tuple[str, ...]
    omitted: int
    modules: tuple[Module, ...]
    jegyzo: str
    understood: bool
    reason: tuple[str, ...]
    writes_to_writer: bool
    own_address: str
    privacy_url: str


def gather_facts(  # noqa: PLR0913  # what the letters differ in
    message: Message,
    people: Sequence[Person],
    catalogue: Catalogue,
    *,
    own_address: str,
    privacy_url: str = "",
    jegyzo: Jegyzo | None = None,
    reason: tuple[str, ...] = (),
) -> Facts:
    """What a letter about `people` says to the writer of `message`; a known `jegyzo` is not asked for."""
    short_names = {module.id: module.short_name for module in catalogue.modules}
    people = _without_jegyzo(people) if jegyzo is not None and jegyzo.status in KNOWN_JEGYZO else people
    incomplete = [person for person in people if person.status is Status.INCOMPLETE and person.problems]
    incomplete = incomplete or [person for person in people if person.problems]  # staff ask on their own account
    asked = {problem for person in incomplete for problem in person.problems}
    applicants = tuple(
        applicant_of(index, person, short_names) for index, person in enumerate(incomplete[:PEOPLE_LIMIT], start=1)
    )
    common, applicants = grouped(applicants)
    named = [_named(person, short_names) for person in people[:PEOPLE_LIMIT]]
    return Facts(
        greeting=writer_name(message, people, catalogue),
        total=len(people),
        people=tuple(one for one in named if one.name or one.email),
        applicants=applicants,
        common=common,
        ready=_names(people, Status.READY),
        reviewed=_names(people, Status.REVIEW) if any(one.status is Status.INCOMPLETE for one in people) else (),
        omitted=max(0, len(incomplete) - PEOPLE_LIMIT),
        modules=catalogue.modules if asked & OF_MODULES else (),
        jegyzo=_jegyzo(asked),
        understood=any(one.form.shows_any for one in applicants),
        reason=reason,
        writes_to_writer=True,
        own_address=own_address,
        privacy_url=privacy_url,
    )


def _without_jegyzo(people: Sequence[Person]) -> list[Person]:
    return [replace(one, problems=tuple(word for word in one.problems if word not in OF_THE_MAIL)) for one in people]


def _jegyzo(asked: set[Problem]) -> str:
    if Problem.JEGYZO_NOT_IN_CC in asked:
        return "absent"
    return "unclear" if Problem.JEGYZO_UNCLEAR in asked else ""


def _named(person: Person, short_names: dict[str, str]) -> Named:
    email = address(person.email.value) if person.email else ""
    return Named(text_of(person.full_name), email, module_names(person, short_names))


def _names(people: Sequence[Person], status: Status) -> tuple[str, ...]:
    return tuple(filter(None, (text_of(one.full_name) for one in people if one.status is status)))[:PEOPLE_LIMIT]
