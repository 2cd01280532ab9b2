"""Which parts of an answer count: what is said now and the newest form; never the older mails under them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rules.model import Context, Message, Part, PartKind
from rules.reading.sources import Source

_SIGN = r"(?:re|va|vá|válasz|valasz|aw|sv|vs)\s*(?:\[\d+\])?\s*:"
_REPLY = re.compile(rf"\s*{_SIGN}|.*\[ASPO-", re.IGNORECASE)
_MARK = re.compile(r"\[ASPO-[A-Z0-9]{4,16}\]", re.IGNORECASE)
_BEFORE = re.compile(rf"(?P<own>.{{1,200}}?)(?<!\w)(?:{_SIGN}|fwd?:).*\[ASPO-", re.IGNORECASE)
_STAMP = re.compile(r"\[[^\]]*\]|#\S*")  # a gateway's or a ticket system's: nobody's words
LONGEST = 20_000  # characters of a text that is read as an answer
OLDER = frozenset({PartKind.QUOTED, PartKind.FORWARDED})


def written_sources(message: Message, context: Context) -> tuple[Source, ...]:
    """The text written now, what is attached, a mail passed on that is not our thread; else a subject of its own."""
    writer = message.from_[0] if message.from_ else None
    thread = False  # below a letter of ours, or its form, stands the thread that it belongs to
    found = []
    for index, part in enumerate(message.parts):
        thread |= part.kind is PartKind.OWN_FORM or (part.kind in OLDER and _is_ours(part, context))
        passed_on = part.kind is PartKind.FORWARDED and not thread
        if part.kind in {PartKind.TEXT, PartKind.ATTACHMENT} or passed_on:
            found.append(Source(index, _bounded(part), part.sender if passed_on else writer))
    subject = [one for source in _of_kind(message, PartKind.SUBJECT) for one in _own_subject(source)]
    if any(re.search(r"\w", source.part.text) for source in found):
        return (*found, *subject)
    return (*signature_sources(message), *subject)  # two short lines look like one, and are the answer


def _own_subject(source: Source) -> Iterator[Source]:
    """What the writer put into the subject: behind our mark, before the reply's sign, or all of one that is none."""
    text = source.part.text
    mark = _MARK.search(text)
    before = None if _REPLY.match(_MARK.sub("", text)) else _BEFORE.match(text)
    if before:
        own = _STAMP.sub(lambda stamp: " " * len(stamp[0]), before["own"])
        yield replace(source, part=replace(source.part, text=own))
    if mark and re.search(r"\w", text[mark.end() :]):
        yield replace(source, part=replace(source.part, text=" " * mark.end() + text[mark.end() :]))
    elif not before and not _REPLY.match(text):
        yield source


def _bounded(part: Part) -> Part:
    """The part, or its beginning where it is too long for an answer."""
    return part if len(part.text) <= LONGEST or part.tables else replace(part, text=part.text[:LONGEST])


def form_sources(message: Message, context: Context) -> tuple[Source, ...]:
    """The forms of our letters, the newest first, down to the first older mail of the requester's own."""
    found = []
    writer = message.from_[0] if message.from_ else None
    for index, part in enumerate(message.parts):
        if part.kind in OLDER and part.sender and part.sender.address and not _is_ours(part, context):
            break
        if part.kind is PartKind.OWN_FORM:
            found.append(Source(index, part, writer))
    return tuple(found)


def signature_sources(message: Message) -> tuple[Source, ...]:
    """The sender's own signatures."""
    return tuple(source for source in _of_kind(message, PartKind.SIGNATURE) if source.part.sender is None)


def _of_kind(message: Message, kind: PartKind) -> Iterator[Source]:
    writer = message.from_[0] if message.from_ else None
    return (Source(index, part, writer) for index, part in enumerate(message.parts) if part.kind is kind)


def _is_ours(part: Part, context: Context) -> bool:
    return bool(part.sender and part.sender.address in context.own_addresses)
