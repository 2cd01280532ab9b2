"""A body's lines to Parts: quotes, forwards, signatures and footers told apart. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rules.model import Address, Part, PartKind
from worker.intake.lines import Line, joined
from worker.intake.quoting import Envelope, Stretch, split_quotes
from worker.intake.signature import banner_end, cut_signature
from worker.intake.tables import with_tables
from worker.intake.wrapping import unwrapped

_TURNS = 3  # texts with a signature each


def body_parts(lines: Sequence[Line], source: str, envelope: Envelope, sender: Address | None) -> list[Part]:
    """The Parts of a body in order. A signature inside a forwarded mail carries that mail's sender."""
    stretches = split_quotes(lines, envelope)
    parts: list[Part] = []
    for index, stretch in enumerate(stretches):
        if stretch.kind in (PartKind.QUOTED, PartKind.OWN_FORM):
            parts += _part(stretch.kind, stretch.lines, source, stretch)
            continue
        lines = with_tables(stretch.lines)
        between = 0 < index < len(stretches) - 1 and stretches[index - 1].kind is PartKind.QUOTED
        parts += _cut_parts(stretch, lines, source, stretch.sender or sender, by_name=not between)
    return parts


def _cut_parts(
    stretch: Stretch, lines: Sequence[Line], source: str, writer: Address | None, *, by_name: bool
) -> list[Part]:
    """Text, signature and footer in turns: below a signature a postscript may stand."""
    begin = banner_end(lines)
    parts = _part(PartKind.FOOTER, lines[:begin], source, stretch)
    rest = lines[begin:]
    for _ in range(_TURNS):
        cut = cut_signature(rest, writer, by_name=by_name)
        text = unwrapped(rest[: cut.signature]) if source == "text/plain" else rest[: cut.signature]
        parts += _part(stretch.kind, text, source, stretch)
        parts += _part(PartKind.SIGNATURE, rest[cut.signature : cut.rest], source, stretch)
        footer, rest = rest[cut.footer :], rest[cut.rest : cut.footer]
        parts += _part(PartKind.FOOTER, footer, source, stretch) if not rest else []
        if not rest:
            return parts
        rest = [*rest, *footer]
    return parts + _part(stretch.kind, rest, source, stretch)


def _part(kind: PartKind, lines: Sequence[Line], source: str, stretch: Stretch) -> list[Part]:
    text, tables = joined(lines)
    if not text.strip():
        return []
    if stretch.kind is PartKind.TEXT or kind is PartKind.OWN_FORM:
        return [Part(kind, text, source, tables)]
    return [Part(kind, text, source, tables, stretch.sender, stretch.recipients, stretch.subject)]
