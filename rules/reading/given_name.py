"""Given names in running text: in any case, by nickname; who is meant by "Évának" or "Kati".

Only the words themselves are judged here; which words make a full name is the reader's of people to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rules.catalogue import Catalogue
from rules.text import CASE_ENDINGS, fold

LONGEST_ENDING = 4
# Endings that names take and module words do not: "Éváé", "Évával", "Évánál".
NAME_ENDINGS = CASE_ENDINGS | {"e", "ne", "nenak", "net", "nek", "vel", "val", "nak", "ek", "ehoz", "tol"}


@dataclass(frozen=True, slots=True)
class GivenName:
    """A given name as it stands in the dictionary (folded) and what was hung on it; `nickname` of whom, if so."""

    name: str
    ending: str = ""
    nickname_of: frozenset[str] = frozenset()


def read_given_name(word: str, catalogue: Catalogue) -> GivenName | None:
    """The given name in `word` ("Évának", "Jánosné", "Zsuzsi"), or None. A longer name wins over a longer ending."""
    folded = fold(word)
    known, nicknames = catalogue.given_names, _by_nickname(catalogue)
    for length in range(min(LONGEST_ENDING, len(folded) - 2) + 1):
        bare, ending = folded[: len(folded) - length], folded[len(folded) - length :]
        if ending and ending not in NAME_ENDINGS:
            continue
        if bare in known or bare in nicknames:
            return GivenName(bare, ending, nicknames.get(bare, frozenset()))
    return None


def is_given_name(word: str, catalogue: Catalogue) -> bool:
    """Is `word`, as it stands, a given name or an everyday form of one?"""
    folded = fold(word)
    return folded in catalogue.given_names or folded in _by_nickname(catalogue)


def names_of_nickname(nickname: str, catalogue: Catalogue) -> frozenset[str]:
    """The folded given names that `nickname` is short for; empty where it is none."""
    return _by_nickname(catalogue).get(fold(nickname), frozenset())


@lru_cache(maxsize=4)
def _by_nickname(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    names: dict[str, set[str]] = {}
    for name, nicknames in catalogue.nicknames.items():
        for nickname in nicknames:
            names.setdefault(nickname, set()).add(name)
    return {nickname: frozenset(found) for nickname, found in names.items()}
