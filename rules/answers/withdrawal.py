"""Does an answer take the request back ("mégsem kérem", "tárgytalan"), and whose?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.answers.thread import Thread
from rules.findings import EXCERPT, hit, miss
from rules.model import Evidence, Finding, Note
from rules.reading.labels import Slot
from rules.reading.modules import find_modules
from rules.reading.names import same_person
from rules.reading.phrases import find_phrases
from rules.reading.short_names import find_short_names
from rules.reading.spots import Scan, Scanner
from rules.reading.stretches import Stretches
from rules.text import fold

RULE = "withdraws"
DOUBT = Note.ANSWER_CONTRADICTS.value
PLAIN = ("withdraw_request",)
EITHER = (*PLAIN, "settle_request")
VALUES = frozenset({Slot.MODULES, Slot.PIR, Slot.EMAIL})
_SENTENCE = re.compile(r"(?:[^.!?\n]|\.(?=\S)|(?<=\b[Dd]r)\.|\n(?=[a-záéíóöőúüű]))+[.!?]*")
_OF_VALUE = re.compile(r"\b(?:pir|szam|cim|e?-?mail|adat|megye|varmegye|telepules|modul|szakrendszer|tananyag)")
_OF_NUMBER = re.compile(r"\b(?:pir|szam(?!omra|ara|ukra|unkra)|(?:e-?mail)?cim(?!zet)|e-?mail)")
_OF_REQUEST = re.compile(r"kerelm|kerelem|kerveny|kerese|regisztr|igeny|jelentkez|hozzafer|fiok|kepzes|level")
_IF = re.compile(r"\bha\s+(?:\w+\s+){0,2}(?:megsem?|nem|nincs|mar|sem|barmi)\b")
_STAYS = re.compile(r"\b(?:marad\w*|tovabbra|viszont|ellenben|azonban|kerjuk|kerem|kell|jo|rendben|igen|megy|johet)\b")
_NOT_HIM = re.compile(r"\bnem\W*$")
_CLAUSE = re.compile(r"[^,;]+")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The `places` of those whose request is taken back, the finding, and doubts about others (`person` is set)."""

    places: tuple[int, ...]
    finding: Finding
    doubts: tuple[Finding, ...]


def find_withdrawal(
    scans: Sequence[Scan], thread: Thread, replaced: Mapping[int, Evidence], *, adds: bool
) -> Withdrawal:
    """Does the answer take the request back, for all, for those whom its sentence names, or who are `replaced`?

    That it has settled itself is enough only where the answer `adds` nothing to the case, or says so of one of several.
    Words that may mean no more than that of one of several are a doubt: a person looks.
    """
    names, scanner = thread.names, thread.scanner
    lists = PLAIN if adds else EITHER
    whose = set(replaced)
    seen = list(replaced.values())
    doubted: dict[int, Evidence] = {}
    for scan in scans:
        for start, end in _stretches(scan):
            text = scan.text[start:end]
            called = _named(scan, start, end, names, scanner) - _kept(scan, start, end, names, scanner)
            of_one = 0 < len(called) < len(names) and not _OF_VALUE.search(fold(text))
            place = Evidence(scan.source.index, start, end, text.strip()[:EXCERPT], scan.source.part.source)
            if _takes_back(text, EITHER if of_one else lists, scanner) or (
                of_one and _clause_takes_back(text, scanner)
            ):
                seen.append(place)
                whose |= called or set(range(len(names)))
            elif called and len(names) > 1:
                for clause in _CLAUSE.finditer(scan.text, start, end):
                    if _may_take_back(clause.group(), scanner):
                        doubted |= dict.fromkeys(_named(scan, *clause.span(), names, scanner), place)
    doubts = tuple(
        hit(DOUBT, Note.ANSWER_CONTRADICTS, (doubted[one],), person=one) for one in sorted(set(doubted) - whose)
    )
    return Withdrawal(tuple(sorted(whose)), hit(RULE, RULE, seen[:3]) if seen else miss(RULE), doubts)


def _kept(scan: Scan, start: int, end: int, names: Sequence[str], scanner: Scanner) -> set[int]:
    """Of whom a clause of the sentence says that he stays ("…, Kis Éváé marad")."""
    clauses = [clause for clause in _CLAUSE.finditer(scan.text, start, end) if _STAYS.search(fold(clause.group()))]
    staying = [
        clause
        for clause in clauses
        if not _takes_back(clause.group(), EITHER, scanner) and not _may_take_back(clause.group(), scanner)
    ]
    return {one for clause in staying for one in _named(scan, *clause.span(), names, scanner)}


def _clause_takes_back(text: str, scanner: Scanner) -> bool:
    """Does one clause of a sentence, whatever the others say of those who stay?"""
    return any(_takes_back(clause.group(), EITHER, scanner) for clause in _CLAUSE.finditer(text))


def _may_take_back(text: str, scanner: Scanner) -> bool:
    """Do words about one of several sound as if he were not wanted, and speak of no value?"""
    if "?" in text or _OF_VALUE.search(fold(text)) or find_modules(text, scanner.catalogue).hits:
        return False
    words = scanner.catalogue.words
    said = _NOT_HIM.search(fold(text)) or find_phrases(text, words, ("leave_out",))
    return bool(said) and not find_phrases(text, words, ("keep_request",))


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
    words, folded = scanner.catalogue.words, fold(sentence)
    if "?" in sentence or find_phrases(sentence, words, ("keep_request",)):
        return False
    if _IF.search(folded):
        return False
    of_value = _OF_NUMBER.search(folded) or find_modules(sentence, scanner.catalogue).hits
    if of_value and not _OF_REQUEST.search(folded):  # "a korábbi számunk tárgytalan", "az adó mégsem kell"
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
