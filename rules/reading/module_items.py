"""A text cut into what the module finder weighs: rows, identifiers, other systems, and the words between them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rules.phrase_index import FitsGap
from rules.reading.module_sentences import Scan, asking_sentences, sentence_numbers, sentences_with
from rules.reading.module_words import LONG_NAME, ModuleWords, Role, Row, Tier
from rules.text import Taken, fold_words, tokens

# PM-2770-2105-BS with any joints, or shortened to PM-2770; without PM only as a pair of known numbers.
_ID = re.compile(
    r"p(?<![a-z0-9]p)\s?\.?m\s?[-_/. ]{0,3}(?P<serial>\d{4})(?:[-_/. ]{0,3}\d{4})?(?:[-_/. ]{0,3}b\s?\.?s)?(?![a-z0-9])"
)
_ID_WITHOUT_OWNER = re.compile(
    r"(?P<serial>\d(?<![\d\-/.]\d)\d{3})[-_/ ]{1,3}(?:1710|210[345]|2204)(?:[-_/. ]{0,3}b\s?\.?s)?(?!\d)"
)
_DIGIT = re.compile(r"\d")
_SERIAL = re.compile(r"(?<![\d\-/.+])(?P<serial>2[378]\d\d)(?!\d|[-/.]\d|\.?\s?(?:ft|huf|fo))")
_ORDINARY_GAP = re.compile(r"[ \n\-./:_()'\"„”*]{0,6}")  # no tab: that parts two cells
_TO_LEARN = ("tanul", "megtanul", "betanul", "kitanul", "elsajatit")
_COMPOUND = re.compile(
    r"(?!portal)([a-z]{3,}?)-?(?:szakrendszer|szakmodul|modul|tananyag|tanfolyam|kepzes|kurzus|program)[a-z]{0,12}"
)
MOST_TASKS = 2  # words of doing behind a name that belong to it: "nyomon követése"
SHORTEST_FIRST = 8  # letters from which the first word of a name is set right
_PORTAL_OF_COURSES = frozenset(
    (
        *(
            "oktatasi",
            "oktato",
            "elearning",
            "learning",
            "kepzesi",
            "asp",
            "online",
            "internetes",
            "tanulasi",
            "kincstari",
        ),
        *("hivatali", "moodle", "tovabbkepzesi", "web", "regisztracios", "e", "az", "a", "probono", "oktatas"),
    )
)


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
    proper_name: bool = False  # of a system that is no row
    tasked: bool = False  # ends in what is done with it: "irattár kezeléséhez"


@dataclass(frozen=True)
class Reading(Scan):
    """A text with its tokens and their roles, and the items found, in order of place; its sentences when asked for."""

    items: tuple[Item, ...]

    @cached_property
    def sentences(self) -> tuple[int, ...]:
        """The number of its sentence for each token."""
        return sentence_numbers(self)

    @cached_property
    def asking(self) -> frozenset[int]:
        """The sentences that ask for something."""
        return asking_sentences(self, self.sentences)

    @cached_property
    def naming(self) -> frozenset[int]:
        """The sentences that hold "modul", "tananyag", "hozzáférés" …"""
        return sentences_with(self, self.sentences, Role.NOUN)

    @cached_property
    def learning(self) -> frozenset[int]:
        """The sentences that hold "tananyag", "téma", "megtanulni" …"""
        told = zip(self.sentences, self.roles, self.row, strict=True)
        return frozenset(
            number for number, role, token in told if role & Role.CORE_NOUN or token.text.startswith(_TO_LEARN)
        )

    @cached_property
    def dutiful(self) -> frozenset[int]:
        """The sentences that say whose duty something is."""
        return sentences_with(self, self.sentences, Role.DUTY)

    def gap(self, left: int, right: int) -> str:
        """What stands between tokens `left` and `right`, folded; the tokens between them included."""
        return self.folded[self.row[left].end : self.row[right].start]


def read_items(text: str, words: ModuleWords, *, in_field: bool) -> Reading:
    """Find all that could be a wish in `text`; nothing is judged yet."""
    folded = fold_words(text)
    row = tokens(folded)
    scan = Scan(text, folded, row, tuple([words.roles[token.text] for token in row]), words)
    items = _identifiers(scan, in_field=in_field)
    items += _named(scan, items, in_field=in_field)
    items.sort(key=lambda item: item.start)
    return Reading(text, folded, row, scan.roles, words, tuple(items))


def _identifiers(scan: Scan, *, in_field: bool) -> list[Item]:
    if not _DIGIT.search(scan.folded):
        return []
    found = [(match, True) for match in _ID.finditer(scan.folded)]
    found += [(match, False) for match in _ID_WITHOUT_OWNER.finditer(scan.folded)]
    if in_field or found or "probono" in scan.folded:
        found += [(match, False) for match in _SERIAL.finditer(scan.folded)]
    items: list[Item] = []
    taken = Taken()
    for match, certain in found:
        module = scan.words.by_serial.get(match["serial"])
        if (module or certain) and taken.take(*match.span()):
            first = bisect_right(scan.row, match.start(), key=lambda token: token.end)
            last = bisect_left(scan.row, match.end(), key=lambda token: token.start) - 1
            row = Row(module, Tier.ANYWHERE) if module else None
            items.append(Item(first, last, *match.span(), row, identifier=True))
    return items


def _named(scan: Scan, taken: Sequence[Item], *, in_field: bool) -> list[Item]:
    """Rows, and what fits none, by their names; the longest name at each place."""
    row, used = scan.row, {place for item in taken for place in range(item.first, item.last + 1)}

    def fits(left: int, right: int, phrase: tuple[str, ...]) -> bool:
        gap = scan.folded[row[left].end : row[right].start]
        if right in used:
            return False
        if len(phrase) >= LONG_NAME:
            return len(gap) <= 8
        return bool(_ORDINARY_GAP.fullmatch(gap)) and ("\n" not in gap or "-" in gap)

    items: list[Item] = []
    free = 0
    for place, token in enumerate(row):
        if place < free or place in used or not _may_begin_name(scan.words, token.text):
            continue
        item = _item_at(scan, place, fits, in_field=in_field)
        items += [item] if item else []
        free = item.last + 1 if item else free
    return items


@lru_cache(maxsize=4096)
def _may_begin_name(words: ModuleWords, token: str) -> bool:
    """May a name begin with the folded token, perhaps misspelt? A cheap question before `_item_at`."""
    if words.rows.may_begin(token) or words.others.may_begin(token):
        return True
    return len(token) >= SHORTEST_FIRST and (not words.roles[token] or _COMPOUND.fullmatch(token) is not None)


def _item_at(scan: Scan, place: int, fits: FitsGap, *, in_field: bool) -> Item | None:
    """The longest name that begins at `place`, of a row or of something that is none."""
    start = scan.row[place].start
    match = scan.words.rows.longest(scan.row, place, fits, spelt=_respelled(scan, place))
    if match and not _counts_here(scan, place, match.words, in_field=in_field):
        match = None
    other = scan.words.others.longest(scan.row, place, fits)
    if other and (not match or other.last > match.last):
        return Item(place, other.last, start, scan.row[other.last].end, None, proper_name=other.value)
    if not match:
        return _compound_at(scan, place)
    noun = bool(scan.roles[match.last] & Role.CORE_NOUN)
    last = _last_task(scan, match.last)
    return Item(
        *(place, last, start, scan.row[last].end, match.value),
        exact=match.exact,
        ends_in_noun=noun,
        tasked=last > match.last,
    )


def _last_task(scan: Scan, last: int) -> int:
    """The last of the words behind a name that say what is done with it, the name's last where there are none."""
    for after in range(last + 1, min(last + 1 + MOST_TASKS, len(scan.row))):
        blank = scan.folded[scan.row[after - 1].end : scan.row[after].start] == " "
        if not (blank and scan.roles[after] & Role.TASK) or scan.roles[after] & (Role.JOB | Role.CORE_NOUN):
            break
        last = after
    return last


def _compound_at(scan: Scan, place: int) -> Item | None:
    """A module's word and "modul", "tananyag" … in one: "pénztármodulhoz"."""
    token = scan.row[place]
    found = _COMPOUND.fullmatch(token.text)
    if not found:
        return None
    for _, row in scan.words.rows.meanings(found.group(1)):
        return Item(place, place, token.start, token.end, row, exact=False, ends_in_noun=True)
    return None


def _respelled(scan: Scan, place: int) -> str:
    """The token at `place` set right where it is a slip in the first word of a name ("telpülési portál"), or ""."""
    token = scan.row[place]
    if len(token.text) < SHORTEST_FIRST or scan.roles[place] or place + 1 == len(scan.row):
        return ""
    return scan.words.first_word(token.text, scan.row[place + 1].text)


def _counts_here(scan: Scan, place: int, phrase: tuple[str, ...], *, in_field: bool) -> bool:
    """Is the word at `place` spelt like an abbreviation where it is one, and not the portal of these courses?"""
    token = scan.row[place]
    if len(token.text) <= 2 and len(phrase) == 1 and not in_field:  # TE, KV, TP: an ordinary word is just as short
        return scan.text[token.start : token.end].isupper()
    if phrase[0].startswith("portal") and place and "szerkeszt" not in phrase[0] + phrase[-1]:
        return scan.row[place - 1].text not in _PORTAL_OF_COURSES
    return True
