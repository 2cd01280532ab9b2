"""Moodle's "Upload users" file (tool_uploaduser): one account a row, its courses in numbered columns. Pure.

Only headers that Moodle knows may stand here: any other, `createpassword` among them, aborts the whole upload
(docs/export.md). Several requests for one address become one row: Moodle takes the first row of a user name and
drops the later ones with their courses.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TextIO

from registry.exports.cells import neutral
from registry.exports.names import split_name
from registry.models import Registration

FIXED_HEADERS = (
    "username",
    "firstname",
    "lastname",
    "email",
    "city",
    "institution",
    "lang",
    "country",
    "profile_field_pir",
)
USERNAME_CHARACTERS = frozenset("-._@abcdefghijklmnopqrstuvwxyz0123456789")  # PARAM_USERNAME
NAME_LIMIT, EMAIL_LIMIT, CITY_LIMIT, INSTITUTION_LIMIT = 100, 100, 120, 255


@dataclass(frozen=True, slots=True)
class MoodleDirectory:
    """What the file needs beside the requests.

    `courses` maps a ProBono identifier to the course's short name, `institutions` a PIR to the body's official
    name, `usernames` an address to the user name of the account it already has, `given_names` are folded.
    """

    courses: Mapping[str, str]
    institutions: Mapping[str, str] = field(default_factory=dict)
    usernames: Mapping[str, str] = field(default_factory=dict)
    given_names: Collection[str] = frozenset()


def write_moodle(
    registrations: Iterable[Registration], stream: TextIO, directory: MoodleDirectory, *, delimiter: str = ";"
) -> int:
    """Write the file; returns the number of accounts in it. A later request's fields win over an earlier one's."""
    accounts: dict[str, tuple[Registration, dict[str, None]]] = {}
    for registration in registrations:
        address = registration.email.strip().lower()
        _, courses = accounts.get(address, (registration, {}))
        courses |= dict.fromkeys(directory.courses.get(module, module) for module in registration.module_ids)
        accounts[address] = (registration, courses)
    widest = max((len(courses) for _, courses in accounts.values()), default=1)
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([*FIXED_HEADERS, *(f"course{number}" for number in range(1, widest + 1))])
    for address, (registration, courses) in accounts.items():
        row = [*_account(address, registration, directory), *(neutral(name) for name in courses)]
        writer.writerow(row + [""] * (len(FIXED_HEADERS) + widest - len(row)))
    return len(accounts)


def make_username(address: str) -> str:
    """The address as a Moodle user name: small letters, accents folded (Moodle would drop the whole letter)."""
    decomposed = unicodedata.normalize("NFKD", address.strip().lower())
    return "".join(char for char in decomposed if char in USERNAME_CHARACTERS)


def _account(address: str, registration: Registration, directory: MoodleDirectory) -> list[str]:
    lastname, firstname = split_name(registration.full_name, directory.given_names)
    institution = directory.institutions.get(registration.pir) or registration.municipality
    return [
        neutral(directory.usernames.get(address) or make_username(address), EMAIL_LIMIT),
        neutral(firstname, NAME_LIMIT),
        neutral(lastname, NAME_LIMIT),
        neutral(address, EMAIL_LIMIT),
        neutral(registration.municipality, CITY_LIMIT),
        neutral(institution, INSTITUTION_LIMIT),
        "hu",
        "HU",
        neutral(registration.pir),
    ]
