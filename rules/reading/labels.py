"""Labels and table headers: which fields does "Önkormányzat neve / PIR száma" announce?

A label is known by its words, not by a list of whole labels: one word that names the field, the rest fillers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rules.reading.lexicon import Words, words_of
from rules.text import fold

MOST_WORDS = 9
LONGEST = 80

CATALOGUES_KNOWN = 4
MOST_STRANGE = 2  # words in no list that a cell among labels may hold
_PIECES = re.compile(r"\s{0,40}(?:[/,;+&|]|\bes\b|\billetve\b|\bvalamint\b)\s*")
_CLAUSE = re.compile(r"[,;]\s*(?:(?:a )?(?:a?hol|aki|amely|ami|amit|akit|akinek|melyik|pl|azaz|nem)\b.*)$")
_BRACKETS = re.compile(r"\([^()]{0,60}\)")
_NOISE = re.compile(r"^\W{0,6}(?:\d{1,2}\W{1,3})?(?:[a-z]\)|[ivx]+\.)?\s*|\(e?k\)|[\"'„”*_()?]")
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
    CONTACT = "contact"  # "Elérhetőség", "Címe": an address where one stands there, else passed over
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
    Slot.CONTACT,
    Slot.COUNTY,
    Slot.MODULES,
    Slot.MUNICIPALITY,
    Slot.FULL_NAME,
)

_VAGUE = frozenset({Slot.OTHER, Slot.CONTACT})
_FIELDS = (Slot.COUNTY, Slot.MODULES, Slot.MUNICIPALITY, Slot.FULL_NAME)
_FILLERS = frozenset(
    {"cim", "cime", "hivatali", "ugyintezo", "vezeto", "ph", "osztaly", "regi", "korabbi", "elerhetoseg"}
)


@dataclass(frozen=True, slots=True, eq=False)
class _LabelWords:
    """The words of labels by slot, in the order in which slots are asked; and those beside them; of which `lists`."""

    lists: Mapping[str, tuple[str, ...]]
    slots: dict[Slot, Words]
    filler: Words
    others: Words
    never: frozenset[str]


_made: list[_LabelWords] = []


def _prepared(words: Mapping[str, tuple[str, ...]]) -> _LabelWords:
    """The lists known by identity: to hash all their words costs more than to read a label."""
    for known in _made:
        if known.lists is words:
            return known
    _made[:] = [_prepare(words), *_made[: CATALOGUES_KNOWN - 1]]
    return _made[0]


def _prepare(words: Mapping[str, tuple[str, ...]]) -> _LabelWords:
    return _LabelWords(
        lists=words,
        slots={slot: words_of(words.get(f"label_{slot}", ())) for slot in ORDER},
        filler=words_of(words.get("label_filler", ())),
        others=words_of(words.get("label_of_others", ())),
        never=frozenset(words.get("label_never", ())),
    )


def read_label(label: str, words: Mapping[str, tuple[str, ...]], *, among_labels: bool = False) -> frozenset[Slot]:
    """The slots that a label announces; empty where it is no label. `words` are the catalogue's lists.

    `among_labels`: it stands in a row of labels, where a few strange words beside the one that names the field are
    no reason for doubt ("Viselt név").
    """
    if not label or len(label) > LONGEST:
        return frozenset()
    return _read(fold(label), _prepared(words), MOST_STRANGE if among_labels else 0)


@lru_cache(maxsize=4096)
def _read(label: str, words: _LabelWords, strange: int) -> frozenset[Slot]:
    if _NUMBER.search(label):
        return frozenset()
    bare = _read_pieces(_BRACKETS.sub(" ", label), words, strange)
    if bare - _VAGUE or "(" not in label:
        return bare
    return _read_pieces(label, words, strange) or bare  # "Levelezési cím (e-mail)"


def _read_pieces(label: str, words: _LabelWords, strange: int) -> frozenset[Slot]:
    slots = set()
    label = _CLAUSE.sub(" ", _NOISE.sub(" ", label)).strip()
    if " ".join(_WORD.findall(label)) in words.never:
        return frozenset()
    for piece in _PIECES.split(label):
        tokens = [match.group().replace("-", "").replace(".", "") for match in _WORD.finditer(piece)]
        if not tokens:
            continue
        slot = _slot_of(tokens, words, strange) if len(tokens) <= MOST_WORDS else None
        if slot is None and not strange:
            return frozenset()
        slots.add(slot)
    named = frozenset(slot for slot in slots if slot is not None)
    return named - _VAGUE or named


def _slot_of(tokens: list[str], words: _LabelWords, strange: int) -> Slot | None:
    if any(token in words.others for token in tokens):
        return Slot.OTHER
    known = words.slots.values()
    for token in tokens:
        if token not in words.filler and not any(token in held for held in known):
            strange -= 1
            if strange < 0:
                return None
    for slot, held in words.slots.items():
        if any(token in held for token in tokens):
            if slot in _VAGUE and _named_beside(tokens, words):
                continue
            return slot
    return None


def _named_beside(tokens: list[str], words: _LabelWords) -> bool:
    """Is a word of OTHER only a filler here: "E-mail cím", "Hivatali név", "Munkahely címe"?"""
    rest = [token for token in tokens if token not in _FILLERS]
    if any(token in words.slots[Slot.OTHER] for token in rest):
        return False
    return any(token in words.slots[slot] for token in rest for slot in _FIELDS)
