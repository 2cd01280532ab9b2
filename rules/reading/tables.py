"""Tables of people: header row or header column, labels in any order, shared rows above, or no labels at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rules.model import Cell, Table
from rules.reading.labelled import Entry
from rules.reading.labels import Slot, read_label
from rules.reading.names import read_name
from rules.reading.sources import Source
from rules.reading.spots import Scanner, Spot

ONCE = frozenset({Slot.MUNICIPALITY, Slot.PIR, Slot.TAX, Slot.COUNTY})  # left blank further down, they hold for all
_NO_LABEL = re.compile(r"@|\d{3}")
_Slots = frozenset[Slot]


@dataclass(slots=True)
class Record:
    """One person's cells: the values, the name ("" where none), and the slots whose cell was there but empty."""

    spots: list[Spot] = field(default_factory=list)
    name: str = ""
    name_spot: Spot | None = None


@dataclass(slots=True)
class TableReading:
    """What a table gives: people, and values for all of them. Empty where it is no table of people."""

    records: list[Record] = field(default_factory=list)
    shared: list[Spot] = field(default_factory=list)


def read_table(table: Table, source: Source, scanner: Scanner) -> TableReading:
    """Read `table` of `source` as people's data."""
    rows = [row for row in table.rows if any(cell.text.strip() for cell in row)]
    labels = [[_label(cell, scanner) for cell in row] for row in rows]
    header = _header_row(labels)
    column = _header_column(rows, labels)
    if header is not None and len(set(_slots(labels[header]))) >= max(2, column):
        reading = _by_columns(rows, labels, header, source, scanner)
    elif column >= 2:
        reading = _by_rows(rows, labels, source, scanner)
    else:
        reading = _by_content(rows, source, scanner)
    reading.records = [record for record in reading.records if record.spots]
    _fill_down(reading)
    return reading


def _label(cell: Cell, scanner: Scanner) -> _Slots:
    text = cell.text.strip().rstrip(":")
    return frozenset() if _NO_LABEL.search(text) else read_label(text, scanner.catalogue.words)


def _slots(labels: Sequence[_Slots]) -> list[_Slots]:
    return [slots for slots in labels if slots and slots != {Slot.OTHER}]


def _header_row(labels: Sequence[Sequence[_Slots]]) -> int | None:
    """The row with the most different labels, if it has two and something stands below it."""
    counts = [len(set(_slots(row))) for row in labels]
    best = max(counts, default=0)
    at = counts.index(best) if best >= 2 else len(counts)
    return at if at + 1 < len(counts) else None


def _header_column(rows: Sequence[Sequence[Cell]], labels: Sequence[Sequence[_Slots]]) -> int:
    """How many rows begin with a label and go on with a value."""
    return len(
        {
            row_labels[0]
            for row, row_labels in zip(rows, labels, strict=True)
            if len(row) >= 2 and row_labels and row_labels[0] and not all(_slots([one]) for one in row_labels[1:])
        }
    )


def _by_columns(
    rows: Sequence[Sequence[Cell]], labels: Sequence[Sequence[_Slots]], header: int, source: Source, scanner: Scanner
) -> TableReading:
    """A header row, a person in each row below; label and value pairs above hold for all."""
    reading = TableReading()
    for row, row_labels in zip(rows[:header], labels[:header], strict=True):
        reading.shared += _pairs(row, row_labels, source, scanner)
    slots = labels[header]
    for row, row_labels in zip(rows[header + 1 :], labels[header + 1 :], strict=True):
        if row_labels == slots:
            continue
        record = Record()
        for cell, announced in zip(row, slots, strict=False):
            _take(record, cell, announced, source, scanner)
        _join_names(record, row, slots, scanner)
        filled = sum(bool(cell.text.strip()) for cell in row)
        if not _of_people([slots]):
            reading.shared += record.spots
        elif record.name or not reading.records or filled >= len(row) - 1:
            reading.records.append(record)
        elif {spot.slot for spot in record.spots} == {Slot.MODULES}:
            reading.records[-1].spots += record.spots  # a second line of wishes
        else:
            reading.shared += record.spots or _pairs(row, row_labels, source, scanner)
    return reading


def _by_rows(
    rows: Sequence[Sequence[Cell]], labels: Sequence[Sequence[_Slots]], source: Source, scanner: Scanner
) -> TableReading:
    """A header column: each other column is a person; a label that comes again begins the next one below."""
    width = max(len(row) for row in rows)
    blocks: list[list[Record]] = [[Record() for _ in range(1, width)]]
    seen: set[_Slots] = set()
    shared: list[Spot] = []
    for row, row_labels in zip(rows, labels, strict=True):
        announced = row_labels[0]
        if not announced:
            continue
        if announced in seen and Slot.FULL_NAME in announced:
            blocks.append([Record() for _ in range(1, width)])
            seen = set()
        seen.add(announced)
        for at, cell in enumerate(row[1:]):
            _take(blocks[-1][at], cell, announced, source, scanner)
    records = [record for block in blocks for record in block if record.spots]
    named = [record for record in records if record.name]
    if (named and len(named) < len(records)) or not _of_people(labels):
        shared = [spot for record in records if not record.name for spot in record.spots]
        records = named
    return TableReading(records, shared)


def _of_people(labels: Sequence[Sequence[_Slots]]) -> bool:
    """Do the labels ask for a name or an address? Others only give the office's data."""
    return any(
        slot in slots for row in labels for slots in row for slot in (Slot.FULL_NAME, Slot.EMAIL, Slot.FAMILY_NAME)
    )


def _by_content(rows: Sequence[Sequence[Cell]], source: Source, scanner: Scanner) -> TableReading:
    """No labels: a row with a name and something else of a person's is that person."""
    reading = TableReading()
    for row in rows:
        record = Record()
        for cell in row:
            name = "" if record.name else _name_of(cell, scanner)
            if name:
                _take(record, cell, frozenset({Slot.FULL_NAME}), source, scanner)
            else:
                record.spots += scanner.read_cell(source, cell.start, cell.end)
        if record.name and len(record.spots) > 1:
            reading.records.append(record)
        else:
            reading.shared += [spot for spot in record.spots if spot.slot in ONCE]
    return reading if reading.records else TableReading()


def _name_of(cell: Cell, scanner: Scanner) -> str:
    text = cell.text.strip()
    if not text or _NO_LABEL.search(text) or len(text.split()) > 6:
        return ""
    name = read_name(text, scanner.lexicon)
    return name if any(scanner.is_given(word) for word in name.split()) else ""


def _take(record: Record, cell: Cell, announced: _Slots, source: Source, scanner: Scanner) -> None:
    """Put what the cell holds for the slots that its label announces into the record."""
    if not cell.text.strip() or not announced or announced == {Slot.OTHER}:
        return
    for spot in scanner.read_entry(source, Entry(announced, cell.start, cell.start, cell.end)):
        if spot.slot is Slot.FULL_NAME:
            if record.name:
                continue
            record.name, record.name_spot = spot.value, spot
        record.spots.append(spot)


def _join_names(record: Record, row: Sequence[Cell], slots: Sequence[_Slots], scanner: Scanner) -> None:
    """Family and given name in columns of their own."""
    halves = {}
    for cell, announced in zip(row, slots, strict=False):
        for half in (Slot.FAMILY_NAME, Slot.GIVEN_NAME):
            if half in announced and cell.text.strip():
                halves.setdefault(half, cell)
    if len(halves) == 2 and not record.name:
        family, given = halves[Slot.FAMILY_NAME], halves[Slot.GIVEN_NAME]
        record.name = f"{family.text.strip()} {given.text.strip()}"
        record.name_spot = None


def _pairs(row: Sequence[Cell], labels: Sequence[_Slots], source: Source, scanner: Scanner) -> list[Spot]:
    """Label and value side by side, or values that need no label."""
    spots: list[Spot] = []
    for at, cell in enumerate(row):
        if labels[at]:
            continue
        announced = labels[at - 1] if at else frozenset()
        if announced and announced != {Slot.OTHER}:
            spots += scanner.read_entry(source, Entry(announced, cell.start, cell.start, cell.end))
        elif not announced:
            spots += scanner.read_cell(source, cell.start, cell.end)
    return [spot for spot in spots if spot.slot is not Slot.FULL_NAME]


def _fill_down(reading: TableReading) -> None:
    """A municipality, PIR or county that stands in one row only holds for the rows that leave it blank."""
    if len(reading.records) < 2:
        return
    for slot in ONCE:
        values = {spot.value for record in reading.records for spot in record.spots if spot.slot is slot}
        if len(values) == 1:
            spot = next(spot for record in reading.records for spot in record.spots if spot.slot is slot)
            reading.shared.append(spot)
