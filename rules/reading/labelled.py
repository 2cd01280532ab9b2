"""Labelled values in running text: "Név: …", several on a line, the label on one line and the value on the next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rules.reading.labels import LONGEST, Slot, read_label

_COLON = re.compile(r"[:=](?!//)(?!\d\d\b(?!\d))")
_SIGN = re.compile(r"[:=\-–—\t]|   ")  # behind every label stands one of them
_BREAK = re.compile(r"[;,|\t/(]|\s[-–—]\s|[.!?]\s|\s{3,}")
_DASHED = re.compile(r"\s*[\w.()/ -]{2,60}?(?:\s[-–—]+\s|\s?[–—]\s?|\t|\s{3,}|\s-(?=\w)|-\s)(?=\S)")
_INNER = re.compile(r"(?<=[\s,;])(?P<label>[^\W\d_]+(?:-[^\W\d_]+)?(?:\s(?:szám\w*|cím\w*))?)\s?[-–]\s")
_BULLET = re.compile(r"\s*(?:[-–—•*·>o§]|\(?\d{1,2}[.)]|[a-z]\))\s+")
_EMPTY = re.compile(r"[\s._…:–—-]*")
_LEFT_BLANK = re.compile(r"\s*(?:[._…]{3,}|…+|[–—-]+|[._]{2,}\s[._\s]*)\s*")  # a form's dots: nothing was filled in
_DATELINE = re.compile(r"\W*(?:kelt\b.*|[^\W\d]+(?:\s\w+)?,? (?:19|20)\d\d[ .-].{0,25})", re.I)
_LISTS_ON = re.compile(r"(?:[,;+&/–-]|\b(?:és|valamint|illetve|meg|ill\.))\s*$", re.I)
_SENTENCE = re.compile(  # the mark first, and what stands before it looked at only there
    r"[.!?](?:(?<=[^\W\d_]{4}.)(?<![IVX]{4}.)\s+(?=[A-ZÁÉÍÓÖŐÚÜŰ])"
    r"|(?<=\d\.)\s+(?=(?:Az?|Én|Mi|Ez)\s|[A-ZÁÉÍÓÖŐÚÜŰ][^\W\d_]{3}))"
)
_VALUES = {  # what a value of one kind looks like; what follows it on the line is free text again
    frozenset({Slot.PIR}): re.compile(
        r"\D{0,25}\d(?:[\d .\-/]|[oOlI](?![^\W\d])){3,14}(?:[^\d)\n]{1,40}\d{3}[ .]?\d{3}(?!\d))*"
    ),
    frozenset({Slot.TAX}): re.compile(r"\D{0,25}\d[\d .\-/]{6,16}"),
    frozenset({Slot.EMAIL}): re.compile(
        r"[^@,;]{0,80}@+[^\s,;)]*(?:,(?:com|hu|eu|net|org)\b)?(?:[^@;\n]{1,40}@+[^\s,;)]*)*"
    ),
    frozenset({Slot.COUNTY}): re.compile(r"[^,;.()]{0,40}"),
}
WRAPPED = 58  # a line this long may go on in the next
MANY = frozenset({Slot.MODULES})
DASHED = frozenset({Slot.EMAIL, Slot.PIR, Slot.COUNTY, Slot.TAX})
WRAPPING = frozenset({Slot.MODULES, Slot.MUNICIPALITY, Slot.FULL_NAME})
_TAIL = re.compile(r"\s*(?:Önkormányzat[aá]\w*|(?:\w+ )?Hivatal\w*)\s*,")  # the end of a name wrapped on the line above
_OTHER_DATA = re.compile(r"@|\d{6}")
LABELS_IN_A_COLUMN = 3  # so many lines that are nothing but a label make a form whose values stand below them


class Entry(NamedTuple):
    """A label announcing `slots` from `label` on, its value at `start`–`end` of the text (empty: not filled in)."""

    slots: frozenset[Slot]
    label: int
    start: int
    end: int


@dataclass(slots=True)
class _Open:
    """An entry that is being read; `empty` while no value was seen, `closed` once nothing more can belong to it."""

    slots: frozenset[Slot]
    label: int
    start: int
    end: int
    empty: bool
    closed: bool = False
    below: bool = False  # the value stands below the label


def find_entries(text: str, words: Mapping[str, tuple[str, ...]]) -> list[Entry]:
    """The labelled values of `text`, in order."""
    found: list[_Open] = []
    bare = _bare_labels(text, words)
    at = 0
    blanks = 0
    for line in text.split("\n"):
        end = at + len(line)
        entries = _on_line(line, at, words) or ([bare[at]] if at in bare else [])
        if entries:
            if found and found[-1].empty and not found[-1].closed and not blanks:
                _fill(found[-1], text, at, entries[0].label)
            found += entries
            blanks = 0
        elif not line.strip():
            blanks += 1
        elif found:
            _continue(found[-1], text, at, end, blanks)
            blanks = 0
        at = end + 1
    return [Entry(one.slots, one.label, one.start, one.end) for one in found]


def _on_line(line: str, offset: int, words: Mapping[str, tuple[str, ...]]) -> list[_Open]:
    """The entries that begin on this line."""
    if not _SIGN.search(line):
        return []
    found: list[_Open] = []
    begin = 0
    for colon in _COLON.finditer(line):
        label = _label_before(line, begin, colon.start(), words)
        if label:
            if found:
                found[-1].end = offset + label[0]
            found.append(_Open(label[1], offset + label[0], offset + colon.end(), offset + len(line), True))
            begin = colon.end()
    if not found:
        dashed = _dashed(line, offset, words)
        found = [dashed] if dashed else []
    found = [part for one in found for part in _at_dashes(one, line, offset, words)]
    for one in found:
        value = line[one.start - offset : max(one.end, one.start) - offset]
        one.end = one.start + len(_own_part(one.slots, value, line[: one.label - offset]).rstrip(" \t;,|("))
        one.empty = bool(_EMPTY.fullmatch(line[one.start - offset : one.end - offset]))
        one.closed = one.empty and bool(_LEFT_BLANK.fullmatch(value))
    return found


def _at_dashes(one: _Open, line: str, offset: int, words: Mapping[str, tuple[str, ...]]) -> list[_Open]:
    """Cut a value where a further label stands in it with a dash: "… E-mail - x@y"."""
    parts = [one]
    if "-" not in line and "–" not in line:
        return parts
    for match in _INNER.finditer(line, one.start - offset, max(one.end, one.start) - offset):
        slots = read_label(match["label"], words)
        if len(slots) == 1 and slots & DASHED:
            parts[-1].end = offset + match.start()
            parts.append(_Open(slots, offset + match.start("label"), offset + match.end(), one.end, True))
    if len(parts) > 1:
        parts[-1].end = offset + len(line)
    return parts


def _own_part(slots: frozenset[Slot], value: str, before: str) -> str:
    """The part of the line behind a label that is its value: a number or an address ends, a sentence begins anew."""
    pattern = _VALUES.get(slots)
    if pattern and (found := pattern.match(value)):
        return found.group()
    if before.count("(") > before.count(")"):
        value = value.partition(")")[0]
    sentence = _SENTENCE.search(value)
    return value[: sentence.start() + 1] if sentence else value


def _label_before(
    line: str, begin: int, colon: int, words: Mapping[str, tuple[str, ...]]
) -> tuple[int, frozenset[Slot]] | None:
    """The longest label that ends at `colon` and begins at the line's start or behind a separator."""
    nearest = max(begin, colon - LONGEST)  # no label is longer
    starts = ([begin] if nearest == begin else []) + [match.end() for match in _BREAK.finditer(line, nearest, colon)]
    for start in starts:
        if _SENTENCE.search(line, start, colon):
            continue
        label = line[start:colon]
        slots = read_label(label, words)
        if len(slots) > 1 and "," in label and (label.strip()[:1].islower() or _TAIL.match(label)):
            continue  # the end of a bracket on the line above: "(Vas / vármegye, PIR: …"
        if slots:
            return start, slots
    return None


def _dashed(line: str, offset: int, words: Mapping[str, tuple[str, ...]]) -> _Open | None:
    """ "Név - Kovács Anna", "PIR<tab>740009": the label ends with a dash, a tab or a wide gap."""
    match = _DASHED.match(line)
    if not match or len(match.group()) > LONGEST:
        return None
    slots = read_label(match.group().rstrip(" \t-–—"), words)
    if not slots or slots == {Slot.OTHER}:
        return None
    return _Open(slots, offset, offset + match.end(), offset + len(line), False)


def _bare_labels(text: str, words: Mapping[str, tuple[str, ...]]) -> dict[int, _Open]:
    """Lines that are a label and nothing else, where there are enough of them to be a form."""
    bare: list[tuple[int, str]] = []
    at = 0
    for line in text.split("\n"):
        if line.strip() and len(line) < 50 and ":" not in line and "@" not in line:
            bare.append((at, line))
        at += len(line) + 1
    if len(bare) < LABELS_IN_A_COLUMN:  # as in most mails: their lines need no reading
        return {}
    found: dict[int, _Open] = {}
    for at, line in bare:
        slots = read_label(line.strip(), words)
        if slots:
            found[at] = _Open(slots, at, at + len(line), at + len(line), True)
    return found if len(found) >= LABELS_IN_A_COLUMN else {}


def _fill(entry: _Open, text: str, start: int, end: int) -> None:
    """Give an empty entry at a line's end what stands below it before the next label."""
    value = text[start:end].rstrip(" \t;,|(")
    if value.strip():
        entry.start, entry.end, entry.empty = start, start + len(value), False


def _continue(entry: _Open, text: str, start: int, end: int, blanks: int) -> None:
    """Does the unlabelled line at `start` belong to the entry above it? Then the entry grows, else it is closed."""
    line = text[start:end]
    if entry.closed or (entry.slots & MANY and _OTHER_DATA.search(line)) or _DATELINE.fullmatch(line):
        entry.closed = True
    elif entry.empty:
        entry.empty = False
        entry.closed = blanks > 1 or Slot.OTHER in entry.slots
        if not entry.closed:
            entry.start, entry.end, entry.below = start, end, True
    else:
        last = text[text.rfind("\n", 0, entry.end) + 1 : start - 1]
        ended = last.rstrip().endswith((".", "!", "?"))  # a sentence, not the first half of a wrapped value
        wrapped = entry.slots & WRAPPING and len(last) >= WRAPPED and not (ended or _BULLET.match(line))
        listed = entry.slots & MANY and (_LISTS_ON.search(last) or _lists_on(entry, text, line))
        entry.closed = bool(blanks) or not (wrapped or listed)
        if not entry.closed:
            entry.end = end


def _lists_on(entry: _Open, text: str, line: str) -> bool:
    """Is `line` a further item of the entry's list, and no item of the list that the entry itself stands in?"""
    style = _style(line)
    label_line = text.rfind("\n", 0, entry.label) + 1
    if entry.below:
        return style == _style(text[entry.start : entry.end].partition("\n")[0])
    if style[1]:
        return not any(_style(above) == style for above in text[: entry.start].split("\n"))
    return style[0] > _style(text[label_line : entry.start])[0]


def _style(line: str) -> tuple[int, str]:
    """How a line is indented, and by which sort of mark it is an item of a list ("" where by none)."""
    indent = len(line) - len(line.lstrip())
    mark = _BULLET.match(line)
    sort = mark.group().strip() if mark else ""
    return indent, "1" if any(letter.isdecimal() for letter in sort) else ("a" if len(sort) == 2 else sort)
