"""One person's turn at the portal: looked up, then what is missing is made. Each step is on record before the next.

Every turn begins with the looking up, so a turn that was cut off anywhere is simply taken again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registry.exports.people import PortalPerson
from registry.moodle.errors import PortalRefusal
from registry.moodle.portal import FoundAccount, Portal
from registry.portal import PortalStep

Record = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a turn came to: `account` is None where there is none. `courses` as in registry.portal.PortalResult."""

    account: FoundAccount | None
    existed: bool
    courses: Sequence[Mapping[str, str]] = ()


@dataclass(slots=True)
class Known:
    """What a look-up for many people at once found, and what was made since: by address and by user name."""

    by_address: dict[str, list[FoundAccount]] = field(default_factory=dict)
    by_username: dict[str, list[FoundAccount]] = field(default_factory=dict)

    def note(self, address: str, account: FoundAccount) -> None:
        """An account was made or found meanwhile."""
        self.by_address[address] = [account]


def look_up(portal: Portal, people: Sequence[PortalPerson]) -> Known:
    """The accounts of many people in a few calls. Raises PortalError."""
    found = portal.find_accounts(person.email for person in people)
    unknown = [person for person in people if not found.get(person.email)]
    return Known(found, portal.find_usernames(person.username for person in unknown))


def find_account(portal: Portal, person: PortalPerson, known: Known) -> FoundAccount | None:
    """The person's account, None where they have none. Raises PortalRefusal where it is not sure whose it is."""
    found = known.by_address.get(person.email) or portal.search_address(person.email)
    if len(found) > 1:
        raise PortalRefusal("several_accounts")
    namesakes = known.by_username.get(person.username, [])
    if not found and namesakes:
        raise PortalRefusal("username_taken")
    if found and found[0].suspended:
        raise PortalRefusal("suspended")
    return found[0] if found else None


def rehearse(portal: Portal, person: PortalPerson, known: Known) -> Outcome:
    """What would be done; nothing is."""
    account = find_account(portal, person, known)
    courses = _find_courses(portal, person)
    there = portal.get_enrolments(account.id) if account else set()
    return Outcome(account, account is not None, _told(person, courses, there, "planned"))


def hand_over(
    portal: Portal, person: PortalPerson, known: Known, record: Record, *, create_begun: bool = False
) -> Outcome:
    """Make the account where there is none, enrol where it is not yet; `record` keeps each step at once.

    `create_begun`: an earlier turn asked for the account and heard no answer, so one that is there is ours.
    Raises PortalError.
    """
    account = find_account(portal, person, known)
    courses = _find_courses(portal, person)
    existed = account is not None and not create_begun
    if account is None:
        record({"step": PortalStep.LOOKED_UP, "create_begun": True})
        account, existed = _create(portal, person, record)
    known.note(person.email, account)
    step = PortalStep.LOOKED_UP if existed else PortalStep.CREATED
    record({"step": step, "account_id": account.id, "existed": existed})
    there = portal.get_enrolments(account.id) if existed or create_begun else set()
    _enrol(portal, account.id, {name: number for name, number in courses.items() if number not in there})
    portal.join_cohort(account.id)
    return Outcome(account, existed, _told(person, courses, there, "enrolled"))


def _create(portal: Portal, person: PortalPerson, record: Record) -> tuple[FoundAccount, bool]:
    """The account, and whether it was there all the same: Moodle may refuse what a look-up could not show."""
    try:
        number = portal.create_account(person)
    except PortalRefusal as refusal:
        record({"create_begun": False})
        account = find_account(portal, person, look_up(portal, [person]))
        if account is None:
            raise PortalRefusal("create_refused", refusal.errorcode) from refusal
        return account, True
    name = f"{person.lastname} {person.firstname}"
    return FoundAccount(number, person.username, person.email, name, suspended=False), False


def _find_courses(portal: Portal, person: PortalPerson) -> dict[str, int]:
    """Before anything is made: nobody shall have an account and half of the courses."""
    found = portal.find_courses(person.courses)
    missing = [name for name, number in found.items() if number is None]
    if missing:
        raise CoursesMissing(missing)
    return {name: number for name, number in found.items() if number is not None}


class CoursesMissing(PortalRefusal):
    """The portal has no course of these short names."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__("course_not_found")
        self.names = tuple(names)


def _enrol(portal: Portal, account: int, courses: Mapping[str, int]) -> None:
    """All at once; where that is refused one by one, so that one bad course costs nobody the others."""
    if not courses:
        return
    try:
        portal.enrol(account, list(courses.values()))
    except PortalRefusal:
        if len(courses) == 1:
            raise
        refusals = [refusal for number in courses.values() if (refusal := _try_to_enrol(portal, account, number))]
        if refusals:
            raise refusals[0] from None


def _try_to_enrol(portal: Portal, account: int, course: int) -> PortalRefusal | None:
    try:
        portal.enrol(account, [course])
    except PortalRefusal as refusal:
        return refusal
    return None


def _told(person: PortalPerson, courses: Mapping[str, int], there: set[int], word: str) -> list[dict[str, str]]:
    told = [{"course": name, "outcome": "already" if number in there else word} for name, number in courses.items()]
    return told + [{"module": module, "outcome": "no_course"} for module in person.no_course]
