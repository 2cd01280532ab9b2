"""Where a letter for several says what its writer wants: "nekem a hagyaték kellene, Ágnesnek az ipar is"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.reading.labels import Slot
from rules.reading.layout import Anchor
from rules.reading.spot import Spot
from rules.text import fold

_I = re.compile(
    r"(?<![a-z])(?:nekem|reszemre|szamomra|magamnak|en)(?![a-z])"
    r"(?!\W{0,3}(?:es|valamint|illetve|meg (?:a|az)|plusz|is(?: es)?)(?![a-z]))"  # "én és Nagy Éva" are one row
)
_IN_A_ROW = re.compile(r"(?<![a-z])(?:es|valamint|illetve|plusz)\W{1,3}$")
_STOP = re.compile(r"[.!?]\s|\n")


def find_own_wishes(text: str, anchors: Sequence[Anchor], spots: Sequence[Spot], writer: int) -> Iterator[Anchor]:
    """Where "nekem" or "én" has a module before the sentence or the next person: anchors of person number `writer`.

    Only where another person has one of his own as well; else what is wished is for all.
    """
    folded = fold(text)
    wishes = [spot.start for spot in spots if spot.slot is Slot.MODULES and spot.known]
    names = sorted(anchor.start for anchor in anchors)
    found = [
        Anchor(writer, match.start(), match.end())
        for match in _I.finditer(folded)
        if not _IN_A_ROW.search(folded[max(0, match.start() - 12) : match.start()])
        and _has_wish(folded, match.end(), names, wishes)
    ]
    pronouns = [anchor.start for anchor in found]
    if any(_has_wish(folded, anchor.end, [*names, *pronouns], wishes) for anchor in anchors):
        yield from found


def _has_wish(folded: str, place: int, people: Sequence[int], wishes: Sequence[int]) -> bool:
    """Does a module stand between `place` and the end of the sentence or the next of `people`?"""
    ends = _STOP.search(folded, place)
    stop = min([ends.start() if ends else len(folded), *(start for start in people if start >= place)])
    return any(place <= start < stop for start in wishes)
