"""Does an answer take the request back ("mégsem kérem", "tárgytalan"), and whose?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.answers.thread import Thread
from rules.findings import EXCERPT, hit, miss
from rules.model import Evidence, Finding
from rules.reading.labels import Slot
from rules.reading.names import same_person
from rules.reading.phrases import find_phrases
from rules.reading.short_names import find_short_names
from rules.reading.spots import Scan, Scanner

RULE = "withdraws"
VALUES = frozenset({Slot.MODULES, Slot.PIR, Slot.EMAIL})
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def find_withdrawal(scans: Sequence[Scan], thread: Thread) -> tuple[tuple[int, ...], Finding]:
    """The places of those whose request is taken back, and the finding; nobody where it is not."""
    names, scanner = thread.names, thread.scanner
    whose: set[int] = set()
    seen: list[Evidence] = []
    for scan in scans:
        for match in _SENTENCE.finditer(scan.text):
            start, end = match.span()
            if _takes_back(scan, start, end, scanner):
                excerpt = match.group().strip()[:EXCERPT]
                seen.append(Evidence(scan.source.index, start, end, excerpt, scan.source.part.source))
                whose |= _named(scan, start, end, names, scanner) or set(range(len(names)))
    if not seen:
        return (), miss(RULE)
    return tuple(sorted(whose)), hit(RULE, RULE, seen[:3])


def _takes_back(scan: Scan, start: int, end: int, scanner: Scanner) -> bool:
    """Does a sentence take the request back, and not only a module or a value in it?"""
    sentence, words = scan.text[start:end], scanner.catalogue.words
    if not find_phrases(sentence, words, ("withdraw_request",)) or find_phrases(sentence, words, ("keep_request",)):
        return False
    return not any(spot.slot in VALUES and start <= spot.start < end for spot in scan.spots)


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
