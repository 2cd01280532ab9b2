"""The original mail for a person's eyes: its HTML made harmless, its attachments as they came. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import nh3

from worker.intake import bounds
from worker.intake.charset import decode_text
from worker.intake.mime import Entity, Reading, parse_entity
from worker.intake.structure import Content, open_containers, read_structure

RAW_SHOWN = 100_000  # bytes of a mail that nobody could parse
TAGS = frozenset(
    {"abbr", "b", "blockquote", "br", "caption", "center", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2"}
    | {"h3", "h4", "h5", "h6", "hr", "i", "ins", "li", "ol", "p", "pre", "q", "s", "small", "span", "strike", "strong"}
    | {"sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul"}
)
DROPPED_WHOLE = frozenset(
    ("script", "style", "title", "head", "template", "noscript", "svg", "math", "iframe", "object")
)
ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}}


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """An attachment to hand out, `number` in the mail's order; `content` decodes it, `size` is about its bytes."""

    number: int
    filename: str
    content_type: str
    size: int
    content: Callable[[], bytes]

    @property
    def safe_name(self) -> str:
        """The file name without folders, control and direction-changing characters; never empty."""
        kept = "".join(char if char.isprintable() and char not in '/\\:*?"<>|' else "_" for char in self.filename)
        return kept.strip(" .")[:150] or f"melleklet-{self.number}"


def find_html(raw: bytes) -> str:
    """The mail's HTML body or bodies as harmless HTML, "" where it has none.

    No scripts, styles, links, pictures, forms or anything else that could act or fetch: only text in its structure.
    """
    bodies = [html for body in _structure(raw).bodies for html in body.html]
    return "<hr>".join(_harmless(body) for body in bodies)


def has_html(raw: bytes) -> bool:
    """Whether the mail has an HTML body at all."""
    return any(body.html for body in _structure(raw).bodies)


def find_attachments(raw: bytes) -> list[AttachedFile]:
    """Every attachment and attached mail, in order."""
    content = _structure(raw)
    files = [AttachedFile(0, found.filename, found.content_type, found.size, found.content) for found in content.files]
    files += [
        AttachedFile(0, found.filename or "level.eml", found.content_type, len(found.raw), found.content)
        for found in content.mails
    ]
    return [replace(file, number=number) for number, file in enumerate(files, 1)]


def raw_excerpt(raw: bytes) -> str:
    """The beginning of the mail as text, whatever is wrong with it."""
    return raw[:RAW_SHOWN].decode("utf-8", "replace").replace("\0", "�")


def _structure(raw: bytes) -> Content:
    reading = Reading()
    content = read_structure(parse_entity(raw, reading), reading)
    open_containers(content)
    return content


def _harmless(body: Entity) -> str:
    text, _ = decode_text(body.content()[: bounds.HTML_BYTES], body.parameters.get("charset", ""))
    return nh3.clean(
        text,
        tags=set(TAGS),
        clean_content_tags=set(DROPPED_WHOLE),
        attributes=ATTRIBUTES,
        strip_comments=True,
        link_rel=None,
        url_schemes=set(),
    )
