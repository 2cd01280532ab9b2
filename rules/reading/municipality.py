"""Settlements in a text: by the council's or office's name, in a field, in an address, inflected, by district number.

Each hit tells how the place was named. An institution's name that fits no settlement is a hit too, `known` False.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rules.catalogue import Catalogue
from rules.reading.districts import find_districts
from rules.reading.place_judgement import how_named
from rules.reading.place_scene import How, MunicipalityHit, Scene, spot_of
from rules.reading.place_words import place_words
from rules.reading.settlement_names import base_of_adjective, place_index
from rules.recurring import remember_short
from rules.text import Taken, fold_words, tokens

__all__ = ["How", "MunicipalityHit", "find_municipalities"]

_FIRST_WORDS = re.compile(r"[a-z]{3,40}(?:-[a-z]{3,40})?")


@remember_short()
def find_municipalities(text: str, catalogue: Catalogue, *, in_field: bool = False) -> tuple[MunicipalityHit, ...]:
    """The places named in `text`, in order; `in_field` for the content of a field that asks for the municipality."""
    folded = fold_words(text)
    index, words = place_index(catalogue), place_words(catalogue)
    names, counties = catalogue.given_names, _county_names(catalogue)
    scene = Scene(text, folded, tokens(folded), index, words, names, counties, in_field)
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


def _districts(scene: Scene, taken: Taken) -> list[MunicipalityHit]:
    hits: list[MunicipalityHit] = []
    for spot in find_districts(scene.folded, scene.places):
        if not taken.take(spot.start, spot.end):
            continue
        sure = spot.city or scene.in_field or scene.words.institution_after.match(scene.folded, spot.end)
        how = How.INSTITUTION if sure else (How.POSTAL if spot.by_postcode else How.DISTRICT)
        hits.append(scene.hit(spot.start, spot.end, spot.place, how))
    return hits


def _names(scene: Scene, taken: Taken) -> list[MunicipalityHit]:
    row, hits, free = scene.row, list[MunicipalityHit](), 0
    for place in scene.places.phrases.beginnings(row):
        if place < free:
            continue
        match = scene.places.phrases.longest(row, place, lambda left, right, _: row[right].start - row[left].end <= 3)
        free = match.last + 1 if match else free
        if match and not taken.overlaps(row[match.first].start, row[match.last].end):
            spot = spot_of(scene, match)
            how = how_named(scene, spot)
            if how:
                place_meant = spot.named.written_as(scene.text[spot.start : spot.end])
                hit = scene.hit(spot.start, spot.end, place_meant, how)
                taken.take(spot.start, spot.end)
                branch = scene.words.branch_after.match(scene.folded, spot.end)
                hits.append(hit._replace(branch=True) if branch else hit)
    if scene.in_field and any(hit.how is How.INSTITUTION for hit in hits):
        return [hit for hit in hits if hit.how is not How.FIELD]
    return hits


def _strangers(scene: Scene, taken: Taken) -> list[MunicipalityHit]:
    """Places named by an institution's name that no list holds."""
    hits: list[MunicipalityHit] = []
    if not scene.words.office.search(scene.folded):
        return hits
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


def _whole_field(scene: Scene) -> list[MunicipalityHit]:
    """The first word of a field that may be a place's name."""
    for found in _FIRST_WORDS.finditer(scene.folded):
        word = found.group()
        known = (scene.words.no_place, scene.words.institution_word)
        if word not in scene.counties and not any(pattern.fullmatch(word) for pattern in known):
            return [scene.stranger(*found.span(), scene.text[found.start() : found.end()], How.FIELD)]
    return []
