"""Workbooks (xlsx, xlsm, xls) to lines, through calamine. Pure: bytes in."""

from __future__ import annotations

import datetime
import io
import re
import zipfile

import python_calamine

from worker.intake import bounds
from worker.intake.grid import grid_lines
from worker.intake.html_table import one_line_cell
from worker.intake.lines import Line
from worker.intake.normal import normal_text
from worker.intake.unreadable import UnreadableError
from worker.intake.zipped import read_entry

_DEFAULT_NAME = re.compile(r"(?:Munka|Sheet|Munkalap|Lap|Tabelle|Worksheet)\s?\d*", re.IGNORECASE)
_SHEETS = 30
_CELL_NAME = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_LARGE = 2_000_000  # bytes of a file: pictures are in it, or very many cells
_AREA = 2_000_000  # calamine keeps a sheet's whole rectangle in memory, 32 bytes a cell


def read_xlsx(archive: zipfile.ZipFile) -> list[Line]:
    """The lines of a zipped workbook. Raises UnreadableError."""
    check_extent(archive)
    stream = archive.fp
    assert stream is not None
    if stream.seek(0, io.SEEK_END) > _LARGE:
        return read_workbook(_without_pictures(archive))
    stream.seek(0)
    return read_workbook(stream.read())


def _without_pictures(archive: zipfile.ZipFile) -> bytes:
    """The same workbook as far as cells go: calamine copies all that it is given three times."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as slim:
        for name in dict.fromkeys(archive.namelist()):
            if name.lower().endswith((".xml", ".rels")):
                slim.writestr(name, read_entry(archive, name))
    return packed.getvalue()


def check_extent(archive: zipfile.ZipFile) -> None:
    """Raises UnreadableError where a sheet's rectangle is too large for calamine, or cannot be told beforehand."""
    for name in archive.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            rows = columns = 1
            for match in _CELL_NAME.finditer(read_entry(archive, name)):
                rows, columns = max(rows, int(match[2])), max(columns, _column_number(match[1]))
            if rows * columns > _AREA:
                raise UnreadableError("too large")
        elif name.endswith(".bin") and name.startswith("xl/workbook"):
            raise UnreadableError("unsupported format")  # xlsb: its extent cannot be told beforehand


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def read_workbook(data: bytes) -> list[Line]:
    """The visible sheets in order, merged cells repeated. Raises UnreadableError."""
    try:
        return _read_sheets(python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))
    except python_calamine.PasswordError as error:
        raise UnreadableError("encrypted") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableError("broken workbook") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # a Rust panic is no Exception to Python
            raise UnreadableError("broken workbook") from error
        raise


def _read_sheets(book: python_calamine.CalamineWorkbook) -> list[Line]:
    lines: list[Line] = []
    for sheet in book.sheets_metadata[:_SHEETS]:
        if sheet.visible != python_calamine.SheetVisibleEnum.Visible:
            continue
        rows = _sheet_rows(book, sheet.name)
        if rows:
            if not _DEFAULT_NAME.fullmatch(sheet.name.strip()):
                lines += [Line(one_line_cell(normal_text(sheet.name))), Line("")]
            lines += grid_lines(rows, first_table=1 + max((line.table for line in lines), default=0))
    return lines


def _sheet_rows(book: python_calamine.CalamineWorkbook, name: str) -> list[list[str]]:
    try:
        sheet = book.get_sheet_by_name(name)
    except (python_calamine.CalamineError, ValueError):
        return []  # a chart, or a sheet that cannot be read: the others still can
    rows = [
        [_cell_text(value) for value in row[: bounds.TABLE_COLUMNS]]
        for row in sheet.to_python(skip_empty_area=False, nrows=bounds.TABLE_ROWS)
    ]
    for (top, left), (bottom, right) in (sheet.merged_cell_ranges or [])[: bounds.TABLE_ROWS]:
        if top < len(rows) and left < len(rows[top]):
            text = rows[top][left]
            for row in rows[top : bottom + 1]:
                row[left : right + 1] = [text] * len(row[left : right + 1])
    return rows


def _cell_text(value: object) -> str:
    """A value as Excel would show it: whole numbers without ".0", dates as 2026-03-04."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
    if value is None or isinstance(value, bool):
        return "" if value is None else ("igen" if value else "nem")
    return one_line_cell(normal_text(str(value)[: bounds.LINE_CHARS]))
