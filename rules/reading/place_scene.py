"""A text and the places in it: what a settlement's name looks like where it stands, and what a hit tells of it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from rules.catalogue import Settlement
from rules.phrase_index import PhraseMatch
from rules.reading.place_words import PlaceWords
from rules.reading.settlement_names import NamedPlace, PlaceIndex, nearest_place
from rules.text import Token


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


class MunicipalityHit(NamedTuple):
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


class Scene(NamedTuple):
    """A text and all that is asked of it."""

    text: str
    folded: str
    row: tuple[Token, ...]
    places: PlaceIndex
    words: PlaceWords
    given_names: frozenset[str]
    counties: frozenset[str]
    in_field: bool

    def hit(self, start: int, end: int, place: Settlement, how: How) -> MunicipalityHit:
        """A hit for a known place."""
        return MunicipalityHit(start, end, self.text[start:end], place.name, how, CERTAINTY[how], county=place.county)

    def stranger(self, start: int, end: int, name: str, how: How) -> MunicipalityHit:
        """A hit for a name that no list holds, or holds in another spelling."""
        near = nearest_place(name, self.places)
        if near:
            return self.hit(start, end, near, how)._replace(certainty=TYPO, typo=True)
        written = name.capitalize() if name.isupper() or name.islower() else name
        return MunicipalityHit(start, end, self.text[start:end], written, how, UNKNOWN, known=False)


class PlaceSpot(NamedTuple):
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


def spot_of(scene: Scene, match: PhraseMatch[NamedPlace]) -> PlaceSpot:
    start, last = scene.row[match.first].start, scene.row[match.last]
    ending = "" if match.exact else last.text[len(match.words[-1]) :]
    before = scene.folded[max(0, start - LOOK_BACK) : start]
    capital = scene.text[start].isupper()
    person = capital and match.exact and _given_name_follows(scene, match.last)
    return PlaceSpot(start, last.end, match.value, match.exact, ending, before, capital, person)


def _given_name_follows(scene: Scene, place: int) -> bool:
    if place + 1 >= len(scene.row):
        return False
    left, right = scene.row[place], scene.row[place + 1]
    beside = scene.folded[left.end : right.start] == " " and scene.text[right.start].isupper()
    return beside and right.text in scene.given_names
