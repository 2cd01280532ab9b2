"""Values that the answer names only to say that they are wrong: "741116 (nem 740373)", "740373 helyett 741116"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rules.answers.asked import SINGLE, asked_slots, held
from rules.answers.weighing import Said
from rules.model import Person
from rules.reading.labels import Slot
from rules.reading.spots import Spot
from rules.text import fold

_ANY = r"[\s:,;(„\"'=<>-]{0,4}"
_KIND = r"(?:pir|szam|cim|e-?mail|megye|varmegye|telepules|adat|ertek|kod|onkormanyzat)(?:-?[a-z]{1,8})?"
_WORDS = rf"(?:a|az|azt|ez|hogy|volt|ez volt|irtam|irtuk|adtam|adtuk|{_KIND})"
_BEFORE = re.compile(
    r"(?<!\d )(?<!\d, )(?:\bnem|\brossz\w*|\bhibas\w*|\bteves\w*|\bhelytelen\w*|\belirt|\bregi|\bkorabbi|\beddigi"
    r"|\belozo\w*|\beredeti\w*|\bvolt|\bveletlenul|\bne)"
    rf"(?:[\s:,(]+{_WORDS}){{0,4}}{_ANY}$"
)
_BEHIND = re.compile(
    r"(?:-?[a-z]{2,4})?[\s\"”'),.>]{0,3}(?:szam\w*|cim\w*|pir\w*|megye\w*)?\s?"
    r"(?:helyett|\(?(?:ez|ami|amely|mert|az)?\s?(?:a |volt )?(?:a )?"
    r"(?:rossz|hibas|teves|helytelen|elavult|ervenytelen|regi|nem (?:jo|helyes|el|ervenyes))"
    r"(?!\s+(?:\w+\s+)?[\w.+-]*[\d@])|-+>|=+>|→|⇒)"
)


def denies(spot: Spot, text: str) -> bool:
    """Does `text` name the value at `spot` only to say that it is none?"""
    return bool(_BEFORE.search(fold(text[max(0, spot.start - 60) : spot.start]))) or bool(
        _BEHIND.match(fold(text[spot.end : spot.end + 40]))
    )


@dataclass(frozen=True, slots=True)
class Cleared:
    """The values of two pools that may hold; `put_right` are the kinds of which the held one is said to be wrong."""

    own: list[Spot]
    shared: list[Spot]
    put_right: frozenset[Slot]


def clear(own: Iterable[Spot], shared: Iterable[Spot], person: Person, said: Said) -> Cleared:
    """The pools without what is denied, where another value of its kind stands in them.

    A value that was refused, or that the text corrects, is named only to be put right, whatever stands beside it.
    """
    pools = [list(own), list(shared)]
    put_right = set()
    for slot in SINGLE:
        spots = [spot for pool in pools for spot in pool if spot.slot is slot]
        stale = {spot.value for spot in spots if denies(spot, said.texts.get(spot.evidence.part, ""))}
        old = held(person, slot)
        if old and old.value in stale:
            put_right.add(slot)
        others = [spot for spot in spots if old and spot.value != old.value]
        if old and others and (slot in asked_slots(person) or any(said.corrects(spot) for spot in others)):
            stale.add(old.value)
        if stale and any(spot.value not in stale for spot in spots):
            pools = [[spot for spot in pool if spot.slot is not slot or spot.value not in stale] for pool in pools]
    return Cleared(pools[0], pools[1], frozenset(put_right))
