"""Tables: below a heading that names a personal number, mother's name or birth, the whole column is personal. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from review.privacy.numbers import CARD_NAME, PERSONAL_NAME, TAJ_NAME, TAX_NAME, Span
from review.privacy.origins import BIRTH_NAME, MOTHER_NAME

HEADING = re.compile(
    rf"[ ]*(?:{TAJ_NAME}|{TAX_NAME}|{PERSONAL_NAME}|{CARD_NAME}|{BIRTH_NAME}|{MOTHER_NAME}|szul(?:etett|\.))[ .:]*"
    r"(?:\([^()]{0,30}\))?[ ]*"
)
DELIMITERS = ("\t", "|", ";")
MOST_ROWS = 200


def find_columns(text: str) -> Iterator[Span]:
    """The cells below such headings in the folded `text`; a table ends at a line with another number of cells."""
    delimiter, columns, width, rows, at = "", set[int](), 0, 0, 0
    for line in text.split("\n"):
        cells = line.split(delimiter) if delimiter else []
        found, found_delimiter = _headings(line)
        if found:
            delimiter, columns, width, rows = found_delimiter, found, line.count(found_delimiter) + 1, 0
        elif delimiter and len(cells) == width and rows < MOST_ROWS:
            rows += 1
            yield from _cells(cells, columns, at)
        else:
            delimiter = ""
        at += len(line) + 1


def _headings(line: str) -> tuple[set[int], str]:
    """Which cells of the line are such headings, and what stands between its cells."""
    for delimiter in DELIMITERS:
        if delimiter in line:
            cells = line.split(delimiter)
            found = {place for place, cell in enumerate(cells) if HEADING.fullmatch(cell)}
            # a line that goes "name: value" has its value beside it, not below
            if found and not any(any(letter.isdigit() for letter in cell) for cell in cells):
                return found, delimiter
    return set(), ""


def _cells(cells: list[str], columns: set[int], at: int) -> Iterator[Span]:
    for place, cell in enumerate(cells):
        if place in columns and cell.strip():
            yield at, at + len(cell)
        at += len(cell) + 1
