"""Marks values at their place in a text. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` hold a value of `field`.

    `value` is what the field gets if a person takes it from there, "" where nothing sure is known; a span that is
    `read` is where the request's own value came from.
    """

    start: int
    end: int
    field: str
    value: str = ""
    read: bool = True


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text; `field` is "" where nothing was recognised. `number` counts the marks of a mail from 1."""

    text: str
    field: str = ""
    value: str = ""
    read: bool = False
    number: int = 0


def split_text(text: str, spans: Iterable[Span], first: int = 1) -> list[Segment]:
    """`text` cut at the spans; of overlapping ones the read, the earlier, then the longer, wins. Joined, it is `text`.

    A span that gives way to one of the same field leaves it its value. Blanks at a span's ends are not marked. The
    first mark gets the number `first`.
    """
    segments: list[Segment] = []
    at = 0
    for span in _apart([_trimmed(text, one) for one in spans], len(text)):
        if span.start > at:
            segments.append(Segment(text[at : span.start]))
        segments.append(Segment(text[span.start : span.end], span.field, span.value, span.read, first))
        at, first = span.end, first + 1
    if at < len(text):
        segments.append(Segment(text[at:]))
    return segments


def _apart(spans: list[Span], length: int) -> list[Span]:
    """Those that stay, none over another, in order of place."""
    ranked = sorted(spans, key=lambda one: (not one.read, one.start, -one.end))
    kept: list[Span] = []
    for span in ranked:
        if not 0 <= span.start < span.end <= length:
            continue
        over = next((place for place, one in enumerate(kept) if one.start < span.end and span.start < one.end), None)
        if over is None:
            kept.append(span)
        elif kept[over].field == span.field and span.value and not kept[over].value:
            one = kept[over]
            kept[over] = Span(one.start, one.end, one.field, span.value, one.read)
    return sorted(kept, key=lambda one: one.start)


def _trimmed(text: str, span: Span) -> Span:
    marked = text[max(span.start, 0) : max(span.end, 0)]
    start = span.start + len(marked) - len(marked.lstrip())
    return Span(start, start + len(marked.strip()), span.field, span.value, span.read)
