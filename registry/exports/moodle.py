"""Moodle's "Upload users" file (tool_uploaduser): one account a row, its courses in numbered columns. Pure.

Only headers that Moodle knows may stand here: any other, `createpassword` among them, aborts the whole upload, and so
does a row with another number of cells than the headers (docs/export.md).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from config.moodle import DELIMITERS, MoodleSettings
from registry.exports.cells import neutral, plain
from registry.exports.people import PortalPerson

COUNTRY = "HU"
Tell = Callable[[PortalPerson], None]


def ignore(person: PortalPerson) -> None:
    """Tell nobody."""


def write_moodle(  # noqa: PLR0913  # who, where, how, and who hears of the rest
    people: Iterable[PortalPerson],
    stream: TextIO,
    settings: MoodleSettings,
    *,
    widest: int,
    delimiter: str = "",
    tell: Tell = ignore,
) -> int:
    """Write the file; returns the number of accounts in it. `widest` is the greatest number of courses of anybody.

    Whoever has a problem is left out. `tell` hears of everybody with a problem or a remark.
    """
    writer = csv.writer(stream, delimiter=delimiter or DELIMITERS[settings.delimiter], lineterminator="\r\n")
    writer.writerow(headers(settings, widest))
    written = 0
    for person in people:
        if person.problems or person.remarks:
            tell(person)
        if not person.problems:
            writer.writerow(_cells(person, settings, widest))
            written += 1
    return written


def headers(settings: MoodleSettings, widest: int) -> list[str]:
    """The file's first row."""
    return [
        *("username", "firstname", "lastname", "email", "city", "institution"),
        *(name for name, _ in _fixed(settings)),
        *([f"profile_field_{settings.profile_field}"] if settings.profile_field else []),
        *(name for number in range(1, widest + 1) for name in _course_headers(number, settings)),
    ]


def _cells(person: PortalPerson, settings: MoodleSettings, widest: int) -> list[str]:
    names = (person.firstname, person.lastname, person.email, person.city, person.institution)
    courses = [*person.courses, *[""] * (widest - len(person.courses))]
    return [
        neutral(person.username),
        *(neutral(name) for name in names),
        *(value for _, value in _fixed(settings)),
        *([neutral(person.pir)] if settings.profile_field else []),
        *(cell for course in courses for cell in _course_cells(course, settings)),
    ]


def _fixed(settings: MoodleSettings) -> Iterator[tuple[str, str]]:
    """The columns that are the same for everybody."""
    yield "country", COUNTRY
    for name, value in (
        ("lang", settings.lang),
        ("timezone", settings.timezone),
        ("auth", settings.auth),
        ("maildisplay", settings.mail_display),
        ("cohort1", settings.cohort),
    ):
        if value:
            yield name, value


def _course_headers(number: int, settings: MoodleSettings) -> list[str]:
    return [f"course{number}", *([f"role{number}"] if settings.role else [])]


def _course_cells(course: str, settings: MoodleSettings) -> list[str]:
    """The short name as it is: it comes from the operator, and Moodle knows no other."""
    return [plain(course), *([settings.role if course else ""] if settings.role else [])]
