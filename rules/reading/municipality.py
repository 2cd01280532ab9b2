"""Settlements in a text: by the council's or office's name, in a field, in an address, inflected, by district number.

Each hit tells how the place was named, for a village called Pap or Varga is a person anywhere but in "Pap Község
Önkormányzata". A name of an institution that fits no settlement is a hit too, with `known` False.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from rules.catalogue import Catalogue, Settlement
from rules.phrase_index import PhraseMatch
from rules.reading.districts import find_districts
from rules.reading.place_words import PlaceWords, place_words
from rules.reading.settlement_names import NamedPlace, PlaceIndex, base_of_adjective, nearest_place, place_index
from rules.text import Taken, Token, fold_words, tokens


class How(StrEnum):
    """How a place was named, the surest first."""

    INSTITUTION = "institution"  # Tiszaföldvári Közös Önkormányzati Hivatal
    FIELD = "field"  # the content of a field
    DISTRICT = "district"  # Bp. XIII. ker.
    STATUS = "status"  # Tiszaföldvár város
    POSTAL = "postal"  # 5430 Tiszaföldvár
    INFLECTED = "inflected"  # Tiszaföldváron
    ADJECTIVE = "adjective"  # a tiszaföldvári kolléga
    DATELINE = "dateline"  # Tiszaföldvár, 2026. …
    BARE = "bare"  # Tiszaföldvár


CERTAINTY = {
    How.INSTITUTION: 0.95,
    How.FIELD: 0.9,
    How.DISTRICT: 0.9,
    How.STATUS: 0.8,
    How.POSTAL: 0.6,
    How.INFLECTED: 0.6,
    How.ADJECTIVE: 0.5,
    How.DATELINE: 0.5,
    How.BARE: 0.35,
}
TYPO, UNKNOWN = 0.8, 0.7  # certainty of a name set right, and of one that no list holds
LOOK_BACK = 70
LONG_WORD = 6  # from here on a name is read in lower case, too

_POSTCODE_BEFORE = re.compile(r"(?<![\d\-/.])(?:h\s?-?\s?)?(?P<code>[1-9]\d{3})[\s,]{1,3}$")
_PIR_AFTER = re.compile(r"[ ,;]{0,2}[( ]{1,2}p\.?i\.?r\b")  # "Páka (PIR: 740373)"
_DATE_AFTER = re.compile(r"\s*,\s*(?:19|20)\d\d\b")
_COUNTY_AFTER = re.compile(
    r"(?:-[a-z]{1,20}){0,2}[\s\-]{0,3}(?:(?:var|v)?megy(?!ei\s+(?:jogu|szekhely))|v?m\.)"
    r"|-(?:moson|esztergom|csanad|nagykun|szatmar|sopron|bereg|bihar|kiskun|abauj|zemplen)\b"
)
_COUNTY_BEFORE = re.compile(r"(?:nagykun|moson|komarom|csanad|szatmar|abauj|hajdu|bacs|gyor)\s?-\s?$")
_LISTED_BEFORE = re.compile(r"[,;|\t]\s?$")  # "…, Tab, PIR: …": between commas a name is no word of a sentence
_LISTED_AFTER = re.compile(r"\s?[,;|\t]")
_FIRST_WORDS = re.compile(r"[a-z]{3,40}(?:-[a-z]{3,40})?")
_LOCATIVES = frozenset(
    (
        *("n", "on", "en", "an", "ban", "ben", "ba", "be", "bol", "rol", "tol", "ra", "re", "hoz", "hez", "nal", "nel"),
        *("ott", "ett"),
    )
)
_INSIDE = frozenset(("n", "on", "en", "ban", "ben", "rol", "bol"))  # cases that people's names seldom carry


@dataclass(frozen=True, slots=True)
class MunicipalityHit:
    """A place at `start`–`end`: its official name, or what was written where `known` is False.

    `branch`: the seat of a "kirendeltség" of a joint office. `typo`: the name had to be set right.
    """

    start: int
    end: int
    excerpt: str
    value: str
    how: How
    certainty: float
    known: bool = True
    county: str = ""
    branch: bool = False
    typo: bool = False


@dataclass(frozen=True, slots=True)
class _Scene:
    """A text and all that is asked of it."""

    text: str
    folded: str
    row: tuple[Token, ...]
    index: PlaceIndex
    words: PlaceWords
    given_names: frozenset[str]
    counties: frozenset[str]
    in_field: bool

    def hit(self, start: int, end: int, place: Settlement, how: How) -> MunicipalityHit:
        """A hit for a known place."""
        return MunicipalityHit(start, end, self.text[start:end], place.name, how, CERTAINTY[how], county=place.county)

    def stranger(self, start: int, end: int, name: str, how: How) -> MunicipalityHit:
        """A hit for a name that no list holds, or holds in another spelling."""
        near = nearest_place(name, self.index)
        if near:
            return replace(self.hit(start, end, near, how), certainty=TYPO, typo=True)
        written = name.capitalize() if name.isupper() or name.islower() else name
        return MunicipalityHit(start, end, self.text[start:end], written, how, UNKNOWN, known=False)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A settlement's name in a scene."""

    start: int
    end: int
    named: NamedPlace
    exact: bool
    ending: str
    before: str
    capital: bool
    of_person: bool  # a given name follows: "Izsák Éva"

    @property
    def long(self) -> bool:
        return self.end - self.start >= LONG_WORD


def find_municipalities(text: str, catalogue: Catalogue, *, in_field: bool = False) -> tuple[MunicipalityHit, ...]:
    """The places named in `text`, in order; `in_field` for the content of a field that asks for the municipality."""
    folded = fold_words(text)
    index, words = place_index(catalogue), place_words(catalogue)
    names, counties = catalogue.given_names, _county_names(catalogue)
    scene = _Scene(text, folded, tokens(folded), index, words, names, counties, in_field)
    taken = Taken()
    hits = [*_districts(scene, taken), *_names(scene, taken), *_strangers(scene, taken)]
    if in_field and not hits:
        hits = _whole_field(scene)
    if any(hit.value.startswith("Budapest ") for hit in hits):  # the city itself is named along with its district
        hits = [hit for hit in hits if hit.value != "Budapest" or hit.how is How.INSTITUTION]
    return tuple(sorted(hits, key=lambda hit: hit.start))


@lru_cache(maxsize=4)
def _county_names(catalogue: Catalogue) -> frozenset[str]:
    """Words that are a county's name in any spelling: where no settlement bears it, none is meant."""
    return frozenset(fold_words(spelling) for spellings in catalogue.counties.values() for spelling in spellings)


def _districts(scene: _Scene, taken: Taken) -> list[MunicipalityHit]:
    hits: list[MunicipalityHit] = []
    for spot in find_districts(scene.folded, scene.index):
        if not taken.take(spot.start, spot.end):
            continue
        sure = spot.city or scene.in_field or scene.words.institution_after.match(scene.folded, spot.end)
        how = How.INSTITUTION if sure else (How.POSTAL if spot.by_postcode else How.DISTRICT)
        hits.append(scene.hit(spot.start, spot.end, spot.place, how))
    return hits


def _names(scene: _Scene, taken: Taken) -> list[MunicipalityHit]:
    row, hits, place = scene.row, list[MunicipalityHit](), 0
    while place < len(row):
        match = scene.index.phrases.longest(row, place, lambda left, right, _: row[right].start - row[left].end <= 3)
        place = match.last + 1 if match else place + 1
        if match and not taken.overlaps(row[match.first].start, row[match.last].end):
            spot = _spot(scene, match)
            how = _how(scene, spot)
            if how:
                place_meant = spot.named.written_as(scene.text[spot.start : spot.end])
                hit = scene.hit(spot.start, spot.end, place_meant, how)
                taken.take(spot.start, spot.end)
                branch = scene.words.branch_after.match(scene.folded, spot.end)
                hits.append(replace(hit, branch=True) if branch else hit)
    if scene.in_field and any(hit.how is How.INSTITUTION for hit in hits):
        return [hit for hit in hits if hit.how is not How.FIELD]
    return hits


def _spot(scene: _Scene, match: PhraseMatch[NamedPlace]) -> _Spot:
    start, last = scene.row[match.first].start, scene.row[match.last]
    ending = "" if match.exact else last.text[len(match.words[-1]) :]
    before = scene.folded[max(0, start - LOOK_BACK) : start]
    capital = scene.text[start].isupper()
    person = capital and match.exact and _given_name_follows(scene, match.last)
    return _Spot(start, last.end, match.value, match.exact, ending, before, capital, person)


def _given_name_follows(scene: _Scene, place: int) -> bool:
    if place + 1 >= len(scene.row):
        return False
    left, right = scene.row[place], scene.row[place + 1]
    beside = scene.folded[left.end : right.start] == " " and scene.text[right.start].isupper()
    return beside and right.text in scene.given_names


def _how(scene: _Scene, spot: _Spot) -> How | None:
    """How the name stands here, or None where it is no place (a county, a surname, a birthplace, a word)."""
    if _COUNTY_AFTER.match(scene.folded, spot.end) or _COUNTY_BEFORE.search(spot.before):
        return None
    # "az ajkai hivatal", "szob varos onkormanyzata": in small letters, but no word of the language and no name
    if spot.exact and (spot.capital or spot.long or spot.named.plain) and _names_institution(scene, spot):
        return How.INSTITUTION
    if scene.in_field:
        surname = spot.named.adjective and spot.capital and len(scene.row) > 1
        return None if surname else How.FIELD
    if scene.words.private_before.search(spot.before):
        return None
    if spot.exact and not spot.named.adjective and (how := _by_neighbours(scene, spot)):
        return how
    return None if spot.of_person else _by_form(spot)


def _names_institution(scene: _Scene, spot: _Spot) -> bool:
    """Does a body follow? Behind a name that is also a person's or a word, it must stand on the same line."""
    body = scene.words.institution_after.match(scene.folded, spot.end)
    return body is not None and (spot.named.plain or not re.match(r"[ .,\-]*[\n\t]", body.group()))


def _by_neighbours(scene: _Scene, spot: _Spot) -> How | None:
    """What the words beside the uninflected name make of it; they save even a name that is also a word."""
    place = spot.named.settlement
    label = scene.words.label_before.search(spot.before) if spot.capital else None
    if label and (label["colon"] or (spot.named.plain and not spot.of_person)):
        return How.FIELD if label["colon"] else How.INSTITUTION
    code = _POSTCODE_BEFORE.search(spot.before)
    if code and (code["code"] in place.postcodes or (spot.capital and spot.named.plain)):
        return How.POSTAL
    if (spot.capital or spot.named.plain) and scene.words.status_after.match(scene.folded, spot.end):
        return How.STATUS
    if spot.capital and _DATE_AFTER.match(scene.folded, spot.end):
        return How.DATELINE
    listed = _LISTED_BEFORE.search(spot.before) and _LISTED_AFTER.match(scene.folded, spot.end)
    if spot.capital and listed and fold_words(place.name) not in scene.given_names:
        return How.BARE
    return How.STATUS if spot.capital and _PIR_AFTER.match(scene.folded, spot.end) else None


def _by_form(spot: _Spot) -> How | None:
    if not spot.named.plain:
        town = spot.named.official and spot.named.settlement.read_inflected
        return How.INFLECTED if town and spot.capital and spot.ending in _INSIDE else None
    if spot.named.adjective:
        return How.ADJECTIVE if spot.exact and not spot.capital and spot.long else None
    if not spot.exact:
        return (
            How.INFLECTED if spot.ending in _LOCATIVES and (spot.capital or spot.end - spot.start > LONG_WORD) else None
        )
    return How.BARE if spot.capital or spot.long else None


def _strangers(scene: _Scene, taken: Taken) -> list[MunicipalityHit]:
    """Places named by an institution's name that no list holds."""
    hits: list[MunicipalityHit] = []
    for match in scene.words.stranger.finditer(scene.folded):
        start, end = match.span("name")
        word = scene.text[start:end]
        if (
            not word[0].isupper()
            or match["name"] in scene.counties
            or scene.words.no_place.fullmatch(match["name"])
            or taken.overlaps(*match.span())
        ):
            continue
        of_town = re.match(r"\W+(?:nagy)?(?:kozseg|varos)(?!i)", match["rest"])
        hits.append(scene.stranger(start, end, word if of_town else base_of_adjective(word), How.INSTITUTION))
    return hits


def _whole_field(scene: _Scene) -> list[MunicipalityHit]:
    """The first word of a field that may be a place's name."""
    for found in _FIRST_WORDS.finditer(scene.folded):
        word = found.group()
        known = (scene.words.no_place, scene.words.institution_word)
        if word not in scene.counties and not any(pattern.fullmatch(word) for pattern in known):
            return [scene.stranger(*found.span(), scene.text[found.start() : found.end()], How.FIELD)]
    return []
