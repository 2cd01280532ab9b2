"""Our form, come back: its blocks, whose each is, and which of its lines say anything new.

A line that shows what we had filled in says nothing; one that differs was written by the requester.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rules.answers.asked import REFUSING, SINGLE, asked_slots, held
from rules.answers.claim import Claim, Claims, Force, ModuleClaim
from rules.catalogue import Catalogue
from rules.model import Origin, Person, Status
from rules.reading.fields import as_field
from rules.reading.labelled import Entry, find_entries
from rules.reading.labels import Slot, read_label
from rules.reading.names import name_key, same_person
from rules.reading.sources import Source
from rules.reading.spots import Scanner, Spot
from rules.text import fold

_HEADING = re.compile(r"\W{0,4}(?P<number>\d{1,3})\s?\.\s?(?:személy|fő)?\s*", re.IGNORECASE)
_EDITED = frozenset({*SINGLE, Slot.MODULES})
_REPEATED = frozenset({Slot.MUNICIPALITY, Slot.PIR, Slot.COUNTY, Slot.MODULES})  # the rest are a person's own
_SAME = re.compile(
    r"\W*(?:ugyan(?:az|ez|ott|itt)|u\.?\s?a\.?|detto|dto|idem)"
    r"(?:,?\smint\s(?:az?\s)?(?:fent|felul|elobb|elozo|elso)[a-z]{0,4})?\W*"
    r"|\W*(?:mint|lasd|ld\.?)\s(?:az?\s)?(?:fent|felul|elobb|elozo|elso)[a-z]{0,4}\W*"
    r"|\s*[-–]?\s*[\"”″„|]+\s*[-–]?\s*"
)


@dataclass(slots=True)
class Block:
    """One person's lines: the number in the heading (0: none), the raw values, and what was read in them.

    `beside` is what a line holds under another label than its own.
    """

    number: int = 0
    raw: dict[Slot, str] = field(default_factory=dict)
    spots: list[Spot] = field(default_factory=list)
    beside: list[Spot] = field(default_factory=list)

    @property
    def name(self) -> str:
        return next((spot.value for spot in self.spots if spot.slot is Slot.FULL_NAME), "")


def read_blocks(source: Source, scanner: Scanner) -> list[Block]:
    """The blocks of one form, those without any value left out."""
    blocks = [Block()]
    at = 0
    for line in source.part.text.split("\n"):
        heading = _HEADING.fullmatch(line)
        label, colon, value = line.partition(":")
        slots = read_label(label, scanner.catalogue.words) if colon else frozenset()
        if heading:
            blocks.append(Block(int(heading["number"])))
        for slot in slots & _EDITED:
            if slot in blocks[-1].raw:
                blocks.append(Block())
            blocks[-1].raw[slot] = value.strip()
            start = at + len(label) + 1
            entry = Entry(frozenset({slot}), at, start, at + len(line))
            blocks[-1].spots += scanner.read_entry(source, entry) if value.strip() else []
        blocks[-1].beside += _beside(source, scanner, at, at + len(line)) if slots & _EDITED else []
        at += len(line) + 1
    for before, block in pairwise(blocks):
        _repeat(before, block)
    return [block for block in blocks if any(block.raw.values())]


def _beside(source: Source, scanner: Scanner, start: int, end: int) -> list[Spot]:
    """What a line holds under a label of its own behind the form's: "Önkormányzat: Lenti, PIR: 740009"."""
    line = source.part.text[start:end]
    entries = find_entries(line, scanner.catalogue.words)[1:]
    within = [one._replace(label=start + one.label, start=start + one.start, end=start + one.end) for one in entries]
    return [spot for one in within for spot in scanner.read_entry(source, one)]


def _repeat(before: Block, block: Block) -> None:
    """ "u.a.", "ugyanaz" in a line: what stands in the same line of the block above."""
    for slot in _REPEATED & set(block.raw):
        if _SAME.fullmatch(fold(block.raw[slot])):
            block.spots = [spot for spot in block.spots if spot.slot is not slot]
            block.spots += [spot for spot in before.spots if spot.slot is slot]


def match_blocks(blocks: Sequence[Block], people: Sequence[Person], scanner: Scanner) -> list[tuple[Block, int | None]]:
    """Each block with the person it is about: by name, else by its number or place in our letter; None: a new one."""
    asked = [index for index, person in enumerate(people) if person.status is Status.INCOMPLETE]
    asked = asked or [index for index, person in enumerate(people) if person.problems] or list(range(len(people)))
    found: dict[int, int] = {}
    for at, block in enumerate(blocks):
        named = [
            index
            for index, person in enumerate(people)
            if block.name and person.full_name and same_person(person.full_name.value, block.name, scanner.lexicon)
        ]
        if named and named[0] not in found.values():
            found[at] = named[0]
    for at, block in enumerate(blocks):
        place = block.number - 1 if block.number else at
        if at not in found and place < len(asked) and asked[place] not in found.values():
            found[at] = asked[place]
    return [(block, found.get(at)) for at, block in enumerate(blocks)]


def added_blocks(read: Sequence[tuple[Block, int | None]], names: Sequence[str], scanner: Scanner) -> list[Block]:
    """The blocks that the requester added behind ours: numbered on, about somebody who is not among `names`."""
    last = max((at for at, (_, index) in enumerate(read) if index is not None), default=len(read))
    asked = sum(index is not None for _, index in read)
    return [
        block
        for block, index in read[last + 1 :]
        if index is None
        and block.number > asked
        and block.name
        and not any(name and same_person(name, block.name, scanner.lexicon) for name in names)
    ]


def form_claims(block: Block, person: Person, scanner: Scanner) -> Claims:
    """What `block` says beyond what our letter had filled in for `person`."""
    values = {}
    for slot in SINGLE:
        spot = _spot(block, slot)
        if spot and not _shown(block, slot, spot, person, scanner):
            values[slot] = Claim(as_field(spot, Origin.OWN), Force.CORRECTING)
    tax = next((spot for spot in block.spots if spot.slot is Slot.TAX), None)
    if tax and Slot.PIR not in values and Slot.PIR in asked_slots(person):
        values[Slot.PIR] = Claim(as_field(tax, Origin.INFERRED), Force.CORRECTING)
    return Claims(values, _modules(block, person, scanner.catalogue))


def _spot(block: Block, slot: Slot) -> Spot | None:
    """The value in the line of `slot`: the best one that can be read there."""
    spots = [spot for spot in (*block.spots, *block.beside) if spot.slot is slot]
    return next((spot for spot in spots if spot.known), spots[0] if spots else None)


def _shown(block: Block, slot: Slot, spot: Spot, person: Person, scanner: Scanner) -> bool:
    """Does the line still show what we knew?"""
    known = held(person, slot)
    if known is None or (slot is not Slot.MUNICIPALITY and REFUSING[slot] & set(person.problems)):
        return False  # the line was left empty to be filled in
    if slot is Slot.FULL_NAME and name_key(known.value, scanner.lexicon) == name_key(spot.value, scanner.lexicon):
        return True
    return known.value == spot.value or _plain(known.value) == _plain(block.raw[slot])


def _modules(block: Block, person: Person, catalogue: Catalogue) -> ModuleClaim | None:
    spots = [spot for spot in block.spots if spot.slot is Slot.MODULES]
    spots = spots or [spot for spot in block.beside if spot.slot is Slot.MODULES]
    short = {module.id: module.short_name for module in catalogue.modules}
    shown = "; ".join(short.get(one.value, one.value) for one in person.modules)
    known = _distinct(spot for spot in spots if spot.known)
    same = {spot.value for spot in known} == {one.value for one in person.modules}
    if (
        not spots
        or (not known and person.modules)
        or (person.modules and (same or _plain(shown) == _plain(block.raw[Slot.MODULES])))
    ):
        return None
    unknown = _distinct(spot for spot in spots if not spot.known)
    return ModuleClaim(
        tuple(as_field(spot, Origin.OWN) for spot in known),
        tuple(as_field(spot, Origin.OWN) for spot in unknown),
        Force.CORRECTING,
    )


def _distinct(spots: Iterable[Spot]) -> list[Spot]:
    return list({spot.value: spot for spot in spots}.values())


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
