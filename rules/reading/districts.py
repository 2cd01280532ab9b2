"""Budapest and its districts, by number: "Bp. XIII. ker.", "1138 Budapest", "Fővárosi Önkormányzat"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rules.catalogue import Settlement
from rules.reading.settlement_names import DISTRICT_NUMBERS, PlaceIndex

_DISTRICT = re.compile(
    r"(?:\b(?:budapest[a-z]*|bpest|bp)[\s.,\-]{0,3}(?:fovaros[a-z]*\s+)?)?"
    r"(?<![a-z0-9.])(?P<number>(?:x{0,2}(?:ix|iv|vi{0,3}|i{1,3}|x)|x{1,2})(?![a-z])|\d{1,2})"
    r"\s?\.?\s?-?(?:ik\s)?\s?ker(?:\.|ulet[a-z]*|\b)"
)
_NUMBERED = re.compile(r"[xvi\d][\s.\-ik]{0,8}ker")  # stands in whatever _DISTRICT finds, and is cheaper to ask
_CITY_NUMBER = re.compile(
    r"\b(?:budapest|bp)\b\.?,?\s{0,2}(?:(?P<number>[xvi]{1,5}|\d{1,2})\.(?!\s?\d)|(?P<bare>[xvi]{2,5})(?=\s*(?:[,;)\n]|$)))"
)
_CITY_POSTCODE = re.compile(r"(?<!\d)1(?P<number>\d\d)\d[\s,]{1,3}(?:budapest|bp\b)")
_CAPITAL = re.compile(
    r"(?:budapest\s+)?fovarosi?\s+onkormanyzat[a-z]*|budapest\s+fovaros\s+onkormanyzat[a-z]*|fopolgarmesteri\s+hivatal[a-z]*"
)


class DistrictSpot(NamedTuple):
    """A district, or the city itself, at `start`–`end`; `by_postcode` where only a postcode tells which."""

    start: int
    end: int
    place: Settlement
    by_postcode: bool = False
    city: bool = False


def find_districts(folded: str, index: PlaceIndex) -> Iterator[DistrictSpot]:
    """The districts in a folded text, surest pattern first; they may overlap."""
    city_named = "bp" in folded or "budapest" in folded
    for pattern, worthwhile in (
        (_DISTRICT, "ker" in folded and _NUMBERED.search(folded)),
        (_CITY_POSTCODE, city_named),
        (_CITY_NUMBER, city_named),
    ):
        for match in pattern.finditer(folded) if worthwhile else ():
            raw = match["number"] or match["bare"]
            place = index.districts.get(int(raw) if raw.isdecimal() else DISTRICT_NUMBERS.get(raw, 0))
            if place:
                yield DistrictSpot(*match.span(), place, by_postcode=pattern is _CITY_POSTCODE)
    city = index.by_name.get("budapest") if "fov" in folded or "fop" in folded else None
    for match in _CAPITAL.finditer(folded) if city else ():
        assert city is not None
        yield DistrictSpot(*match.span(), city, city=True)
