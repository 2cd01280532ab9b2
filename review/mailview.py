"""A mail as the page shows it: headers, text with the recognised values marked, attachments, bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from review.candidates import Candidate, distinct, find_candidates
from review.evidence import spans_by_part
from review.headlines import is_dangerous, readable_raw
from review.highlights import Segment, Span, split_text
from review.knowledge import get_catalogue
from review.mailpeople import PersonView, view_people
from review.originals import AttachedFile, find_attachments, has_html, raw_excerpt
from review.screen import for_screen
from rules.model import Address, Message, PartKind
from worker.intake.parse import parse_message
from worker.models import Mail

COLLAPSED = frozenset({PartKind.QUOTED, PartKind.FOOTER})


class View(StrEnum):
    """The ways to look at a mail, in the order of their tabs; a code of the label group "mail_view"."""

    TEXT = "text"
    HTML = "html"
    HEADERS = "headers"
    FILES = "files"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class PartView:
    """A stretch of text; `collapsed` where a reader seldom needs it and nothing of the request was read there."""

    kind: str
    source: str
    sender: Address | None
    segments: list[Segment]
    collapsed: bool


@dataclass(frozen=True, slots=True)
class FileView:
    """An attachment: its number, name, type, size in bytes, and why it could not be read ("" where it could).

    `picture` where it may be shown as one, `texts` what was read from it.
    """

    number: int
    filename: str
    content_type: str
    size: int
    reason: str
    picture: str
    texts: list[PartView]


@dataclass(frozen=True, slots=True)
class MailView:
    """Everything of the original that the page shows in the view `view`; `views` are those that there are.

    `candidates` may be taken into the request's fields. `anchors` are the numbers of the first marks by field and part.
    """

    mail: Mail
    view: View
    views: list[View]
    message: Message
    subject: list[Segment]
    people: dict[str, list[PersonView]]
    parts: list[PartView]
    files: list[FileView]
    header_only: bool
    defects: list[str]
    headers: list[tuple[str, str]]
    raw: str
    candidates: list[Candidate]
    anchors: dict[tuple[str, int], int]


def view_mail(  # noqa: PLR0913  # how to look at it
    mail: Mail,
    fields: Mapping[str, object],
    *,
    home: bool = True,
    view: View = View.TEXT,
    own: frozenset[str] = frozenset(),
    takes: bool = False,
) -> MailView:
    """Parse `mail` again and mark the evidence of `fields` ({field: what the ledger keeps of it}) in its text.

    `home`: it is the mail that the fields were first read from; else only what says that it lies in `mail` is marked.
    `takes`: mark also what a person could take into a field. `own` are our addresses, which nobody's request has.
    """
    raw = readable_raw(mail)
    message = parse_message(raw)
    found = find_candidates(message, get_catalogue()) if takes else []
    found = _uncovered(message, [one for one in found if one.value not in own])
    seen = spans_by_part(fields, {0, mail.pk} if home else {mail.pk})
    marked = _mark(message, seen, found)
    attached = find_attachments(raw)
    files = _files(message, attached, marked)
    return MailView(
        mail=mail,
        view=view,
        views=_views(raw, attached),
        message=message,
        subject=_subject(message, marked),
        people=view_people(message, seen.get(-1, ()), fields if home else {}, found),
        parts=_parts(message, marked),
        files=files,
        header_only=is_dangerous(mail),
        defects=sorted(message.defects),
        headers=[(name, for_screen(value)) for name, value in message.headers] if view is View.HEADERS else [],
        raw=for_screen(raw_excerpt(raw)) if view is View.RAW else "",
        candidates=distinct(found),
        anchors=_anchors(marked),
    )


def _uncovered(message: Message, found: Iterable[Candidate]) -> list[Candidate]:
    """Without those that lie where personal data does that nobody asked for: the mother is not the requester."""
    found = list(found)
    texts = {part: message.parts[part].text for part in {one.part for one in found} if part >= 0}
    shown = {part: for_screen(text) for part, text in texts.items()}
    of = [(one, slice(one.start, one.end)) for one in found]
    return [one for one, at in of if one.part < 0 or shown[one.part][at] == texts[one.part][at]]


def _views(raw: bytes, attached: Sequence[AttachedFile]) -> list[View]:
    missing = set() if has_html(raw) else {View.HTML}
    missing |= set() if attached else {View.FILES}
    return [one for one in View if one not in missing]


def _mark(message: Message, seen: Mapping[int, Iterable[Span]], found: Iterable[Candidate]) -> list[list[Segment]]:
    """The segments of each part, the marks numbered through the mail."""
    spans: dict[int, list[Span]] = {number: list(those) for number, those in seen.items()}
    for one in found:
        spans.setdefault(one.part, []).append(Span(one.start, one.end, one.field, one.value, read=False))
    marked: list[list[Segment]] = []
    first = 1
    for number, part in enumerate(message.parts):
        segments = split_text(for_screen(part.text), spans.get(number, ()), first)
        first = (
            max((one.number + 1 for one in segments), default=first) if any(one.field for one in segments) else first
        )
        marked.append(segments)
    return marked


def _anchors(marked: Sequence[Sequence[Segment]]) -> dict[tuple[str, int], int]:
    anchors: dict[tuple[str, int], int] = {}
    for part, segments in enumerate(marked):
        for one in segments:
            if one.read:
                anchors.setdefault((one.field, part), one.number)
    return anchors


def _subject(message: Message, marked: Sequence[list[Segment]]) -> list[Segment]:
    for part, segments in zip(message.parts, marked, strict=True):
        if part.kind is PartKind.SUBJECT:
            return segments
    return [Segment(for_screen(message.subject))]


def _parts(message: Message, marked: Sequence[list[Segment]]) -> list[PartView]:
    pairs = zip(message.parts, marked, strict=True)
    return [
        PartView(
            kind=part.kind,
            source=part.source,
            sender=part.sender,
            segments=segments,
            collapsed=part.kind in COLLAPSED and not any(one.read for one in segments),
        )
        for part, segments in pairs
        if part.kind is not PartKind.SUBJECT
    ]


def _files(message: Message, attached: list[AttachedFile], marked: Sequence[list[Segment]]) -> list[FileView]:
    reasons = {(found.filename, found.content_type): found.reason for found in message.attachments}
    texts: dict[str, list[PartView]] = {}
    for part, segments in zip(message.parts, marked, strict=True):
        if part.kind is PartKind.ATTACHMENT:
            texts.setdefault(part.source, []).append(PartView(part.kind, part.source, None, segments, collapsed=False))
    return [
        FileView(
            number=found.number,
            filename=found.safe_name,
            content_type=found.content_type,
            size=found.size,
            reason=reasons.get((found.filename, found.content_type), ""),
            picture=found.picture,
            texts=texts.get(found.filename, []),
        )
        for found in attached
    ]
