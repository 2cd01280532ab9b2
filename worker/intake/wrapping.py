"""Paragraphs that a mailer broke into short lines, made whole again. Pure, linear."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from worker.intake.lines import Line

_NARROWEST, _WIDEST = 60, 100  # mailers break at 72 to 78, a few later
_OWN_LINE = re.compile(
    r"\s*(?:[-*•·–—#>|]|\(?\d{1,3}[.)]\s|[A-ZÁÉÍÓÖŐÚÜŰ][^:]{0,40}:(?!//))|\s{2,}"
    r"|\s*(?:n[ée]v|pir|t[öo]rzs|e-?mail|(?:v[áa]r)?megye|[öo]nkorm|hivatal|modul|tananyag|szakrend|munkahely)[^:]{0,25}:"
)
_LABEL_REST = re.compile(r"(?:c[íi]m|sz[áa]m|nev|azonos[íi]t)\w{0,8}:")  # "E-mail / címe:"
_VALUE = re.compile(r"\s*(?:[\w.+-]{1,64}@[\w.-]{3,100}|\d[\d .-]{3,12}\d)[\s.,;]*")
_GAP = re.compile(r"\t|   ")  # columns, not prose
_CERTAIN = 2  # so many lines that go on in small letters prove that quotes were broken
_SHORT = 40
_COMPLETE = (".", "!", "?", ":", ";")


def unwrapped(lines: Sequence[Line]) -> list[Line]:
    """`lines` with those joined that a mailer broke.

    A line was broken only if the next one's first word had no room left on it, and a mailer breaks in the midst of
    sentences: where most of such lines go on in small letters, all of them are joined.
    """
    width = max((len(line.text) for line in lines if not line.cells), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return list(lines)
    broken = [_was_broken(line, following, width) for line, following in pairwise(lines)]
    first_letters = [line.text.lstrip()[0] for line, is_broken in zip(lines[1:], broken, strict=True) if is_broken]
    small = sum(letter.islower() for letter in first_letters)
    if not small or small * 2 < sum(letter.isalpha() for letter in first_letters):
        return list(lines)
    out: list[Line] = []
    for index, line in enumerate(lines):
        if index and broken[index - 1]:
            out[-1] = out[-1]._replace(text=f"{out[-1].text.rstrip()} {line.text.strip()}")
        else:
            out.append(line)
    return out


def _was_broken(line: Line, following: Line, width: int) -> bool:
    if line.cells or following.cells or line.depth != following.depth or line.mark != following.mark:
        return False
    text, below = line.text.rstrip(), following.text.strip()
    if not text or not below or _GAP.search(text.strip()) or _GAP.search(below):
        return False
    if _OWN_LINE.match(following.text) and not _LABEL_REST.match(below):
        return False
    goes_on = below[0].islower() or (text.endswith(":") and below[0].isdigit())
    if text.endswith(_COMPLETE) and not goes_on:
        return False
    return len(text) + 1 + len(below.split(maxsplit=1)[0]) > width


def requoted(lines: Sequence[Line]) -> list[Line]:
    """`lines` with those quoted again that a mailer broke off a quoted line without repeating the `>`.

    An answer typed between two quoted lines does not begin where the line above ran out of room; where it does, and
    nothing proves that quotes were broken, a bare number or address is one.
    """
    width = max((_width(line) for line in lines if line.depth and _width(line) <= _WIDEST), default=0)
    rests = [at for at in range(1, len(lines) - 1) if _is_rest(lines[at - 1], lines[at], lines[at + 1], width)]
    small = [at for at in rests if lines[at].text.lstrip()[0].islower() and not _VALUE.fullmatch(lines[at].text)]
    if len(small) < _CERTAIN:
        rests = [at for at in small if len(lines[at - 1].text) >= _NARROWEST and len(lines[at].text) <= _SHORT]
    out = list(lines)
    for at in rests:
        out[at] = lines[at]._replace(depth=lines[at - 1].depth)
    return out


def _is_rest(before: Line, line: Line, after: Line, width: int) -> bool:
    inside = before.depth > line.depth and (after.depth >= before.depth or not after.text.strip())
    text = line.text.strip()
    if not inside or not text or not before.text.strip() or line.cells:
        return False
    return _width(before) + 1 + len(text.split(maxsplit=1)[0]) > width


def _width(line: Line) -> int:
    """A line's length with its quote signs."""
    return len(line.text.rstrip()) + 2 * line.depth
