"""A person's name as the local part of an address may hold it: its words, né-forms, nicknames and initials, folded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rules.catalogue import Catalogue
from rules.text import tokens

TITLES = frozenset({"dr", "drs", "prof", "phd", "ifj", "id", "ozv", "vitez", "sk", "mr", "mrs", "drne", "habil"})
# Two letters that are one: the initial of Zsuzsa may be "z" or "zs".
DIGRAPHS = ("dzs", "cs", "dz", "gy", "ly", "ny", "sz", "ty", "zs")
DIMINUTIVES = ("ka", "ke", "ika", "ike", "csi", "us", "i", "uska", "uska", "ko", "cska", "acska", "ecske")
# Spellings that people swap in addresses; applied to both sides before comparing.
_SWAPS = (
    *(("th", "t"), ("gh", "g"), ("cz", "c"), ("ch", "cs"), ("ts", "cs"), ("w", "v"), ("ph", "f"), ("x", "ks")),
    *(("ae", "a"), ("oe", "o"), ("ue", "u"), ("y", "i"), ("zs", "z"), ("sz", "s"), ("tz", "c")),
)
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class NameTokens:
    """`parts` are the name's own words and their variants, `initials` its first letters in the name's order.

    `pieces` are whole words that show the person: parts and nicknames.
    """

    parts: frozenset[str]
    pieces: frozenset[str]
    initials: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=512)
def name_tokens(full_name: str, catalogue: Catalogue) -> NameTokens:
    """The tokens of a full name in any order, titles left out; empty for an empty name."""
    words = [token.text for token in tokens(full_name) if token.text not in TITLES and not token.text.isdecimal()]
    parts: set[str] = set()
    nicknames: set[str] = set()
    for word in words:
        parts.add(word)
        bare = word[:-2] if word.endswith("ne") and len(word) > 4 else word
        parts.add(bare)
        for short in catalogue.nicknames.get(bare, ()):
            nicknames.add(short)
        if bare in catalogue.given_names:
            nicknames |= {bare + end for end in DIMINUTIVES} | {bare[:-1] + end for end in DIMINUTIVES if len(bare) > 3}
    whole = frozenset(part for part in parts if len(part) > 1)
    return NameTokens(whole, whole | nicknames, _initials(words))


def _initials(words: list[str]) -> tuple[tuple[str, ...], ...]:
    found = []
    for word in words:
        digraph = next((pair for pair in DIGRAPHS if word.startswith(pair)), "")
        letters = (word[0], digraph) if digraph else (word[0],)
        found.append(letters)
    return tuple(found)


def loose(word: str) -> str:
    """`word` without the spellings people swap (th/t, y/i, sz/s, doubled letters)."""
    for old, new in _SWAPS:
        word = word.replace(old, new)
    return _DOUBLED.sub(r"\1", word)
