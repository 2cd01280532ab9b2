"""Excel's XML of 2003 ("XML Spreadsheet"), which some registers still export under the name .xls. Pure: bytes in."""

from __future__ import annotations

from worker.intake import bounds
from worker.intake.grid import grid_lines
from worker.intake.html_table import one_line_cell
from worker.intake.lines import Line
from worker.intake.normal import normal_text
from worker.intake.unreadable import UnreadableError
from worker.intake.xml_tree import parse_xml

_SHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"


def read_xml_workbook(data: bytes) -> list[Line]:
    """The rows of all sheets. Raises UnreadableError, for Word's XML of that time too."""
    root = parse_xml(data)
    if root.tag != f"{_SHEET}Workbook":
        raise UnreadableError("unsupported format")
    lines: list[Line] = []
    for table in root.iter(f"{_SHEET}Table"):
        rows: list[list[str]] = []
        for row in table.iterchildren(f"{_SHEET}Row"):
            cells: list[str] = []
            for cell in row.iterchildren(f"{_SHEET}Cell"):
                place = cell.get(f"{_SHEET}Index") or ""
                if place.isdecimal() and int(place) <= bounds.TABLE_COLUMNS:
                    cells += [""] * (int(place) - 1 - len(cells))
                cells.append(one_line_cell(normal_text("".join(str(piece) for piece in cell.itertext()))))
            rows.append(cells[: bounds.TABLE_COLUMNS])
            if len(rows) >= bounds.TABLE_ROWS:
                break
        lines += grid_lines(rows, first_table=1 + max((line.table for line in lines), default=0))
    return lines
