"""The lists of phrases compiled: rows of words, and bags of words in any order, found by what a word may begin.

Their small language is told at the head of config/data/phrases/wishes.toml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

MACROS = "phrase_words"
BAG = "& "  # the words of such a line may come in any order
GAPS = {"..": 4, "...": 9, "....": 25}
KEY = 3  # letters by which phrases are kept
NOTHING: frozenset[str] = frozenset()


class PhraseHit(NamedTuple):
    """A phrase of list `name` at `start`–`end` of the text, in sentence number `sentence`."""

    name: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Step:
    """One word of a phrase, at most `gap` words after the one before it."""

    exact: frozenset[str]
    stems: tuple[str, ...]
    gap: int

    def fits(self, norm: str) -> bool:
        return norm in self.exact or norm.startswith(self.stems)


Phrase = tuple[str, tuple[Step, ...], frozenset[str]]  # the list's name, the steps, how the second step may begin


class Bags:
    """Phrases whose words may come in any order."""

    def __init__(self, bags: Sequence[Phrase]) -> None:
        self._bags = tuple(bags)
        self._steps: dict[str, list[tuple[int, int]]] = {}  # by the first letters of words that may fit; "": any word's
        for bag, (_, steps, _) in enumerate(self._bags):
            for step, wanted in enumerate(steps):
                for key in _beginnings(wanted) or ("",):
                    self._steps.setdefault(key, []).append((bag, step))

    def find(
        self, fitted: Sequence[Sequence[tuple[int, int]]], numbers: Sequence[int]
    ) -> Iterator[tuple[str, int, int]]:
        """The sentences that hold a word of its own for each step of a bag: its list's name, the first and last word.

        `fitted` is what `good_for` says of each word of a text, `numbers` are the words' sentences.
        """
        held: dict[int, dict[int, dict[int, list[int]]]] = {}  # by sentence, bag and step
        for place, steps in enumerate(fitted):
            for bag, step in steps:
                held.setdefault(numbers[place], {}).setdefault(bag, {}).setdefault(step, []).append(place)
        for by_bag in held.values():
            for bag, by_step in by_bag.items():
                name, steps_of_bag, _ = self._bags[bag]
                taken = _one_each(by_step) if len(by_step) == len(steps_of_bag) else []
                if taken:
                    yield name, min(taken), max(taken)

    def good_for(self, norm: str) -> Iterator[tuple[int, int]]:
        """The bags and the steps in them that the word fits."""
        for bag, step in sorted((*self._steps.get(norm[:KEY], ()), *self._steps.get("", ()))):
            if self._bags[bag][1][step].fits(norm):
                yield bag, step


class Rows:
    """Phrases that are rows of words, by the first letters of words that they may begin with."""

    def __init__(self, rows: Mapping[str, Sequence[Phrase]]) -> None:
        self._rows = rows

    def beginning_with(self, norm: str) -> Iterator[Phrase]:
        """The phrases that may begin with the word."""
        return (phrase for phrase in self._rows.get(norm[:KEY], ()) if phrase[1][0].fits(norm))


def _one_each(by_step: Mapping[int, Sequence[int]]) -> list[int]:
    """A different word for each step, the first ones; empty where there are too few."""
    taken: list[int] = []
    for step in sorted(by_step):
        place = next((place for place in by_step[step] if place not in taken), None)
        if place is None:
            return []
        taken.append(place)
    return taken


def compile_lists(lists: tuple[tuple[str, tuple[str, ...]], ...], macros: tuple[str, ...]) -> tuple[Rows, Bags]:
    """The phrases by what they begin with, and the bags."""
    named = dict(line.split("=", 1) for line in macros)
    rows: dict[str, list[Phrase]] = {}
    bags: list[Phrase] = []
    for name, lines in lists:
        for line in lines:
            steps = _steps(line.removeprefix(BAG), named)
            if line.startswith(BAG):
                bags.append((name, steps, NOTHING))
                continue
            second = _beginnings(steps[1]) if len(steps) > 1 else NOTHING
            for key in {word[:KEY] for word in (*steps[0].exact, *steps[0].stems)}:
                rows.setdefault(key, []).append((name, steps, second))
    return Rows(rows), Bags(bags)


def _beginnings(step: Step) -> frozenset[str]:
    """The first letters of every word that fits the step; empty where a short stem lets too many fit."""
    if any(len(stem) < KEY for stem in step.stems):
        return NOTHING
    return frozenset(word[:KEY] for word in (*step.exact, *step.stems))


def _steps(line: str, macros: Mapping[str, str]) -> tuple[Step, ...]:
    steps: list[Step] = []
    gap = 0
    for item in line.split():
        if item in GAPS:
            gap = GAPS[item]
            continue
        parts = (macros.get(part[1:-1], "") if part.startswith("<") else part for part in item.split("|"))
        alternatives = [word for part in parts for word in part.split("|") if word]
        exact = frozenset(word for word in alternatives if not word.endswith("*"))
        steps.append(Step(exact, tuple(word[:-1] for word in alternatives if word.endswith("*")), gap))
        gap = 0
    return tuple(steps)
