"""The original mail for a person's eyes: its HTML made harmless, its attachments as they came, its bytes. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from review.harmless import HarmlessHtml, make_harmless
from review.pictures import inline_pictures, picture_type
from worker.intake.alternatives import decoded_body
from worker.intake.mime import Reading, parse_entity
from worker.intake.structure import Content, open_containers, read_structure

RAW_SHOWN = 100_000  # bytes of a mail shown as they are


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """An attachment to hand out, `number` in the mail's order; `content` decodes it, `size` is about its bytes.

    `picture` is its type where it may be shown as a picture, "" otherwise.
    """

    number: int
    filename: str
    content_type: str
    size: int
    content: Callable[[], bytes]
    picture: str = ""

    @property
    def safe_name(self) -> str:
        """The file name without folders, control and direction-changing characters; never empty."""
        kept = "".join(char if char.isprintable() and char not in '/\\:*?"<>|' else "_" for char in self.filename)
        return kept.strip(" .")[:150] or f"melleklet-{self.number}"


def read_html(raw: bytes) -> HarmlessHtml:
    """The mail's HTML body or bodies made harmless, with the pictures that it brings along itself.

    No scripts, links, forms or anything else that could act or fetch.
    """
    content = _structure(raw)
    pictures = inline_pictures(content.files)
    bodies = [
        make_harmless(decoded_body(entity, Reading()), pictures) for body in content.bodies for entity in body.html
    ]
    return HarmlessHtml(
        markup="<hr>".join(body.markup for body in bodies),
        is_cut=any(body.is_cut for body in bodies),
        left_out=sum(body.left_out for body in bodies),
    )


def has_html(raw: bytes) -> bool:
    """Whether the mail has an HTML body at all."""
    return any(body.html for body in _structure(raw).bodies)


def find_attachments(raw: bytes) -> list[AttachedFile]:
    """Every attachment and attached mail, in order."""
    content = _structure(raw)
    files = [
        AttachedFile(
            0, found.filename, found.content_type, found.size, found.content, picture_type(found.head, found.size)
        )
        for found in content.files
    ]
    files += [
        AttachedFile(0, found.filename or "level.eml", found.content_type, len(found.body), found.content)
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
