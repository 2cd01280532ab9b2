"""Labels and table headers: which fields does "Önkormányzat neve / PIR száma" announce?

A label is known by its words, not by a list of whole labels: one word that names the field, the rest fillers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from rules.reading.lexicon import Words, words_of
from rules.text import fold

MOST_WORDS = 9
LONGEST = 80

MOST_STRANGE = 2  # words in no list that a cell among labels may hold
_PIECES = re.compile(r"\s*(?:[/,;+&|]|\bes\b|\billetve\b|\bvalamint\b)\s*")
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
_Lists = tuple[tuple[str, ...], ...]


def read_label(label: str, words: Mapping[str, tuple[str, ...]], *, among_labels: bool = False) -> frozenset[Slot]:
    """The slots that a label announces; empty where it is no label. `words` are the catalogue's lists.

    `among_labels`: it stands in a row of labels, where a few strange words beside the one that names the field are
    no reason for doubt ("Viselt név").
    """
    if not label or len(label) > LONGEST:
        return frozenset()
    lists = tuple(words.get(f"label_{slot}", ()) for slot in ORDER)
    extra = (words.get("label_filler", ()), words.get("label_of_others", ()), words.get("label_never", ()))
    return _read(fold(label), lists, extra, among_labels)


@lru_cache(maxsize=4096)
def _read(label: str, lists: _Lists, extra: _Lists, among_labels: bool) -> frozenset[Slot]:
    if _NUMBER.search(label):
        return frozenset()
    bare = _read_pieces(_BRACKETS.sub(" ", label), lists, extra, among_labels)
    if bare - _VAGUE or "(" not in label:
        return bare
    return _read_pieces(label, lists, extra, among_labels) or bare  # "Levelezési cím (e-mail)"


def _read_pieces(label: str, lists: _Lists, extra: _Lists, among_labels: bool) -> frozenset[Slot]:
    slots = set()
    label = _CLAUSE.sub(" ", _NOISE.sub(" ", label)).strip()
    if " ".join(_WORD.findall(label)) in extra[2]:
        return frozenset()
    for piece in _PIECES.split(label):
        tokens = [match.group().replace("-", "").replace(".", "") for match in _WORD.finditer(piece)]
        if not tokens:
            continue
        slot = _slot_of(tokens, lists, extra, among_labels) if len(tokens) <= MOST_WORDS else None
        if slot is None and not among_labels:
            return frozenset()
        slots.add(slot)
    named = frozenset(slot for slot in slots if slot is not None)
    return named - _VAGUE or named


def _slot_of(tokens: list[str], lists: _Lists, extra: _Lists, among_labels: bool) -> Slot | None:
    known = [words_of(words) for words in lists]
    filler, others = words_of(extra[0]), words_of(extra[1])
    if any(token in others for token in tokens):
        return Slot.OTHER
    strange = sum(not (token in filler or any(token in words for words in known)) for token in tokens)
    if strange > (MOST_STRANGE if among_labels else 0):
        return None
    for slot, words in zip(ORDER, known, strict=True):
        if any(token in words for token in tokens):
            if slot in _VAGUE and _named_beside(tokens, known):
                continue
            return slot
    return None


def _named_beside(tokens: list[str], known: list[Words]) -> bool:
    """Is a word of OTHER only a filler here: "E-mail cím", "Hivatali név", "Munkahely címe"?"""
    fillers = {"cim", "cime", "hivatali", "ugyintezo", "vezeto", "ph", "osztaly", "regi", "korabbi", "elerhetoseg"}
    others = words_of(tuple(fillers))
    rest = [token for token in tokens if token not in others]
    fields = [words for slot, words in zip(ORDER, known, strict=True) if slot in _FIELDS]
    bad = known[ORDER.index(Slot.OTHER)]
    return any(token in words for token in rest for words in fields) and not any(token in bad for token in rest)


_FIELDS = frozenset({Slot.COUNTY, Slot.MODULES, Slot.MUNICIPALITY, Slot.FULL_NAME})
