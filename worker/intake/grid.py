"""Rows of cells, from whatever file, to lines: titles stay lines, blocks of rows become tables. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from worker.intake import bounds
from worker.intake.lines import Line, row_line


def grid_lines(rows: Sequence[Sequence[str]], first_table: int = 1) -> list[Line]:
    """The lines of a sheet: its blocks of rows are tables, numbered from `first_table`; lone cells are lines."""
    lines: list[Line] = []
    block: list[Sequence[str]] = []
    table = first_table
    for row in [*rows[: bounds.TABLE_ROWS], ()]:
        if any(cell for cell in row):
            block.append(row)
            continue
        if block:
            lines += _block_lines(block, table)
            lines.append(Line(""))
            table += 1
        block = []
    return lines


def _block_lines(block: Sequence[Sequence[str]], table: int) -> list[Line]:
    """A block of filled rows; first rows that say one thing only are its title."""
    lines: list[Line] = []
    start = 0
    while start < len(block) and _single(block[start]):
        lines.append(Line(_single(block[start])))
        start += 1
    rest = block[start:]
    used = [column for column in range(_width(rest)) if any(column < len(row) and row[column] for row in rest)]
    used = used[: bounds.TABLE_COLUMNS]
    if len(used) < 2:
        return lines + [Line(_single(row)) for row in rest]
    cells = [[row[column] if column < len(row) else "" for column in used] for row in rest]
    _, end = merged_over(cells)
    return lines + [row_line(row, table) for row in cells[:end]] + [Line(row[0]) for row in cells[end:]]


def merged_over(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Where the rows of data begin and end: titles above them and notes below are one cell over all columns."""
    begin, end = 0, len(rows)
    while begin < end and _covers(rows[begin]):
        begin += 1
    while end > begin and _covers(rows[end - 1]):
        end -= 1
    return begin, end


def _covers(row: Sequence[str]) -> bool:
    return len(row) > 1 and row[0] != "" and all(cell == row[0] for cell in row)


def _single(row: Sequence[str]) -> str:
    """The only text of a row (a merged title repeats it); "" where there are several."""
    texts = {cell for cell in row if cell}
    return texts.pop() if len(texts) == 1 else ""


def _width(rows: Sequence[Sequence[str]]) -> int:
    return max((len(row) for row in rows), default=0)
