"""A text without accents and in small letters, with the way back to the places of the original. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

BLANKS = {"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2009": " ", "\u2011": "-", "\u2010": "-"}


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is folded; `places[i]` is where its letter i stands in the original, with the original's length last."""

    text: str
    places: tuple[int, ...] | range

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The same stretch in the original."""
        return self.places[start], self.places[end]


KEPT = 0x2100  # the letters of Europe, and its signs; strangers may write any of a million others


class _Plain(dict[int, str]):
    """What each letter becomes, those below KEPT looked up once in a process: "" for a combining mark."""

    def __missing__(self, letter: int) -> str:
        one = chr(letter)
        plain = (
            "" if unicodedata.combining(one) else BLANKS.get(one) or unicodedata.normalize("NFD", one)[0].lower()[:1]
        )
        if letter < KEPT:
            self[letter] = plain
        return plain


_PLAIN = _Plain()


def fold(text: str) -> Folded:
    """Letters lose their accents, combining marks vanish; everything else stays one to one."""
    folded = text.translate(_PLAIN)
    if len(folded) == len(text):
        return Folded(folded, range(len(text) + 1))
    places = (place for place, letter in enumerate(text) if not unicodedata.combining(letter))
    return Folded(folded, (*places, len(text)))
