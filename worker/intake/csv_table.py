"""Separated values (csv, tsv, a txt of that shape) to lines. Pure: bytes in."""

from __future__ import annotations

import csv
import io

from worker.intake import bounds
from worker.intake.grid import grid_lines
from worker.intake.html_table import one_line_cell
from worker.intake.lines import Line, plain_lines
from worker.intake.normal import normal_text

_DELIMITERS = (";", "\t", ",", "|")


def csv_lines(text: str) -> list[Line]:
    """The rows of `text` as a table, by the delimiter that splits most lines alike; plain lines where none does."""
    text = normal_text(text[: bounds.TEXT_CHARS])
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first) <= 6:  # Excel's own hint
        text = rest
    delimiter = _delimiter(text)
    if not delimiter:
        return plain_lines(text)
    try:
        rows = [
            [one_line_cell(cell) for cell in row[: bounds.TABLE_COLUMNS]]
            for row in csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
        ]
    except csv.Error:
        return plain_lines(text)
    return grid_lines(rows)


def _delimiter(text: str) -> str:
    """The delimiter found equally often, at least once, in the most of the first lines; "" where none is."""
    sample = [line for line in text.split("\n", 60)[:50] if line.strip()]
    best, best_score = "", 0.0
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in sample]
        usual = max(set(counts), key=counts.count, default=0)
        score = counts.count(usual) / len(counts) * (1 + min(usual, 8) / 8) if usual else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best if best_score > 0.6 else ""
