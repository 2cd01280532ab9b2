"""Raw bytes to a Message: the entry to intake. Pure; never raises on any bytes.

Parts come in reading order: the subject, the body's stretches, attached mails, attachments with text. A SIGNATURE or
FOOTER inside a forwarded mail carries that mail's `sender`; the writer's own ones have none.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rules.model import Address, Attachment, Message, Part, PartKind
from worker.intake import bounds
from worker.intake.addresses import parse_addresses
from worker.intake.alternatives import read_bodies
from worker.intake.attachments import read_files
from worker.intake.body import body_parts
from worker.intake.file_kind import File
from worker.intake.headers import decode_words, parse_date, parse_message_ids
from worker.intake.lines import bounded_line
from worker.intake.mime import Entity, Reading, parse_entity
from worker.intake.quoting import Envelope
from worker.intake.share import bounded_parts
from worker.intake.structure import Content, open_containers, read_structure

_NAMED_PARAMETERS = ("report-type", "method", "smime-type", "protocol")


@dataclass(slots=True)
class _Enclosed:
    """What is gathered over a mail and the mails attached to it: files to read, mails that were read."""

    files: list[File] = field(default_factory=list)
    mails: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Head:
    """What a mail's header says of its people and matter."""

    subject: str
    from_: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]

    @property
    def sender(self) -> Address | None:
        return self.from_[0] if self.from_ else None

    @property
    def recipients(self) -> tuple[Address, ...]:
        return self.to + self.cc


def parse_message(raw: bytes) -> Message:
    """The Message that `raw` holds. Broken mails give what can be read of them, `defects` say what was amiss."""
    reading = Reading()
    entity = parse_entity(raw, reading)
    content = read_structure(entity, reading)
    head = _head_of(entity)
    if not any(found.address for found in head.from_):
        reading.defects.add("no_from")
    elif len(head.from_) > 1:
        reading.defects.add("many_from")
    parts = [Part(PartKind.SUBJECT, bounded_line(head.subject), "subject")] if head.subject else []
    enclosed = _Enclosed()
    parts += _parts_of(content, head, reading, enclosed)
    read = read_files(enclosed.files)
    parts = bounded_parts([*parts, *(part for _, part in read if part is not None)], reading)
    ids = parse_message_ids([entity.field_value("message-id")])
    return Message(
        message_id=ids[0] if ids else entity.field_value("message-id").strip(),
        subject=head.subject,
        from_=head.from_,
        reply_to=_addresses(entity, "reply-to"),
        to=head.to,
        cc=head.cc,
        date=parse_date(entity.field_value("date")),
        in_reply_to=parse_message_ids(_values(entity, "in-reply-to")),
        references=parse_message_ids(_values(entity, "references")),
        headers=tuple((name, decode_words(value)) for name, value in entity.fields),
        content_types=tuple(_described(found) for found in content.entities),
        parts=tuple(parts),
        attachments=(*enclosed.mails, *(attachment for attachment, _ in read)),
        defects=frozenset(reading.defects),
    )


def _head_of(entity: Entity) -> _Head:
    subject = decode_words(entity.field_value("subject"))
    return _Head(subject, _addresses(entity, "from"), _addresses(entity, "to"), _addresses(entity, "cc"))


def _values(entity: Entity, name: str) -> list[str]:
    return [value for key, value in entity.fields if key == name]


def _addresses(entity: Entity, name: str) -> tuple[Address, ...]:
    return tuple(found for value in _values(entity, name) for found in parse_addresses(value))[: bounds.ADDRESSES]


def _described(entity: Entity) -> str:
    named = [f"{name}={entity.parameters[name].lower()}" for name in _NAMED_PARAMETERS if name in entity.parameters]
    return "; ".join([entity.content_type, *named])


def _parts_of(content: Content, head: _Head, reading: Reading, enclosed: _Enclosed, depth: int = 0) -> list[Part]:
    """The Parts of a mail's body, then of the mails attached to it; all attached files go to `files`."""
    open_containers(content)
    enclosed.files += content.files
    lines, source = read_bodies(content.bodies, reading)
    known = frozenset(found.address for found in head.recipients)
    envelope = Envelope(head.subject, head.sender.address if head.sender else "", known)
    parts = body_parts(lines, source, envelope, head.sender)
    readable = depth < bounds.RFC822_DEPTH
    reason = "" if readable else "too deep"
    for attached in content.mails:
        enclosed.mails.append(
            Attachment(attached.filename, attached.content_type, len(attached.body), readable, reason)
        )
        if readable:
            parts += _attached_mail(attached, reading, enclosed, depth + 1)
        else:
            reading.defects.add("too_deep")
    return parts


def _attached_mail(entity: Entity, reading: Reading, enclosed: _Enclosed, depth: int) -> list[Part]:
    """An attached mail is passed on: its text is FORWARDED, what it quotes stays QUOTED."""
    inner = parse_entity(entity.content() if entity.is_encoded else entity.body, reading)
    head = _head_of(inner)
    about = (head.sender, head.recipients, head.subject)
    parts = []
    for part in _parts_of(read_structure(inner, reading), head, reading, enclosed, depth):
        kind = PartKind.FORWARDED if part.kind is PartKind.TEXT else part.kind
        if part.sender is None and kind not in (PartKind.OWN_FORM, PartKind.QUOTED):
            parts.append(Part(kind, part.text, "message/rfc822", part.tables, *about))
        else:
            parts.append(part)
    return parts
