"""Runs of neighbouring words that may be a name: what `names` looks for full names in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rules.reading.lexicon import Lexicon
from rules.reading.name_forms import is_capital, is_initial, nominative
from rules.text import fold

WORD = re.compile(r"[^\W\d_]+(?:[-–'’][^\W\d_]+)*\.?")
_BETWEEN = re.compile(r" {1,3}| *\n {0,3}")
WRAPPED = 60  # a line this long may have been wrapped in the middle of a name
_TITLED = frozenset({"dr", "ifj", "id", "ozv", "prof", "drs"})


class NameWord(NamedTuple):
    """A word of a text at `start`–`end`."""

    text: str
    start: int
    end: int


def find_runs(text: str, lexicon: Lexicon, any_case: bool) -> Iterator[list[NameWord]]:
    """Stretches of neighbouring words that may be names: capitalised, no stop word, nothing but blanks between."""
    run: list[NameWord] = []
    whole = fold(text)
    words = _words(text, whole, lexicon, any_case)
    for at, token in enumerate(words):
        folded = whole[token.start : token.end].strip(".")
        capital = is_capital(token.text)
        good = folded in lexicon.titles or (capital and is_initial(token.text) and token.text.endswith("."))
        if not good and (any_case or capital) and len(folded) > 1:
            good = folded not in lexicon.stops or _is_family(words, at, folded, lexicon, any_case)
        if run and not (good and _joined(text, run[-1], token)):
            yield run
            run = []
        if good:
            run.append(token)
    if run:
        yield run


def _words(text: str, whole: str, lexicon: Lexicon, any_case: bool) -> list[NameWord]:
    """The words of `text` that may belong to a name: unless `any_case`, small ones only where they are a title."""
    titles = lexicon.titles
    longest = max(map(len, titles), default=0) + 1  # with its dot
    return [
        NameWord(word, match.start(), match.end())
        for match in WORD.finditer(text)
        if (word := match[0])[0].isupper()
        or any_case
        or (len(word) <= longest and whole[match.start() : match.end()].strip(".") in titles)
    ]


def _is_family(words: list[NameWord], at: int, folded: str, lexicon: Lexicon, any_case: bool) -> bool:
    """Is a stop word here a family name: "Magyar Tibor", "Szombati Éva", not "Magyar Államkincstár"?"""
    following = words[at + 1] if at + 1 < len(words) else None
    of_a_place = folded.endswith("i") and folded not in lexicon.stops.exact and not any_case
    family = bool({folded, words[at].text.lower()} & lexicon.stop_families) or of_a_place
    if not family or following is None or not (any_case or is_capital(following.text)):
        return False
    return following.start - words[at].end == 1 and nominative(following.text, lexicon) is not None


def _joined(text: str, left: NameWord, right: NameWord) -> bool:
    gap = text[left.end : right.start]
    if not _BETWEEN.fullmatch(gap):
        return False
    if left.text.endswith(".") and not (is_initial(left.text) or fold(left.text).strip(".") in _TITLED):
        return False
    if "\n" not in gap:
        return True
    line_start = text.rfind("\n", 0, left.end) + 1
    return left.end - line_start >= WRAPPED
