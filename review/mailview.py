"""A mail as the page shows it: headers, text with the recognised values marked, attachments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from review.evidence import spans_by_part
from review.headlines import is_dangerous, readable_raw
from review.highlights import Segment, split_text
from review.originals import AttachedFile, find_attachments, has_html
from rules.model import Address, Message, PartKind
from worker.intake.parse import parse_message
from worker.models import Mail

COLLAPSED = frozenset({PartKind.QUOTED, PartKind.FOOTER})


@dataclass(frozen=True, slots=True)
class PartView:
    """A stretch of text; `collapsed` where a reader seldom needs it."""

    kind: str
    source: str
    sender: Address | None
    segments: list[Segment]
    collapsed: bool


@dataclass(frozen=True, slots=True)
class FileView:
    """An attachment: its number, name, type, size in bytes, and why it could not be read ("" where it could)."""

    number: int
    filename: str
    content_type: str
    size: int
    reason: str


@dataclass(frozen=True, slots=True)
class MailView:
    """Everything of the original that the page shows."""

    mail: Mail
    message: Message
    subject: list[Segment]
    parts: list[PartView]
    files: list[FileView]
    has_html: bool
    header_only: bool
    defects: list[str]


def view_mail(mail: Mail, fields: Mapping[str, object], *, home: bool = True) -> MailView:
    """Parse `mail` again and mark the evidence of `fields` ({field: what the ledger keeps of it}) in its text.

    `home`: it is the mail that the fields were first read from; else only what says that it lies in `mail` is marked.
    """
    raw = readable_raw(mail)
    message = parse_message(raw)
    spans = spans_by_part(fields, 0 if home else mail.pk)
    parts, subject = [], [Segment(message.subject)]
    for index, part in enumerate(message.parts):
        segments = split_text(part.text, spans.get(index, ()))
        if part.kind is PartKind.SUBJECT:
            subject = segments
        else:
            parts.append(PartView(part.kind, part.source, part.sender, segments, part.kind in COLLAPSED))
    return MailView(
        mail=mail,
        message=message,
        subject=subject,
        parts=parts,
        files=_files(message, find_attachments(raw)),
        has_html=has_html(raw),
        header_only=is_dangerous(mail),
        defects=sorted(message.defects),
    )


def _files(message: Message, attached: list[AttachedFile]) -> list[FileView]:
    reasons = {(found.filename, found.content_type): found.reason for found in message.attachments}
    return [
        FileView(
            number=found.number,
            filename=found.safe_name,
            content_type=found.content_type,
            size=found.size,
            reason=reasons.get((found.filename, found.content_type), ""),
        )
        for found in attached
    ]
