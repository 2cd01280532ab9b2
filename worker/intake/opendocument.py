"""OpenDocument texts and sheets (odt, ods) to lines. Pure: bytes in.

Sheets are read here and not by calamine: it makes real cells of "repeat this cell a million times".
"""

from __future__ import annotations

import zipfile

from lxml import etree

from worker.intake import bounds
from worker.intake.grid import grid_lines
from worker.intake.html_table import one_line_cell
from worker.intake.lines import Line, squeezed
from worker.intake.normal import normal_text
from worker.intake.xml_tree import parse_xml
from worker.intake.zipped import read_entry

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
_SKIPPED = (f"{_TEXT}tracked-changes", f"{_TEXT}note")


def read_opendocument(archive: zipfile.ZipFile) -> list[Line]:
    """Paragraphs and tables in order; of a workbook, its sheets. Raises UnreadableError."""
    lines: list[Line] = []
    waiting = [parse_xml(read_entry(archive, "content.xml"))]
    while waiting and len(lines) < bounds.LINES:
        element = waiting.pop()
        if element.tag == f"{_TABLE}table":
            lines += grid_lines(_rows(element), first_table=1 + max((line.table for line in lines), default=0))
        elif element.tag in _PARAGRAPHS:
            lines += [Line(squeezed(row)) for row in _paragraph_text(element).split("\n")]
        elif element.tag not in _SKIPPED:
            waiting += reversed(element)
    return lines


def _rows(table: etree._Element) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in table.iter(f"{_TABLE}table-row"):
        cells = _cells(row)
        rows += [cells] * (_repeated(row, "rows") if any(cells) else 1)
        if len(rows) >= bounds.TABLE_ROWS:
            break
    return rows[: bounds.TABLE_ROWS]


def _cells(row: etree._Element) -> list[str]:
    """A row's texts; a merged cell is repeated over the columns it covers."""
    texts: list[str] = []
    for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        text = one_line_cell("\n".join(map(_paragraph_text, cell.iter(*_PARAGRAPHS))))
        if cell.tag == f"{_TABLE}covered-table-cell" and not text and texts:
            text = texts[-1]
        texts += [text] * _repeated(cell, "columns")
        if len(texts) >= bounds.TABLE_COLUMNS:
            break
    return texts[: bounds.TABLE_COLUMNS]


def _repeated(element: etree._Element, what: str) -> int:
    value = element.get(f"{_TABLE}number-{what}-repeated") or "1"
    return min(int(value), bounds.TABLE_ROWS) if value.isdecimal() else 1


def _paragraph_text(paragraph: etree._Element) -> str:
    pieces: list[str] = []
    for event, element in etree.iterwalk(paragraph, events=("start", "end")):
        if event == "start":
            if element.tag == f"{_TEXT}line-break":
                pieces.append("\n")
            elif element.tag in (f"{_TEXT}tab", f"{_TEXT}s"):
                pieces.append(" ")
            pieces.append(element.text or "")
        elif element is not paragraph:
            pieces.append(element.tail or "")
    return normal_text("".join(pieces))
