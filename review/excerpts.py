"""Where a mail says what was searched for: a few words around the first place, with the words sought marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from registry.words import plain

BEFORE, AFTER = 40, 110  # letters shown around the first place


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `sought` where it is a word that was searched for."""

    text: str
    sought: bool = False


def holds(words: Sequence[str], text: str) -> bool:
    """Whether every word is the beginning of one in `text`."""
    folded = plain(text)
    return all(_pattern([word]).search(folded) for word in words)


def excerpt(text: str, words: Sequence[str]) -> list[Piece]:
    """The stretch of `text` around the first place of the longest word that it holds; [] where it holds none."""
    folded = plain(text)
    places = (_pattern([word]).search(folded) for word in sorted(words, key=len, reverse=True))
    place = next((one for one in places if one), None)
    if place is None:
        return []
    stretch = _stretch(text, place.start(), place.end())
    pieces, at = [], 0
    for one in _pattern(words).finditer(plain(stretch)):
        pieces += [Piece(stretch[at : one.start()]), Piece(stretch[one.start() : one.end()], sought=True)]
        at = one.end()
    return [*pieces, Piece(stretch[at:])]


def _stretch(text: str, start: int, end: int) -> str:
    """What stands around the place, in whole words and one line; dots where it was cut."""
    before, after = text[max(start - BEFORE, 0) : start], text[end : end + AFTER]
    if start > BEFORE:
        before = "… " + before.partition(" ")[2]
    if end + AFTER < len(text):
        after = after.rpartition(" ")[0] + " …"
    return " ".join(f"{before}{text[start:end]}{after}".split())


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, words))})[^\W_]*")
