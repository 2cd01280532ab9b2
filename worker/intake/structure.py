"""What the entities of a mail are to its reader: bodies, attached mails, files; signatures are opened. Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from worker.intake import bounds
from worker.intake.alternatives import Body, body_of
from worker.intake.cms import signed_content
from worker.intake.file_kind import File, file_of, file_of_bytes
from worker.intake.mime import Entity, Reading, parse_entity
from worker.intake.outlook_msg import mail_of_msg
from worker.intake.rtf import rtf_text
from worker.intake.span import Span
from worker.intake.tnef import read_tnef
from worker.intake.unreadable import UnreadableError

_SIGNED_TYPES = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_SIGNED_DEPTH = 3


@dataclass(slots=True)
class Content:
    """The entities by role; `entities` are all of them in order, the attached mails' own ones left out."""

    entities: list[Entity] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    mails: list[Entity] = field(default_factory=list)
    files: list[File] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an entity stands: the parts of a report are no attachments, signatures nest only so deep."""

    reading: Reading
    in_report: bool = False
    signatures: int = 0


def read_structure(entity: Entity, reading: Reading) -> Content:
    """The roles of everything under `entity`."""
    content = Content()
    _read(entity, content, _Place(reading))
    if not content.bodies:
        _promote_named_text(content)
    return content


def _read(entity: Entity, content: Content, place: _Place) -> None:
    content.entities.append(entity)
    kind = entity.content_type
    if kind == "multipart/encrypted":
        place.reading.defects.add("encrypted")
    elif kind == "multipart/alternative" and entity.children:
        _read_alternative(entity, content, place)
    elif entity.children:
        inside = _Place(place.reading, place.in_report or kind == "multipart/report", place.signatures)
        for child in entity.children:
            _read(child, content, inside)
    elif kind.startswith("multipart/") or (place.in_report and not _is_body(entity)):
        return
    elif kind == "message/rfc822" or (entity.filename.lower().endswith(".eml") and not kind.startswith("text/")):
        content.mails.append(entity)
    elif kind in _SIGNED_TYPES or entity.filename.lower().endswith(".p7m"):
        _read_signed(entity, content, place)
    elif _is_body(entity):
        content.bodies.append(body_of(entity))
    else:
        content.files.append(file_of(entity))


def _is_body(entity: Entity) -> bool:
    is_text = entity.content_type in ("text/plain", "text/html")
    return is_text and entity.disposition != "attachment" and not entity.filename


def _read_alternative(entity: Entity, content: Content, place: _Place) -> None:
    """The bodies inside are one body in two forms; what else stands inside keeps its role."""
    inner = Content()
    for child in entity.children:
        _read(child, inner, place)
    content.entities += inner.entities
    content.mails += inner.mails
    content.files += inner.files
    plain = next((body.plain for body in inner.bodies if body.plain is not None), None)
    if inner.bodies:
        content.bodies.append(Body(plain, tuple(entity for body in inner.bodies for entity in body.html)))


def _read_signed(entity: Entity, content: Content, place: _Place) -> None:
    """An opaque signature holds a whole mail body, or (`kerelem.pdf.p7m`) one signed file."""
    try:
        if place.signatures >= _SIGNED_DEPTH:
            raise UnreadableError("too deep")
        inside = signed_content(entity.content())
    except UnreadableError as error:
        if error.reason == "encrypted":
            place.reading.defects.add("encrypted")
        content.files.append(file_of(entity))
        return
    name = entity.filename.lower().removesuffix(".p7m")
    if "." in name:
        content.files.append(file_of_bytes(entity.filename[: len(name)], inside))
        return
    _read(parse_entity(inside, place.reading), content, _Place(place.reading, place.in_report, place.signatures + 1))


def open_containers(content: Content) -> None:
    """Put what winmail.dat and .msg files hold in their places; those that cannot be opened stay files."""
    for file in list(content.files):
        try:
            if file.kind == "tnef":
                _open_tnef(file, content)
            elif file.kind == "msg" and file.size <= bounds.ATTACHMENT_BYTES:
                inside = mail_of_msg(file.content())
                name = file.filename.replace('"', "'")
                mail = Entity(
                    [("content-disposition", f'attachment; filename="{name}"')], Span.of(inside), "message/rfc822", {}
                )
                content.mails.append(mail)
                content.files.remove(file)
        except (UnreadableError, ArithmeticError, LookupError, ValueError, struct.error):
            continue


def _open_tnef(file: File, content: Content) -> None:
    """The files inside beside the others; its text is the body where the mail has no other."""
    tnef = read_tnef(file.content())
    content.files += [file_of_bytes(name, data) for name, data in tnef.files if data]
    if any(not body.is_blank for body in content.bodies):
        return
    text = tnef.text or (rtf_text(tnef.rtf) if tnef.rtf and not tnef.html else "")
    plain = Entity([], Span.of(text.encode("utf-8", "replace")), "text/plain", {"charset": "utf-8"}) if text else None
    html = Entity([], Span.of(tnef.html), "text/html", {}) if tnef.html else None
    content.bodies.append(Body(plain, (html,) if html else ()))


def _promote_named_text(content: Content) -> None:
    """A mail's only text is its body even if a mailer gave it a file name."""
    for file in content.files:
        entity = file.entity
        if entity is not None and entity.content_type in ("text/plain", "text/html"):
            if entity.disposition != "attachment":
                content.files.remove(file)
                content.bodies.append(body_of(entity))
            return
