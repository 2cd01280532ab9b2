"""No cell of an exported file is a formula, however the stranger's text begins."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from config.catalogue import load_catalogue
from registry.exports.cells import neutral
from registry.exports.handover import HandoverStyle, get_registrations, write_handover
from tests.review.factory import Applicant, make_registration

RUN = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
BEGINNINGS = [
    "=", "+", "-", "@", "＝", "＋", "－", "＠", " =", "\t=", "\r=", "\n=", "\x00=", "\x1b=", "\x1f\x1e=", "\x85=",
    "\u00a0=", "\u2003=", "\u3000=", "\ufeff=", "\u200b=", "\u202e=", "\u2060@", "\u2028=", "\x00\u200b =", "'=", '"=',
]  # fmt: skip
PAYLOAD = "cmd|' /C calc'!A0"


@pytest.mark.parametrize("beginning", BEGINNINGS, ids=ascii)
def test_no_text_becomes_a_formula(beginning: str) -> None:
    shown = neutral(beginning + PAYLOAD)
    assert not shown.lstrip().startswith(RUN)
    assert shown.isprintable()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["moodle", "csv", "xlsx"])
def test_nor_does_a_cell_of_any_file(name: str) -> None:
    for number, beginning in enumerate(BEGINNINGS):
        text = beginning.replace("\x00", "") + PAYLOAD
        make_registration(Applicant(full_name=text, municipality=text, county=text[:60], email=f"cella{number}@b.hu"))
    stream = io.BytesIO()
    style = HandoverStyle(delimiter=";", byte_order_mark=True)
    write_handover(name, get_registrations(["ready"]), stream, load_catalogue(), style=style)
    rows: list[list[Any]]
    if name == "xlsx":
        rows = CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue())).get_sheet_by_index(0).to_python()
    else:
        rows = list(csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) > 1
    for cell in (str(cell) for row in rows for cell in row):
        assert not cell.lstrip().startswith(RUN)
