"""Marks values at their place in harmless HTML, found again by their words and what stands around them. Pure.

The markup comes from `review.harmless` and is not parsed again: only its text between tags is cut and wrapped, so that
nothing but marks is added. Texts of a Message were made plain on the way, so a place is sought, not counted.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from review.harmless import PLAIN
from review.screen import for_screen
from worker.intake.normal import normal_text

_TOKEN = re.compile(r'</?(?P<name>[a-z0-9]*)[^<>"]*(?:"[^"]*"[^<>"]*)*>')
_BLANKS = re.compile(r"\s+")
INLINE = PLAIN | {"span", "abbr", "del", "ins", "q", "sub", "sup"}  # no reader sees them between two letters
CELLS = frozenset({"td", "th"})
AROUND = 60  # characters looked at on either side of a place
MOST_TEXT = 400_000  # characters of text in which places are sought
MOST_PLACES = 50  # of one value's words


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value of `field` at `start`–`end` of the plain `text`; `code` names its mark in the markup."""

    text: str
    start: int
    end: int
    field: str
    code: str


@dataclass(frozen=True, slots=True)
class MarkedHtml:
    """The markup with its marks, and the fields of which a value could not be found again in it."""

    markup: str
    unplaced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A tag with the blank that a reader sees in its place ("" for none), or, where `tag` is "", a text."""

    tag: str
    text: str


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    wanted: Wanted


def mark_html(markup: str, wanted: Iterable[Wanted]) -> MarkedHtml:
    """Wrap every value that is found in `<mark id="m-CODE" class="f-FIELD">`; of overlapping ones the first stays."""
    pieces = _pieces(markup)
    written = for_screen("".join(piece.text for piece in pieces))
    if len(written) > MOST_TEXT:
        return MarkedHtml(_joined(pieces, written, ()), tuple(dict.fromkeys(one.field for one in wanted)))
    sought = _same_length(written)
    marks: list[_Mark] = []
    lost: list[str] = []
    for one in wanted:
        place = _find(sought, one)
        if place is None:
            lost.append(one.field)
        elif not any(mark.start < place[1] and place[0] < mark.end for mark in marks):
            marks.append(_Mark(*place, one))
    marks.sort(key=lambda mark: mark.start)
    return MarkedHtml(_joined(pieces, written, marks), tuple(dict.fromkeys(lost)))


def _pieces(markup: str) -> list[_Piece]:
    """Tags and texts in turn; texts with their entities resolved."""
    found: list[_Piece] = []
    at = 0
    for match in _TOKEN.finditer(markup):
        if match.start() > at:
            found.append(_Piece("", html.unescape(markup[at : match.start()])))
        name = match["name"]
        found.append(_Piece(match.group(), "" if name in INLINE else "\t" if name in CELLS else "\n"))
        at = match.end()
    if at < len(markup):
        found.append(_Piece("", html.unescape(markup[at:])))
    return found


def _same_length(text: str) -> str:
    """`text` with the letters and blanks of a Message, character by character."""
    changed: dict[str, str | int | None] = {}
    for char in set(text):
        plain = char if char.isascii() else normal_text(char)
        if plain != char and len(plain) == 1:
            changed[char] = plain
    return text.translate(str.maketrans(changed))


def _find(text: str, one: Wanted) -> tuple[int, int] | None:
    """Where the words of `one` stand in `text`: of several places the one among the most similar words."""
    words = one.text[one.start : one.end].split()
    if not words:
        return None
    pattern = re.compile(r"\s*".join(re.escape(word) for word in words))
    before, after = _bare(one.text[max(0, one.start - AROUND) : one.start]), _bare(one.text[one.end :][:AROUND])
    best, place = -1, None
    for number, match in enumerate(pattern.finditer(text)):
        if number >= MOST_PLACES:
            break
        start, end = match.span()
        alike = _alike(before[::-1], _bare(text[max(0, start - AROUND) : start])[::-1])
        alike += _alike(after, _bare(text[end : end + AROUND]))
        if alike > best:
            best, place = alike, (start, end)
    return place


def _bare(text: str) -> str:
    return _BLANKS.sub("", text)


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), len(one))


def _joined(pieces: Sequence[_Piece], written: str, marks: Sequence[_Mark]) -> str:
    starts = [mark.start for mark in marks]
    seen: set[str] = set()
    at, out = 0, list[str]()
    for piece in pieces:
        if piece.tag:
            out.append(piece.tag)
        else:
            first = max(bisect_right(starts, at) - 1, 0)
            out += _text(written, at, at + len(piece.text), marks[first:], seen)
        at += len(piece.text)
    return "".join(out)


def _text(written: str, start: int, end: int, marks: Sequence[_Mark], seen: set[str]) -> Iterator[str]:
    """The stretch of text with the parts of marks that lie in it; a mark's first part has its id."""
    at = start
    for mark in marks:
        if mark.start >= end:
            break
        begin, close = max(mark.start, at), min(mark.end, end)
        if begin >= close:
            continue
        yield html.escape(written[at:begin], quote=False)
        name = "" if mark.wanted.code in seen else f' id="m-{mark.wanted.code}"'
        seen.add(mark.wanted.code)
        yield f'<mark class="f-{mark.wanted.field}"{name}>{html.escape(written[begin:close], quote=False)}</mark>'
        at = close
    yield html.escape(written[at:end], quote=False)
