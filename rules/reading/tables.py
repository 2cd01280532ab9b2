"""Tables of people: header row or header column, labels in any order, shared rows above, or no labels at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rules.model import Cell, Table
from rules.reading.cells import Record, join_names, name_in, take, wishes_in
from rules.reading.columns import (
    Slots,
    fields_of,
    fill_dittos,
    find_choices,
    header_column,
    header_row,
    is_wish,
    label_of,
    read_header,
)
from rules.reading.labelled import Entry, find_entries
from rules.reading.labels import Slot
from rules.reading.sources import Source
from rules.reading.spots import Scanner, Spot
from rules.reading.ticks import is_answer, is_tick

ONCE = frozenset({Slot.MUNICIPALITY, Slot.PIR, Slot.TAX, Slot.COUNTY})  # left blank further down, they hold for all


@dataclass(slots=True)
class TableReading:
    """What a table gives: people, and values for all of them. Empty where it is no table of people.

    `whole`: all of the table was read here, and nothing in it may be read otherwise.
    """

    records: list[Record] = field(default_factory=list)
    shared: list[Spot] = field(default_factory=list)
    whole: bool = False


def read_table(table: Table, source: Source, scanner: Scanner) -> TableReading:
    """Read `table` of `source` as people's data."""
    rows = [row for row in table.rows if any(cell.text.strip() for cell in row)]
    labels = [[label_of(cell, scanner) for cell in row] for row in rows]
    header = header_row(labels)
    column = header_column(rows, labels)
    choices = find_choices(rows, scanner)
    if header is not None and len(set(fields_of(labels[header]))) >= max(2, column):
        reading = _by_columns(rows, labels, header, source, scanner)
    elif column >= 2:
        reading = _by_rows(rows, labels, source, scanner)
    elif choices:
        reading = _by_choices(rows, choices, source, scanner)
    else:
        reading = _by_content(rows, source, scanner)
    reading.records = [record for record in reading.records if record.spots]
    reading.whole |= bool(reading.records)
    _fill_down(reading)
    return reading


def _by_choices(
    rows: Sequence[Sequence[Cell]], choices: Sequence[int], source: Source, scanner: Scanner
) -> TableReading:
    """Modules with a mark beside each that is wanted; below people's names, by those whose column it stands in."""
    chosen = [rows[at] for at in choices]
    titles = rows[choices[0] - 1] if choices[0] else ()
    records: list[Record] = []
    for at, title in enumerate(titles):
        record = Record()
        if name_in(title, scanner):
            take(record, title, frozenset({Slot.FULL_NAME}), source, scanner)
            for row in chosen:
                if at < len(row) and is_tick(row[at].text) and is_wish(row[0].text, scanner):
                    record.spots += wishes_in(row[0], source, scanner)
        records += [record] if record.name else []
    return TableReading(records, [] if records else _chosen(chosen, source, scanner), whole=True)


def _chosen(rows: Sequence[Sequence[Cell]], source: Source, scanner: Scanner) -> list[Spot]:
    """The modules of the rows that hold a mark."""
    wished = [cell for row in rows if any(is_tick(cell.text) for cell in row) for cell in row]
    return [spot for cell in wished if is_wish(cell.text, scanner) for spot in wishes_in(cell, source, scanner)]


def _by_columns(
    rows: Sequence[Sequence[Cell]], labels: Sequence[Sequence[Slots]], header: int, source: Source, scanner: Scanner
) -> TableReading:
    """A header row, a person in each row below; label and value pairs above hold for all."""
    reading = TableReading()
    for row, row_labels in zip(rows[:header], labels[:header], strict=True):
        reading.shared += _pairs(row, row_labels, source, scanner)
    below = [row for row in rows[header + 1 :] if not _spans(row)]
    slots = read_header(rows[header], below, scanner)
    for row, row_labels in zip(fill_dittos(rows[header + 1 :]), labels[header + 1 :], strict=True):
        if row_labels == labels[header]:
            continue
        if _spans(row):
            _add_note(reading, row[0], source, scanner)
            continue
        record = Record()
        for title, cell, announced in zip(rows[header], row, slots, strict=False):
            take(record, cell, announced, source, scanner)
            if not announced and is_tick(cell.text) and is_wish(title.text, scanner):
                record.spots += wishes_in(title, source, scanner)
        join_names(record, row, slots)
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


def _spans(row: Sequence[Cell]) -> bool:
    """Is the row one cell over all columns?"""
    return len(row) > 1 and len({cell.text for cell in row}) == 1


def _add_note(reading: TableReading, cell: Cell, source: Source, scanner: Scanner) -> None:
    """Read a row that is one cell over all columns, as text: what it says holds for all."""
    entries = find_entries(cell.text, scanner.catalogue.words)
    for entry in entries:
        moved = Entry(entry.slots, cell.start + entry.label, cell.start + entry.start, cell.start + entry.end)
        reading.shared += [one for one in scanner.read_entry(source, moved) if one.slot is not Slot.FULL_NAME]
    if not entries:
        reading.shared += scanner.read_cell(source, cell.start, cell.end)


def _by_rows(
    rows: Sequence[Sequence[Cell]], labels: Sequence[Sequence[Slots]], source: Source, scanner: Scanner
) -> TableReading:
    """A header column: each other column is a person; a label that comes again begins the next one below."""
    width = max(len(row) for row in rows)
    blocks: list[list[Record]] = [[Record() for _ in range(1, width)]]
    seen: set[Slots] = set()
    shared: list[Spot] = []
    for row, row_labels in zip(rows, labels, strict=True):
        announced = row_labels[0] or _label_in_column(row, scanner)
        if not announced:
            for at, cell in enumerate(row[1:]):
                if is_tick(cell.text) and is_wish(row[0].text, scanner):
                    blocks[-1][at].spots += wishes_in(row[0], source, scanner)
            continue
        if announced == {Slot.MODULES} and len(row) == 3 and is_answer(row[2].text) and is_wish(row[1].text, scanner):
            if is_tick(row[2].text):
                blocks[-1][0].spots += wishes_in(row[1], source, scanner)
            continue
        if announced in seen and Slot.FULL_NAME in announced:
            blocks.append([Record() for _ in range(1, width)])
            seen = set()
        seen.add(announced)
        for at, cell in enumerate(row[1:]):
            take(blocks[-1][at], cell, announced, source, scanner)
    records = [record for block in blocks for record in block if record.spots]
    named = [record for record in records if record.name]
    if (named and len(named) < len(records)) or not _of_people(labels):
        shared = [spot for record in records if not record.name for spot in record.spots]
        records = named
    return TableReading(records, shared)


def _label_in_column(row: Sequence[Cell], scanner: Scanner) -> Slots:
    """The label at the row's head, strange words allowed as it stands among labels."""
    if len(row) < 2 or _spans(row) or all(is_answer(cell.text) for cell in row[1:]):
        return frozenset()
    return label_of(row[0], scanner, among_labels=True)


def _of_people(labels: Sequence[Sequence[Slots]]) -> bool:
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
            name = "" if record.name else name_in(cell, scanner)
            if name:
                take(record, cell, frozenset({Slot.FULL_NAME}), source, scanner)
            else:
                record.spots += scanner.read_cell(source, cell.start, cell.end)
        if record.name and len(record.spots) > 1:
            reading.records.append(record)
        else:
            reading.shared += [spot for spot in record.spots if spot.slot in ONCE]
    return reading if reading.records else TableReading()


def _pairs(row: Sequence[Cell], labels: Sequence[Slots], source: Source, scanner: Scanner) -> list[Spot]:
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
