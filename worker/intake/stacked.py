"""Tables pasted into plain text with every cell on a line of its own: the headings first, then the rows. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from worker.intake import bounds, markers
from worker.intake.html_table import one_line_cell
from worker.intake.lines import Line, row_line, squeezed

FEWEST_HEADINGS = 3
_LONGEST_HEADING = 50
_LONGEST_CELL = 200
_MORE_HEADINGS = (
    r"(?:új )?(?:kolléga|kolléganő|dolgozó|munkatárs|kérelmező|igénylő)$",
    r"(?:munkavégzés )?hely",
    r"elérhetőség",
    r"kód",
)
_HEADING = re.compile(rf"\W{{0,3}}(?:{markers.loosely(*markers.COLUMN_HEADINGS, *_MORE_HEADINGS)})", re.IGNORECASE)
_MAIL = re.compile(
    r"\W{0,3}(?:(?:személyes|saját|munkahelyi|egyedi) )?(?:e-?mail|levelezési|elektronikus|elérhetőség)", re.I
)
_NO_HEADING = re.compile(r"[:;@?!]|\d{2}|\.\s*$")


def with_stacked(lines: Sequence[Line]) -> list[Line]:
    """`lines` with headings and cells that stand below each other made rows; table numbers go on."""
    if not any(_is_mail_heading(line.text) for line in lines):
        return list(lines)
    out: list[Line] = []
    table = max((line.table for line in lines), default=0)
    at = 0
    while at < len(lines):
        headings, after = _headings(lines, at)
        rows, end = _rows(lines, headings, after) if len(headings) >= FEWEST_HEADINGS else ([], at)
        if rows:
            table += 1
            out += [row_line(row, table, lines[at].depth, lines[at].mark) for row in (headings, *rows)]
        else:
            end = max(after, at + 1)
            out += lines[at:end]
        at = end
    return out


def _is_mail_heading(text: str) -> bool:
    """Whether `text` may head a column of addresses, without which no table is told from a list of words."""
    return not ("@" in text or ":" in text) and _MAIL.match(squeezed(text)) is not None


def _headings(lines: Sequence[Line], at: int) -> tuple[list[str], int]:
    """The run of lines from `at` on that are headings, empty lines between them passed over, and where it ends."""
    found: list[str] = []
    end = at
    for place in range(at, len(lines)):
        text = lines[place].text.strip()
        if lines[place].cells or lines[place].depth != lines[at].depth or len(found) > bounds.TABLE_COLUMNS:
            break
        if not text and found:
            continue
        if len(text) > _LONGEST_HEADING or not _is_heading(text):
            break
        found.append(one_line_cell(text))
        end = place + 1
    return found, end


@lru_cache(maxsize=512)
def _is_heading(text: str) -> bool:
    return _NO_HEADING.search(text) is None and _HEADING.match(text) is not None


def _rows(lines: Sequence[Line], headings: Sequence[str], at: int) -> tuple[list[list[str]], int]:
    """The rows of as many lines as there are headings, each with an address where one belongs, and where they end."""
    mail = next((index for index, heading in enumerate(headings) if _MAIL.match(heading)), None)
    rows: list[list[str]] = []
    cells: list[str] = []
    end = at
    if mail is None:
        return rows, end
    for place in range(at, len(lines)):
        text = lines[place].text.strip()
        if lines[place].cells or len(text) > _LONGEST_CELL or len(rows) >= bounds.TABLE_ROWS:
            break
        if not text:
            continue
        if ("@" in text) != (len(cells) == mail):
            break
        cells.append(one_line_cell(text))
        if len(cells) == len(headings):
            rows.append(cells)
            cells, end = [], place + 1
    return rows, end
