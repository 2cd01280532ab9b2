"""Which value belongs to which of several people: by list items, lines, paragraphs and the order of the text.

What stands beside a name is that person's; what stands apart, once for all, is shared (policy.md §2: "Data written
once for a whole mail holds for every person in it who has none of their own").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rules.reading.everyone import is_for_everyone
from rules.reading.labels import Slot
from rules.reading.spots import Spot
from rules.text import fold

_MARKER = re.compile(r"[ \t]*(?:[-–—*•·>]|\(?\d{1,2}[.)]|[a-z][.)])[ \t]+", re.I)
_OPENS = re.compile(
    r"(?:[ \t]*(?:[-–—*•·>]|\(?\d{1,2}[.):]|[a-z][.)])?[ \t]*|[^\n:.!?]{1,40}[:\t–-][ \t]*)(?:dr\.?[ \t]*)?", re.I
)
_OFFICE_FIRST = re.compile(  # "Mintafalu Község Önkormányzata (PIR 740009): Nagy Éva, …"
    r"(?=[^\n]*(?:\d{6}|nkorm|hivatal))[^\n!?]{1,160}(?:[:,;–]|[ \t]-|\()[ \t]*(?:dr\.?[ \t]*)?", re.I
)
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_BESIDES = re.compile(
    r"ezenfelul|ezen felul|azon felul|ezenkivul|ezen kivul|azon kivul|emellett|e mellett|mindezek mellett|tovabba"
    r"|raadasul|plusz(?:ban)?(?![a-z])"
    r"|kiegeszit\w*|meg (?:a|az) |mindezt? es|felul (?:a|az) |ehhez jon"
)
_AND = re.compile(
    r"[a-záéíóöőúüű]{0,4}[, \t]{0,40}(?:\n[ \t]*)?(?:és|valamint|illetve|ill\.|meg|,|;)[,\s]{0,40}(?:dr\.?\s*)?", re.I
)
_BRACKET = re.compile(r"[a-záéíóöőúüű]{0,4}[ \t]*(?:\n[ \t]*)?\([^()]{0,120}\)")
_OWN_ONLY = frozenset({Slot.EMAIL, Slot.FULL_NAME})


class Placed(Protocol):
    """Whatever stands at `start`–`end` of a text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place where person number `person` is named."""

    person: int
    start: int
    end: int


@dataclass(slots=True)
class Layout:
    """The spots of each person, and those of everyone."""

    own: list[list[Spot]]
    shared: list[Spot] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A stretch of text that speaks of `person` (None: of nobody in particular), or of a row of people (`group`)."""

    start: int
    end: int
    person: int | None
    first_line: int  # where the line of its name ends
    group: tuple[int, ...] = ()
    row_end: int = 0  # up to here each value stands in brackets behind the name it belongs to


def lay_out(text: str, anchors: Sequence[Anchor], spots: Sequence[Spot], count: int) -> Layout:
    """Give each of `spots` to one of `count` people, or to all."""
    if count == 1:
        return Layout([list(spots)])
    units = _units(text, sorted(anchors, key=lambda anchor: anchor.start))
    ends = sorted(anchor.end for anchor in anchors)
    placed = [(spot, _unit_of(units, spot.start)) for spot in spots]
    layout = Layout([[] for _ in range(count)])
    gaps: dict[int | None, list[Spot]] = {}
    last = max((unit.person is not None, index) for index, unit in enumerate(units))[1] if units else -1
    for spot, at in placed:
        unit = units[at]
        if spot.start < unit.row_end:
            layout.own[_last_before(anchors, spot.start, unit)].append(spot)
        elif is_for_everyone(text, spot, ends) or len(set(unit.group)) == count:
            layout.shared.append(spot)
        elif unit.group and spot.slot is not Slot.EMAIL:
            for person in dict.fromkeys(unit.group):
                layout.own[person].append(spot)
        elif unit.person is not None and (at != last or spot.start <= unit.first_line or spot.slot in _OWN_ONLY):
            layout.own[unit.person].append(spot)
        else:
            gaps.setdefault(_person_before(units, at), []).append(spot)
    _settle_gaps(layout, gaps, units)
    return layout


def add_what_comes_on_top(text: str, layout: Layout) -> None:
    """Who gets a module besides what all get ("…, Nagy Évának ezenfelül a VIR is") gets what all get as well."""
    for_all = [spot for spot in layout.shared if spot.slot is Slot.MODULES]
    for own in layout.own:
        wished = [spot for spot in own if spot.slot is Slot.MODULES]
        if for_all and any(_BESIDES.search(_clause_before(text, spot)) for spot in wished):
            own.extend(for_all)


def _clause_before(text: str, spot: Spot) -> str:
    start = max(text.rfind(mark, 0, spot.start) for mark in (". ", "; ", "\n"))
    return fold(text[max(start + 1, spot.start - 90) : spot.start])


def _settle_gaps(layout: Layout, gaps: dict[int | None, list[Spot]], units: Sequence[_Unit]) -> None:
    """Values between the people's own stretches: each person's own where most people have one there, else shared."""
    order = [unit.person for unit in units if unit.person is not None]
    final = order[-1] if order else None
    for slot in {spot.slot for spots in gaps.values() for spot in spots}:
        behind = {person: [spot for spot in spots if spot.slot is slot] for person, spots in gaps.items()}
        behind = {person: spots for person, spots in behind.items() if spots}
        owners = set(behind) - {None}
        elsewhere = any(spot.slot is slot for person, own in enumerate(layout.own) if person != final for spot in own)
        before = bool(behind.get(None)) and len(owners - {final}) == len(set(order)) - 1 and final not in owners
        for person, spots in behind.items():
            if before and person != final:  # each value stands above its name
                layout.own[_following(order, person)] += spots
            elif person is None or (owners == {final} and not elsewhere and slot is not Slot.EMAIL):
                layout.shared += spots
            elif person is not None:
                layout.own[person] += spots


def _following(order: Sequence[int], person: int | None) -> int:
    if person is None:
        return order[0]
    at = max(index for index, one in enumerate(order) if one == person)
    return order[min(at + 1, len(order) - 1)]


def _units(text: str, anchors: Sequence[Anchor]) -> list[_Unit]:
    """The text cut into stretches, in order and without gaps."""
    units: list[_Unit] = []
    start = 0
    for paragraph_end in [match.end() for match in _BLANK.finditer(text)] + [len(text)]:
        inside = [anchor for anchor in anchors if start <= anchor.start < paragraph_end]
        units += _in_paragraph(text, start, paragraph_end, inside)
        start = paragraph_end
    return units


def _in_paragraph(text: str, start: int, end: int, anchors: list[Anchor]) -> list[_Unit]:
    if not anchors:
        return [_Unit(start, end, None, start)]
    if len({anchor.person for anchor in anchors}) == 1:
        return [_Unit(start, end, anchors[0].person, end)]
    rows = _rows(text, anchors)
    anchors = [row[0] for row in rows]
    begins = _begins(text, start, anchors)
    units = [_Unit(start, begins[0], None, start)] if begins[0] > start else []
    for number, (row, begin) in enumerate(zip(rows, begins, strict=True)):
        stop = begins[number + 1] if number + 1 < len(begins) else end
        line_end = text.find("\n", row[-1].end)
        first = end if line_end < 0 else line_end
        group = tuple(anchor.person for anchor in row) if len(row) > 1 else ()
        row_end = _row_end(text, row) if group else 0
        units.append(_Unit(begin, stop, row[-1].person, min(first, stop), group, row_end))
    return units


def together(text: str, one: Placed, other: Placed) -> bool:
    """Do the two names stand in one row, nothing but "és" or a comma between them?"""
    first, second = (one, other) if one.start <= other.start else (other, one)
    return bool(_AND.fullmatch(text, _behind_bracket(text, first.end, second.start), second.start))


def _behind_bracket(text: str, start: int, end: int) -> int:
    bracket = _BRACKET.match(text, start, end)
    return bracket.end() if bracket else start


def _rows(text: str, anchors: list[Anchor]) -> list[list[Anchor]]:
    """Names in one row, "Nagy Éva és Kis Pál", are spoken of together."""
    rows = [anchors[:1]]
    for anchor in anchors[1:]:
        if together(text, rows[-1][-1], anchor):
            rows[-1].append(anchor)
        else:
            rows.append([anchor])
    return rows


def _row_end(text: str, row: list[Anchor]) -> int:
    """Where a row "Nagy Éva (…) és Kis Pál (…)" ends; 0 where nothing stands in brackets inside it."""
    if "(" not in text[row[0].end : row[-1].start]:
        return 0
    bracket = _BRACKET.match(text, row[-1].end)
    return bracket.end() if bracket else row[-1].end


def _last_before(anchors: Sequence[Anchor], place: int, unit: _Unit) -> int:
    inside = [anchor for anchor in anchors if unit.start <= anchor.start < place]
    return max(inside, key=lambda anchor: anchor.start).person if inside else unit.group[0]


def _begins(text: str, start: int, anchors: list[Anchor]) -> list[int]:
    """Where each anchor's stretch begins: its list item, its line, or the name itself."""
    items = [_item_start(text, start, anchor.start) for anchor in anchors]
    if None not in items and len(set(items)) == len(items):
        return [item for item in items if item is not None]
    lines = [max(text.rfind("\n", start, anchor.start) + 1, start) for anchor in anchors]
    opening = all(_opens(text, line, anchor.start) for line, anchor in zip(lines, anchors, strict=True))
    if len(set(lines)) == len(lines) and opening:
        return lines
    return [anchor.start for anchor in anchors]


def _opens(text: str, line: int, place: int) -> bool:
    """Does the line that begins at `line` lead to the name at `place` by a mark, a label or an office's data?"""
    return bool(_OPENS.fullmatch(text, line, place) or _OFFICE_FIRST.fullmatch(text, line, place))


def _item_start(text: str, start: int, place: int) -> int | None:
    """The start of the marked line at or above `place`; None where there is none in the paragraph."""
    line = max(text.rfind("\n", start, place) + 1, start)
    while True:
        if _MARKER.match(text, line):
            return line
        if line <= start:
            return None
        line = max(text.rfind("\n", start, line - 1) + 1, start)


def _unit_of(units: Sequence[_Unit], place: int) -> int:
    return next((index for index, unit in enumerate(units) if unit.start <= place < unit.end), len(units) - 1)


def _person_before(units: Sequence[_Unit], at: int) -> int | None:
    for unit in reversed(units[: at + 1]):
        if unit.person is not None:
            return unit.person
    return None
