"""Mails that were never read: what their header says, which is safe whatever the rest is like."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

from registry.one_of import these
from registry.services.hand_over_mail import Headline
from worker.intake.parse import parse_message
from worker.models import Mail, Original
from worker.services.sweep import DIED

HEADER_BYTES = 64 * 1024
DANGEROUS = frozenset({DIED, "MemoryError", "SoftTimeLimitExceeded"})  # reading them may end this process, too
HEADER_END = re.compile(rb"\r?\n\r?\n")


def readable_raw(mail: Mail) -> bytes:
    """The mail's bytes for a page to read: of one that ended the worker's process, and was taken over by hand, only
    the header."""
    return _header(bytes(mail.original.data)) if is_dangerous(mail) else mail.raw


def readable_header(mail: Mail) -> bytes:
    """The beginning of the mail's bytes, up to the end of its header; little is unpacked, nothing of the body read."""
    return _header(bytes(mail.original.data))


def is_dangerous(mail: Mail) -> bool:
    """Whether reading the mail ended a process and has not succeeded since."""
    return mail.verdict is None and mail.failure in DANGEROUS


def read_headline(data: bytes) -> Headline:
    """The headline in an original's compressed bytes; only the mail's beginning is unpacked."""
    message = parse_message(_header(data))
    return Headline(message.subject, message.from_[0].address if message.from_ else "")


def _header(data: bytes) -> bytes:
    beginning = zlib.decompressobj().decompress(data, HEADER_BYTES)
    return HEADER_END.split(beginning, maxsplit=1)[0] + b"\r\n\r\n"


def name_unread(mails: Iterable[Mail]) -> None:
    """Give mails without subject and sender those of their headers, for showing; one query."""
    unnamed = [mail for mail in mails if not (mail.subject or mail.sender)]
    originals = Original.objects.filter(pk__in=these(mail.pk for mail in unnamed))
    known = {original.pk: read_headline(bytes(original.data)) for original in originals}
    for mail in unnamed:
        if mail.pk in known:
            mail.subject, mail.sender = known[mail.pk].subject, known[mail.pk].sender
