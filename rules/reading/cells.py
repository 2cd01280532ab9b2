"""One person's cells of a table: what they hold for the slots that their labels announce."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rules.model import Cell
from rules.reading.columns import Slots
from rules.reading.labelled import Entry
from rules.reading.labels import Slot
from rules.reading.names import read_name
from rules.reading.sources import Source
from rules.reading.spots import Scanner, Spot

MOST_NAME_WORDS = 6


@dataclass(slots=True)
class Record:
    """One person's cells: the values, the name ("" where none), and the slots whose cell was there but empty."""

    spots: list[Spot] = field(default_factory=list)
    name: str = ""
    name_spot: Spot | None = None


def wishes_in(cell: Cell, source: Source, scanner: Scanner) -> list[Spot]:
    """The modules that the cell names."""
    return scanner.read_entry(source, Entry(frozenset({Slot.MODULES}), cell.start, cell.start, cell.end))


def name_in(cell: Cell, scanner: Scanner) -> str:
    """The person's name that the cell holds and nothing else, or ""."""
    text = cell.text.strip()
    if not text or "@" in text or any(letter.isdecimal() for letter in text) or len(text.split()) > MOST_NAME_WORDS:
        return ""
    name = read_name(text, scanner.lexicon)
    return name if any(scanner.is_given(word) for word in name.split()) else ""


def take(record: Record, cell: Cell, announced: Slots, source: Source, scanner: Scanner) -> None:
    """Put what the cell holds for the slots that its label announces into the record."""
    if not cell.text.strip() or not announced or announced == {Slot.OTHER}:
        return
    for spot in scanner.read_entry(source, Entry(announced, cell.start, cell.start, cell.end)):
        if spot.slot is Slot.FULL_NAME:
            if record.name:
                continue
            record.name, record.name_spot = spot.value, spot
        record.spots.append(spot)


def join_names(record: Record, row: Sequence[Cell], slots: Sequence[Slots]) -> None:
    """Family and given name in columns of their own."""
    halves: dict[Slot, Cell] = {}
    for cell, announced in zip(row, slots, strict=False):
        for half in (Slot.FAMILY_NAME, Slot.GIVEN_NAME):
            if half in announced and cell.text.strip():
                halves.setdefault(half, cell)
    if len(halves) == 2 and not record.name:
        family, given = halves[Slot.FAMILY_NAME], halves[Slot.GIVEN_NAME]
        record.name = f"{family.text.strip()} {given.text.strip()}"
        record.name_spot = None
