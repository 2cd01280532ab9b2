"""Words that make a value everybody's: "mindkettőjüknek", "közös", "egységesen"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from rules.reading.labels import Slot
from rules.reading.spots import Spot
from rules.text import fold

LOOK_BACK, LOOK_AHEAD = 80, 40  # characters
_EVERYONE = re.compile(
    r"mindenki|mindket|mindharom|mindnegy|mindannyi|mindnyaj|valamennyi|kozos |kozosen|egysegesen|mindegyik"
    r"|osszes dolgoz|mindhez"
    r"|ugyanaz|ugyanez|mindossze|egyutt |neki?k|szamukra|reszukre|hivatalunk|onkormanyzatunk|szamunk"
)
_COMMON = re.compile(
    r"kozos |mind(?:ket|har)\w{1,6} (?:level|ertesit|cim|email|e-mail|reszere|szamara)|ugyan(?:az a|arra|erre)"
)
_NEXT_SENTENCE = re.compile(r"[.!?]\s+(?=[A-ZÁÉÍÓÖŐÚÜŰ])")


def is_for_everyone(text: str, spot: Spot, ends: Sequence[int]) -> bool:
    """Does the sentence around the value say that it holds for all? What stands before a name does not.

    `ends` are the places where names end, in order.
    """
    low = max(0, spot.start - LOOK_BACK)
    begin = max(text.rfind("\n", low, spot.start), text.rfind(". ", low, spot.start), low - 1) + 1
    named = bisect_right(ends, spot.start)
    begin = max(begin, ends[named - 1]) if named else begin
    line = text[spot.end : spot.end + LOOK_AHEAD].partition("\n")[0]
    following = _NEXT_SENTENCE.split(line, maxsplit=1)[0]
    around = fold(text[begin : spot.end] + following)
    return bool(_COMMON.search(around)) if spot.slot is Slot.EMAIL else bool(_EVERYONE.search(around))
