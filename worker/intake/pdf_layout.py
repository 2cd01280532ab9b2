"""Stretches of text on a page to lines in reading order, columns of cells to tables. Pure geometry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from worker.intake.lines import Line, row_line, squeezed

_COLUMN_GAP = 1.2  # a gap wider than that many letter heights separates columns
_WORD_GAP = 0.1
_PARAGRAPH_GAP = 1.6  # letter heights between the lines of two paragraphs
_FEWEST_COLUMNS = 3
_BROKEN_ADDRESS = re.compile(r"@[\w-]*\.?$")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text on a page; all sides in points from the page's lower left corner."""

    left: float
    bottom: float
    right: float
    top: float
    text: str


@dataclass(frozen=True, slots=True)
class _Cell:
    left: float
    text: str


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[_Cell, ...]
    bottom: float
    top: float


def page_lines(runs: Sequence[Run], first_table: int) -> list[Line]:
    """The lines of one page; its tables are numbered from `first_table`."""
    rows = _rows(runs)
    lines: list[Line] = []
    table = first_table
    at = 0
    while at < len(rows):
        grid, end = _table(rows, at)
        if at and rows[at - 1].bottom - rows[at].top > _PARAGRAPH_GAP * (rows[at].top - rows[at].bottom):
            lines.append(Line(""))
        if grid:
            lines += [row_line(cells, table) for cells in grid]
            table += 1
        else:
            lines.append(Line("\t".join(cell.text for cell in rows[at].cells)))
        at = end
    return lines


def _rows(runs: Sequence[Run]) -> list[_Row]:
    """The runs by line from above, each line's by cell from the left."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (-run.bottom, run.left)):
        middle = (run.bottom + run.top) / 2
        if rows and rows[-1][0].bottom <= middle <= rows[-1][0].top:
            rows[-1].append(run)
        else:
            rows.append([run])
    return [_row(sorted(row, key=lambda run: run.left)) for row in rows]


def _row(runs: Sequence[Run]) -> _Row:
    cells = [_Cell(runs[0].left, runs[0].text)]
    for before, run in pairwise(runs):
        gap = run.left - before.right
        height = max(1.0, run.top - run.bottom)
        if run.text == before.text and run.left < before.right - height:
            continue  # bold text is sometimes drawn twice
        if gap > _COLUMN_GAP * height:
            cells.append(_Cell(run.left, run.text))
        else:
            blank = " " if gap > _WORD_GAP * height else ""
            cells[-1] = _Cell(cells[-1].left, cells[-1].text + blank + run.text)
    texts = tuple(_Cell(cell.left, squeezed(cell.text)) for cell in cells)
    return _Row(texts, min(run.bottom for run in runs), max(run.top for run in runs))


def _table(rows: Sequence[_Row], at: int) -> tuple[list[list[str]], int]:
    """The cells of the table whose heading stands at the row `at`, and the row behind it; no cells for no table."""
    starts = [cell.left for cell in rows[at].cells]
    labels = sum(":" in cell.text for cell in rows[at].cells)
    if len(starts) < _FEWEST_COLUMNS or labels * 2 >= len(starts) or rows[at].cells[0].text.endswith(":"):
        return [], at + 1  # a line of labels with their values is no heading
    grid = [[cell.text for cell in rows[at].cells]]
    end = at + 1
    while end < len(rows):
        cells = _placed(rows[end].cells, starts)
        if cells is None:
            break
        if len(rows[end].cells) == 1 or not cells[0]:
            if not _goes_on(rows[end - 1], rows[end]):
                break
            grid[-1] = [_continued(above, cell) for above, cell in zip(grid[-1], cells, strict=True)]
        else:
            grid.append(cells)
        end += 1
    return (grid, end) if len(grid) > 1 else ([], at + 1)


def _continued(above: str, below: str) -> str:
    """A cell's text with its next line; an address broken in two is one again."""
    broken = _BROKEN_ADDRESS.search(above) is not None or below.startswith("@")
    return above + below if broken and below else f"{above} {below}".strip()


def _placed(cells: Sequence[_Cell], starts: Sequence[float]) -> list[str] | None:
    """The texts of `cells` under the columns that begin at `starts`; None where they do not fit."""
    narrowest = min(right - left for left, right in pairwise(starts))
    placed = [""] * len(starts)
    for cell in cells:
        column = min(range(len(starts)), key=lambda index: abs(starts[index] - cell.left))
        if placed[column] or abs(starts[column] - cell.left) > narrowest / 2:
            return None
        placed[column] = cell.text
    return placed if len(cells) > 1 or not placed[0] else None


def _goes_on(above: _Row, row: _Row) -> bool:
    """Whether `row` stands so close below that it holds the second lines of the cells above."""
    return above.bottom - row.top < 0.8 * (row.top - row.bottom)
