"""What the product asks of Moodle, in its own words: accounts, courses, enrolments.

An account is found only where Moodle's answer bears the very address or user name that was sought, whatever the case:
MySQL also finds what differs in its accents, and a search by `core_user_get_users` takes _ for any letter.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from config.moodle import MoodleSettings
from registry.exports.moodle import COUNTRY
from registry.exports.people import PortalPerson
from registry.moodle.client import READ_S, MoodleClient
from registry.moodle.errors import PortalAway, PortalMisconfigured, PortalRefusal

LOOKED_UP_AT_ONCE = 50
SEARCH = "core_user_get_users"
NEEDED = (
    "core_webservice_get_site_info",
    "core_user_get_users_by_field",
    "core_user_create_users",
    "core_course_get_courses_by_field",
    "core_enrol_get_users_courses",
    "enrol_manual_enrol_users",
)
COHORT = "core_cohort_add_cohort_members"


@dataclass(frozen=True, slots=True)
class Site:
    """Who answers: the site's name and release, as whom we are known there, what the token may call."""

    name: str
    release: str
    username: str
    functions: frozenset[str]


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """An account at the portal; texts are "" where the token may not see them."""

    id: int
    username: str
    email: str
    full_name: str
    suspended: bool


class Portal:
    """The portal through one client; remembers courses and its own rights as long as it lives, which is short."""

    def __init__(self, client: MoodleClient, settings: MoodleSettings) -> None:
        self._client = client
        self._settings = settings
        self._site: Site | None = None
        self._courses: dict[str, int | None] = {}

    def get_site(self) -> Site:
        """Who answers there. Raises PortalError, as all of these."""
        if self._site is None:
            answer = _mapping(self._client.read("core_webservice_get_site_info", {}))
            functions = frozenset(str(_mapping(one).get("name")) for one in _list(answer.get("functions")))
            name, release, username = (str(answer.get(key, "")) for key in ("sitename", "release", "username"))
            self._site = Site(name, release, username, functions)
        return self._site

    def find_accounts(self, addresses: Iterable[str]) -> dict[str, list[FoundAccount]]:
        """The accounts with these addresses (in small letters), by address; () where there is none."""
        return self._find("email", sorted(set(addresses)))

    def find_usernames(self, usernames: Iterable[str]) -> dict[str, list[FoundAccount]]:
        """The accounts with these user names, by user name."""
        return self._find("username", sorted(set(usernames)))

    def search_address(self, address: str) -> list[FoundAccount]:
        """The accounts with this address in whatever case, where the token may search; else none."""
        if SEARCH not in self.get_site().functions:
            return []
        answer = self._client.read(SEARCH, {"criteria": [{"key": "email", "value": address}]})
        found = [_account(one) for one in _list(_mapping(answer).get("users"))]
        return [one for one in found if one.email.casefold() == address.casefold()]

    def create_account(self, person: PortalPerson) -> int:
        """Make the account and have Moodle mail its password; its number.

        One account a call: in a bulk that fails, those before the bad one would have been mailed passwords of accounts
        that are rolled back (create_users calls setnew_password_and_mail inside its transaction).
        """
        answer = _list(self._client.write("core_user_create_users", {"users": [self._user(person)]}))
        number = _mapping(answer[0]).get("id") if len(answer) == 1 else None
        if not isinstance(number, int):
            raise PortalAway("not_json")
        return number

    def find_courses(self, names: Iterable[str]) -> dict[str, int | None]:
        """The numbers of the courses with these short names, None where the portal has none or shows none."""
        wanted = list(names)
        for name in wanted:
            if name not in self._courses:
                self._courses[name] = self._find_course(name)
        return {name: self._courses[name] for name in wanted}

    def get_enrolments(self, account: int) -> set[int]:
        """The courses that the account is in; what may not be seen counts as not there, for enrolling twice is none."""
        parameters = {"userid": account, "returnusercount": False}
        try:
            answer = self._client.read("core_enrol_get_users_courses", parameters)
        except PortalRefusal:
            return set()
        return {int(_mapping(one).get("id", 0)) for one in _list(answer)}

    def enrol(self, account: int, courses: Sequence[int]) -> None:
        """Enrol in all of these courses or, where Moodle refuses one, in none."""
        role = self._settings.service.role if self._settings.service else 0
        enrolments = [{"roleid": role, "userid": account, "courseid": course} for course in courses]
        try:
            self._client.write("enrol_manual_enrol_users", {"enrolments": enrolments})
        except PortalMisconfigured as error:
            if error.errorcode != "nopermissions":
                raise
            raise PortalRefusal("may_not_enrol", error.errorcode) from error  # a right of each course

    def join_cohort(self, account: int) -> None:
        """Let the account join the configured cohort, where there is one; once more does no harm."""
        if not self._settings.cohort:
            return
        member = {
            "cohorttype": {"type": "idnumber", "value": self._settings.cohort},
            "usertype": {"type": "id", "value": account},
        }
        answer = self._client.write(COHORT, {"members": [member]})
        if _list(_mapping(answer).get("warnings")):
            raise PortalRefusal("cohort")

    def _find(self, field: str, values: Sequence[str]) -> dict[str, list[FoundAccount]]:
        found: dict[str, list[FoundAccount]] = {value: [] for value in values}
        left = iter(values)
        while group := list(islice(left, LOOKED_UP_AT_ONCE)):
            for one in self._read_accounts(field, group):
                value = getattr(one, field).casefold()
                if value in found:
                    found[value].append(one)
        return found

    def _read_accounts(self, field: str, values: Sequence[str]) -> list[FoundAccount]:
        """One value that Moodle takes for none spoils the whole call: then each is asked for by itself."""
        try:
            answer = self._client.read("core_user_get_users_by_field", {"field": field, "values": values})
        except PortalRefusal:
            if len(values) == 1:
                return []  # no account has what Moodle takes for no value
            return [account for value in values for account in self._read_accounts(field, [value])]
        return [_account(one) for one in _list(answer)]

    def _find_course(self, name: str) -> int | None:
        try:
            answer = self._client.read("core_course_get_courses_by_field", {"field": "shortname", "value": name})
        except PortalRefusal:
            return None
        courses = [_mapping(one) for one in _list(_mapping(answer).get("courses"))]
        exact = [one for one in courses if html.unescape(str(one.get("shortname", ""))) == name]
        number = (exact or courses)[0].get("id") if courses else None
        return number if isinstance(number, int) else None

    def _user(self, person: PortalPerson) -> dict[str, Any]:
        settings = self._settings
        chosen = {"lang": settings.lang, "timezone": settings.timezone, "maildisplay": settings.mail_display}
        field = {"type": settings.profile_field, "value": person.pir}
        return {
            "createpassword": True,
            "username": person.username,
            "auth": settings.auth or "manual",
            "firstname": person.firstname,
            "lastname": person.lastname,
            "email": person.email,
            "city": person.city,
            "institution": person.institution,
            "country": COUNTRY,
            **{name: value for name, value in chosen.items() if value},
            **({"customfields": [field]} if settings.profile_field else {}),
        }


@contextmanager
def open_portal(settings: MoodleSettings, *, read_s: float = READ_S) -> Iterator[Portal]:
    """The configured portal, closed afterwards; raises PortalMisconfigured where none is configured."""
    if settings.service is None:
        raise PortalMisconfigured("no_service")
    with closing(MoodleClient(settings.service, read_s=read_s)) as client:
        yield Portal(client, settings)


def _account(answer: Any) -> FoundAccount:
    row = _mapping(answer)
    number = row.get("id")
    if not isinstance(number, int):
        raise PortalAway("not_json")
    username, email, full_name = (str(row.get(key) or "") for key in ("username", "email", "fullname"))
    return FoundAccount(number, username, email, full_name, bool(row.get("suspended")))


def _mapping(answer: Any) -> Mapping[str, Any]:
    if not isinstance(answer, dict):
        raise PortalAway("not_json")
    return answer


def _list(answer: Any) -> list[Any]:
    if not isinstance(answer, list):
        raise PortalAway("not_json")
    return answer
