"""How a settlement's name stands in its text, or that it is no place there: a county, a surname, a birthplace, a word.

A village called Pap or Varga is a person anywhere but in "Pap Község Önkormányzata".
"""

from __future__ import annotations

import re

from rules.reading.place_scene import LONG_WORD, How, PlaceSpot, Scene
from rules.text import fold_words

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
SHORTEST_SMALL = 3  # letters of a name in small letters that is also a word
SHORTEST_ADJECTIVE = 5  # "szobi hivatal", but not "heti", "napi"
_LOCATIVES = frozenset(
    (
        *("n", "on", "en", "an", "ban", "ben", "ba", "be", "bol", "rol", "tol", "ra", "re", "hoz", "hez", "nal", "nel"),
        *("ott", "ett"),
    )
)
_INSIDE = frozenset(("n", "on", "en", "ban", "ben", "rol", "bol"))  # cases that people's names seldom carry


def how_named(scene: Scene, spot: PlaceSpot) -> How | None:
    """How the name stands here, or None where it is no place (a county, a surname, a birthplace, a word)."""
    if _COUNTY_AFTER.match(scene.folded, spot.end) or _COUNTY_BEFORE.search(spot.before):
        return None
    if spot.exact and _names_institution(scene, spot):
        return How.INSTITUTION
    if scene.in_field:
        surname = spot.named.adjective and spot.capital and len(scene.row) > 1
        return None if surname else How.FIELD
    if scene.words.private_before.search(spot.before):
        return None
    if spot.exact and not spot.named.adjective and (how := _by_neighbours(scene, spot)):
        return how
    return None if spot.of_person else _by_form(spot)


def _names_institution(scene: Scene, spot: PlaceSpot) -> bool:
    """Does a body follow? Behind a name that is also a person's or a word, it must stand on the same line.

    In small letters a short name of that kind needs the body's whole name: "tab varos onkormanyzata", "vepi kozos
    hivatal", but "a heti onkormanyzati ules".
    """
    body = scene.words.institution_after.match(scene.folded, spot.end)
    if body is None or spot.named.plain:
        return body is not None
    if re.match(r"[ .,\-]*[\n\t]", body.group()):
        return False
    if spot.capital or spot.long:
        return True
    length = spot.end - spot.start
    of_a_place = spot.named.adjective and scene.folded[spot.start : spot.end - 1] not in scene.counties
    return length >= SHORTEST_SMALL and (len(body.group().split()) > 1 or (of_a_place and length >= SHORTEST_ADJECTIVE))


def _by_neighbours(scene: Scene, spot: PlaceSpot) -> How | None:
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


def _by_form(spot: PlaceSpot) -> How | None:
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
