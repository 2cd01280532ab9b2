"""A body in its forms to lines: what a reader sees of text/plain and text/html alternatives. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.intake import bounds
from worker.intake.charset import decode_text
from worker.intake.html import html_lines, visible_length
from worker.intake.lines import Line, plain_lines
from worker.intake.mime import Entity, Reading

_META_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_LOST_LETTER = re.compile(r"[^\W\d_]\?[^\W\d_]")
_PGP = "-----BEGIN PGP MESSAGE-----"


@dataclass(frozen=True, slots=True)
class Body:
    """One text in one or both forms; Apple Mail cuts the HTML form in pieces where a file stands between."""

    plain: Entity | None = None
    html: tuple[Entity, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all stands in it."""
        return not any(not entity.body.is_blank for entity in (self.plain, *self.html) if entity is not None)


def body_of(entity: Entity) -> Body:
    """The body that one text/plain or text/html entity is."""
    return Body(html=(entity,)) if entity.content_type == "text/html" else Body(plain=entity)


def read_bodies(bodies: Sequence[Body], reading: Reading) -> tuple[list[Line], str]:
    """The lines of all bodies with a blank one between them, and the MIME type that most of them come from.

    An HTML body that says again what the plain one before it said is its other form, whatever the structure says.
    """
    lines: list[Line] = []
    source = "text/plain"
    tables = 0
    for body in _paired(bodies):
        found, kind = _chosen_lines(body, reading)
        if found:
            source = kind if not lines or kind == "text/html" else source
            lines += [*([Line("")] if lines else []), *_renumbered(found, tables)]
            tables = max((line.table for line in lines), default=0)
    return lines, source


def _paired(bodies: Sequence[Body]) -> list[Body]:
    out: list[Body] = []
    for body in bodies:
        last = out[-1] if out else None
        if (
            last is not None
            and not last.html
            and body.plain is None
            and last.plain
            and _same_text(last.plain, body.html)
        ):
            out[-1] = Body(last.plain, body.html)
        else:
            out.append(body)
    return out


def _same_text(plain: Entity, html: Sequence[Entity]) -> bool:
    """Whether nearly every word of the plain body stands in the HTML one too."""
    words = set(re.findall(rb"[A-Za-z0-9@.]{4,}", plain.beginning(bounds.TEXT_CHARS)))
    source = b" ".join(entity.beginning(bounds.HTML_BYTES) for entity in html)[: bounds.HTML_BYTES]
    return len(words) >= 5 and sum(word in source for word in list(words)[:200]) >= 0.9 * min(len(words), 200)


def _renumbered(lines: Sequence[Line], tables: int) -> list[Line]:
    if not tables:
        return list(lines)
    return [line._replace(table=line.table + tables) if line.table else line for line in lines]


def _chosen_lines(body: Body, reading: Reading) -> tuple[list[Line], str]:
    """HTML for its tables, or where the plain form is missing, a stub or has lost its accents; else plain."""
    lines = _plain_body_lines(body.plain, reading) if body.plain is not None else []
    if not body.html:
        return lines, "text/plain"
    source = "\n".join(decoded_body(entity, reading) for entity in body.html)
    seen = _letters(lines)
    broken = sum(len(_LOST_LETTER.findall(line.text)) for line in lines if "?" in line.text) >= 2
    tabular = "<table" in source or "<TABLE" in source
    if not tabular and not broken and seen and seen * 2 >= visible_length(source):
        return lines, "text/plain"
    rich = html_lines(source)
    shown = _letters(rich)
    better = any(line.cells for line in rich) or seen * 2 < shown or broken
    return (rich, "text/html") if shown and better else (lines, "text/plain")


def _letters(lines: Sequence[Line]) -> int:
    return sum(len(line.text.replace(" ", "")) for line in lines)


def _plain_body_lines(entity: Entity, reading: Reading) -> list[Line]:
    flowed = entity.parameters.get("format", "").lower() == "flowed"
    return plain_lines(
        decoded_body(entity, reading), flowed=flowed, delsp=entity.parameters.get("delsp", "").lower() == "yes"
    )


def decoded_body(entity: Entity, reading: Reading) -> str:
    """The text of a text/* entity, bounded; a guessed charset or a cut is told in `reading`."""
    limit = bounds.HTML_BYTES if entity.content_type == "text/html" else bounds.TEXT_CHARS * 2
    data = entity.beginning(limit + 1)
    declared = entity.parameters.get("charset", "")
    if not declared and entity.content_type == "text/html":
        meta = _META_CHARSET.search(data[:4096])
        declared = meta[1].decode("ascii") if meta else ""
    if len(data) > limit:
        reading.defects.add("truncated")
        data = data[:limit]
    text, guessed = decode_text(data, declared)
    if _PGP in text:
        reading.defects.add("encrypted")
    if guessed:
        reading.defects.add("charset_guessed")
    return text
