"""What a file would do to a directory, row by row, and how that is written: all at once, or nothing.

Pure of directories' own rules: registry.imports.directories says which columns make a row's key. Rows travel as
{column: text}.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

Values = Mapping[str, str]
Key = tuple[str, ...]
# what the command line says; the page has its own words (label group "import_refusal")
REASONS = {
    "pir_digits": "PIR is not six digits: {value}",
    "pir_twice": "the same PIR as in line {value}",
    "no_name": "no name",
    "county_unknown": "unknown county: {value}",
    "settlement_twice": "the same settlement twice: {value}",
    "settlement_unknown": "unknown settlement: {value}",
    "no_address": "no e-mail address: {value}",
    "address_twice": "the same address as in line {value}",
    "clerk_twice": "the same municipality and address a second time",
    "too_long": "longer than {value} characters",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken, by its line in the file: the code of why, and what stands there."""

    line: int
    code: str
    value: str = ""

    @property
    def reason(self) -> str:
        """For the command line."""
        return REASONS[self.code].format(value=self.value or "empty")


@dataclass(slots=True)
class Reading:
    """The usable rows of a file by key, each with its line; the refused ones; and every key that the file names."""

    rows: dict[Key, tuple[int, Values]] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    named: set[Key] = field(default_factory=set)

    def refuse(self, line: int, code: str, value: str = "") -> None:
        """Note a row that cannot be taken."""
        self.refused.append(Refusal(line, code, value[:100]))

    def take(self, key: Key, line: int, values: Values) -> None:
        """Note a usable row."""
        self.rows[key] = line, values


@dataclass(frozen=True, slots=True)
class Fate:
    """One row: its line (0: not in the file), its key, and its values before and after ({} where there are none)."""

    line: int
    key: Key
    before: Values
    after: Values

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """(column, before, after) of each value that differs."""
        names = self.after or self.before
        pairs = ((name, self.before.get(name, ""), self.after.get(name, "")) for name in names)
        return [pair for pair in pairs if pair[1] != pair[2]]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a file would do. `gone` are rows that it no longer holds: they are deleted only where a person says so."""

    what: str
    new: tuple[Fate, ...]
    changed: tuple[Fate, ...]
    unchanged: int
    refused: tuple[Refusal, ...]
    gone: tuple[Fate, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have which fate."""
        lists = {"new": self.new, "changed": self.changed, "refused": self.refused, "gone": self.gone}
        return {name: len(rows) for name, rows in lists.items()} | {"unchanged": self.unchanged}

    @property
    def mark(self) -> str:
        """Names what would be written, so that nothing else is written than was shown."""
        told = [[fate.key, dict(fate.before), dict(fate.after)] for fate in (*self.new, *self.changed, *self.gone)]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def make_plan(
    what: str, reading: Reading, present: Mapping[Key, Values], may_go: Mapping[Key, Values], *, keeps_blank: bool
) -> ImportPlan:
    """Hold a reading against the rows that are `present`; `may_go` are those that came from such a file.

    A column that the file lacks, and with `keeps_blank` an empty cell, leaves what is there.
    """
    new, changed, unchanged = [], [], 0
    for key, (line, values) in reading.rows.items():
        before = present.get(key)
        if before is None:
            new.append(Fate(line, key, {}, values))
            continue
        given = {name: value for name, value in values.items() if value or not keeps_blank}
        after = {**before, **given}
        if after == before:
            unchanged += 1
        else:
            changed.append(Fate(line, key, before, after))
    named = reading.named | reading.rows.keys()
    gone = [Fate(0, key, values, {}) for key, values in may_go.items() if key not in named]
    return ImportPlan(what, tuple(new), tuple(changed), unchanged, tuple(reading.refused), tuple(gone))
