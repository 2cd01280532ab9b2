"""A value found at a place of a text, and how the finders' hits become such values."""

from __future__ import annotations

import re
from typing import NamedTuple

from rules.address_shape import shape_problem
from rules.findings import EXCERPT
from rules.model import Evidence
from rules.reading.county import CountyHit
from rules.reading.email_address import EmailHit
from rules.reading.labels import Slot
from rules.reading.modules import ModuleReading
from rules.reading.municipality import MunicipalityHit
from rules.reading.pir import PirHit, PirKind
from rules.reading.sources import Source

_LINE_END = re.compile(r"[ \t]*\n[ \t>]*")  # within a torn address


class Spot(NamedTuple):
    """A value for `slot` at `start`–`end` of a part's text.

    `value` is the normal form: the full name, the settlement's or county's own name, the digits, the lower-case
    address, a ProBono identifier or (with `known` False) a wish that fits no row. `known` is False also for a
    settlement in no list and for a PIR or an address of no sound shape. `rank` orders values of one slot that stand
    side by side: higher is better.
    """

    slot: Slot
    value: str
    start: int
    end: int
    evidence: Evidence
    labelled: bool = False
    known: bool = True
    rank: float = 1.0
    pir: PirHit | None = None


def make_spot(  # noqa: PLR0913  # a spot has these parts
    source: Source, slot: Slot, value: str, start: int, end: int, *, known: bool = True, rank: float = 1.0
) -> Spot:
    """The value with its place and evidence; `start` and `end` are offsets into the source's text."""
    excerpt = source.part.text[start:end].strip()[:EXCERPT]
    seen = Evidence(source.index, start, end, excerpt, source.part.source)
    return Spot(slot, value, start, end, seen, False, known, rank)


def pir_spot(source: Source, offset: int, hit: PirHit) -> Spot:
    """A number claimed as PIR, or the PIR that a tax number yields."""
    slot = Slot.TAX if hit.kind is PirKind.TAX and not (hit.under_pir_label and not hit.valid) else Slot.PIR
    value = hit.value or "".join(letter for letter in hit.excerpt if letter.isdecimal())
    spot = make_spot(source, slot, value, offset + hit.start, offset + hit.end)
    return spot._replace(labelled=hit.labelled, known=hit.valid, rank=hit.certainty, pir=hit)


def email_spot(source: Source, offset: int, hit: EmailHit) -> Spot:
    """An address; a broken one as it is written, not as it may be meant."""
    sound = hit.valid or shape_problem(hit.value)
    value = hit.value if sound else _LINE_END.sub("", hit.excerpt.strip().lower())
    start, end = offset + hit.start, offset + hit.end
    return make_spot(source, Slot.EMAIL, value, start, end, known=hit.valid, rank=hit.certainty)


def place_spot(source: Source, offset: int, hit: MunicipalityHit) -> Spot:
    """A place of work, ranked by how it is named."""
    start, end, rank = offset + hit.start, offset + hit.end, hit.certainty + (0.01 if hit.branch else 0.0)
    return make_spot(source, Slot.MUNICIPALITY, hit.value, start, end, known=hit.known, rank=rank)


def county_spot(source: Source, offset: int, hit: CountyHit) -> Spot:
    """A county."""
    return make_spot(source, Slot.COUNTY, hit.value, offset + hit.start, offset + hit.end, rank=hit.certainty)


def module_spots(source: Source, offset: int, reading: ModuleReading) -> list[Spot]:
    """A spot for each row wanted, and one for each wish that fits no row."""
    wanted = set(reading.ids)
    spots = [
        make_spot(source, Slot.MODULES, one, offset + hit.start, offset + hit.end, rank=hit.certainty)
        for hit in reading.hits
        if not hit.negated
        for one in hit.ids
        if one in wanted
    ]
    for wish in reading.unknown:
        start, end = offset + wish.start, offset + wish.end
        spots.append(make_spot(source, Slot.MODULES, wish.excerpt.strip(), start, end, known=False, rank=0.5))
    return spots
