"""Modules that an answer changes unasked: "az adó nem kell, csak az iktató", "iktató az adó helyett", "Iktató és adó."

Nobody asked for modules, so a mere mention is none; a sentence that changes them, or is nothing but modules, is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rules.answers.claim import Force, ModuleClaim
from rules.answers.shares import anchors_of
from rules.model import Evidence, Field, Person
from rules.reading.lexicon import Lexicon
from rules.reading.modules import ModuleHit, ModuleReading, WishKind, find_modules
from rules.reading.phrases import find_phrases
from rules.reading.spots import Scan, Scanner
from rules.text import fold

LONGEST = 160  # characters of a sentence that is read
SLIP_SHARE = 3  # a misspelt module is at least this part of its line: a third of the words
FEW_EVERYTHING = 6  # words of a line in which "mind" alone means every module
FEW_WORDS = 8  # of one that is nothing but modules
_SENTENCE = re.compile(r"[^.!?\n;]+")
_INSTEAD = re.compile(r"[a-z]*(?:[\s,-]+(?:modul|szakrendszer|tananyag)[a-z]*)?\s+helyett")
_NO_MORE = re.compile(r"\b(?:megsem?|torol\w*|toroljek|lemond\w*|elhagy\w*)\b")
_OF_MODULES = re.compile(r"modul|rendszer|tananyag|kepzes|tanfolyam|kurzus|anyag")
_ONLY = re.compile(r"\b(?:csak|kizarolag|mindossze)\b")
_BUT = re.compile(r"\bhanem\b")


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence that begins at `start` of the text of `scan`; `sure`: it names who is meant, or nobody else is."""

    scan: Scan
    start: int
    text: str
    sure: bool


def split_by_person(scans: Sequence[Scan], names: Sequence[str], lexicon: Lexicon) -> list[list[Passage]]:
    """The sentences that speak of each of the people: of those named in it or before it in its line, else of all."""
    split: list[list[Passage]] = [[] for _ in names]
    for scan in scans:
        anchors = anchors_of(scan, names, lexicon) if len(names) > 1 else []
        for match in _SENTENCE.finditer(scan.text):
            here = {one.person for one in anchors if match.start() <= one.start < match.end()}
            line = scan.text.rfind("\n", 0, match.start()) + 1
            before = [one for one in anchors if line <= one.start < match.start()]
            last = {max(before, key=lambda one: one.start).person} if before else set(range(len(names)))
            for person in here or last:
                split[person].append(Passage(scan, match.start(), match.group(), bool(here) or len(names) == 1))
    return split


def find_change(passages: Sequence[Passage], person: Person, scanner: Scanner) -> ModuleClaim | None:
    """The change that a text makes to `person`'s modules; `known` is then all that is wanted from now on."""
    for one in passages:
        if 2 < len(one.text) <= LONGEST and "@" not in one.text:
            claim = _read(one, person, scanner)
            if claim:
                return claim
    return None


def without_slips(reading: ModuleReading, text: str, lexicon: Lexicon) -> ModuleReading:
    """The reading of a line that is no field: among other words a word near a module's name is its own ("holnap"),
    and "mindent" is not every module.
    """
    words = len(text.split())
    plain = words <= FEW_EVERYTHING or bool(_OF_MODULES.search(fold(text)))
    kept = [one for one in reading.hits if plain or one.kind is not WishKind.EVERYTHING]
    kept = [
        one
        for one in kept
        if not one.typo or (len(one.excerpt.split()) * SLIP_SHARE >= words and fold(one.excerpt) not in lexicon.stops)
    ]
    return replace(reading, hits=tuple(kept))


def _read(passage: Passage, person: Person, scanner: Scanner) -> ModuleClaim | None:
    scan, start, text = passage.scan, passage.start, passage.text
    reading = without_slips(find_modules(text, scanner.catalogue, in_field=True), text, scanner.lexicon)
    if not reading.hits:
        return None
    folded = fold(text)
    dropped = {one for hit in reading.hits if _is_dropped(hit, folded) for one in hit.ids}
    wanted = {
        one: _field(scan, start, hit, one) for hit in reading.hits if not _is_dropped(hit, folded) for one in hit.ids
    }
    old = {field.value: field for field in person.modules}
    kept = {} if _ONLY.search(folded) else {one: field for one, field in old.items() if one not in dropped}
    if find_phrases(text, scanner.catalogue.words, ("change_modules",)):
        told = {**kept, **wanted}
        return None if set(told) == set(old) else ModuleClaim(tuple(told.values()), (), Force.CORRECTING)
    if not passage.sure or reading.unknown or not _nothing_else(reading.hits, text, scanner) or set(wanted) <= set(old):
        return None
    return ModuleClaim(tuple(wanted.values()), (), Force.STATED)


def _is_dropped(hit: ModuleHit, folded: str) -> bool:
    """Is the module of `hit` no longer wanted, by what stands around it in its sentence?"""
    if hit.negated or _INSTEAD.match(folded, hit.end):
        return True
    but = _BUT.search(folded)
    if but:
        return hit.start < but.start()
    clause = folded[folded.rfind(",", 0, hit.start) + 1 :].split(",", maxsplit=1)[0]
    return bool(_NO_MORE.search(clause))


def _nothing_else(hits: Sequence[ModuleHit], text: str, scanner: Scanner) -> bool:
    """Is a sentence nothing but modules, and no job ("adóügyi ügyintéző")?"""
    words = fold(text).split()
    named = sum(hit.end - hit.start for hit in hits)
    job = len(words) > 1 and words[-1].strip(" ,") in scanner.lexicon.jobs
    return not job and len(words) <= FEW_WORDS and named * 2 >= len(text.strip())


def _field(scan: Scan, start: int, hit: ModuleHit, value: str) -> Field[str]:
    seen = Evidence(scan.source.index, start + hit.start, start + hit.end, hit.excerpt, scan.source.part.source)
    return Field(value, (seen,), certainty=hit.certainty)
