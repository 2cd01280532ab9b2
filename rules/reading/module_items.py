"""A text cut into what the module finder weighs: rows, identifiers, other systems, and the words between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rules.reading.module_words import LONG_NAME, ModuleWords, Role, Row, Tier
from rules.text import Token, fold, tokens

_MASKED = re.compile(r"\S*@\S*|https?://\S+|www\.\S+|\S+\.hu\b")
_ID = re.compile(
    r"(?<![a-z0-9])p\s?\.?m\s?[-_/. ]{0,3}(?P<serial>\d{4})(?:[-_/. ]{0,3}\d{4})?(?:[-_/. ]{0,3}b\s?\.?s)?(?![a-z0-9])"
)
_ID_WITHOUT_OWNER = re.compile(
    r"(?<![\d\-/.])(?P<serial>\d{4})[-_/ ]{1,3}(?:1710|210[345]|2204)(?:[-_/. ]{0,3}b\s?\.?s)?(?![\d])"
)
_SERIAL = re.compile(r"(?<![\d\-/.+])(?P<serial>2[378]\d\d)(?![\d]|[-/.]\d|\.?\s?(?:ft|huf|fo))")
_NEW_LINE_OF_LIST = re.compile(r"\n\s*(?:[-–•*>]|\d{1,2}[.)]|[a-z][.)]|[^\n:]{2,45}:)")
_ORDINARY_GAP = re.compile(r"[\s\-–—./:_()'\"„”*]{0,6}")


@dataclass(frozen=True, slots=True)
class Item:
    """A wish at tokens `first`–`last`, characters `start`–`end`: a row, or (`row` None) something that is no row."""

    first: int
    last: int
    start: int
    end: int
    row: Row | None
    identifier: bool = False
    exact: bool = True
    typo: bool = False
    ends_in_noun: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with its tokens, their roles and sentences, and the items found, in order of place."""

    text: str
    folded: str
    row: tuple[Token, ...]
    roles: tuple[Role, ...]
    sentences: tuple[int, ...]  # per token
    asking: frozenset[int]  # sentences that ask for something
    items: tuple[Item, ...]
    owners: tuple[int, ...]  # per token: the index of its item, or -1

    def gap(self, left: int, right: int) -> str:
        """What stands between tokens `left` and `right`, folded; the other tokens between them included."""
        return self.folded[self.row[left].end : self.row[right].start]


def read_items(text: str, words: ModuleWords, *, in_field: bool) -> Reading:
    """Find all that could be a wish in `text`; nothing is judged yet."""
    folded = _MASKED.sub(lambda match: " " * len(match.group()), fold(text))
    row = tuple(tokens(folded))
    roles = tuple(words.roles_of(token.text) for token in row)
    sentences = _sentences(text, folded, row)
    asking = _asking(folded, row, roles, sentences)
    items = _identifiers(folded, row, words, in_field=in_field)
    items += _named(text, folded, row, roles, words, items)
    items.sort(key=lambda item: item.start)
    owners = [-1] * len(row)
    for number, item in enumerate(items):
        owners[item.first : item.last + 1] = [number] * (item.last - item.first + 1)
    return Reading(text, folded, row, roles, sentences, asking, tuple(items), tuple(owners))


def _sentences(text: str, folded: str, row: Sequence[Token]) -> tuple[int, ...]:
    numbers, number = [], 0
    for place, token in enumerate(row):
        if place and _ends_sentence(text, folded, row[place - 1], token):
            number += 1
        numbers.append(number)
    return tuple(numbers)


def _ends_sentence(text: str, folded: str, left: Token, right: Token) -> bool:
    gap = folded[left.end : right.start]
    if gap == " ":
        return False
    if "\n" in gap:
        if gap.count("\n") > 1 or any(mark in gap for mark in ".!?;"):
            return True
        return bool(_NEW_LINE_OF_LIST.match(folded, left.end + gap.rindex("\n")))
    ends = any(mark in gap for mark in "!?") or ("." in gap and " " in gap and len(left.text) > 4)
    return ends and text[right.start].isupper()


def _asking(folded: str, row: Sequence[Token], roles: Sequence[Role], sentences: Sequence[int]) -> frozenset[int]:
    """Sentences with a word of asking, and the list that follows one which ends in a colon."""
    asking: set[int] = set()
    lists: set[int] = set()
    for place, role in enumerate(roles):
        number = sentences[place]
        if place and number != sentences[place - 1]:
            gap = folded[row[place - 1].end : row[place].start]
            before = sentences[place - 1]
            if (before in asking and ":" in gap) or (before in lists and gap.count("\n") == 1):
                asking.add(number)
                lists.add(number)
        if role & Role.ASK:
            asking.add(number)
    return frozenset(asking)


def _identifiers(folded: str, row: Sequence[Token], words: ModuleWords, *, in_field: bool) -> list[Item]:
    if not any(mark.isdecimal() for mark in folded):
        return []
    found = [(match, True) for match in _ID.finditer(folded)]
    found += [(match, False) for match in _ID_WITHOUT_OWNER.finditer(folded)]
    if in_field or found or "probono" in folded:
        found += [(match, False) for match in _SERIAL.finditer(folded)]
    items: list[Item] = []
    for match, certain in found:
        module = words.by_serial.get(match["serial"])
        if (module is None and not certain) or any(
            match.start() < item.end and item.start < match.end() for item in items
        ):
            continue
        places = [place for place, token in enumerate(row) if token.start < match.end() and match.start() < token.end]
        value = Row(module, Tier.ANYWHERE) if module else None
        items.append(Item(places[0], places[-1], *match.span(), value, identifier=True))
    return items


def _named(
    text: str, folded: str, row: Sequence[Token], roles: Sequence[Role], words: ModuleWords, taken: Sequence[Item]
) -> list[Item]:
    """Rows and other systems by their names, longest name first at each place."""
    used = {place for item in taken for place in range(item.first, item.last + 1)}

    def fits(left: int, right: int, phrase: tuple[str, ...]) -> bool:
        gap = folded[row[left].end : row[right].start]
        if right in used:
            return False
        if len(phrase) >= LONG_NAME:
            return len(gap) <= 8
        return bool(_ORDINARY_GAP.fullmatch(gap)) and ("\n" not in gap or "-" in gap)

    items: list[Item] = []
    place = 0
    while place < len(row):
        step = 1
        if place not in used:
            item = _row_at(text, row, roles, words, place, fits) or _system_at(row, words, place, fits)
            if item:
                items.append(item)
                step = item.last - item.first + 1
        place += step
    return items


def _row_at(text, row, roles, words, place, fits) -> Item | None:  # type: ignore[no-untyped-def]
    match = words.rows.longest(row, place, fits)
    if not match or not _spelled_right(text, row[place], match.words):
        return None
    last = match.last
    noun = bool(roles[last] & Role.CORE_NOUN)
    return Item(place, last, row[place].start, row[last].end, match.value, exact=match.exact, ends_in_noun=noun)


def _system_at(row, words, place, fits) -> Item | None:  # type: ignore[no-untyped-def]
    match = words.systems.longest(row, place, fits)
    return Item(place, match.last, row[place].start, row[match.last].end, None) if match else None


def _spelled_right(text: str, token: Token, phrase: tuple[str, ...]) -> bool:
    """Very short abbreviations (TE, KV, TP, IVK) count only in capitals, as an ordinary word is just as short."""
    return len(token.text) > 2 or len(phrase) > 1 or text[token.start : token.end].isupper()
