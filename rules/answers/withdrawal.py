"""Does an answer take the request back ("mégsem kérem", "tárgytalan"), and whose?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.answers.thread import Thread
from rules.findings import EXCERPT, hit, miss
from rules.model import Evidence, Finding
from rules.reading.labels import Slot
from rules.reading.names import same_person
from rules.reading.phrases import find_phrases
from rules.reading.short_names import find_short_names
from rules.reading.spots import Scan, Scanner
from rules.reading.stretches import Stretches
from rules.text import fold

RULE = "withdraws"
PLAIN = ("withdraw_request",)
VALUES = frozenset({Slot.MODULES, Slot.PIR, Slot.EMAIL})
_SENTENCE = re.compile(r"(?:[^.!?\n]|\.(?=\S)|(?<=\b[Dd]r)\.|\n(?=[a-záéíóöőúüű]))+[.!?]*")
_OF_VALUE = re.compile(r"\b(?:pir|szam|cim|e?-?mail|adat|megye|varmegye|telepules|modul|szakrendszer|tananyag)")
_CLAUSE = re.compile(r"[^,;]+")


def find_withdrawal(scans: Sequence[Scan], thread: Thread, *, adds: bool) -> tuple[tuple[int, ...], Finding]:
    """Does the answer take the request back, for all or for those whom its sentence names?

    That it has settled itself is enough only where the answer `adds` nothing to the case.

    The places of those whose request is taken back, and the finding.
    """
    names, scanner = thread.names, thread.scanner
    lists = PLAIN if adds else (*PLAIN, "settle_request")
    whose: set[int] = set()
    seen: list[Evidence] = []
    for scan in scans:
        for start, end in _stretches(scan):
            if _takes_back(scan.text[start:end], lists, scanner):
                excerpt = scan.text[start:end].strip()[:EXCERPT]
                seen.append(Evidence(scan.source.index, start, end, excerpt, scan.source.part.source))
                whose |= _named(scan, start, end, names, scanner) or set(range(len(names)))
    if not seen:
        return (), miss(RULE)
    return tuple(sorted(whose)), hit(RULE, RULE, seen[:3])


def _stretches(scan: Scan) -> Iterator[tuple[int, int]]:
    """Each sentence; of one that gives data the clauses that hold none: a value may be all that is taken back."""
    values = Stretches(spot for spot in scan.spots if spot.slot in VALUES)
    for sentence in _SENTENCE.finditer(scan.text):
        if not values.over(*sentence.span()):
            yield sentence.span()
            continue
        for clause in _CLAUSE.finditer(scan.text, *sentence.span()):
            if not values.over(*clause.span()) and not _OF_VALUE.search(fold(clause.group())):
                yield clause.span()


def _takes_back(sentence: str, lists: tuple[str, ...], scanner: Scanner) -> bool:
    """Does a sentence take the request back?"""
    words = scanner.catalogue.words
    if "?" in sentence or find_phrases(sentence, words, ("keep_request",)):
        return False
    return bool(find_phrases(sentence, words, lists))


def _named(scan: Scan, start: int, end: int, names: Sequence[str], scanner: Scanner) -> set[int]:
    """Which of the people the sentence names, by full or given name."""
    called = {
        number
        for role in scan.roles
        if start <= role.name.start < end
        for number, name in enumerate(names)
        if name and same_person(name, role.name.name, scanner.lexicon)
    }
    return called or {anchor.person for anchor in find_short_names(scan.text[start:end], names, [], scanner.lexicon)}
