"""The sentences of a text for the module finder, and which of them ask for something."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rules.reading.module_words import ModuleWords, Role
from rules.text import Token

_STOP = re.compile(r"[.!?;]")
_NEW_LINE_OF_LIST = re.compile(r"\n\s*(?:[-•*>]|\d{1,2}[.)]|[a-z][.)]|[^\n:]{2,45}:)")


@dataclass(frozen=True)
class Scan:
    """A text on its way to a Reading."""

    text: str
    folded: str
    row: tuple[Token, ...]
    roles: tuple[int, ...]  # bits of Role
    words: ModuleWords


def sentence_numbers(scan: Scan) -> tuple[int, ...]:
    """The number of its sentence for each token."""
    numbers, number = [], 0
    for place, token in enumerate(scan.row):
        if place and _ends_sentence(scan, scan.row[place - 1], token):
            number += 1
        numbers.append(number)
    return tuple(numbers)


def _ends_sentence(scan: Scan, left: Token, right: Token) -> bool:
    gap = scan.folded[left.end : right.start]
    if gap == " ":
        return False
    if "\n" in gap:
        if gap.count("\n") > 1 or _STOP.search(gap):
            return True
        return bool(_NEW_LINE_OF_LIST.match(scan.folded, left.end + gap.rindex("\n")))
    ends = "!" in gap or "?" in gap or ("." in gap and " " in gap and len(left.text) > 4)
    return ends and scan.text[right.start].isupper()


def asking_sentences(scan: Scan, sentences: Sequence[int]) -> frozenset[int]:
    """Sentences with a word of asking, and the lines of a list that one ending in a colon announces."""
    asking: set[int] = set()
    lists: set[int] = set()
    for place, role in enumerate(scan.roles):
        number = sentences[place]
        if place and number != sentences[place - 1]:
            gap = scan.folded[scan.row[place - 1].end : scan.row[place].start]
            before = sentences[place - 1]
            if (before in asking and ":" in gap) or (before in lists and _goes_on(gap)):
                asking.add(number)
                lists.add(number)
        if role & Role.ASK:
            asking.add(number)
    return frozenset(asking)


def _goes_on(gap: str) -> bool:
    """Does a list go on over this gap: to the next line, or over one empty line to the next bullet or number?"""
    return gap.count("\n") == 1 or (gap.count("\n") == 2 and not any(mark in gap for mark in ".!?"))


def sentences_with(scan: Scan, sentences: Sequence[int], wanted: int) -> frozenset[int]:
    """The sentences that hold a word of the role."""
    return frozenset(number for number, role in zip(sentences, scan.roles, strict=True) if role & wanted)
