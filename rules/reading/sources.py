"""Which texts of a mail count, and who speaks in each (policy.md §2, §9).

What the sender writes now counts, and attachments; what he passes on counts where he points at it; an older mail
quoted under a reply counts only where he points at it and gives no data himself. Our own mails never count, but for
their form filled in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.catalogue import Catalogue
from rules.model import Address, Context, Message, Part, PartKind
from rules.reading.phrases import find_phrases

DATA = re.compile(r"[@\d](?:(?<=[\w.+-]@)[\w-]+\.\w|(?<=\d)(?<!\d\d)\d\d[ .-]?\d{3}(?!\d))")
FORWARDED_SUBJECT = re.compile(r"\s*(?:fwd?|fw|wg|tov|továbbít\w*|továbbküld\w*|vs?l)\s*:", re.I)
FEW_WORDS = 60  # a note above a request that is passed on


@dataclass(frozen=True, slots=True)
class Source:
    """A part that counts, its index in the message, and who says "I" in it (None: unknown)."""

    index: int
    part: Part
    writer: Address | None


def counted_sources(message: Message, catalogue: Catalogue, context: Context) -> tuple[Source, ...]:
    """The parts that count, in order; the subject is one of them."""
    writer = message.from_[0] if message.from_ else None
    written = message.parts_of(PartKind.TEXT, PartKind.SUBJECT)
    own_words = "\n".join(part.text for part in message.parts_of(PartKind.TEXT))
    points = any(find_phrases(part.text, catalogue.words, ("point_below",)) for part in written)
    brief = len(own_words.split()) < FEW_WORDS and not DATA.search(own_words)
    passes_on = points or brief or bool(FORWARDED_SUBJECT.match(message.subject))
    quoted = _meant(message, catalogue, context) if points and brief else None
    sources = []
    for index, part in enumerate(message.parts):
        if part.kind is PartKind.FOOTER:
            continue
        if part.kind in {PartKind.FORWARDED, PartKind.QUOTED}:
            if _is_ours(part, context) or not passes_on:
                continue
            if part.kind is PartKind.QUOTED and index != quoted:
                continue
            sources.append(Source(index, part, part.sender))
        else:
            sources.append(Source(index, part, writer))
    return tuple(sources)


def _meant(message: Message, catalogue: Catalogue, context: Context) -> int | None:
    """The index of the quoted mail that the text points at: the last one where it says so, else the next."""
    quoted = [
        index
        for index, part in enumerate(message.parts)
        if part.kind is PartKind.QUOTED and not _is_ours(part, context)
    ]
    written = message.parts_of(PartKind.TEXT)
    last = any(find_phrases(part.text, catalogue.words, ("point_to_the_end",)) for part in written)
    return quoted[-1 if last else 0] if quoted else None


def _is_ours(part: Part, context: Context) -> bool:
    return bool(part.sender and part.sender.address in context.own_addresses)
