"""Settlements in a text: by the council's or office's name, in a field, in an address, inflected, by district number.

Each hit tells how the place was named, for a village called Pap or Varga is a person anywhere but in "Pap Község
Önkormányzata". A name of an institution that fits no settlement is a hit too, with `known` False.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from rules.catalogue import Catalogue, Settlement
from rules.phrase_index import PhraseMatch
from rules.reading.settlement_names import (
    DISTRICT_NUMBERS,
    NamedPlace,
    PlaceIndex,
    base_of_adjective,
    nearest_place,
    place_index,
)
from rules.text import Token, fold, tokens


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


_FILL = (
    r"kozseg\w*|nagykozseg\w*|varos\w*|megyei|jogu|mjv\w*|m\.j\.v\.?|roma|nemet|szlovak|horvat|szerb|roman|szloven|cigany|"
    r"ruszin|lengyel|gorog|ukran|nemzetisegi|kozos|helyi|es|terseg\w*|kornyek\w*|kisterseg\w*|fovaros\w*|keruleti?|"
    r"polgarmesteri|onkormanyzati|telepulesi|altalanos|napkozi\s?otthonos|mini|gazdasagi|egyesitett|intezmenyfenntarto|tobbcelu"
)
_BODY = (
    r"(?:onkormanyzat\w*|onkormanyazt\w*|onkormayzat\w*|onkorm\b|onk\b|polgarmesteri\s+hiv\w*|polg\.?\s?hiv\w*|"
    r"hivatal(?!i\s+ido)\w*|koh\b|kozos\s?onk|ph\b|pmh\b|kirendelts\w*|korjegyzoseg\w*|tarsulas\w*|ovod\w*|bolcsod\w*|"
    r"iskol\w*|konyvtar\w*|muvelodesi|gamesz\b|varosgondnoks\w*|varoshaza\w*|kozseghaza\w*)"
)
_INSTITUTION_AFTER = re.compile(rf"(?:-i)?(?:[\s\-.,]{{1,3}}(?:{_FILL})(?![a-z])){{0,5}}[\s\-.]{{1,3}}{_BODY}")
_BRANCH_AFTER = re.compile(r"(?:-i)?\s+(?:allando\s+|ideiglenes\s+)?kirendelts")
_STATUS_AFTER = re.compile(r"[\s\-]{1,2}(?:nagykozseg|kozseg|varos|mjv\b|megyei\s+jogu\s+varos|telepules|falu\b)")
_PLACE_LABEL = re.compile(
    r"(?:onkormanyzat|hivatal|telepules|munkahely|munkavegzes|kirendelts|kozseg|varos|intezmeny|szerv|szekhely|munkaltato)"
    r"\w*(?:\s+(?:neve|megnevezese|helye|szekhelye|helyszine))?\s*(?:\([^()\n]{0,40}\)\s*)?(?P<colon>[:=]?)\s{0,3}$"
)
_POSTCODE_BEFORE = re.compile(r"(?<![\d\-/.])(?:h\s?-?\s?)?(?P<code>[1-9]\d{3})[\s,]{1,3}$")
_DATE_AFTER = re.compile(r"\s*,\s*(?:19|20)\d\d\b")
_COUNTY_AFTER = re.compile(r"(?:-[a-z]+){0,2}[\s\-]*(?:(?:var|v)?megy(?!ei\s+(?:jogu|szekhely))|v?m\.)")
_COUNTY_REST = re.compile(r"-(?:moson|esztergom|csanad|nagykun|szatmar|sopron|bereg|bihar|kiskun|abauj|zemplen)\b")
_COUNTY_BEFORE = re.compile(r"(?:nagykun|moson|komarom|csanad|szatmar|abauj|hajdu|bacs|gyor)\s?-\s?$")
_PRIVATE_BEFORE = re.compile(r"\b(?:szul\w*|szn|lakc\w*|lakohely\w*|lakik|lakom|anyja|allando\s+lak\w*)\b[^\n]{0,45}$")
_LOCATIVES = frozenset(
    "n on en an ban ben ba be bol rol tol ra re hoz hez nal nel ott ett".split()  # noqa: SIM905
)
_DISTRICT = re.compile(
    r"(?:\b(?:budapest\w*|bpest|bp)[\s.,\-]{0,3}(?:fovaros\w*\s+)?)?"
    r"(?<![a-z0-9.])(?P<number>x{0,2}(?:ix|iv|vi{0,3}|i{1,3}|x)|x{1,2}|\d{1,2})\s?\.?\s?-?(?:ik\s)?\s?ker(?:\.|ulet\w*|\b)"
)
_CITY_NUMBER = re.compile(r"\b(?:budapest|bp)\b\.?,?\s{0,2}(?P<number>[xvi]{1,5}|\d{1,2})\.(?!\s?\d)")
_CITY_POSTCODE = re.compile(r"(?<!\d)1(?P<number>\d\d)\d[\s,]{1,3}(?:budapest|bp\b)")
_CAPITAL = re.compile(
    r"(?:budapest\s+)?fovaros[i]?\s+onkormanyzat\w*|budapest\s+fovaros\s+onkormanyzat\w*|fopolgarmesteri\s+hivatal\w*"
)
_UNKNOWN = re.compile(
    rf"(?<![a-z0-9@.\-])(?P<name>[a-z]{{3,}}(?:-[a-z]{{3,}})?)(?P<rest>(?:-i)?(?:[\s\-.]{{1,3}}(?:{_FILL})(?![a-z])){{0,5}}"
    rf"[\s\-.]{{1,3}}(?:onkormanyzat\w*|onkorm\b|onk\b|polgarmesteri\s+hiv\w*|hivatal\w*|koh\b|kirendelts\w*))"
)
_MASKED = re.compile(r"\S*@\S*|https?://\S+|www\.\S+")
# Words that stand before "Önkormányzat" or "Hivatal" and name no place.
_NO_PLACE = frozenset(
    """az ez ezen egy mas uj regi sajat minden tobb mi mind ha hogy mely amely illetve valamint vagy mint tisztelt kedves
    helyi telepulesi kozos kozsegi varosi nagykozsegi polgarmesteri roma nemet szlovak horvat nemzetisegi keruleti megyei
    varmegyei fovarosi onkormanyzati onkormanyzat hivatal magyar magyarorszag asp kozseg varos nagykozseg jogu jarasi
    kormany allami kozponti illetekes fenntarto tagi adott emlitett fenti alabbi mindket budapest koh onk dolgozom
    dolgozik vagyok munkahely munkahelye megnevezese neve nev szerv intezmeny az allando hivatala gazdasagi teljes kisebbsegi
    cigany horvat szerb kerem kerjuk reszere szamara kirendeltseg pir megye varmegye jelenleg jelenlegi tarsult leendo""".split()
)


def find_municipalities(text: str, catalogue: Catalogue, *, in_field: bool = False) -> tuple[MunicipalityHit, ...]:
    """The places named in `text`, in order; `in_field` for the content of a field that asks for the municipality."""
    index = place_index(catalogue)
    folded = _MASKED.sub(lambda match: " " * len(match.group()), fold(text))
    hits = _districts(text, folded, index, in_field=in_field)
    hits += _names(text, folded, index, hits, in_field=in_field)
    hits += _strangers(text, folded, index, hits)
    if in_field and not hits:
        hits = _whole_field(text, folded, index)
    if any(hit.how in (How.INSTITUTION, How.FIELD, How.DISTRICT) for hit in hits):
        hits = [hit for hit in hits if hit.value != "Budapest" or hit.how is How.INSTITUTION or not _has_district(hits)]
    return tuple(sorted(hits, key=lambda hit: hit.start))


def _has_district(hits: list[MunicipalityHit]) -> bool:
    return any(hit.value.startswith("Budapest ") for hit in hits)


def _hit(text: str, start: int, end: int, place: Settlement, how: How) -> MunicipalityHit:
    return MunicipalityHit(start, end, text[start:end], place.name, how, CERTAINTY[how], county=place.county)


def _districts(text: str, folded: str, index: PlaceIndex, *, in_field: bool) -> list[MunicipalityHit]:
    hits: list[MunicipalityHit] = []
    if (
        "ker" not in folded
        and "bp" not in folded
        and "budapest" not in folded
        and "fov" not in folded
        and "fop" not in folded
    ):
        return hits
    patterns = [(_DISTRICT, How.DISTRICT), (_CITY_POSTCODE, How.POSTAL), (_CITY_NUMBER, How.DISTRICT)]
    for pattern, how in patterns:
        for match in pattern.finditer(folded):
            raw = match["number"]
            place = index.districts.get(DISTRICT_NUMBERS.get(raw) or (int(raw) if raw.isdecimal() else 0))
            if place and not _overlaps(hits, *match.span()):
                institution = _INSTITUTION_AFTER.match(folded, match.end()) or in_field
                hits.append(_hit(text, *match.span(), place, How.INSTITUTION if institution else how))
    city = index.by_name.get("budapest")
    for match in _CAPITAL.finditer(folded) if city else ():
        if city and not _overlaps(hits, *match.span()):
            hits.append(_hit(text, *match.span(), city, How.INSTITUTION))
    return hits


def _overlaps(hits: list[MunicipalityHit], start: int, end: int) -> bool:
    return any(start < hit.end and hit.start < end for hit in hits)


def _names(
    text: str, folded: str, index: PlaceIndex, taken: list[MunicipalityHit], *, in_field: bool
) -> list[MunicipalityHit]:
    row = tokens(folded)
    hits: list[MunicipalityHit] = []
    place = 0
    while place < len(row):
        match = index.phrases.longest(row, place, lambda left, right, _: row[right].start - row[left].end <= 3)
        if not match:
            place += 1
            continue
        place = match.last + 1
        start, end = row[match.first].start, row[match.last].end
        if not _overlaps(taken, start, end) and (how := _how(text, folded, row, match, in_field)):
            hit = _hit(text, start, end, match.value.settlement, how)
            hits.append(replace(hit, branch=bool(_BRANCH_AFTER.match(folded, end))))
    if in_field and any(hit.how is How.INSTITUTION for hit in hits):
        return [hit for hit in hits if hit.how is not How.FIELD]
    return hits


def _how(text: str, folded: str, row: list[Token], match: PhraseMatch[NamedPlace], in_field: bool) -> How | None:
    """How the name stands here, or None where it is no place (a county, a surname, a birthplace, a word)."""
    start, end = row[match.first].start, row[match.last].end
    named, before = match.value, folded[max(0, start - 70) : start]
    capital = text[start].isupper()
    if _COUNTY_AFTER.match(folded, end) or _COUNTY_REST.match(folded, end) or _COUNTY_BEFORE.search(before):
        return None
    if (capital or len(folded[start:end]) > 4) and _INSTITUTION_AFTER.match(folded, end) and match.exact:
        return How.INSTITUTION
    if in_field:
        return How.FIELD if not named.adjective or not capital or len(row) == 1 else None
    if _PRIVATE_BEFORE.search(before):
        return None
    return _how_in_text(folded, match, start, end, before, capital)


def _how_in_text(
    folded: str, match: PhraseMatch[NamedPlace], start: int, end: int, before: str, capital: bool
) -> How | None:
    named = match.value
    place = named.settlement
    if not named.adjective and (how := _how_by_neighbours(folded, place, end, before, capital, match.exact)):
        return how
    if not place.plain:
        return None
    if named.adjective:
        return How.ADJECTIVE if not capital and end - start >= 6 else None
    if not match.exact:
        ending = folded[start:end][len(match.words[-1]) :]
        return How.INFLECTED if ending in _LOCATIVES and (capital or end - start >= 7) else None
    return How.BARE if capital or end - start >= 6 else None


def _how_by_neighbours(folded: str, place: Settlement, end: int, before: str, capital: bool, exact: bool) -> How | None:
    if not exact:
        return None
    if capital and (label := _PLACE_LABEL.search(before)) and (label["colon"] or place.plain):
        return How.FIELD if label["colon"] else How.INSTITUTION
    code = _POSTCODE_BEFORE.search(before)
    if code and (code["code"] in place.postcodes or (capital and place.plain)):
        return How.POSTAL
    if _STATUS_AFTER.match(folded, end) and (capital or place.plain):
        return How.STATUS
    return How.DATELINE if capital and _DATE_AFTER.match(folded, end) else None


def _strangers(text: str, folded: str, index: PlaceIndex, taken: list[MunicipalityHit]) -> list[MunicipalityHit]:
    """Places named by an institution's name that no list holds, or holds in another spelling."""
    hits: list[MunicipalityHit] = []
    for match in _UNKNOWN.finditer(folded):
        start, end = match.span("name")
        word = text[start:end]
        if folded[start:end] in _NO_PLACE or not word[0].isupper() or _overlaps(taken, *match.span()):
            continue
        adjective = folded[start:end].endswith("i") and not re.match(
            r"\s+(?:nagy)?(?:kozseg|varos)[^i]*\b", match["rest"]
        )
        hits.append(_stranger(text, start, end, base_of_adjective(word) if adjective else word, index, How.INSTITUTION))
    return hits


def _stranger(text: str, start: int, end: int, name: str, index: PlaceIndex, how: How) -> MunicipalityHit:
    near = nearest_place(name, index)
    if near:
        return replace(_hit(text, start, end, near, how), certainty=TYPO, typo=True)
    written = name.capitalize() if name.isupper() else name
    return MunicipalityHit(start, end, text[start:end], written, how, UNKNOWN, known=False)


def _whole_field(text: str, folded: str, index: PlaceIndex) -> list[MunicipalityHit]:
    """The first word of a field that may be a place's name."""
    for found in re.finditer(r"[a-z]{3,}(?:-[a-z]{3,})?", folded):
        word = text[found.start() : found.end()]
        if found.group() in _NO_PLACE or re.fullmatch(
            rf"{_FILL}|{_BODY}|(?:var|v)?megy\w*|kozseg\w*|varos\w*", found.group()
        ):
            continue
        return [_stranger(text, *found.span(), word, index, How.FIELD)]
    return []
