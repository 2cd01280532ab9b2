"""How much of all parts together is handed to the rules: a request is a page, and reading costs time by the character.

Quoted mails are left out of the account: the rules hardly read them. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rules.model import Part, PartKind, Table
from worker.intake import bounds
from worker.intake.mime import Reading


def bounded_parts(parts: Sequence[Part], reading: Reading) -> list[Part]:
    """The first `bounds.PARTS` parts, no more than `bounds.READ_CHARS` of them; what is left out is `truncated`.

    The shortest are kept whole first: a long decree attached to a request takes nothing from the request.
    """
    kept = parts[: bounds.PARTS]
    left = bounds.READ_CHARS
    cut: dict[int, list[Part]] = {}
    for at in sorted(range(len(kept)), key=lambda at: len(kept[at].text)):
        if kept[at].kind is PartKind.QUOTED:
            continue
        if len(kept[at].text) > left:
            cut[at] = _beginning(kept[at], left)
        left = max(0, left - len(kept[at].text))
    if cut or len(kept) < len(parts):
        reading.defects.add("truncated")
    return [one for at, part in enumerate(kept) for one in cut.get(at, [part])]


def _beginning(part: Part, length: int) -> list[Part]:
    """`part` up to the last line end within `length` characters, or to `length` where it has none; none if blank."""
    end = part.text.rfind("\n", 0, length)
    text = part.text[: end if end > 0 else length].rstrip()
    tables = []
    for table in part.tables:
        rows = tuple(row for row in table.rows if row and row[-1].end <= len(text))
        if rows:
            tables.append(Table(rows, table.start, rows[-1][-1].end))
    return [replace(part, text=text, tables=tuple(tables))] if text.strip() else []
