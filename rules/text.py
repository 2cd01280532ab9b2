"""Folding and tokens: how text is compared. A fold keeps the length: a place in the folded text is one in the text.

Texts are NFC, as `rules.model.Part` promises; a letter that is no single code point stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_BLANKS = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad"


def _base(letter: str) -> str:
    """The lower-case letter without its accent, or the lower-case letter where that takes more than one."""
    low = letter.lower()
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", low) if not unicodedata.combining(mark))
    return bare if len(bare) == 1 else (low if len(low) == 1 else letter)


_LETTERS = [*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00), *range(0xFF10, 0xFF5B)]
_FOLDED = {code: _base(chr(code)) for code in _LETTERS}
_FOLDED |= {ord("ß"): "s", ord("ł"): "l", ord("Ł"): "l", ord("đ"): "d", ord("Đ"): "d", ord("ø"): "o", ord("Ø"): "o"}
_FOLDED |= dict.fromkeys(map(ord, _BLANKS), " ") | dict.fromkeys(map(ord, _DASHES), "-")
_ONE_BYTE = "cp1250"
_WORDS = 39  # characters: up to here a dictionary folds faster than a table of bytes
_TOKEN = re.compile(r"[a-z0-9]+")
_MAIL_ADDRESS = re.compile(r"(?<![^\s@,;<>()])[^\s@,;<>()]*+@[^\s,;<>()]{0,200}")
_WEB_ADDRESS = re.compile(r"https?://[^\s,;<>()]{0,2000}|www\.[^\s,;<>()]{0,2000}")

# What Hungarian hangs on a noun, accents folded: cases, with and without the possessive.
CASE_ENDINGS = frozenset(
    (
        *("t", "ot", "et", "at", "n", "on", "en", "an", "ba", "be", "ban", "ben", "bol", "rol", "tol", "ra", "re"),
        *("hoz", "hez", "nak", "nek", "nal", "nel", "val", "vel", "ig", "ert", "ott", "ett", "kent"),
        *("ja", "je", "jat", "jet", "jara", "jere", "jaba", "jaban", "jahoz", "jehez", "janak", "jenek"),
        *(
            "sal",
            "sel",
            "ral",
            "rel",
            "tal",
            "tel",
            "kal",
            "kel",
            "zal",
            "zel",
            "lal",
            "lel",
            "gal",
            "gel",
            "dal",
            "del",
        ),
    )
)


class Token(NamedTuple):
    """A run of folded letters and digits at `start`–`end` of the text."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Lower case, no accents, dashes as "-", blanks as " "; the same length as `text`."""
    return (_fold_short if len(text) <= _WORDS else _fold_long)(text)


@lru_cache(maxsize=2048)  # the same in mail after mail
def _fold_short(text: str) -> str:
    return text.translate(_FOLDED)


def _folded_bytes() -> bytes:
    """The fold of every byte of Windows-1250, in which nearly all Hungarian text can be written."""
    letters = bytes(range(256)).decode(_ONE_BYTE, "replace")
    folds = (letter.translate(_FOLDED).encode(_ONE_BYTE, "replace") for letter in letters)
    return b"".join(folds)


_BYTES = _folded_bytes()


@lru_cache(maxsize=16)  # several finders read the same few texts one after the other
def _fold_long(text: str) -> str:
    try:
        return text.encode(_ONE_BYTE).translate(_BYTES).decode(_ONE_BYTE)
    except UnicodeEncodeError:
        return text.translate(_FOLDED)


@lru_cache(maxsize=48)
def fold_words(text: str) -> str:
    """`fold`, with e-mail and web addresses blanked out: their parts are no words of the text."""
    folded = fold(text)
    if "@" in folded:
        folded = _MAIL_ADDRESS.sub(_blanks, folded)
    if "://" in folded or "www." in folded:
        folded = _WEB_ADDRESS.sub(_blanks, folded)
    return folded


def _blanks(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


@lru_cache(maxsize=48)
def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of `text`, in order; one linear pass."""
    new = tuple.__new__  # what Token(…) does, without its detour by a function in Python
    return tuple([new(Token, (match[0], match.start(), match.end())) for match in _TOKEN.finditer(fold(text))])


def words_in(text: str) -> list[str]:
    """The texts of the tokens of `text`: many at a time where nobody asks for their places."""
    return _TOKEN.findall(fold(text))


class Taken:
    """Stretches of a text that are spoken for; they never overlap, so a question costs a bisection."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def overlaps(self, start: int, end: int) -> bool:
        """Is any of `start`–`end` taken?"""
        place = bisect_left(self._starts, end)
        return place > 0 and self._ends[place - 1] > start

    def take(self, start: int, end: int) -> bool:
        """Take `start`–`end` if it is free; returns whether it was."""
        if self.overlaps(start, end):
            return False
        place = bisect_left(self._starts, start)
        self._starts.insert(place, start)
        self._ends.insert(place, end)
        return True


def any_of(words: Iterable[str]) -> str:
    """A regular expression for one of the folded `words`; * lets letters follow, a blank is any blank."""
    found = [re.escape(word).replace(r"\*", "[a-z]*").replace(r"\ ", r"\W{1,3}") for word in words]
    return "(?:" + "|".join(sorted(found, key=len, reverse=True) or ["(?!)"]) + ")"
