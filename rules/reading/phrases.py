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
TEXTS_KNOWN = 64  # the few of one mail are asked for again and again
CATALOGUES_KNOWN = 4
KEY = 3  # letters by which phrases are kept
NOTHING: frozenset[str] = frozenset()
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


class PhraseHit(NamedTuple):
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


_Phrase = tuple[str, tuple[_Step, ...], frozenset[str]]  # the list's name, the steps, how the second step may begin


class _Rows(dict[str, tuple[_Phrase, ...]]):
    """The phrases that may begin with a word: found by its first three letters, then remembered."""

    def __init__(self, rows: Mapping[str, Sequence[_Phrase]]) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, norm: str) -> tuple[_Phrase, ...]:
        found = tuple(phrase for phrase in self._rows.get(norm[:KEY], ()) if phrase[1][0].fits(norm))
        if len(self) < WORDS_KNOWN:
            self[norm] = found
        return found


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
    """Every phrase of the lists `names` in `text`; `lists` are the catalogue's words.

    In the order of their beginnings, at one place in that of `names`; phrases whose words come in any order last.
    """
    index = _index(lists)
    wanted = index.ranks(names)
    rows, bags = index.find(text)
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
        self._rows, self._bags = _compile((), ())
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
        self._rows, self._bags = _compile(phrases, self.lists.get(MACROS, ()))
        self.find = lru_cache(maxsize=TEXTS_KNOWN)(self._find)
        self._names = more  # last: another thread may ask at this moment

    def _find(self, text: str) -> tuple[tuple[PhraseHit, ...], tuple[PhraseHit, ...]]:
        """The phrases in their order, and the bags."""
        words = cut_words(text, self._spelling)
        beginnings = {word.norm[:KEY] for word in words}
        hits = []
        for place, word in enumerate(words):
            for name, steps, second in self._rows[word.norm]:
                if second and second.isdisjoint(beginnings):
                    continue
                end = _match(steps, words, place)
                if end >= 0:
                    hits.append(PhraseHit(name, word.start, words[end].end, word.sentence))
        return tuple(hits), tuple(self._bags.find(words))


_made: list[_Index] = []


def _index(lists: Mapping[str, tuple[str, ...]]) -> _Index:
    """The index over `lists`; made once for a catalogue, known again by being the very same value."""
    for known in _made:
        if known.lists is lists:
            return known
    _made[:] = [_Index(lists), *_made[: CATALOGUES_KNOWN - 1]]
    return _made[0]


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
                name, steps, _ = self._bags[bag]
                taken = _one_each(by_step) if len(by_step) == len(steps) else []
                if taken:
                    yield PhraseHit(name, min(one.start for one in taken), max(one.end for one in taken), sentence)

    def _good_for(self, norm: str) -> tuple[tuple[int, int], ...]:
        """The bags and the steps in them that the word fits."""
        known = self._known.get(norm)
        if known is None:
            known = tuple(
                (bag, step)
                for bag, (_, steps, _) in enumerate(self._bags)
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


def _compile(lists: tuple[tuple[str, tuple[str, ...]], ...], macros: tuple[str, ...]) -> tuple[_Rows, _Bags]:
    """The phrases by the first three letters of the word they may begin with; and the bags."""
    named = dict(line.split("=", 1) for line in macros)
    rows: dict[str, list[_Phrase]] = {}
    bags: list[_Phrase] = []
    for name, lines in lists:
        for line in lines:
            steps = _steps(line.removeprefix(BAG), named)
            if line.startswith(BAG):
                bags.append((name, steps, NOTHING))
                continue
            second = _beginnings(steps[1]) if len(steps) > 1 else NOTHING
            for key in {word[:KEY] for word in (*steps[0].exact, *steps[0].stems)}:
                rows.setdefault(key, []).append((name, steps, second))
    return _Rows(rows), _Bags(bags)


def _beginnings(step: _Step) -> frozenset[str]:
    """The first letters of every word that fits the step; empty where a short stem lets too many fit."""
    if any(len(stem) < KEY for stem in step.stems):
        return NOTHING
    return frozenset(word[:KEY] for word in (*step.exact, *step.stems))


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
