"""Turns of phrase in running text, by the word lists of config/data/phrases: what a sentence says, not who says it.

A phrase is a row of words within one sentence, with gaps; its small language is told at the head of wishes.toml.
The text is folded and cut once, and one walk over its words finds the phrases of every list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from rules.reading.phrase_lists import KEY, MACROS, Phrase, PhraseHit, Step, compile_lists
from rules.recurring import Known
from rules.text import fold

__all__ = ["PhraseHit", "find_phrases", "norm_of"]

SPELLING = "phrase_spelling"
SHORTEST_CORRECTED = 7  # letters; shorter words are one slip away from too many others
TEXTS_KNOWN = 64  # the few of one mail are asked for again and again
CATALOGUES_KNOWN = 4
WORDS_READ = 4000  # of one text; a request is made long before

_PIECE = re.compile(
    r"(?P<word>[^\W_]+(?:[-'’](?!e\b)[^\W_]+)*)|(?P<end>[.!?]+(?=\s|$)|\n\s*\n|\n(?=\s*[-–•*]\s|[^\n:]{2,40}:\s))"
)
_HYPHENS = str.maketrans("", "", "-'’")


class Word(NamedTuple):
    """What a word may be part of, wherever it stands; `norm` is "" for what ends a sentence.

    `norm` is folded, without hyphens, a near miss put right; `key` its first letters; `phrases` those that may begin
    with it, `steps` those of bags that it fits.
    """

    norm: str
    key: str
    phrases: tuple[Phrase, ...]
    steps: tuple[tuple[int, int], ...]


_END = Word("", "", (), ())


def norm_of(word: str, spelling: tuple[str, ...] = ()) -> str:
    """The folded `word` without hyphens; set right where it is a near miss of one in `spelling`."""
    norm = word if word.isalnum() else word.translate(_HYPHENS)
    return _corrected(norm, spelling) if len(norm) >= SHORTEST_CORRECTED else norm


def find_phrases(text: str, lists: Mapping[str, tuple[str, ...]], names: tuple[str, ...]) -> list[PhraseHit]:
    """Every phrase of the lists `names` in `text`; `lists` are the catalogue's words.

    In the order of their beginnings, at one place in that of `names`; phrases whose words come in any order last.
    """
    index = _index(lists)
    wanted = index.ranks(names)
    rows, bags, said = index.find(text)
    if said.isdisjoint(wanted):
        return []
    hits = [hit for hit in rows if hit.name in wanted]
    if len(hits) > 1:
        hits.sort(key=lambda hit: (hit.start, wanted[hit.name]))
    return [*hits, *(hit for hit in bags if hit.name in wanted)]


class _Index:
    """The lists of one catalogue that anybody ever asked for.

    One walk over a text finds the phrases of all of them, and the next who asks about this text gets them as well.
    """

    def __init__(self, lists: Mapping[str, tuple[str, ...]]) -> None:
        self.lists = lists
        self._names: frozenset[str] = frozenset()
        self._spelling = lists.get(SPELLING, ())
        self._rows, self._bags = compile_lists((), ())
        self._words = Known(self._find_word)
        self._ranks: dict[tuple[str, ...], dict[str, int]] = {}  # the rules ask for a few dozen rows of lists
        self.find = lru_cache(maxsize=TEXTS_KNOWN)(self._find)

    def ranks(self, names: tuple[str, ...]) -> dict[str, int]:
        """The place of each list in `names`; their phrases are found from now on."""
        known = self._ranks.get(names)
        if known is None:
            self._take_in(names)
            known = self._ranks[names] = {name: rank for rank, name in enumerate(names)}
        return known

    def _take_in(self, names: tuple[str, ...]) -> None:
        if self._names.issuperset(names):
            return
        more = self._names.union(names)
        phrases = tuple((name, lines) for name, lines in self.lists.items() if name in more)
        self._rows, self._bags = compile_lists(phrases, self.lists.get(MACROS, ()))
        self._words = Known(self._find_word)
        self.find = lru_cache(maxsize=TEXTS_KNOWN)(self._find)
        self._names = more  # last: another thread may ask at this moment

    def _find(self, text: str) -> tuple[tuple[PhraseHit, ...], tuple[PhraseHit, ...], frozenset[str]]:
        """The phrases in their order, the bags, and the names of their lists."""
        words, places, numbers = self._cut(text)
        keys = [word.key for word in words]
        beginnings = frozenset(keys)
        hits = []
        for first, word in enumerate(words):
            for name, steps, second in word.phrases:
                if second and (
                    second.isdisjoint(beginnings) or second.isdisjoint(keys[first + 1 : first + 2 + steps[1].gap])
                ):
                    continue
                last = _match(steps, words, numbers, first)
                if last >= 0:
                    hits.append(PhraseHit(name, places[first].start(), places[last].end(), numbers[first]))
        bags = tuple(
            PhraseHit(name, places[first].start(), places[last].end(), numbers[first])
            for name, first, last in self._bags.find([word.steps for word in words], numbers)
        )
        return tuple(hits), bags, frozenset([hit.name for hit in (*hits, *bags)])

    def _cut(self, text: str) -> tuple[list[Word], list[re.Match[str]], list[int]]:
        """The words of `text`, where they stand, and the numbers of their sentences."""
        words, places, numbers = list[Word](), list[re.Match[str]](), list[int]()
        known, number = self._words, 0
        for piece in _PIECE.finditer(fold(text)):
            word = known[piece[0]]
            if word is _END:
                number += 1
                continue
            words.append(word)
            places.append(piece)
            numbers.append(number)
            if len(words) >= WORDS_READ:
                break
        return words, places, numbers

    def _find_word(self, piece: str) -> Word:
        if not piece[0].isalnum():
            return _END
        norm = norm_of(piece, self._spelling)
        return Word(norm, norm[:KEY], tuple(self._rows.beginning_with(norm)), tuple(self._bags.good_for(norm)))


_made: list[_Index] = []


def _index(lists: Mapping[str, tuple[str, ...]]) -> _Index:
    """The index over `lists`; made once for a catalogue, known again by being the very same value."""
    for known in _made:
        if known.lists is lists:
            return known
    _made[:] = [_Index(lists), *_made[: CATALOGUES_KNOWN - 1]]
    return _made[0]


def _match(steps: tuple[Step, ...], words: Sequence[Word], numbers: Sequence[int], first: int) -> int:
    """The index of the phrase's last word where the phrase begins at `first`, or -1.

    Step by step, with all places where the words so far may have ended: linear, whatever the text repeats.
    """
    ends = [first]
    sentence = numbers[first]
    for step in steps[1:]:
        reached = []
        single = len(ends) == 1
        for following in range(ends[0] + 1, min(ends[-1] + 2 + step.gap, len(words))):
            if numbers[following] != sentence:
                break
            near = single or any(end < following <= end + 1 + step.gap for end in ends)
            if near and step.fits(words[following].norm):
                reached.append(following)
        if not reached:
            return -1
        ends = reached
    return ends[0]


def _corrected(norm: str, spelling: tuple[str, ...]) -> str:
    """`norm`, put right where it is one slip away from one of `spelling`."""
    if norm.startswith(spelling or ("\n",)):
        return norm
    for stem in (one for one in spelling if one[0] == norm[0]):
        for length in (len(stem), len(stem) - 1, len(stem) + 1):
            if DamerauLevenshtein.distance(norm[:length], stem, score_cutoff=1) <= 1:
                return stem + norm[length:]
    return norm
