"""Every format, column by column, read back with other people's readers."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from django.conf import settings
from django.db.models import QuerySet
from python_calamine import CalamineWorkbook

from config.catalogue import load_catalogue
from registry.exports.cells import neutral
from registry.exports.columns import FIELDS
from registry.exports.handover import PLAIN, HandoverStyle, get_registrations, write_handover
from registry.exports.names import is_reversed, split_name
from registry.exports.people import make_username
from registry.models import Account, Municipality, Registration
from rules.model import Note, Problem, Status
from tests.review.factory import ADO, IRAT, KATI, Applicant, make_registration

KNOWN = ["username", "firstname", "lastname", "email", "city", "institution", "country", "lang", "timezone"]
FORMULA = '=HYPERLINK("http://example.org";"x")'
HOSTILE = [FORMULA, "+36 1 2", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"]


def write(name: str, rows: QuerySet[Registration], style: HandoverStyle = PLAIN, **courses: str) -> bytes:
    stream = io.BytesIO()
    moodle = replace(settings.ASPOKTATAS.moodle, courses={**settings.ASPOKTATAS.moodle.courses, **courses})
    write_handover(name, rows, stream, load_catalogue(), moodle=moodle, style=style)
    return stream.getvalue()


def moodle(rows: QuerySet[Registration], **courses: str) -> list[dict[str, str]]:
    text = write("moodle", rows, PLAIN, **courses).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def everything() -> QuerySet[Registration]:
    return get_registrations(["ready", "incomplete", "review", "approved"])


@pytest.mark.django_db
def test_moodle_gets_exactly_the_headers_it_knows() -> None:
    make_registration(Applicant(modules=(ADO, IRAT)))
    text = write("moodle", everything()).decode("utf-8")
    assert text.splitlines()[0] == ";".join([*KNOWN, "profile_field_pir", "course1", "course2"])
    assert text.endswith("\r\n")


@pytest.mark.django_db
def test_moodle_row_by_column() -> None:
    Municipality.objects.create(pir="740746", name="Tiszacsege Város Önkormányzata", settlement="Tiszacsege")
    make_registration(Applicant(full_name="Kovácsné Nagy Éva", email="Kovacsne.Eva@Tiszacsege.hu", modules=(ADO, KATI)))
    assert moodle(everything(), **{ADO: "ADO-2026"}) == [
        {
            "username": "kovacsne.eva@tiszacsege.hu",
            "firstname": "Éva",
            "lastname": "Kovácsné Nagy",
            "email": "kovacsne.eva@tiszacsege.hu",
            "city": "Tiszacsege",
            "institution": "Tiszacsege Város Önkormányzata",
            "lang": "hu",
            "country": "HU",
            "timezone": "Europe/Budapest",
            "profile_field_pir": "740746",
            "course1": "ADO-2026",
            "course2": "Gazdálkodás - KATI",
        }
    ]


@pytest.mark.django_db
def test_moodle_gets_one_row_an_address_with_all_its_courses() -> None:
    make_registration(Applicant(modules=(ADO,)))
    make_registration(Applicant(modules=(IRAT, ADO), full_name="Kovács Anna Mária"))
    make_registration(Applicant(full_name="Nagy Béla", email="nagy.bela@tiszacsege.hu", modules=(KATI,)))
    rows = moodle(everything())
    assert [(row["email"], row["firstname"], row["course1"], row["course2"]) for row in rows] == [
        ("kovacs.anna@tiszacsege.hu", "Anna Mária", "ADÓ", "Irat teljes"),
        ("nagy.bela@tiszacsege.hu", "Béla", "Gazdálkodás - KATI", ""),
    ]


@pytest.mark.django_db
def test_moodle_keeps_the_user_name_of_an_account_and_leaves_out_the_incomplete() -> None:
    Account.objects.create(email="kovacs.anna@tiszacsege.hu", username="kovacsanna7")
    make_registration()
    make_registration(Applicant(pir="", status=Status.INCOMPLETE, problems=(Problem.PIR_MISSING,)))
    assert [row["username"] for row in moodle(everything())] == ["kovacsanna7"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["moodle", "csv", "xlsx"])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_stranger_is_a_formula(name: str, text: str) -> None:
    make_registration(Applicant(full_name=f"{text} Anna", municipality=text, county=text[:60]))
    for row in _cells(name, write(name, everything()))[1:]:
        assert not [cell for cell in row if cell.lstrip().startswith(("=", "+", "-", "@", "＝"))]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Kovács", "Kovács"),
        ("=1+1", "'=1+1"),
        ("\t=1", "'=1"),
        ("-", "'-"),
        ("több\nsor\x00", "több sor"),
        ("", ""),
        ("a=b", "a=b"),
    ],
)
def test_cells_are_neutral(given: str, shown: str) -> None:
    assert neutral(given) == shown


@pytest.mark.django_db
def test_csv_and_xlsx_by_column() -> None:
    row = make_registration(Applicant(modules=(ADO, IRAT), notes=(Note.COUNTY_INFERRED,)), status="approved")
    expected = [
        str(row.pk),
        "approved",
        "Kovács Anna",
        "Tiszacsege",
        "740746",
        "Hajdú-Bihar",
        "kovacs.anna@tiszacsege.hu",
        "ADÓ, Irat teljes",
        "",
        "county_inferred",
        "stated",
        "jegyzo@tiszacsege.hu",
        row.mail.message_id,
        row.mail.received_at.isoformat(timespec="seconds"),
    ]
    assert _cells("csv", write("csv", everything())) == [list(FIELDS), expected]
    assert _cells("xlsx", write("xlsx", everything())) == [list(FIELDS), expected]


@pytest.mark.django_db
def test_csv_dialect_is_the_readers_choice() -> None:
    make_registration()
    marked = write("csv", everything(), HandoverStyle(delimiter=",", byte_order_mark=True))
    assert marked.startswith(b"\xef\xbb\xbfid,status,")
    assert not write("csv", everything()).startswith(b"\xef\xbb\xbf")


@pytest.mark.django_db
def test_jsonl_has_the_fields_of_a_person() -> None:
    row = make_registration(
        Applicant(email="", status=Status.INCOMPLETE, problems=(Problem.EMAIL_MISSING,), notes=(Note.COUNTY_INFERRED,))
    )
    lines = write("jsonl", everything()).decode("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {
            "id": row.pk,
            "status": "incomplete",
            "mail_message_id": row.mail.message_id,
            "full_name": "Kovács Anna",
            "municipality": "Tiszacsege",
            "pir": "740746",
            "county": "Hajdú-Bihar",
            "email": None,
            "modules": [ADO],
            "problems": ["email_missing"],
            "notes": ["county_inferred"],
        }
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["moodle", "csv", "xlsx", "jsonl"])
def test_nothing_to_export_is_a_file_too(name: str) -> None:
    assert (write(name, everything()) == b"") is (name == "jsonl")


@pytest.mark.parametrize(
    ("full_name", "lastname", "firstname"),
    [
        ("Kovács Éva", "Kovács", "Éva"),
        ("Szabó Anna Mária", "Szabó", "Anna Mária"),
        ("Kovács Jánosné", "Kovács", "Jánosné"),
        ("Kovácsné Nagy Éva", "Kovácsné Nagy", "Éva"),
        ("Szabóné dr. Kis Anna", "Szabóné dr. Kis", "Anna"),
        ("Dr. László Péter", "Dr. László", "Péter"),
        ("Minta Béla dr.", "dr. Minta", "Béla"),
        ("B. Kovács Éva", "B. Kovács", "Éva"),
        ("Nagy-Kiss Éva", "Nagy-Kiss", "Éva"),
        ("László Péter", "László", "Péter"),
        ("László Péter András", "László", "Péter András"),
        ("KOVÁCSNÉ NAGY ÉVA", "Kovácsné Nagy", "Éva"),
        ("Xyz Qwerty", "Xyz", "Qwerty"),
        ("Éva", "Éva", ""),
        ("Pékné dr. Csefkó Judit", "Pékné dr. Csefkó", "Judit"),
        ("özv. Kovács Jánosné", "özv. Kovács", "Jánosné"),
        ("Kovács Éva (szül.: Nagy Éva)", "Kovács", "Éva"),
        ("", "", ""),
    ],
)
def test_names_are_split_in_hungarian_order(full_name: str, lastname: str, firstname: str) -> None:
    assert split_name(full_name, load_catalogue().given_names) == (lastname, firstname)


@pytest.mark.parametrize(
    ("full_name", "reversed_"),
    [("Éva Kovács", True), ("Kovács Éva", False), ("László Péter", False), ("Éva Kovácsné", False), ("Éva", False)],
)
def test_a_name_in_foreign_order_is_told(full_name: str, reversed_: bool) -> None:
    assert is_reversed(full_name, load_catalogue().given_names) is reversed_


@pytest.mark.parametrize(
    ("address", "username"),
    [("Őry.Éva+asp@Példa.hu", "ory.evaasp@pelda.hu"), ("nagy_b-1@x.hu", "nagy_b-1@x.hu")],
)
def test_user_names_keep_only_what_moodle_takes(address: str, username: str) -> None:
    assert make_username(address) == username


def _cells(name: str, data: bytes) -> list[list[str]]:
    if name == "xlsx":
        rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
        return [[str(cell) for cell in row] for row in rows]
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=";"))
