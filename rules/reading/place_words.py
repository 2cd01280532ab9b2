"""The patterns around a settlement's name, compiled from the catalogue's lists (config/data/place_words.toml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rules.catalogue import Catalogue
from rules.text import any_of

_NO_LABEL = r"(?![ \t]*[:=])"  # "Önkormányzat: …" announces a name, it does not end one


@dataclass(frozen=True, slots=True, eq=False)
class PlaceWords:
    """All are matched against folded text, those named `_after` at the end of a name, `_before` at its start."""

    institution_after: re.Pattern[str]
    branch_after: re.Pattern[str]
    status_after: re.Pattern[str]
    label_before: re.Pattern[str]
    private_before: re.Pattern[str]
    office: re.Pattern[str]
    stranger: re.Pattern[str]
    no_place: re.Pattern[str]
    institution_word: re.Pattern[str]


@lru_cache(maxsize=4)
def place_words(catalogue: Catalogue) -> PlaceWords:
    """The patterns for this catalogue."""
    words = catalogue.words
    fillers, offices = any_of(words.get("place_fillers", ())), any_of(words.get("place_offices", ()))
    bodies = any_of((*words.get("place_offices", ()), *words.get("place_institutions", ())))
    between = rf"(?:-i)?(?:[\s\-.,]{{1,3}}{fillers}(?![a-z])){{0,5}}[\s\-.]{{1,3}}"
    # a stranger's name must stand on the line of its body, or be followed there by "Község", "Város" …
    near = rf"(?:-i)?(?:(?:[ \-.]{{1,3}}{fillers}(?![a-z])){{1,5}}[\s\-.]{{1,3}}|[ \-.]{{1,3}})"
    return PlaceWords(
        institution_after=re.compile(rf"{between}{bodies}(?![a-z]){_NO_LABEL}"),
        branch_after=re.compile(r"(?:-i)?\s+(?:allando\s+|ideiglenes\s+)?kirendelts"),
        status_after=re.compile(rf"[\s\-]{{1,2}}{any_of(words.get('place_statuses', ()))}(?![a-z])"),
        label_before=re.compile(
            rf"{any_of(words.get('place_labels', ()))}(?:\s+(?:neve|megnevezese|helye|szekhelye|helyszine))?"
            r"[ \t]*(?:\([^()\n]{0,40}\)[ \t]*)?(?P<colon>[:=]?)\s{0,3}$"
        ),
        private_before=re.compile(rf"\b{any_of(words.get('place_private', ()))}(?![a-z])[^\n]{{0,45}}$"),
        office=re.compile(rf"{offices}(?![a-z])"),  # stands in whatever `stranger` finds, and is cheaper to seek
        stranger=re.compile(
            rf"(?<![a-z0-9@.\-])(?P<name>[a-z]{{3,40}}(?:-[a-z]{{3,40}})?)(?P<rest>{near}){offices}(?![a-z]){_NO_LABEL}"
        ),
        no_place=re.compile(any_of(words.get("place_none", ()))),
        institution_word=re.compile(rf"{fillers}|{bodies}|(?:var|v)?megy[a-z]*"),
    )
