"""Counties in a text: "Zala vármegye", "BAZ m.", "Bács-Kiskun", "megye: Heves". Old and short names included.

The bare name of a county that is also a town, a river or a noun (Heves, Zala, Vas) counts only beside "megye" or in
a county field.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rules.catalogue import Catalogue
from rules.phrase_index import PhraseIndex
from rules.text import Token, fold, tokens

LABELLED, IN_FIELD, ALONE, OFFICE = 1.0, 0.95, 0.8, 0.6
_WORD = re.compile(r"(?:var|v)?megy\w*|v?m")
_GAP = re.compile(r"[\s.\-/(),]{0,5}")
_LABEL_GAP = re.compile(r"\s{0,3}[:=\-–]?\s{0,3}\(?")
# "Zala Vármegyei Kormányhivatal" and the like speak of another office; it lies in the county all the same, perhaps.
_OFFICE_AFTER = re.compile(r"\s*(?:kormanyhivatal|igazgatosag|rendor|katasztrofa|torvenyszek|kormanyzat)")
_TOWN_AFTER = re.compile(r"\s*(?:jogu|szekhely)")  # "megyei jogú város" names no county


@dataclass(frozen=True, slots=True)
class CountyHit:
    """A county at `start`–`end`; `labelled` where "megye" or a county field says that it is one."""

    start: int
    end: int
    excerpt: str
    value: str
    labelled: bool
    certainty: float


@dataclass(frozen=True, slots=True)
class _Index:
    spellings: PhraseIndex[str]
    alone: frozenset[tuple[str, ...]]
    upper: frozenset[str]
    spaced: frozenset[str]


def find_counties(text: str, catalogue: Catalogue, *, in_field: bool = False) -> tuple[CountyHit, ...]:
    """The counties named in `text`, in order; `in_field` for the content of a county field or table column."""
    index, folded, row = _index(catalogue), fold(text), tokens(text)
    hits: list[CountyHit] = []
    place = 0
    while place < len(row):
        match = index.spellings.longest(row, place, lambda left, right, _: _joined(folded, row, left, right))
        if not match:
            place += 1
            continue
        start, end = row[match.first].start, row[match.last].end
        hit = _judge(text, folded, row, match.first, match.last, match.value, index, in_field)
        if hit:
            hits.append(hit)
        place = match.last + 1 if hit or end > start else place + 1
    return tuple(hits)


def _judge(
    text: str, folded: str, row: Sequence[Token], first: int, last: int, value: str, index: _Index, in_field: bool
) -> CountyHit | None:
    start, end = row[first].start, row[last].end
    certainty = 0.0
    after = row[last + 1] if last + 1 < len(row) else None
    before = row[first - 1] if first else None
    if after and _WORD.fullmatch(after.text) and _says_county(folded, end, after, text):
        certainty = OFFICE if _OFFICE_AFTER.match(folded, after.end) else LABELLED
        end = after.end
    elif (
        before
        and _WORD.fullmatch(before.text)
        and len(before.text) > 2
        and _LABEL_GAP.fullmatch(folded[before.end : start])
    ):
        certainty = LABELLED if ":" in folded[before.end : start] else 0.9
    elif in_field:
        certainty = IN_FIELD
    elif tuple(token.text for token in row[first : last + 1]) in index.alone or text[start:end] in index.upper:
        certainty = ALONE
    if not certainty:
        return None
    return CountyHit(start, end, text[start:end], value, certainty != ALONE, certainty)


def _says_county(folded: str, end: int, word: Token, text: str) -> bool:
    """Is `word`, behind the name, "megye" or one of its short forms ("m." needs its dot or the line's end)?"""
    if not _GAP.fullmatch(folded[end : word.start]) or "," in folded[end : word.start]:
        return False
    if word.text in ("m", "vm"):
        return text[word.end : word.end + 1] in (".", "", "\n", ",", ")")
    return not _TOWN_AFTER.match(folded, word.end)


def _joined(folded: str, row: Sequence[Token], left: int, right: int) -> bool:
    gap = folded[row[left].end : row[right].start]
    return len(gap) <= 4 and not gap.strip(" \t\n-–.,'") and "," not in gap.replace("\n", "")


@lru_cache(maxsize=4)
def _index(catalogue: Catalogue) -> _Index:
    phrases = [(spelling, county.name) for county in catalogue.county_data for spelling in county.spellings]
    if not catalogue.county_data:
        phrases = [(spelling, name) for name, spellings in catalogue.counties.items() for spelling in spellings]
    alone = frozenset(
        tuple(token.text for token in tokens(spelling)) for county in catalogue.county_data for spelling in county.alone
    )
    upper = frozenset(spelling for county in catalogue.county_data for spelling in county.upper)
    return _Index(PhraseIndex(phrases), alone, upper, frozenset())
