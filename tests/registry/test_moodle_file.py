"""Moodle's file of two hundred varied people, read as Moodle reads it: every column against the rules of its source.

The reader is written from admin/tool/uploaduser (locallib.php: the headers; classes/process.php: a row) and
lib/csvlib.class.php of moodle/moodle (domain.md §9.1 tells of them), and shares no code with the writer.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from zoneinfo import available_timezones

import pytest
from django.conf import settings
from email_validator import validate_email

from config.catalogue import load_catalogue
from config.moodle import MoodleSettings
from registry.exports.handover import HandoverStyle, get_registrations, write_handover
from registry.exports.people import PortalPerson, Remark
from registry.models import Account, Municipality
from tests.registry.two_hundred import Expected, two_hundred
from tests.review.factory import ADO, KATI, make_registrations

STANDARD = (
    "id username email emailstop city country lang timezone mailformat maildisplay maildigest htmleditor autosubscribe "
    "institution department idnumber phone1 phone2 address url description descriptionformat password auth oldusername "
    "suspended theme deleted mnethostid interests firstname lastname firstnamephonetic lastnamephonetic middlename "
    "alternatename"
)
NUMBERED = re.compile(r"(?:sysrole|cohort|course|group|type|role|enrolperiod|enrolstatus)\d+")
FOLD = str.maketrans("áéíóöőúüű", "aeiooouuu")
TIMEZONES = available_timezones()  # asked once: it walks through a folder
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
Row = dict[str, str]


@dataclass
class UploadUsers:
    """Moodle's upload in the mode "add new and update existing", with its own site: `fields` are its profile fields."""

    courses: set[str]
    fields: set[str] = field(default_factory=lambda: {"pir"})
    accounts: dict[str, str] = field(default_factory=dict)  # user name → e-mail

    def read(self, data: bytes, delimiter: str = ";") -> list[Row]:
        """The rows; fails where Moodle would refuse the file or a row."""
        text = data.decode("utf-8").removeprefix("\ufeff")  # csvlib: trim_utf8_bom
        assert "\\" not in text  # fgetcsv() takes it for an escape
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        headers = lines[0]
        assert len(headers) == len(set(headers)) >= 2  # duplicatefieldname, csvfewcolumns
        assert not [name for name in headers if not self._knows(name)]  # invalidfieldname
        assert {len(line) for line in lines} == {len(headers)}  # csvweirdcolumns
        rows = [dict(zip(headers, line, strict=True)) for line in lines[1:]]
        for row in rows:
            self._take(row)
        return rows

    def _knows(self, name: str) -> bool:
        is_field = name.startswith("profile_field_") and name.removeprefix("profile_field_") in self.fields
        return name in STANDARD.split() or is_field or NUMBERED.fullmatch(name) is not None

    def _take(self, row: Row) -> None:
        assert all(value == value.strip() for value in row.values())
        username, email = row["username"], row["email"]
        assert username == re.sub(r"[^-._@a-z0-9]", "", username.lower())  # clean_field: PARAM_USERNAME
        assert username not in ("", "guest")
        assert len(username) <= 100
        assert self.accounts.get(username, email) == email  # else another's account would be changed
        assert username in self.accounts or email not in self.accounts.values()  # useremailduplicate
        self.accounts[username] = email
        for name in ("firstname", "lastname"):
            assert 0 < len(row[name]) <= 100
            assert not re.search(r"[<>]", row[name])  # PARAM_NOTAGS
        assert validate_email(email, check_deliverability=False, allow_smtputf8=False).ascii_email == email
        assert len(email) <= 100
        assert 0 < len(row["city"]) <= 120
        assert 0 < len(row["institution"]) <= 255
        assert (row["country"], row["lang"]) == ("HU", "hu")
        assert row["timezone"] in TIMEZONES
        assert re.fullmatch(r"\d{6}", row["profile_field_pir"])
        wished = self.enrolments(row)
        assert wished
        assert wished == list(dict.fromkeys(wished))
        assert set(wished) <= self.courses  # unknowncourse

    @staticmethod
    def enrolments(row: Row) -> list[str]:
        """The courses of a row; an empty cell is passed over."""
        return [row[name] for name in row if re.fullmatch(r"course\d+", name) and row[name]]


@dataclass
class Made:
    """The file, who was left out of it and who was remarked on."""

    data: bytes
    left_out: list[PortalPerson] = field(default_factory=list)
    remarked: list[PortalPerson] = field(default_factory=list)


def make(moodle: MoodleSettings | None = None, style: HandoverStyle | None = None) -> Made:
    stream, made = io.BytesIO(), Made(b"")

    def tell(person: PortalPerson) -> None:
        (made.left_out if person.problems else made.remarked).append(person)

    rows = get_registrations(["approved"])
    write_handover("moodle", rows, stream, load_catalogue(), moodle=moodle, style=style or HandoverStyle(), tell=tell)
    made.data = stream.getvalue()
    return made


def course_names(moodle: MoodleSettings | None = None) -> dict[str, str]:
    return {one.id: one.short_name for one in load_catalogue().modules} | dict(moodle.courses if moodle else {})


def username_of(email: str) -> str:
    """As a person would make it: small letters, no accents, nothing but what Moodle takes."""
    return re.sub(r"[^-._@a-z0-9]", "", email.lower().translate(FOLD))


@pytest.fixture
def people(db: None) -> list[Expected]:
    """The two hundred in the queue, approved; two of them have accounts, one another's user name."""
    found = two_hundred()
    make_registrations([one.applicant for one in found], status="approved")
    Account.objects.create(email="regi.rita@h.hu", username="regirita7", full_name="Régi Rita")
    Account.objects.create(email="masvalaki@h.hu", username="foglalt.ferenc@h.hu")
    Municipality.objects.create(pir="740757", name="Őriszentpéter Város Önkormányzata; „X” szerv", settlement="X")
    return found


def by_address(people: list[Expected]) -> Iterator[tuple[str, list[Expected]]]:
    ordered = sorted(people, key=lambda one: one.applicant.email.lower())
    yield from ((key, list(group)) for key, group in groupby(ordered, key=lambda one: one.applicant.email.lower()))


def test_every_column_of_two_hundred_people(people: list[Expected]) -> None:
    names = course_names()
    moodle = UploadUsers(set(names.values()), accounts={"regirita7": "regi.rita@h.hu", "foglalt.ferenc@h.hu": "m@h.hu"})
    rows = {row["email"]: row for row in moodle.read(make().data)}
    expected = {email: group for email, group in by_address(people) if group[-1].problem is None}
    expected["tarto.manyi@xn--plda-bpa.hu"] = expected.pop("tarto.manyi@példa.hu")
    assert rows.keys() == expected.keys()
    assert len(rows) == 185
    for email, group in expected.items():
        row, one = rows[email], group[-1].applicant
        lastname = group[-1].lastname
        assert row["lastname"] == ("'" + lastname if lastname.startswith(FORMULAS) else lastname)
        assert row["firstname"] == group[-1].firstname
        assert row["username"] == ("regirita7" if one.full_name == "Régi Rita" else username_of(one.email))
        assert row["city"] == one.municipality
        official = "Őriszentpéter Város Önkormányzata; „X” szerv"
        assert row["institution"] == (official if one.pir == "740757" else one.municipality)
        assert row["profile_field_pir"] == one.pir
        assert moodle.enrolments(row) == [names[module] for module in one.modules]


def test_whom_the_portal_would_refuse_is_told_and_not_in_the_file(people: list[Expected]) -> None:
    made = make()
    told = {row.full_name: person.problems for person in made.left_out for row in person.registrations}
    assert told == {one.applicant.full_name: (one.problem,) for one in people if one.problem}
    assert len(told) == 14
    formulas = {one.lastname for one in made.remarked if Remark.FORMULA_NAME in one.remarks}
    assert formulas == {"=HYPERLINK(1)", "+36", "@SUM", "－1"}


def test_no_cell_is_a_formula(people: list[Expected]) -> None:
    cells = [cell for line in csv.reader(io.StringIO(make().data.decode()), delimiter=";") for cell in line]
    assert len(cells) > 2000
    assert not [cell for cell in cells if cell.startswith(FORMULAS)]


@pytest.mark.parametrize(("name", "delimiter"), [("comma", ","), ("tab", "\t"), ("colon", ":"), ("semicolon", ";")])
@pytest.mark.parametrize("mark", [False, True])
def test_the_dialect_is_the_configurations(people: list[Expected], name: str, delimiter: str, mark: bool) -> None:
    made = make(replace(settings.ASPOKTATAS.moodle, delimiter=name), HandoverStyle(byte_order_mark=mark))
    assert made.data.startswith(b"\xef\xbb\xbf") is mark
    moodle = UploadUsers(set(course_names().values()))
    assert len(moodle.read(made.data, delimiter)) == 185


def test_what_the_configuration_adds_and_leaves_out(people: list[Expected]) -> None:
    chosen = replace(
        settings.ASPOKTATAS.moodle, profile_field="", auth="oidc", mail_display="2", role="student", cohort="asp"
    )
    headers = make(chosen).data.decode().splitlines()[0].split(";")
    assert [one for one in headers if not NUMBERED.fullmatch(one)][-2:] == ["auth", "maildisplay"]
    assert [one for one in headers if NUMBERED.fullmatch(one)][:5] == [
        "cohort1",
        "course1",
        "role1",
        "course2",
        "role2",
    ]
    row = next(csv.DictReader(io.StringIO(make(chosen).data.decode()), delimiter=";"))
    assert (row["cohort1"], row["role1"], row["auth"], row["maildisplay"]) == ("asp", "student", "oidc", "2")
    assert not [row[f"role{number}"] for number in range(1, 7) if not row[f"course{number}"] and row[f"role{number}"]]


def test_a_module_without_a_course_is_told(people: list[Expected]) -> None:
    lacking = replace(settings.ASPOKTATAS.moodle, courses={**settings.ASPOKTATAS.moodle.courses, KATI: ""})
    made = make(lacking)
    UploadUsers({name for name in course_names(lacking).values() if name}).read(made.data)
    without = [person for person in made.left_out if "no_course" in person.problems]
    assert {person.no_course for person in without} == {(KATI,)}
    some = [person for person in made.remarked if Remark.COURSE_MISSING in person.remarks]
    assert {person.no_course for person in some} == {(KATI,)}
    wished = [group[-1].applicant.modules for _, group in by_address(people) if KATI in group[-1].applicant.modules]
    assert len([modules for modules in wished if modules != (KATI,)]) >= len(some) > 0
    assert ADO not in {module for person in some for module in person.no_course}
