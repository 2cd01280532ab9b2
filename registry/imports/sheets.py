"""Files as rows of text: CSV of whatever charset and delimiter, XLS, XLSX and ODS. Pure: bytes in, rows out."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

WORKBOOK_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
DELIMITERS = (";", ",", "\t", "|")
CHARSETS = ("utf-8-sig", "cp1250", "iso-8859-2")
UTF16_STARTS = (b"\xff\xfe", b"\xfe\xff")


class UnreadableFileError(Exception):
    """The file is no table; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number in the file, counted from 1 as spreadsheets do; cells are stripped."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name ("" for CSV) and its rows that are not wholly empty."""

    name: str
    rows: tuple[Row, ...]


def parse_sheets(data: bytes) -> list[Sheet]:
    """Every sheet of the file; a CSV gives one candidate for each delimiter that could have been meant.

    Raises UnreadableFileError.
    """
    if not data.strip():
        raise UnreadableFileError("the file is empty")
    return _workbook_sheets(data) if data.startswith(WORKBOOK_STARTS) else _csv_sheets(data)


def _workbook_sheets(data: bytes) -> list[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [
            _sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names
        ]
    except CalamineError as error:
        raise UnreadableFileError(f"not a readable XLS, XLSX or ODS file ({error})") from None


def _csv_sheets(data: bytes) -> list[Sheet]:
    text = _decode(data)
    if "\0" in text:
        raise UnreadableFileError("neither a text file nor a workbook")
    found = []
    for delimiter in DELIMITERS:
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error as error:
            raise UnreadableFileError(f"broken CSV ({error})") from None
        found.append(_sheet("", rows))
    return sorted(found, key=lambda sheet: -max((len(row.cells) for row in sheet.rows[:20]), default=0))


def _decode(data: bytes) -> str:
    if data.startswith(UTF16_STARTS):
        return data.decode("utf-16", "replace")
    for charset in CHARSETS:
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


def _sheet(name: str, rows: Sequence[Sequence[object]]) -> Sheet:
    texts = (Row(line, tuple(_text(cell) for cell in cells)) for line, cells in enumerate(rows, 1))
    return Sheet(name, tuple(row for row in texts if any(row.cells)))


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())
