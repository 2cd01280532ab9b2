"""What an import did, and the one way it writes: compare with what is there, create, update, refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken, by its line in the file, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class ImportReport:
    """How many rows were new, changed, the same as before; and the refused ones."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        """Note a row that cannot be taken."""
        self.refused.append(Refusal(line, reason))


def write_rows(model: type[M], rows: dict[str, M], fields: Sequence[str], report: ImportReport) -> None:
    """Create or update `rows` (by primary key) and count them; must run in a transaction."""
    present = {str(row.pk): row for row in model._default_manager.all()}
    new = [row for key, row in rows.items() if key not in present]
    changed = [
        row
        for key, row in rows.items()
        if key in present and any(getattr(row, name) != getattr(present[key], name) for name in fields)
    ]
    model._default_manager.bulk_create(new, batch_size=BATCH)
    model._default_manager.bulk_update(changed, fields, batch_size=BATCH)
    report.new += len(new)
    report.changed += len(changed)
    report.unchanged += len(rows) - len(new) - len(changed)
