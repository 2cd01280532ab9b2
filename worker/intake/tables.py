"""Tables typed or pasted into plain text: by tabs, bars, semicolons, commas or columns of blanks. Pure, linear.

Tabs and bars speak for themselves. The other separators occur in prose too, so they need a heading row that names at
least two of the things a request holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from worker.intake import bounds, markers
from worker.intake.html_table import one_line_cell
from worker.intake.lines import Line, row_line
from worker.intake.stacked import with_stacked

_HEADING = re.compile(rf"\W{{0,3}}(?:{markers.loosely(*markers.COLUMN_HEADINGS)})", re.IGNORECASE)
_RULE = re.compile(r"[\s|+:=_-]+")
_WIDE_GAP = re.compile(r" {2,}|\t+")
_LABELLED = re.compile(r"[^:\d]{1,30}:\s*\S")
_WORDS = re.compile(r"\S+(?: \S+)*")
_MOST_CELL_CHARS = 300


def with_tables(lines: Sequence[Line]) -> list[Line]:
    """`lines` with those that form tables turned into rows; table numbers go on from those there are."""
    lines = with_stacked(lines)
    kinds = ["" if line.cells else _separator(line.text) for line in lines]
    if len(lines) - kinds.count("") < 2:
        return lines
    out: list[Line] = []
    table = max((line.table for line in lines), default=0)
    at = 0
    while at < len(lines):
        end = _run_end(lines, kinds, at)
        rows = _rows(lines[at:end], kinds[at]) if end - at >= 2 else None
        if rows is None:
            out += lines[at:end]
        else:
            table += 1
            width = max(len(row) for row in rows)
            first = lines[at]
            out += [row_line(row + [""] * (width - len(row)), table, first.depth, first.mark) for row in rows]
        at = end
    return out


def _run_end(lines: Sequence[Line], kinds: Sequence[str], at: int) -> int:
    """The end of the run of lines from `at` on that might be rows split the same way; one line where nothing splits."""
    kind = kinds[at]
    end = at + 1
    while kind and end < len(lines) and not lines[end].cells:
        text = lines[end].text
        if kinds[end] != kind and not (_RULE.fullmatch(text) and text.strip()):
            break
        end += 1
    return end


def _separator(text: str) -> str:
    """What would split `text`: "\\t", "|", ";", "," or " " (runs of blanks); "" for nothing."""
    text = text.strip(" ")
    if "\t" in text.strip():
        return "\t"
    if text.count("|") >= 2 or (text.startswith("|") and text.endswith("|") and len(text) > 2):
        return "|"
    if text.count(";") >= 2:
        return ";"
    if text.count(",") >= 2 and "  " not in text:
        return ","
    return " " if "  " in text and text.strip() else ""


def _rows(lines: Sequence[Line], kind: str) -> list[list[str]] | None:
    """The cells of a run of lines that `kind` splits; None where it is no table."""
    texts = [line.text for line in lines if not _RULE.fullmatch(line.text)]
    split = _SPLITTERS[kind]
    if not 2 <= len(texts) <= bounds.TABLE_ROWS:
        return None
    if kind == " ":
        return _aligned_rows(texts)
    if kind in ";," and _headings(_cells(split, texts[0])) < 2:
        return None
    rows = [_cells(split, text) for text in texts]
    width = len(rows[0])
    sound = width >= 2 and all(2 <= len(row) <= width for row in rows) and _alike(rows, width)
    if not sound or any(len(cell) > _MOST_CELL_CHARS for row in rows for cell in row):
        return None
    labelled = sum(_LABELLED.match(cell) is not None for cell in rows[0])
    if labelled * 2 >= width or sum(row[0].endswith(":") for row in rows) * 2 >= len(rows):
        return None  # labels with their values are read as such
    return rows


def _cells(split: Callable[[str], list[str]], text: str) -> list[str]:
    return [one_line_cell(cell) for cell in split(text)][: bounds.TABLE_COLUMNS]


def _alike(rows: Sequence[Sequence[str]], width: int) -> bool:
    return sum(len(row) == width for row in rows) * 2 >= len(rows)


def _headings(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if len(cell) <= 60 and _HEADING.match(cell))


def _split_bars(text: str) -> list[str]:
    return text.strip().removeprefix("|").removesuffix("|").split("|")


def _split_tabs(text: str) -> list[str]:
    return text.rstrip(" ").split("\t")


def _split_semicolons(text: str) -> list[str]:
    return text.strip().removesuffix(";").split(";")


def _split_commas(text: str) -> list[str]:
    return text.strip().split(",")


def _split_gaps(text: str) -> list[str]:
    return _WIDE_GAP.split(text.strip())


_SPLITTERS: dict[str, Callable[[str], list[str]]] = {
    "\t": _split_tabs,
    "|": _split_bars,
    ";": _split_semicolons,
    ",": _split_commas,
    " ": _split_gaps,
}


def _aligned_rows(texts: Sequence[str]) -> list[list[str]] | None:
    """Rows by the columns of the heading row, where cells may be empty."""
    starts = [match.start() for match in _WORDS.finditer(texts[0])]
    heading = _split_gaps(texts[0])
    if _headings(heading) < 2:
        return _labelled_rows(texts)
    rows = [heading]
    for text in texts[1:]:
        cells = _split_gaps(text)
        if len(cells) != len(heading):
            cells = _placed(text, starts, len(heading))
        if len(cells) < 2:
            return None
        rows.append(cells)
    return [[one_line_cell(cell) for cell in row] for row in rows]


def _labelled_rows(texts: Sequence[str]) -> list[list[str]] | None:
    """Rows of a label and its value, the values standing below each other."""
    rows = [_split_gaps(text) for text in texts]
    if len(rows) < 3 or any(len(row) != 2 or row[0].endswith(":") for row in rows):
        return None
    begins = {text.rindex(row[1]) for text, row in zip(texts, rows, strict=True)}
    labels = sum(_HEADING.match(row[0]) is not None for row in rows)
    return rows if len(begins) == 1 and labels * 2 >= len(rows) else None


def _placed(text: str, starts: Sequence[int], width: int) -> list[str]:
    """The cells of `text` put under the heading each begins nearest to; [] where two fall together."""
    if len(starts) != width:
        return []
    cells = [""] * width
    for match in _WORDS.finditer(text):
        column = min(range(width), key=lambda index: abs(starts[index] - match.start()))
        if cells[column]:
            return []
        cells[column] = match.group()
    return cells
