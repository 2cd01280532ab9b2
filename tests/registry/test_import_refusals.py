"""What cannot be taken in of an office's file: the whole, or one of its rows, each with its reason."""

from __future__ import annotations

import pytest

from config.catalogue import load_catalogue
from registry.imports import sheets
from registry.imports.sheets import UnreadableFileError, parse_sheets
from registry.imports.take_in import import_file
from registry.models import Clerk, Municipality, Settlement
from tests.intake import samples

pytestmark = pytest.mark.django_db
CATALOGUE = load_catalogue()


def reasons(kind: str, *lines: str) -> list[tuple[int, str]]:
    report = import_file(kind, "\n".join(lines).encode(), CATALOGUE)
    return [(refusal.line, refusal.code) for refusal in report.refused]


def repeated(what: str) -> bytes:
    """A sheet in which a written cell, or a row that holds one, is said to come a million times."""
    cell = '<table:table-cell {} office:value-type="string"><text:p>PIR</text:p></table:table-cell>'
    columns = 'table:number-columns-repeated="1000000"' if what == "columns" else ""
    rows = 'table:number-rows-repeated="1000000"' if what == "rows" else ""
    body = f"<table:table><table:table-row {rows}>{cell.format(columns)}</table:table-row></table:table>"
    return samples.open_document("spreadsheet", body)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"x" * (sheets.MOST_BYTES + 1), "too_large"),
        (b"PIR;Nev\n" * (sheets.MOST_ROWS + 1), "too_large"),
        (repeated("columns"), "broken_workbook"),
        (repeated("rows"), "broken_workbook"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "broken_workbook"),
        (b"PIR;" + b"x" * 200_000, "broken_csv"),
    ],
    ids=["bytes", "rows", "wide", "long", "old workbook", "a cell without an end"],
)
def test_what_would_fill_the_memory_or_is_broken_is_no_table(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        parse_sheets(data)
    assert refused.value.code == code


def test_bytes_of_no_charset_are_still_read() -> None:
    [sheet] = parse_sheets("Név;PIR\nŐri\x81;740009\n".encode("cp1252", "replace").replace(b"?", b"\x81\x98"))
    assert sheet.rows[1].cells[1] == "740009"


def test_rows_of_the_clerks() -> None:
    told = reasons(
        "clerks",
        "Település;E-mail;Név",
        "Tiszacsege;jegyzo@tiszacsege.hu;dr. Minta Márta",
        "Tiszacsege;JEGYZO@tiszacsege.hu;dr. Minta Márta",
        "Sehollakos;jegyzo@sehol.hu;x",
        "Aba;nincs;x",
        f"Aba;jegyzo@aba.hu;{'x' * 1000}",
    )
    assert told == [(3, "clerk_twice"), (4, "settlement_unknown"), (5, "no_address"), (6, "too_long")]
    assert Clerk.objects.count() == 1


def test_rows_of_the_register() -> None:
    told = reasons(
        "municipalities",
        "PIR szám;Megnevezés;Vármegye",
        "740009;Tiszacsege Város Önkormányzata;Hajdú-Bihar",
        "740009;Tiszacsege Város Önkormányzata;Hajdú-Bihar",
        "740373;;Győr-Moson-Sopron",
        "740746;Eger Város Önkormányzata;Holdfény",
        f"740757;{'x' * 1000};Heves",
    )
    assert told == [(3, "pir_twice"), (4, "no_name"), (5, "county_unknown"), (6, "too_long")]
    assert Municipality.objects.count() == 1


def test_rows_of_the_gazetteer() -> None:
    told = reasons(
        "settlements",
        "Helység megnevezése;Vármegye megnevezése",
        "Tiszacsege;Hajdú-Bihar",
        "Tiszacsege;Hajdú-Bihar",
        "Aba;Holdfény",
        f"{'x' * 1000};Fejér",
    )
    assert told == [(3, "settlement_twice"), (4, "county_unknown"), (5, "too_long")]
    assert list(Settlement.objects.values_list("name", flat=True)) == ["Tiszacsege"]
