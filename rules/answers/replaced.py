"""Somebody asked for in another's place: "Kis Éva helyett Nagy Pált kérjük", "nem Kis Éva, hanem Nagy Pál jön"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.answers.shares import anchors_of
from rules.model import Evidence, Field, Origin
from rules.reading.names import is_title, same_person
from rules.reading.spots import Scan, Scanner
from rules.text import fold

_INSTEAD = re.compile(r"[a-z]{0,4}[\s,]+helyett[\s,]+(?:[a-z]+[\s,]+){0,4}(?:dr\.?\s+)?")
_BUT = re.compile(r"[a-z]{0,5}[\s,]+(?:(?:[a-z]+[\s,]+){0,2}|[a-z]+[\s,]+)hanem\s+(?:[a-z]+[\s,]+){0,4}(?:dr\.?\s+)?")
_NOT = re.compile(r"\b(?:nem|megsem|megse)\s+(?:[a-z]+\s+){0,1}(?:dr\.?\s+)?$")
_PUTS_RIGHT = re.compile(r"helyesen|elirt|elutott|pontosan|a nev[eu]")
_WANTED = re.compile(
    r"\b(?:ker(?:em|juk|nem|nenk|ne|i|ik|nek|unk|ek)\b|\w*regisztr|jon\b|jonne\b|jott\b|jelentkez|vegz|vegez|szeretne"
    r"|igenyel|kell|lesz\b|lenne\b|legyen|venne\b|vesz\b|reszt|tanul|tovabbkepz|dolgozik|veszi at|vette at)"
)
_ANSWERS = re.compile(
    r"\b(?:en\b|valaszol|irok|irom|irja\b|kuldom|kuldi\b|kuldok|adom meg|adja meg|potol|jegyzo|intezem|jarok el)"
)
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n")
SAME_START = 3  # letters that two spellings of one given name share


@dataclass(frozen=True, slots=True)
class Replacement:
    """`name` is asked for in the place of person number `place` of the case, as `seen`."""

    place: int
    name: Field[str]
    seen: Evidence


def find_replacements(scans: Sequence[Scan], names: Sequence[str], scanner: Scanner) -> list[Replacement]:
    """Whom the answer asks for in another's place, by the names of the case's people; a name put right is none."""
    found = [one for scan in scans for one in _in_scan(scan, names, scanner)]
    return list({one.place: one for one in reversed(found)}.values())[::-1]


def _in_scan(scan: Scan, names: Sequence[str], scanner: Scanner) -> Iterator[Replacement]:
    folded = fold(scan.text)
    for old in anchors_of(scan, names, scanner.lexicon):
        for new in (role.name for role in scan.roles):
            if not old.end <= new.start <= old.end + 80:
                continue
            between = folded[old.end : new.start]
            denied = _BUT.fullmatch(between) and _NOT.search(folded[max(0, old.start - 30) : old.start])
            if not denied and not _INSTEAD.fullmatch(between):
                continue
            if any(name and same_person(name, new.name, scanner.lexicon) for name in names):
                continue
            if _is_spelling(names[old.person], new.name, folded[max(0, old.start - 60) : new.end + 40], scanner):
                continue
            if not _is_wanted(folded, old.end, new.end):
                continue
            excerpt = scan.text[old.start : new.end]
            seen = Evidence(scan.source.index, old.start, new.end, excerpt, scan.source.part.source)
            name = Evidence(scan.source.index, new.start, new.end, new.name, scan.source.part.source)
            yield Replacement(old.person, Field(new.name, (name,), Origin.OWN), seen)


def _is_wanted(folded: str, start: int, end: int) -> bool:
    """Is the new one asked for, or has an address, and does not merely answer in the other's place?"""
    last = _SENTENCE_END.search(folded, end)
    sentence = folded[start : last.start() if last else len(folded)]
    return bool(_WANTED.search(sentence) or "@" in sentence) and not _ANSWERS.search(sentence)


def _is_spelling(old: str, new: str, around: str, scanner: Scanner) -> bool:
    """Are both one person's name, put right?"""
    one, other = _words(old, scanner), _words(new, scanner)
    if not set(one) & set(other):
        return False
    given = one[-1][:SAME_START] == other[-1][:SAME_START]
    return given or bool(_PUTS_RIGHT.search(around))


def _words(name: str, scanner: Scanner) -> list[str]:
    return [fold(word) for word in name.split() if not is_title(word, scanner.lexicon)] or [fold(name)]
