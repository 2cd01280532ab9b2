"""Where a value was seen, as the ledger keeps it: read from the JSON of a verdict or a registration. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from review.highlights import Span
from rules.model import Message

EXCERPT_LIMIT = 160
OTHER_MAIL = "mail:"  # evidence whose source begins so lies in the mail with that number, at no known place


@dataclass(frozen=True, slots=True)
class Seen:
    """One place: the part's index in the Message (-1: a header), its span, the words there, the header's name.

    `mail` is the key of the mail it lies in, 0 for the one that the evidence was kept with.
    """

    part: int
    start: int
    end: int
    excerpt: str
    source: str
    mail: int = 0

    def where(self, message: Message) -> str:
        """The kind of place in `message`, a code of the label group "part"; "" where it is not known."""
        if 0 <= self.part < len(message.parts):
            return str(message.parts[self.part].kind)
        return self.source.lower() or ("header" if not self.mail else "")


def find_seen(value: object) -> list[Seen]:
    """Every evidence inside `value`, however deep: a field, a list of fields, a finding."""
    return list(dict.fromkeys(_walk(value, 0)))


def origin_of(value: object) -> str:
    """How a field came to be (the word of rules.model.Origin), "" where the ledger does not say."""
    if isinstance(value, Mapping):
        return str(value.get("origin", ""))
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return origin_of(value[0])
    return ""


def spans_by_part(fields: Mapping[str, object], mails: Collection[int] = (0,)) -> dict[int, list[Span]]:
    """For each part of the Message, where which field was seen; `mails` are the keys it goes by, as in Seen."""
    spans: dict[int, list[Span]] = {}
    for name, value in fields.items():
        for seen in find_seen(value):
            if seen.mail in mails:
                spans.setdefault(seen.part, []).append(Span(seen.start, seen.end, name))
    return spans


def _walk(value: object, mail: int) -> Iterator[Seen]:
    if isinstance(value, Mapping):
        if {"part", "start", "end"} <= value.keys():
            yield from _seen(value, mail)
            return
        told = value.get("mail")
        for inner in value.values():
            yield from _walk(inner, told if isinstance(told, int) else mail)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for inner in value:
            yield from _walk(inner, mail)


def _seen(value: Mapping[str, Any], mail: int) -> Iterator[Seen]:
    numbers = value["part"], value["start"], value["end"]
    if not all(isinstance(number, int) for number in numbers):
        return
    excerpt, source = str(value.get("excerpt", ""))[:EXCERPT_LIMIT], str(value.get("source", ""))
    other = source.removeprefix(OTHER_MAIL)
    if other != source and other.isascii() and other.isdigit():
        yield Seen(-1, 0, 0, excerpt, "", int(other))
    else:
        yield Seen(*numbers, excerpt, source, mail)
