"""Bodies as lines: the shape in which plain text and HTML meet before quotes and signatures are told apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from rules.model import Cell, Table
from worker.intake import bounds
from worker.intake.normal import normal_text

_PREFIX = re.compile(r"(?:[ \t]?>)+ ?")
_BLANKS = re.compile(r"[ \t]+")
_LONG_RUN = re.compile(r"([^\n])\1{199,}")
_LONG_BLANKS = re.compile(r"(\s{200})\s+")
_LONG_WORD = re.compile(r"(\S{1000})\S+")
_USUAL_LINE = 1_000


class Mark(StrEnum):
    """What a mailer's markup says of a line."""

    NONE = ""
    SIGNATURE = "signature"  # inside the mailer's signature element
    BORDER = "border"  # first line below the rule that Outlook draws above an older mail


class Line(NamedTuple):
    """One line; `depth` counts the quotes around it; `cells` (start, end within `text`) where it is a table's row."""

    text: str
    depth: int = 0
    mark: Mark = Mark.NONE
    table: int = 0  # which table of the body, from 1; 0 for none
    cells: tuple[tuple[int, int], ...] = ()


def plain_lines(text: str, *, flowed: bool = False, delsp: bool = False) -> list[Line]:
    """The lines of a text/plain body, `>` taken off and counted, format=flowed (RFC 3676) joined."""
    lines: list[Line] = []
    open_flow = False
    for row in normal_text(text[: bounds.TEXT_CHARS]).split("\n")[: bounds.LINES]:
        quoted = row.startswith(">") or (not flowed and row.lstrip(" \t").startswith(">"))
        prefix = _PREFIX.match(row) if quoted else None
        depth = prefix.group().count(">") if prefix else 0
        content = row[prefix.end() :] if prefix else row
        if flowed:
            content = content[1:] if content.startswith(" ") and not prefix else content
            if open_flow and lines and lines[-1].depth == depth and content != "-- ":
                lines[-1] = lines[-1]._replace(text=lines[-1].text + content)
            else:
                lines.append(Line(content, depth))
            open_flow = content.endswith(" ") and content != "-- "
            if open_flow and delsp:
                lines[-1] = lines[-1]._replace(text=lines[-1].text[:-1])
        else:
            lines.append(Line(bounded_line(content), depth))
    return [line._replace(text=bounded_line(line.text)) for line in lines] if flowed else lines


def row_line(cells: Sequence[str], table: int, depth: int = 0, mark: Mark = Mark.NONE) -> Line:
    """A table's row as a line, its cells joined by tabs."""
    spans: list[tuple[int, int]] = []
    at = 0
    cells = [bounded_line(cell) if len(cell) > _USUAL_LINE else cell for cell in cells]
    for cell in cells:
        spans.append((at, at + len(cell)))
        at += len(cell) + 1
    return Line("\t".join(cells), depth, mark, table, tuple(spans))


def joined(lines: Sequence[Line]) -> tuple[str, tuple[Table, ...]]:
    """The text of `lines`, blank ones at the ends dropped and runs of them shortened, and its tables."""
    texts: list[str] = []
    rows: dict[int, list[tuple[Cell, ...]]] = {}
    at = 0
    blank = True
    for line in lines:
        if not line.text.strip() and not line.cells:
            if blank:
                continue
            blank = True
        else:
            blank = False
        if line.cells:
            rows.setdefault(line.table, []).append(
                tuple(Cell(line.text[start:end], at + start, at + end) for start, end in line.cells)
            )
        text = line.text if line.cells else line.text.rstrip()
        texts.append(text)
        at += len(text) + 1
    while texts and not texts[-1]:
        texts.pop()
    tables = tuple(Table(tuple(found), found[0][0].start, found[-1][-1].end) for found in rows.values())
    return "\n".join(texts), tables


def bounded_line(text: str) -> str:
    """`text` without blanks at its end, with runs and words that nobody writes cut short.

    What reads lines may try again at every sign of a run or word, so their length is what bounds its time.
    """
    text = text.rstrip()
    if len(text) <= _USUAL_LINE:
        return text
    return _LONG_WORD.sub(r"\1", _LONG_BLANKS.sub(r"\1", _LONG_RUN.sub(_first_signs, text)))[
        : bounds.LINE_CHARS
    ].rstrip()


def _first_signs(run: re.Match[str]) -> str:
    return run.group()[:200]


def squeezed(text: str) -> str:
    """`text` with every run of blanks made one, none at the ends."""
    return (_BLANKS.sub(" ", text) if "  " in text or "\t" in text else text).strip()
