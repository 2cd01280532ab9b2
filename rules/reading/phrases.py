"""Turns of phrase in running text, by the word lists of config/data/phrases: what a sentence says, not who says it.

A phrase is a row of words within one sentence, with gaps; its small language is told at the head of wishes.toml.
The text is folded and cut once, and one walk over its words finds the phrases of every list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from rules.text import fold

MACROS = "phrase_words"
SPELLING = "phrase_spelling"
BAG = "& "  # the words of such a line may come in any order
GAPS = {"..": 4, "...": 9, "....": 25}
WORDS_KNOWN = 20_000  # kept for the next mails
SHORTEST_CORRECTED = 7  # letters; shorter words are one slip away from too many others
WORDS_READ = 4000  # of one text; a request is made long before

_PIECE = re.compile(
    r"(?P<word>[^\W_]+(?:[-'’](?!e\b)[^\W_]+)*)|(?P<end>[.!?]+(?=\s|$)|\n\s*\n|\n(?=\s*[-–•*]\s|[^\n:]{2,40}:\s))"
)
_HYPHENS = str.maketrans("", "", "-'’")


class Word(NamedTuple):
    """A folded word without hyphens, its place in the text and the number of its sentence."""

    norm: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class PhraseHit:
    """A phrase of list `name` at `start`–`end` of the text, in sentence number `sentence`."""

    name: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class _Step:
    """One word of a phrase, at most `gap` words after the one before it."""

    exact: frozenset[str]
    stems: tuple[str, ...]
    gap: int

    def fits(self, norm: str) -> bool:
        return norm in self.exact or norm.startswith(self.stems)


_Phrase = tuple[str, tuple[_Step, ...]]


class _Rows:
    """Phrases by the first three letters of the words they may begin with; what was asked once is remembered."""

    def __init__(self, rows: Mapping[str, Sequence[_Phrase]]) -> None:
        self._rows = rows
        self._known: dict[str, tuple[_Phrase, ...]] = {}

    def beginning(self, norm: str) -> tuple[_Phrase, ...]:
        """The phrases that may begin with the word `norm`."""
        known = self._known.get(norm)
        if known is None:
            known = tuple(phrase for phrase in self._rows.get(norm[:3], ()) if phrase[1][0].fits(norm))
            if len(self._known) < WORDS_KNOWN:
                self._known[norm] = known
        return known


@lru_cache(maxsize=32)  # the same few texts are asked for several lists
def cut_words(text: str, spelling: tuple[str, ...] = ()) -> tuple[Word, ...]:
    """The words of `text`, near misses of the words in `spelling` put right."""
    words: list[Word] = []
    sentence = 0
    for piece in _PIECE.finditer(fold(text)):
        if piece.lastgroup == "end":
            sentence += 1
            continue
        norm = piece.group()
        if not norm.isalnum():
            norm = norm.translate(_HYPHENS)
        if len(norm) >= SHORTEST_CORRECTED:
            norm = _corrected(norm, spelling)
        words.append(Word(norm, *piece.span(), sentence))
        if len(words) >= WORDS_READ:
            break
    return tuple(words)


def find_phrases(text: str, lists: Mapping[str, tuple[str, ...]], names: tuple[str, ...]) -> list[PhraseHit]:
    """Every phrase of the lists `names` in `text`; `lists` are the catalogue's words."""
    rows, bags = _compiled(tuple((name, lists.get(name, ())) for name in names), lists.get(MACROS, ()))
    words = cut_words(text, lists.get(SPELLING, ()))
    hits = []
    for place, word in enumerate(words):
        for name, steps in rows.beginning(word.norm):
            end = _match(steps, words, place)
            if end >= 0:
                hits.append(PhraseHit(name, word.start, words[end].end, word.sentence))
    return [*hits, *bags.find(words)]


def _match(steps: tuple[_Step, ...], words: Sequence[Word], place: int) -> int:
    """The index of the phrase's last word where the phrase begins at `place`, or -1.

    Step by step, with all places where the words so far may have ended: linear, whatever the text repeats.
    """
    ends = [place]
    sentence = words[place].sentence
    for step in steps[1:]:
        reached = []
        single = len(ends) == 1
        for following in range(ends[0] + 1, min(ends[-1] + 2 + step.gap, len(words))):
            if words[following].sentence != sentence:
                break
            near = single or any(end < following <= end + 1 + step.gap for end in ends)
            if near and step.fits(words[following].norm):
                reached.append(following)
        if not reached:
            return -1
        ends = reached
    return ends[0]


class _Bags:
    """Phrases whose words may come in any order; what a word is good for is remembered."""

    def __init__(self, bags: Sequence[_Phrase]) -> None:
        self._bags = tuple(bags)
        self._known: dict[str, tuple[tuple[int, int], ...]] = {}

    def find(self, words: Sequence[Word]) -> Iterator[PhraseHit]:
        """The sentences that hold a word of its own for each step of a bag."""
        for sentence, group in groupby(words, key=lambda word: word.sentence) if self._bags else ():
            held: dict[int, dict[int, list[Word]]] = {}
            for word in group:
                for bag, step in self._good_for(word.norm):
                    held.setdefault(bag, {}).setdefault(step, []).append(word)
            for bag, by_step in held.items():
                name, steps = self._bags[bag]
                taken = _one_each(by_step) if len(by_step) == len(steps) else []
                if taken:
                    yield PhraseHit(name, min(one.start for one in taken), max(one.end for one in taken), sentence)

    def _good_for(self, norm: str) -> tuple[tuple[int, int], ...]:
        """The bags and the steps in them that the word fits."""
        known = self._known.get(norm)
        if known is None:
            known = tuple(
                (bag, step)
                for bag, (_, steps) in enumerate(self._bags)
                for step, wanted in enumerate(steps)
                if wanted.fits(norm)
            )
            if len(self._known) < WORDS_KNOWN:
                self._known[norm] = known
        return known


def _one_each(by_step: Mapping[int, Sequence[Word]]) -> list[Word]:
    """A different word for each step, the first ones; empty where there are too few."""
    taken: list[Word] = []
    for step in sorted(by_step):
        word = next((word for word in by_step[step] if word not in taken), None)
        if word is None:
            return []
        taken.append(word)
    return taken


@lru_cache(maxsize=4096)
def _corrected(norm: str, spelling: tuple[str, ...]) -> str:
    """`norm`, or with its stem respelled where it is one slip away from a word of `spelling`."""
    if norm.startswith(spelling or ("\n",)):
        return norm
    for stem in spelling:
        for length in (len(stem), len(stem) - 1, len(stem) + 1):
            if norm[0] == stem[0] and DamerauLevenshtein.distance(norm[:length], stem, score_cutoff=1) <= 1:
                return stem + norm[length:]
    return norm


@lru_cache(maxsize=64)
def _compiled(lists: tuple[tuple[str, tuple[str, ...]], ...], macros: tuple[str, ...]) -> tuple[_Rows, _Bags]:
    """The phrases by the first three letters of the word they may begin with; and the bags."""
    named = dict(line.split("=", 1) for line in macros)
    rows: dict[str, list[_Phrase]] = {}
    bags: list[_Phrase] = []
    for name, lines in lists:
        for line in lines:
            steps = _steps(line.removeprefix(BAG), named)
            if line.startswith(BAG):
                bags.append((name, steps))
                continue
            for key in {word[:3] for word in (*steps[0].exact, *steps[0].stems)}:
                rows.setdefault(key, []).append((name, steps))
    return _Rows(rows), _Bags(bags)


def _steps(line: str, macros: Mapping[str, str]) -> tuple[_Step, ...]:
    steps: list[_Step] = []
    gap = 0
    for item in line.split():
        if item in GAPS:
            gap = GAPS[item]
            continue
        parts = (macros.get(part[1:-1], "") if part.startswith("<") else part for part in item.split("|"))
        alternatives = [word for part in parts for word in part.split("|") if word]
        exact = frozenset(word for word in alternatives if not word.endswith("*"))
        steps.append(_Step(exact, tuple(word[:-1] for word in alternatives if word.endswith("*")), gap))
        gap = 0
    return tuple(steps)
