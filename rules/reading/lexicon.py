"""The catalogue's word lists in the shapes that the readers ask them in: compiled once and kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rules.catalogue import Catalogue


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Words about people's names. `given` holds folded given names and everyday forms of them."""

    given: frozenset[str]
    nicknames: frozenset[str]
    words: Mapping[str, tuple[str, ...]]

    @cached_property
    def called(self) -> frozenset[str]:
        """Given names and nicknames alike."""
        return self.given | self.nicknames

    @cached_property
    def stops(self) -> Words:
        return words_of(self.words.get("name_stops", ()))

    @cached_property
    def stop_families(self) -> frozenset[str]:
        """Stop words that are family names before a given name."""
        return frozenset(self.words.get("name_stop_families", ()))

    @cached_property
    def jobs(self) -> Words:
        return words_of(self.words.get("job_words", ()))

    @cached_property
    def places(self) -> Words:
        return words_of(self.words.get("name_of_place", ()))

    @cached_property
    def titles(self) -> frozenset[str]:
        return frozenset(self.words.get("name_titles", ()))

    @cached_property
    def greeting(self) -> re.Pattern[str]:
        cues = "|".join(re.escape(cue) for cue in self.words.get("addressee_cues", ("\n",)))
        return re.compile(rf"(?:^|[\s(!,.])(?:{cues})[ ,]{{0,3}}(?:dr\.? )?$")


@dataclass(frozen=True, slots=True)
class Words:
    """Exact words, and stems by their first letter; `in` asks whether a folded word is one or begins with a stem."""

    exact: frozenset[str]
    stems: Mapping[str, tuple[str, ...]]

    def __contains__(self, word: str) -> bool:
        return word in self.exact or word.startswith(self.stems.get(word[:1], ()))


@lru_cache(maxsize=64)
def words_of(lines: tuple[str, ...]) -> Words:
    """The list `lines`, where a trailing * marks a stem."""
    exact = frozenset(line for line in lines if not line.endswith("*"))
    stems: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line.endswith("*"):
            stems[line[:1]] = (*stems.get(line[:1], ()), line[:-1])
    return Words(exact, stems)


@lru_cache(maxsize=4)
def lexicon_of(catalogue: Catalogue) -> Lexicon:
    """The lexicon of `catalogue` (which is compared by identity), the same one each time."""
    nicknames = frozenset(short for names in catalogue.nicknames.values() for short in names)
    return Lexicon(catalogue.given_names, nicknames - catalogue.given_names, catalogue.words)
