"""Where a value was seen, as the ledger keeps it: read from the JSON of a verdict or a registration. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from review.highlights import Span
from rules.model import Message

EXCERPT_LIMIT = 160


@dataclass(frozen=True, slots=True)
class Seen:
    """One place: the part's index in the Message (-1: a header), its span, the words there, the header's name."""

    part: int
    start: int
    end: int
    excerpt: str
    source: str

    def where(self, message: Message) -> str:
        """The kind of place, a code of the label group "part"."""
        if 0 <= self.part < len(message.parts):
            return str(message.parts[self.part].kind)
        return self.source.lower() or "header"


def find_seen(value: object) -> list[Seen]:
    """Every evidence inside `value`, however deep: a field, a list of fields, a finding."""
    return list(dict.fromkeys(_walk(value)))


def origin_of(value: object) -> str:
    """How a field came to be (the word of rules.model.Origin), "" where the ledger does not say."""
    if isinstance(value, Mapping):
        return str(value.get("origin", ""))
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return origin_of(value[0])
    return ""


def spans_by_part(fields: Mapping[str, object]) -> dict[int, list[Span]]:
    """For each part of the Message, where which field was seen."""
    spans: dict[int, list[Span]] = {}
    for name, value in fields.items():
        for seen in find_seen(value):
            spans.setdefault(seen.part, []).append(Span(seen.start, seen.end, name))
    return spans


def _walk(value: object) -> Iterator[Seen]:
    if isinstance(value, Mapping):
        if {"part", "start", "end"} <= value.keys():
            yield from _seen(value)
            return
        for inner in value.values():
            yield from _walk(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for inner in value:
            yield from _walk(inner)


def _seen(value: Mapping[str, Any]) -> Iterator[Seen]:
    numbers = value["part"], value["start"], value["end"]
    if all(isinstance(number, int) for number in numbers):
        excerpt = str(value.get("excerpt", ""))[:EXCERPT_LIMIT]
        yield Seen(*numbers, excerpt, str(value.get("source", "")))
