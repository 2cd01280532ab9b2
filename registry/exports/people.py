"""People as the portal wants them: an account for each address, with its courses and what Moodle would refuse. Pure.

What Moodle takes and refuses is read from its source (docs/export.md names the places). Nobody is handed over with
another name or address than they gave: what does not fit is told to a person before anything leaves the house.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import idna

from registry.exports.cells import FORMULA_STARTS, plain
from registry.exports.names import TITLES, is_reversed, split_name
from registry.models import Registration
from rules.text import fold

USERNAME_CHARACTERS = frozenset("-._@abcdefghijklmnopqrstuvwxyz0123456789")  # PARAM_USERNAME
NAME_LIMIT, EMAIL_LIMIT, USERNAME_LIMIT, CITY_LIMIT, INSTITUTION_LIMIT = 100, 100, 100, 120, 255  # Moodle's columns
NAME_REFUSED = frozenset("<>\\")  # PARAM_NOTAGS strips tags; PHP's CSV reader takes a backslash for an escape
EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
LOCAL_LIMIT = 64


class Problem(StrEnum):
    """Why the portal would refuse a person or take them for another; its words are the label group "portal_problem"."""

    INCOMPLETE = "incomplete"
    NAME_INCOMPLETE = "name_incomplete"
    NAME_TOO_LONG = "name_too_long"
    NAME_CHARACTERS = "name_characters"
    EMAIL_INVALID = "email_invalid"
    EMAIL_NOT_ASCII = "email_not_ascii"
    EMAIL_TOO_LONG = "email_too_long"
    FORMULA_START = "formula_start"
    USERNAME_TOO_LONG = "username_too_long"
    USERNAME_TAKEN = "username_taken"
    SEVERAL_NAMES = "several_names"
    NO_COURSE = "no_course"


class Remark(StrEnum):
    """What a person should know of somebody who can be handed over; its words: the label group "portal_remark"."""

    COURSE_MISSING = "course_missing"
    ACCOUNT_NAME_DIFFERS = "account_name_differs"
    NAME_REVERSED = "name_reversed"
    FORMULA_NAME = "formula_name"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account that the portal has already, by the imported list."""

    username: str
    full_name: str = ""


@dataclass(frozen=True, slots=True)
class MoodleDirectory:
    """What is known beside the requests.

    `courses` maps a ProBono identifier to the course's short name ("" or none: the portal has no such course),
    `institutions` a PIR to the body's official name, `accounts` an address in small letters to the account it has,
    `owners` a user name to the address of its account; `rivals` are user names that several addresses would get;
    `given_names` are folded.
    """

    courses: Mapping[str, str]
    institutions: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, KnownAccount] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    rivals: Collection[str] = frozenset()
    given_names: Collection[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PortalPerson:
    """An account as the portal shall have it, made of `registrations` (all of one address, oldest first).

    `no_course` are modules that the portal has no course for. With `problems` it must not be handed over.
    """

    registrations: tuple[Registration, ...]
    username: str
    firstname: str
    lastname: str
    email: str
    city: str
    institution: str
    pir: str
    courses: tuple[str, ...]
    no_course: tuple[str, ...]
    has_account: bool
    problems: tuple[Problem, ...]
    remarks: tuple[Remark, ...]


def address_of(registration: Registration) -> str:
    """Whose request it is: the address in small letters, without blanks around it."""
    return registration.email.strip().lower()


def make_person(registrations: Sequence[Registration], directory: MoodleDirectory) -> PortalPerson:
    """The account for these requests of one address; a later request's fields win over an earlier one's."""
    last = registrations[-1]
    address = address_of(last)
    account = directory.accounts.get(address)
    lastname, firstname = split_name(last.full_name, directory.given_names)
    modules = list(dict.fromkeys(module for one in registrations for module in one.module_ids))
    courses = tuple(dict.fromkeys(name for module in modules if (name := directory.courses.get(module, ""))))
    city, institution = plain(last.municipality), plain(directory.institutions.get(last.pir) or last.municipality)
    person = PortalPerson(
        registrations=tuple(registrations),
        username=account.username if account and account.username else make_username(address),
        firstname=plain(firstname),
        lastname=plain(lastname),
        email=ascii_address(address),
        city=city[:CITY_LIMIT],
        institution=institution[:INSTITUTION_LIMIT],
        pir=last.pir,
        courses=courses,
        no_course=tuple(module for module in modules if not directory.courses.get(module)),
        has_account=account is not None,
        problems=(),
        remarks=(),
    )
    problems = tuple(_problems(person, address, directory))
    was_cut = len(city) > CITY_LIMIT or len(institution) > INSTITUTION_LIMIT
    return _judged(person, problems, tuple(_remarks(person, account, directory, was_cut=was_cut)))


def make_username(address: str) -> str:
    """The address as a Moodle user name: small letters, accents folded (Moodle would drop the whole letter)."""
    decomposed = unicodedata.normalize("NFKD", address.strip().lower())
    return "".join(char for char in decomposed if char in USERNAME_CHARACTERS)


def ascii_address(address: str) -> str:
    """The address with its domain as DNS knows it (PHP takes no other); as it is where that cannot be."""
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return local + at + idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return address


def _judged(person: PortalPerson, problems: tuple[Problem, ...], remarks: tuple[Remark, ...]) -> PortalPerson:
    values = {name: getattr(person, name) for name in PortalPerson.__slots__}
    return PortalPerson(**{**values, "problems": problems, "remarks": remarks})


def _problems(person: PortalPerson, address: str, directory: MoodleDirectory) -> list[Problem]:
    names = (person.firstname, person.lastname)
    owner = directory.owners.get(person.username, address)
    said = {
        Problem.INCOMPLETE: any(one.missing_fields for one in person.registrations),
        Problem.NAME_INCOMPLETE: not all(names),
        Problem.NAME_TOO_LONG: any(len(name) > NAME_LIMIT for name in names),
        Problem.NAME_CHARACTERS: any(NAME_REFUSED & set(name) for name in names),
        Problem.EMAIL_NOT_ASCII: not person.email.isascii(),
        Problem.EMAIL_INVALID: person.email.isascii() and not _is_address(person.email),
        Problem.EMAIL_TOO_LONG: len(person.email) > EMAIL_LIMIT,
        Problem.FORMULA_START: any(text.startswith(FORMULA_STARTS) for text in (person.email, person.username)),
        Problem.USERNAME_TOO_LONG: len(person.username) > USERNAME_LIMIT and len(person.email) <= EMAIL_LIMIT,
        Problem.USERNAME_TAKEN: owner != address or (not person.has_account and person.username in directory.rivals),
        Problem.SEVERAL_NAMES: _are_several(person.registrations),
        Problem.NO_COURSE: not person.courses,
    }
    return [problem for problem, holds in said.items() if holds]


def _remarks(
    person: PortalPerson, account: KnownAccount | None, directory: MoodleDirectory, *, was_cut: bool
) -> list[Remark]:
    name = person.registrations[-1].full_name
    said = {
        Remark.COURSE_MISSING: bool(person.courses and person.no_course),
        Remark.ACCOUNT_NAME_DIFFERS: bool(account and account.full_name and _differ(account.full_name, name)),
        Remark.NAME_REVERSED: is_reversed(name, directory.given_names),
        Remark.FORMULA_NAME: any(
            text.startswith(FORMULA_STARTS)
            for text in (person.firstname, person.lastname, person.city, person.institution)
        ),
        Remark.CUT: was_cut,
    }
    return [remark for remark, holds in said.items() if holds]


def _is_address(email: str) -> bool:
    return EMAIL.fullmatch(email) is not None and len(email.partition("@")[0]) <= LOCAL_LIMIT


def _are_several(registrations: Sequence[Registration]) -> bool:
    """Whether the requests of one address name different people."""
    names = [one.full_name for one in registrations]
    return any(_differ(names[-1], name) for name in names[:-1])


def _differ(one: str, other: str) -> bool:
    """Whether two names cannot be the same person's: neither has all words of the other."""
    words, others = _words(one), _words(other)
    return bool(words and others) and not (words <= others or others <= words)


def _words(name: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]+", fold(name)) if word not in TITLES}
