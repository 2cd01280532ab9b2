"""Counties in a text: "Zala vármegye", "BAZ m.", "Bács-Kiskun", "megye: Heves". Old and short names included.

The bare name of a county that is also a town, a river or a noun (Heves, Zala, Vas) counts only beside "megye", in a
county field, in brackets or behind a council's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from rules.catalogue import Catalogue
from rules.phrase_index import PhraseIndex
from rules.recurring import remember_short
from rules.text import Token, any_of, fold, fold_words, tokens, words_in

LABELLED, NEAR_LABEL, IN_FIELD, ALONE, BESIDE_COUNCIL, OFFICE, OWN_LINE = 1.0, 0.9, 0.95, 0.8, 0.75, 0.6, 0.5
SHORTEST_SLIP, LONG_SLIP, LONGEST_SLIP = 5, 9, 30  # letters of a county's name that is recognised misspelt
_WORD = re.compile(r"(?:var|v)?megy[a-z]*|v?m")
_FIRST_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[\s.\-/()]{0,5}")
_LABEL = re.compile(
    r"(?:var|v)?megy[a-z]*(?:\s+(?:neve|megnevezese|mind[a-z]*|is|pedig|nalunk|ez|az|a)){0,3}\s{0,3}(?P<colon>[:=\-]?)\s{0,3}\(?$"
)
_COUNCIL_BEFORE = re.compile(r"(?:onkormanyzat|hivatal|varos|kozseg|koh|onk|ovoda)[a-z]*\.?\s?[,(\-/]\s?$")
_CLOSED_AFTER = re.compile(r"\s?(?:[),;.\n]|$)")
_OWN_LINE = re.compile(r"(?:^|\n)[ \t]*[-•*]?[ \t]*$")
_LINE_END = re.compile(r"[ \t]*[,.;]?[ \t]*(?:\n|$)")
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


@dataclass(frozen=True, slots=True, eq=False)
class _Index:
    spellings: PhraseIndex[str]
    alone: frozenset[tuple[str, ...]]
    upper: frozenset[str]
    office: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Spot:
    """A county's name at tokens `first`–`last` of `row`, with what it stands in."""

    text: str
    folded: str
    row: tuple[Token, ...]
    first: int
    last: int

    @property
    def start(self) -> int:
        return self.row[self.first].start

    @property
    def end(self) -> int:
        return self.row[self.last].end

    @property
    def before(self) -> str:
        return self.folded[max(0, self.start - 60) : self.start]


def may_name_county(text: str, catalogue: Catalogue) -> bool:
    """Whether any word of `text`, its addresses included, may begin a county's name."""
    return _index(catalogue).spellings.may_stand_among(words_in(text))


def begins_with_county(text: str, catalogue: Catalogue) -> bool:
    """Whether the first word of `text` may begin a county's name: asked before the dearer `find_counties`."""
    word = _FIRST_WORD.search(text)
    return word is not None and _index(catalogue).spellings.may_begin(fold(word.group()))


@remember_short()
def find_counties(text: str, catalogue: Catalogue, *, in_field: bool = False) -> tuple[CountyHit, ...]:
    """The counties named in `text`, in order; `in_field` for the content of a county field or table column."""
    index, folded = _index(catalogue), fold_words(text)
    row = tokens(folded)

    def joined(left: int, right: int, _: tuple[str, ...]) -> bool:
        gap = folded[row[left].end : row[right].start]
        return len(gap) <= 4 and not gap.strip(" \t\n-.'")

    hits: list[CountyHit] = []
    free = 0
    for place in index.spellings.beginnings(row):
        match = index.spellings.longest(row, place, joined) if place >= free else None
        if match:
            spot = _Spot(text, folded, row, match.first, match.last)
            hit = _judge(spot, match.value, index, in_field=in_field)
            hits += [hit] if hit else []
            free = match.last + 1
    return tuple(hits)


def mend_county(text: str, catalogue: Catalogue) -> tuple[CountyHit, ...]:
    """The one county that the content of a county field is a slip of the pen away from ("Vesprém", "Fejérm.")."""
    words = [token for token in tokens(text) if not _WORD.fullmatch(token.text)]
    written = "".join(token.text for token in words)
    if not SHORTEST_SLIP <= len(written) <= LONGEST_SLIP:
        return ()
    slips = 1 if len(written) < LONG_SLIP else 2
    names = {re.sub(r"[^a-z]", "", fold(county.name)): county.name for county in catalogue.county_data}
    near = [name for name in names if OSA.distance(written, name, score_cutoff=slips) <= slips]
    if len(near) != 1:
        return ()
    start, end = words[0].start, words[-1].end
    return (CountyHit(start, end, text[start:end], names[near[0]], True, IN_FIELD),)


def _judge(spot: _Spot, value: str, index: _Index, *, in_field: bool) -> CountyHit | None:
    end = spot.end
    word = _county_word_after(spot)
    if word:
        certainty, labelled = (OFFICE if index.office.match(spot.folded, word.end) else LABELLED), True
        end = word.end
    elif label := _LABEL.search(spot.before):
        certainty, labelled = (LABELLED if label["colon"] else NEAR_LABEL), True
    elif in_field:
        certainty, labelled = IN_FIELD, True
    else:
        certainty, labelled = _bare(spot, index), False
    if not certainty:
        return None
    return CountyHit(spot.start, end, spot.text[spot.start : end], value, labelled, certainty)


def _bare(spot: _Spot, index: _Index) -> float:
    """How sure a name without "megye" is; 0.0 where it is more likely a town, a river or a person."""
    words = tuple(token.text for token in spot.row[spot.first : spot.last + 1])
    written = spot.text[spot.start : spot.end]
    if words in index.alone or written in index.upper:
        return ALONE
    if len(written) < 3:
        return 0.0
    brackets = spot.before.endswith("(") and spot.folded.startswith(")", spot.end)
    if brackets or (_COUNCIL_BEFORE.search(spot.before) and _CLOSED_AFTER.match(spot.folded, spot.end)):
        return BESIDE_COUNCIL
    capital = written[0].isupper()
    return OWN_LINE if capital and _OWN_LINE.search(spot.before) and _LINE_END.match(spot.folded, spot.end) else 0.0


def _county_word_after(spot: _Spot) -> Token | None:
    """The word "megye" or a short form of it right behind the name ("m." needs its dot or the line's end)."""
    if spot.last + 1 >= len(spot.row):
        return None
    word = spot.row[spot.last + 1]
    if not _WORD.fullmatch(word.text) or not _GAP.fullmatch(spot.folded[spot.end : word.start]):
        return None
    if word.text in ("m", "vm"):
        return word if spot.text[word.end : word.end + 1] in (".", "", "\n", ",", ")") else None
    return None if _TOWN_AFTER.match(spot.folded, word.end) else word


@lru_cache(maxsize=4)
def _index(catalogue: Catalogue) -> _Index:
    phrases = [(spelling, county.name) for county in catalogue.county_data for spelling in county.spellings]
    alone = {tuple(token.text for token in tokens(name)) for county in catalogue.county_data for name in county.alone}
    upper = {spelling for county in catalogue.county_data for spelling in county.upper}
    office = re.compile(r"\W{1,3}" + any_of(catalogue.words.get("place_foreign", ())))
    return _Index(PhraseIndex(phrases), frozenset(alone), frozenset(upper), office)
