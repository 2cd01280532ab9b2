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


def fold(text: str) -> Folded:
    """Letters lose their accents, combining marks vanish; everything else stays one to one."""
    if text.isascii():
        return Folded(text.lower(), range(len(text) + 1))
    letters, places = [], []
    for place, letter in enumerate(text):
        if unicodedata.combining(letter):
            continue
        plain = BLANKS.get(letter) or unicodedata.normalize("NFD", letter)[0].lower()[:1]
        letters.append(plain)
        places.append(place)
    return Folded("".join(letters), (*places, len(text)))
