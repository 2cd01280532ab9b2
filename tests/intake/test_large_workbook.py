"""A workbook that is large by its pictures says what it says without them."""

from __future__ import annotations

import io
import random
import zipfile

import xlsxwriter

from worker.intake.spreadsheet import read_workbook, read_xlsx
from worker.intake.zipped import open_zip


def _workbook(picture: bytes) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Kollégák")
        sheet.write_row(0, 0, ["Név", "PIR", "Kezdés"])
        sheet.write_row(1, 0, ["Kovács Anna", 740009, True])
        sheet.merge_range(2, 0, 2, 2, "Tab Község Önkormányzata")
        book.add_worksheet("Rejtett").hide()
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/media/image1.png", picture)
    return file.getvalue()


def test_pictures_change_nothing() -> None:
    data = _workbook(random.Random(1).randbytes(2_500_000))
    assert read_xlsx(open_zip(data)) == read_workbook(data)
    assert "Kovács Anna" in "\n".join(line.text for line in read_xlsx(open_zip(data)))
