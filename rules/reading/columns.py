"""What a table's columns hold: by their labels, by what stands in them, or by the module they ask yes or no for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rules.model import Cell
from rules.reading.county import find_counties
from rules.reading.labels import Slot, read_label
from rules.reading.modules import find_modules
from rules.reading.municipality import find_municipalities
from rules.reading.names import read_name
from rules.reading.pir import find_pirs
from rules.reading.spots import Scanner
from rules.reading.ticks import is_answer, is_tick
from rules.text import fold

Slots = frozenset[Slot]
Rows = Sequence[Sequence[Cell]]
CHOICES = 2  # rows of a module and an answer that make a list of choices
LONGEST_WISH = 120
_DITTO = re.compile(
    r"[\"'|\u201d\u201e\u2019\u201c]{1,4}|-\W{1,4}-|u\.?\s?[ao]\.?|idem|id\.|dto\.?|ugyan(?:az|ott|ugy|olyan)[a-z]*"
    r"|(?:mint|lasd) (?:fent|felett[a-z]*|feljebb)|fenti(?:ek)?"
)
_NO_LABEL = re.compile(r"@|\d{3}")
_NAMES = frozenset({Slot.FULL_NAME, Slot.FAMILY_NAME, Slot.GIVEN_NAME})


def label_of(cell: Cell, scanner: Scanner, *, among_labels: bool = False) -> Slots:
    """The slots that the cell announces; empty where it is no label."""
    text = cell.text.strip().rstrip(":")
    if _NO_LABEL.search(text):
        return frozenset()
    return read_label(text, scanner.catalogue.words, among_labels=among_labels)


def fields_of(labels: Sequence[Slots]) -> list[Slots]:
    return [slots for slots in labels if slots and slots != {Slot.OTHER}]


def header_row(labels: Sequence[Sequence[Slots]]) -> int | None:
    """The row with the most different labels, if it has two and something stands below it."""
    counts = [len(set(fields_of(row))) for row in labels]
    best = max(counts, default=0)
    at = counts.index(best) if best >= 2 else len(counts)
    return at if at + 1 < len(counts) else None


def header_column(rows: Rows, labels: Sequence[Sequence[Slots]]) -> int:
    """How many rows begin with a label and go on with a value."""
    return len(
        {
            row_labels[0]
            for row, row_labels in zip(rows, labels, strict=True)
            if len(row) >= 2 and row_labels and row_labels[0] and not all(fields_of([one]) for one in row_labels[1:])
        }
    )


def read_header(header: Sequence[Cell], below: Rows, scanner: Scanner) -> list[Slots]:
    """The slots of each column under the row of labels `header`; what no label tells is told by the cells `below`."""
    strict = [label_of(cell, scanner) for cell in header]
    columns = [[row[at].text.strip() for row in below if at < len(row)] for at in range(len(header))]
    slots = [
        one or (frozenset() if _asks_yes_or_no(cell, column, scanner) else label_of(cell, scanner, among_labels=True))
        for one, cell, column in zip(strict, header, columns, strict=True)
    ]
    held = set().union(*slots)
    for at, column in enumerate(columns):
        filled = [text for text in column if text]
        if slots[at] == {Slot.CONTACT}:
            slots[at] = frozenset({Slot.EMAIL if _are_emails(filled) and Slot.EMAIL not in held else Slot.OTHER})
        elif slots[at] & _NAMES and slots[at] in slots[:at]:  # "Neve" below "Dolgozó", and again below "Munkahely"
            slots[at] = _guess(filled, held, scanner) or slots[at]
        elif not slots[at] and filled and not _asks_yes_or_no(header[at], column, scanner):
            slots[at] = _guess(filled, held, scanner)
        held |= slots[at]
    return slots


def is_wish(text: str, scanner: Scanner) -> bool:
    """Does the text name modules and nothing else?"""
    if not 2 <= len(text.strip()) < LONGEST_WISH or is_answer(text):
        return False
    reading = find_modules(text, scanner.catalogue, in_field=True)
    return bool(reading.hits) and not reading.unknown


def _asks_yes_or_no(header: Cell, column: Sequence[str], scanner: Scanner) -> bool:
    """Is this a module's column, with a mark for who wants it?"""
    return bool(column) and all(is_answer(text) for text in column) and is_wish(header.text, scanner)


def find_choices(rows: Rows, scanner: Scanner) -> list[int]:
    """The rows that hold a module and an answer, and nothing else; none where they make no list of choices."""
    found = [at for at, row in enumerate(rows) if _is_choice(row, scanner)]
    marked = any(is_tick(cell.text) for at in found for cell in rows[at])
    return found if len(found) >= CHOICES and marked else []


def _is_choice(row: Sequence[Cell], scanner: Scanner) -> bool:
    if len(row) < 2 or not any(is_answer(cell.text) for cell in row):
        return False
    rest = [cell for cell in row if not is_answer(cell.text)]
    wishes = [cell for cell in rest if is_wish(cell.text, scanner)]
    return bool(wishes) and all(cell in wishes or label_of(cell, scanner) == {Slot.MODULES} for cell in rest)


def _are_emails(texts: Sequence[str]) -> bool:
    return 2 * sum("@" in text for text in texts) > len(texts)


def _guess(texts: Sequence[str], held: set[Slot], scanner: Scanner) -> Slots:
    """The slot that no other column holds and that all of `texts` may be values of."""
    if len(texts) > 50:  # a handful tells it
        texts = texts[:50]
    for slot, fits in _LOOKS.items():
        taken = bool(held & _NAMES) if slot is Slot.FULL_NAME else slot in held
        if not taken and (_are_emails(texts) if slot is Slot.EMAIL else all(fits(text, scanner) for text in texts)):
            return frozenset({slot})
    return frozenset()


def _is_name(text: str, scanner: Scanner) -> bool:
    if _NO_LABEL.search(text) or len(text.split()) > 6:  # of a name's words
        return False
    return any(scanner.is_given(word) for word in read_name(text, scanner.lexicon).split())


def _is_pir(text: str, _: Scanner) -> bool:
    return len(text) < 12 and any(hit.valid for hit in find_pirs("PIR: " + text))  # digits and blanks


def _is_county(text: str, scanner: Scanner) -> bool:
    return bool(find_counties(text, scanner.catalogue, in_field=True))


def _is_place(text: str, scanner: Scanner) -> bool:
    return any(hit.known for hit in find_municipalities(text, scanner.catalogue, in_field=True))


_LOOKS: dict[Slot, Callable[[str, Scanner], bool]] = {
    Slot.EMAIL: lambda text, _: "@" in text,
    Slot.PIR: _is_pir,
    Slot.FULL_NAME: _is_name,
    Slot.MODULES: is_wish,
    Slot.MUNICIPALITY: _is_place,
    Slot.COUNTY: _is_county,
}


def fill_dittos(rows: Rows) -> list[list[Cell]]:
    """The rows with "ua.", quotation marks and the like replaced by the cell above them."""
    filled: list[list[Cell]] = []
    for row in rows:
        above = filled[-1] if filled else []
        filled.append(
            [
                above[at] if at < len(above) and _DITTO.fullmatch(fold(cell.text).strip()) else cell
                for at, cell in enumerate(row)
            ]
        )
    return filled
