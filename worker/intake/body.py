"""A mail's text bodies to Parts: alternatives chosen, quotes and signatures told apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.model import Address, Part, PartKind
from worker.intake import bounds
from worker.intake.charset import decode_text
from worker.intake.html import html_lines, visible_length
from worker.intake.lines import Line, joined, plain_lines
from worker.intake.mime import Entity, Reading
from worker.intake.quoting import Envelope, Stretch, split_quotes
from worker.intake.signature import banner_end, cut_signature
from worker.intake.tables import with_tables
from worker.intake.wrapping import unwrapped

_TURNS = 3  # texts with a signature each
_META_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)


def decoded_text(entity: Entity, reading: Reading) -> str:
    """The text of a text/* entity, bounded; a guessed charset or a cut is told in `reading`."""
    data = entity.content()
    declared = entity.parameters.get("charset", "")
    if not declared and entity.content_type == "text/html":
        meta = _META_CHARSET.search(data[:4096])
        declared = meta[1].decode("ascii") if meta else ""
    limit = bounds.HTML_BYTES if entity.content_type == "text/html" else bounds.TEXT_CHARS * 2
    if len(data) > limit:
        reading.defects.add("truncated")
        data = data[:limit]
    text, guessed = decode_text(data, declared)
    if "-----BEGIN PGP MESSAGE-----" in text:
        reading.defects.add("encrypted")
    if guessed:
        reading.defects.add("charset_guessed")
    return text


def body_lines(entity: Entity, reading: Reading) -> list[Line]:
    """The lines of one text/plain or text/html entity."""
    text = decoded_text(entity, reading)
    if entity.content_type == "text/html":
        return html_lines(text)
    flowed = entity.parameters.get("format", "").lower() == "flowed"
    return plain_lines(text, flowed=flowed, delsp=entity.parameters.get("delsp", "").lower() == "yes")


def chosen_lines(plain: Entity | None, html: Entity | None, reading: Reading) -> tuple[list[Line], str]:
    """The better of two alternatives, as a reader sees it: HTML for its tables or where the plain one is a stub."""
    if plain is None or html is None:
        only = plain or html
        return ([], "text/plain") if only is None else (body_lines(only, reading), only.content_type)
    source = decoded_text(html, reading)
    lines = body_lines(plain, reading)
    seen = _letters(lines)
    if "<table" in source or "<TABLE" in source or seen * 2 < visible_length(source):
        rich = html_lines(source)
        shown = _letters(rich)
        if shown and (any(line.cells for line in rich) or seen * 2 < shown):
            return rich, "text/html"
    return lines, "text/plain"


def _letters(lines: Sequence[Line]) -> int:
    return sum(len(line.text.replace(" ", "")) for line in lines)


def body_parts(lines: Sequence[Line], source: str, envelope: Envelope, sender: Address | None) -> list[Part]:
    """The Parts of a body in order. A signature inside a forwarded mail carries that mail's sender."""
    stretches = split_quotes(lines, envelope)
    parts: list[Part] = []
    for index, stretch in enumerate(stretches):
        if stretch.kind in (PartKind.QUOTED, PartKind.OWN_FORM):
            parts += _part(stretch.kind, stretch.lines, source, stretch)
            continue
        lines = with_tables(stretch.lines) if source == "text/plain" else stretch.lines
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
