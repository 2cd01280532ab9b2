"""Word documents (docx) to lines: paragraphs in order, tables, form fields, text boxes. Pure: bytes in.

Read from the XML itself: python-docx leaves out content controls, text boxes and form fields, and those are where
a filled-in form keeps its answers.
"""

from __future__ import annotations

import zipfile

from lxml import etree

from worker.intake import bounds
from worker.intake.grid import grid_lines
from worker.intake.html_table import one_line_cell
from worker.intake.lines import Line
from worker.intake.normal import normal_text
from worker.intake.xml_tree import parse_xml
from worker.intake.zipped import read_entry

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", f"{_MC}Fallback", f"{_W}rPr"))
_LISTED = ("word/header1.xml", "word/header2.xml", "word/header3.xml")
_TICKED, _UNTICKED = "☒", "☐"


def read_docx(archive: zipfile.ZipFile) -> list[Line]:
    """Headers, then the body. Raises UnreadableError."""
    lines: list[Line] = []
    for name in (*_LISTED, "word/document.xml"):
        data = read_entry(archive, name)
        if data:
            _docx_blocks(parse_xml(data), lines)
    return lines


def _docx_blocks(parent: etree._Element, lines: list[Line]) -> None:
    """Paragraphs and tables anywhere under `parent`, in order, text boxes after the paragraph that holds them."""
    waiting = [parent]
    while waiting and len(lines) < bounds.LINES:
        element = waiting.pop()
        if element.tag == f"{_W}tbl":
            rows = [_docx_row(row) for row in element.iterchildren(f"{_W}tr")]
            lines += grid_lines(rows, first_table=1 + max((line.table for line in lines), default=0))
        elif element.tag == f"{_W}p":
            lines += [Line(squeezed_row) for squeezed_row in _paragraph_text(element).split("\n")]
            boxes = [box for box in element.iter(f"{_W}txbxContent") if not _in_fallback(box)]
            waiting += reversed(boxes)
        elif element.tag not in _SKIPPED:
            waiting += reversed(element)


def _in_fallback(element: etree._Element) -> bool:
    return any(True for _ in element.iterancestors(f"{_MC}Fallback"))


def _docx_row(row: etree._Element) -> list[str]:
    """A row's cells; one that spans several columns is repeated, one merged with the cell above says nothing."""
    cells: list[str] = []
    for cell in row.iter(f"{_W}tc"):
        if next(cell.iterancestors(f"{_W}tc"), None) is not None:
            continue  # a table inside a cell: its text belongs to the outer cell
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        width = (span.get(f"{_W}val") or "1") if span is not None else "1"
        text = one_line_cell("\n".join(_paragraph_text(found) for found in cell.iter(f"{_W}p")))
        cells += [text] * min(int(width) if width.isdecimal() else 1, bounds.TABLE_COLUMNS)
    return cells[: bounds.TABLE_COLUMNS]


def _paragraph_text(paragraph: etree._Element) -> str:
    """A paragraph's visible text; deleted text left out, ticks and chosen list entries put in."""
    pieces: list[str] = []
    walker = etree.iterwalk(paragraph, events=("start",))
    for _, element in walker:
        tag = element.tag
        if tag in _SKIPPED or (tag == f"{_W}txbxContent"):
            walker.skip_subtree()
        elif tag == f"{_W}t":
            pieces.append(element.text or "")
        elif tag == f"{_W}tab":
            pieces.append("\t")
        elif tag in (f"{_W}br", f"{_W}cr"):
            pieces.append("\n")
        elif tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif tag == f"{_W}ffData":
            pieces.append(_form_field(element))
    return normal_text("".join(pieces)).rstrip()


def _form_field(field: etree._Element) -> str:
    """What a legacy form field shows beyond its text: a tick box or the chosen entry of a list."""
    box = field.find(f"{_W}checkBox")
    if box is not None:
        state = box.find(f"{_W}checked")
        state = box.find(f"{_W}default") if state is None else state
        ticked = state is not None and (state.get(f"{_W}val") or "1") in ("1", "true", "on")
        return f"{_TICKED if ticked else _UNTICKED} "
    result = field.find(f"{_W}ddList/{_W}result")
    entries = field.findall(f"{_W}ddList/{_W}listEntry")
    chosen = (result.get(f"{_W}val") or "0") if result is not None else "0"
    if entries and chosen.isdecimal() and int(chosen) < len(entries):
        return entries[int(chosen)].get(f"{_W}val") or ""
    return ""
