"""Labels and table headers: which fields does "Önkormányzat neve / PIR száma" announce?

A label is known by its words, not by a list of whole labels: one word that names the field, the rest fillers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from rules.reading.lexicon import words_of
from rules.text import fold

MOST_WORDS = 9
LONGEST = 80

_PIECES = re.compile(r"\s*(?:[/,;+&|]|\bes\b|\billetve\b|\bvalamint\b)\s*")
_NOISE = re.compile(r"\([^()]{0,60}\)|^\W{0,6}(?:\d{1,2}\W{1,3})?(?:[a-z]\)|[ivx]+\.)?\s*|[\"'„”*_]")
_NUMBER = re.compile(r"\d{2}|\d\s\d")
_WORD = re.compile(r"[a-z]+(?:[-.][a-z]+)*")


class Slot(StrEnum):
    """What a label announces. OTHER is anything whose value no field is read from."""

    FULL_NAME = "full_name"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    MUNICIPALITY = "municipality"
    PIR = "pir"
    TAX = "tax"
    COUNTY = "county"
    EMAIL = "email"
    MODULES = "modules"
    JEGYZO = "jegyzo"
    OTHER = "other"


# Asked in this order: "Jegyző neve" is the jegyző's, "Önkormányzat PIR száma" is a PIR, "Munkatárs neve" a name.
ORDER = (
    Slot.JEGYZO,
    Slot.PIR,
    Slot.TAX,
    Slot.EMAIL,
    Slot.FAMILY_NAME,
    Slot.GIVEN_NAME,
    Slot.OTHER,
    Slot.COUNTY,
    Slot.MODULES,
    Slot.MUNICIPALITY,
    Slot.FULL_NAME,
)


def read_label(label: str, words: Mapping[str, tuple[str, ...]]) -> frozenset[Slot]:
    """The slots that a label announces; empty where it is no label. `words` are the catalogue's lists."""
    if not label or len(label) > LONGEST:
        return frozenset()
    lists = tuple(words.get(f"label_{slot}", ()) for slot in ORDER)
    return _read(fold(label), lists, words.get("label_filler", ()))


@lru_cache(maxsize=4096)
def _read(label: str, lists: tuple[tuple[str, ...], ...], filler: tuple[str, ...]) -> frozenset[Slot]:
    slots = set()
    label = _NOISE.sub(" ", label).strip()
    if _NUMBER.search(label):
        return frozenset()
    for piece in _PIECES.split(label):
        tokens = [match.group().replace("-", "").replace(".", "") for match in _WORD.finditer(piece)]
        if not tokens:
            continue
        slot = _slot_of(tokens, lists, filler) if len(tokens) <= MOST_WORDS else None
        if slot is None:
            return frozenset()
        slots.add(slot)
    slots.discard(Slot.OTHER) if len(slots) > 1 else None
    return frozenset(slots)


def _slot_of(tokens: list[str], lists: tuple[tuple[str, ...], ...], filler: tuple[str, ...]) -> Slot | None:
    known = [words_of(words) for words in lists]
    extra = words_of(filler)
    if not all(token in extra or any(token in words for words in known) for token in tokens):
        return None
    for slot, words in zip(ORDER, known, strict=True):
        if any(token in words for token in tokens):
            if slot is Slot.OTHER and _named_beside(tokens, known):
                continue
            return slot
    return None


def _named_beside(tokens: list[str], known: list[object]) -> bool:
    """Is a word of OTHER only a filler here: "E-mail cím", "Hivatali név", "Munkahely címe"?"""
    fillers = {"cim", "cime", "hivatali", "ugyintezo", "vezeto", "ph", "osztaly", "regi", "korabbi", "elerhetoseg"}
    others = words_of(tuple(fillers))
    rest = [token for token in tokens if token not in others]
    fields = [words for slot, words in zip(ORDER, known, strict=True) if slot in _FIELDS]
    bad = known[ORDER.index(Slot.OTHER)]
    return any(token in words for token in rest for words in fields) and not any(token in bad for token in rest)  # type: ignore[operator]


_FIELDS = frozenset({Slot.COUNTY, Slot.MODULES, Slot.MUNICIPALITY, Slot.FULL_NAME})
