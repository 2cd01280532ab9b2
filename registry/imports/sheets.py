"""Files as rows of text: CSV of whatever charset and delimiter, XLS, XLSX and ODS. Pure: bytes in, rows out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from python_calamine import CalamineError, CalamineWorkbook

from worker.intake.spreadsheet import check_extent
from worker.intake.unreadable import UnreadableError
from worker.intake.zipped import open_zip, read_entry

WORKBOOK_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
DELIMITERS = (";", ",", "\t", "|")
CHARSETS = ("utf-8-sig", "cp1250", "iso-8859-2")
MOST_BYTES, MOST_ROWS, MOST_SHEETS, MOST_COLUMNS = 30_000_000, 250_000, 20, 100
HEAD_ROWS = 30  # from so many it is told which delimiters may be meant
REPEATED_CELL = re.compile(rb'<[^<>]*number-columns-repeated="0*(\d{3,9})"(?=[^<>]*value-type)')
REPEATED_ROW = re.compile(rb'number-rows-repeated="0*(\d{3,9})"[^<>]*>(.{0,4000}?)</[\w-]*:?table-row>', re.DOTALL)
UTF16_STARTS = (b"\xff\xfe", b"\xfe\xff")

R = TypeVar("R")
MESSAGES = {
    "none": "no file was given",
    "empty": "the file is empty",
    "broken_workbook": "not a readable XLS, XLSX or ODS file ({detail})",
    "broken_csv": "broken CSV ({detail})",
    "not_text": "neither a text file nor a workbook",
    "no_heading": "no heading row with {wanted}; the first row reads: {seen}",
    "too_large": "too large: more than {detail}",
}


class UnreadableFileError(Exception):
    """The file is no table that can be taken in; the message says why in one line, `code` and `facts` to a page."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(MESSAGES[code].format_map({"detail": "", "wanted": "", "seen": "", **facts}))
        self.code, self.facts = code, facts


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
        raise UnreadableFileError("empty")
    if len(data) > MOST_BYTES:
        raise UnreadableFileError("too_large", detail=f"{MOST_BYTES // 1_000_000} MB")
    return _workbook_sheets(data) if data.startswith(WORKBOOK_STARTS) else _csv_sheets(data)


def _workbook_sheets(data: bytes) -> list[Sheet]:
    try:
        if data.startswith(WORKBOOK_STARTS[0]):
            archive = open_zip(data)
            check_extent(archive)
            _check_repeats(read_entry(archive, "content.xml"))
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [_sheet(name, _rows(book, name)) for name in book.sheet_names[:MOST_SHEETS]]
    except UnreadableError as error:
        raise UnreadableFileError("broken_workbook", detail=str(error)) from None
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError("broken_workbook", detail=str(error)[:200]) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # a Rust panic is no Exception to Python
            raise UnreadableFileError("broken_workbook") from None
        raise


def _check_repeats(content: bytes) -> None:
    """An OpenDocument table may say "this row a million times" in a few bytes; calamine would believe it."""
    for match in REPEATED_CELL.finditer(content):
        if int(match[1]) > MOST_COLUMNS:
            raise UnreadableError("too large")
    for row in REPEATED_ROW.finditer(content):
        if int(row[1]) > MOST_COLUMNS and b"value-type" in row[2]:
            raise UnreadableError("too large")


def _rows(book: CalamineWorkbook, name: str) -> list[list[Any]]:
    rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=MOST_ROWS + 1)
    return _bounded(rows)


def _bounded(rows: list[R]) -> list[R]:
    if len(rows) > MOST_ROWS:
        raise UnreadableFileError("too_large", detail=f"{MOST_ROWS} rows")
    return rows


def _csv_sheets(data: bytes) -> list[Sheet]:
    text = _decode(data)
    if "\0" in text:
        raise UnreadableFileError("not_text")
    try:
        widths = {one: max(map(len, islice(_csv_rows(text, one), HEAD_ROWS)), default=0) for one in DELIMITERS}
        likely = [one for one in DELIMITERS if widths[one] > 1] or DELIMITERS[:1]  # none: a table of one column
        found = [_sheet("", _bounded(list(islice(_csv_rows(text, one), MOST_ROWS + 1)))) for one in likely]
    except csv.Error as error:
        raise UnreadableFileError("broken_csv", detail=str(error)) from None
    return sorted(found, key=lambda sheet: -max((len(row.cells) for row in sheet.rows[:20]), default=0))


def _csv_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


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
    texts = (Row(line, tuple(_text(cell) for cell in cells[:MOST_COLUMNS])) for line, cells in enumerate(rows, 1))
    return Sheet(name, tuple(row for row in texts if any(row.cells)))


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = cell if isinstance(cell, str) else str(cell)
    return " ".join(text.split())
