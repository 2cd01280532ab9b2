"""Directories from the files that people really have."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from config.catalogue import load_catalogue
from registry.directory import extend_catalogue, load_context
from registry.imports.places import Places
from registry.imports.sheets import UnreadableFileError
from registry.imports.take_in import import_file
from registry.models import Account, Clerk, Municipality, Settlement
from tests.review.factory import OWN

pytestmark = pytest.mark.django_db
CATALOGUE = load_catalogue()
KSH_HEADINGS: list[object] = [
    "Helység megnevezése",
    "Helység KSH kódja",
    "Helység jogállása",
    "Vármegye megnevezése",
    "Járás kódja",
    "Járás neve",
    "Járás székhelye",
    "Polgármesteri hivatal, közös önkormányzati hivatal kódja",
    "Polgármesteri hivatal, közös önkormányzati hivatal székhelye",
    "Lakó-népesség",
]


def workbook(**sheets: list[list[object]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, cells in enumerate(rows):
                sheet.write_row(line, 0, cells)
    return stream.getvalue()


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_register_in_any_charset_and_delimiter(charset: str, delimiter: str) -> None:
    lines = [
        ["PIR szám", "Megnevezés", "Vármegye"],
        ["740009", "Tiszacsege Város Önkormányzata", "Hajdú-Bihar vármegye"],
        ["740 373", "Hegyeshalmi Közös Önkormányzati Hivatal", "GYŐR-MOSON-SOPRON"],
    ]
    report = import_file(
        "municipalities", "\r\n".join(delimiter.join(line) for line in lines).encode(charset), CATALOGUE
    )
    assert (len(report.new), len(report.changed), report.refused) == (2, 0, ())
    assert list(Municipality.objects.order_by("pir").values_list("pir", "settlement", "county")) == [
        ("740009", "Tiszacsege", "Hajdú-Bihar"),
        ("740373", "Hegyeshalom", "Győr-Moson-Sopron"),
    ]


def test_what_is_new_changed_unchanged_and_refused_is_told_by_line() -> None:
    first = "pir;name;county\n740009;Tiszacsege Város Önkormányzata;Hajdú-Bihar\n740373;Aba Város;Fejér\n"
    import_file("municipalities", first.encode(), CATALOGUE)
    second = (
        "pir;name;county\n740009;Tiszacsege Város Önkormányzata;Hajdú-Bihar\n740373;Aba Nagyközség;Fejér\n"
        "12345;Rövid;Fejér\n\n740746;Jó;Narnia\n741116;;Zala\n741480;Zala Önk.;Zala\n741480;Más;Zala\n"
    )
    report = import_file("municipalities", second.encode(), CATALOGUE)
    assert (len(report.new), len(report.changed), report.unchanged) == (1, 1, 1)
    assert [(refusal.line, refusal.reason) for refusal in report.refused] == [
        (4, "PIR is not six digits: 12345"),
        (6, "unknown county: Narnia"),
        (7, "no name"),
        (9, "the same PIR as in line 8"),
    ]


def test_a_workbook_with_a_title_numbers_and_other_sheets() -> None:
    data = workbook(
        Borító=[["Nyilvántartás"], ["2026"]],
        Adatok=[
            ["Törzskönyvi nyilvántartás kivonata"],
            [],
            ["Sorszám", "Törzskönyvi azonosító szám (PIR)", "Szerv neve", "Székhely", "Megye"],
            [1, 740009, "Mintahivatal", "Zalalövő", "Zala"],
        ],
    )
    assert len(import_file("municipalities", data, CATALOGUE).new) == 1
    assert Municipality.objects.get().settlement == "Zalalövő"
    assert load_context(frozenset({OWN})).registered_pirs == {"740009": "Zalalövő"}


def test_the_gazetteer_as_downloaded() -> None:
    places: dict[str, list[list[object]]] = {
        "Helységek 2026.01.01.": [
            ["Magyarország helységnévtára, 2026. január 1."],
            [],
            KSH_HEADINGS,
            ["Aba", "17376", "város", "Fejér", "071", "Székesfehérvári", "Székesfehérvár", "1", "", 4500],
            ["Abaliget", "12548", "község", "Baranya", "025", "Pécsi", "Pécs", "2", "Orfű", 600],
            ["Budapest 01. ker.", "09566", "fővárosi kerület", "főváros", "000", "", "", "", "", 25000],
            ["Újfalva", "99999", "község", "Zala", "201", "Zalaegerszegi", "Zalaegerszeg", "3", "Újfalva", 10],
            ["Összesen", "", "", "", "", "", "", "", "", 9600000],
        ]
    }
    data = workbook(**places)
    report = import_file("municipalities", data, CATALOGUE)
    assert (len(report.new), report.refused) == (4, ())
    assert set(Settlement.objects.values_list("name", "county", "joint_office_seat")) == {
        ("Aba", "Fejér", ""),
        ("Abaliget", "Baranya", "Orfű"),
        ("Budapest I. kerület", "Budapest", ""),
        ("Újfalva", "Zala", ""),
    }
    assert extend_catalogue(CATALOGUE).settlements["Újfalva"].county == "Zala"


def test_the_clerk_of_a_joint_office_is_known_in_its_villages() -> None:
    Settlement.objects.create(name="Abaliget", county="Baranya", joint_office_seat="Orfű")
    report = import_file(
        "clerks",
        "Település;Jegyző neve;E-mail cím\nOrfű;dr. Minta Béla;Jegyzo@Orfu.hu\nNarnia;X;x@y.hu\nAba;Y;nincs\n".encode(),
        CATALOGUE,
    )
    assert len(report.new) == 1
    assert [(refusal.line, refusal.reason) for refusal in report.refused] == [
        (3, "unknown settlement: Narnia"),
        (4, "no e-mail address: nincs"),
    ]
    assert Clerk.objects.get().name == "dr. Minta Béla"
    known = load_context(frozenset({OWN})).clerks
    assert known == {"Orfű": frozenset({"jegyzo@orfu.hu"}), "Abaliget": frozenset({"jegyzo@orfu.hu"})}


def test_the_context_is_read_again_after_an_import() -> None:
    own = frozenset({OWN})
    import_file("clerks", "település;email\nAba;jegyzo@aba.hu\n".encode(), CATALOGUE)
    assert set(load_context(own).clerks) == {"Aba"}
    import_file("clerks", "település;email\nOrfű;jegyzo@orfu.hu\n".encode(), CATALOGUE)
    assert set(load_context(own).clerks) == {"Aba", "Orfű"}


def test_accounts_as_moodle_exports_them() -> None:
    data = (
        "id,username,firstname,lastname,email\n1,guest,Vendég,,root@localhost\n"
        "2,kovacsanna,Anna,Kovács,Kovacs.Anna@Tiszacsege.hu\n3,masik,A,B,kovacs.anna@tiszacsege.hu\n"
    )
    report = import_file("accounts", data.encode(), CATALOGUE)
    assert (len(report.new), [refusal.line for refusal in report.refused]) == (1, [2, 4])
    account = Account.objects.get()
    assert (account.email, account.username, account.full_name) == (
        "kovacs.anna@tiszacsege.hu",
        "kovacsanna",
        "Kovács Anna",
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 broken", "not a readable"),
        (b"\x00\x01\x02binary", "neither a text file"),
        (b"a;b\n1;2\n", "no heading row"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason):
        import_file("accounts", data, CATALOGUE)
    with pytest.raises(UnreadableFileError):
        import_file("municipalities", data, CATALOGUE)


@pytest.mark.parametrize(
    ("name", "settlement"),
    [
        ("Tiszacsege Város Önkormányzata", "Tiszacsege"),
        ("TISZACSEGE VÁROS ÖNKORMÁNYZATA", "Tiszacsege"),
        ("Hegyeshalmi Közös Önkormányzati Hivatal", "Hegyeshalom"),
        ("Egri Polgármesteri Hivatal", "Eger"),
        ("Tamási Város Önkormányzata", "Tamási"),
        ("Budapest Főváros VI. Kerület Terézváros Önkormányzata", "Budapest VI. kerület"),
        ("Belváros-Lipótváros Budapest Főváros V. ker. Önkormányzata", "Budapest V. kerület"),
        ("Budapest 13. ker.", "Budapest XIII. kerület"),
        ("Valami Társulás", ""),
        ("", ""),
    ],
)
def test_the_settlement_in_a_bodys_name(name: str, settlement: str) -> None:
    assert Places(CATALOGUE).settlement_of_body(name) == settlement
