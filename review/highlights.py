"""Marks values at their place in a text. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` hold a value of `field`."""

    start: int
    end: int
    field: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text; `field` is "" where nothing was recognised."""

    text: str
    field: str = ""


def split_text(text: str, spans: Iterable[Span]) -> list[Segment]:
    """`text` cut at the spans; of overlapping ones the earlier, then the longer, wins. Joined, it is `text` again.

    Blanks at a span's ends are not marked.
    """
    segments: list[Segment] = []
    at = 0
    for span in sorted((_trimmed(text, one) for one in spans), key=lambda one: (one.start, -one.end)):
        if span.start < at or not span.start < span.end <= len(text):
            continue
        if span.start > at:
            segments.append(Segment(text[at : span.start]))
        segments.append(Segment(text[span.start : span.end], span.field))
        at = span.end
    if at < len(text):
        segments.append(Segment(text[at:]))
    return segments


def _trimmed(text: str, span: Span) -> Span:
    marked = text[max(span.start, 0) : max(span.end, 0)]
    start = span.start + len(marked) - len(marked.lstrip())
    return Span(start, start + len(marked.strip()), span.field)
