"""Subject and sender of mails that were never read: from the header alone, which is safe whatever the rest is like."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

from registry.services.hand_over_mail import Headline
from worker.intake.parse import parse_message
from worker.models import Mail, Original

HEADER_BYTES = 64 * 1024
HEADER_END = re.compile(rb"\r?\n\r?\n")


def read_headline(data: bytes) -> Headline:
    """The headline in an original's compressed bytes; only the mail's beginning is unpacked."""
    beginning = zlib.decompressobj().decompress(data, HEADER_BYTES)
    message = parse_message(HEADER_END.split(beginning, maxsplit=1)[0] + b"\r\n\r\n")
    return Headline(message.subject, message.from_[0].address if message.from_ else "")


def name_unread(mails: Iterable[Mail]) -> None:
    """Give mails without subject and sender those of their headers, for showing; one query."""
    unnamed = [mail for mail in mails if not (mail.subject or mail.sender)]
    if not unnamed:
        return
    originals = Original.objects.filter(pk__in={mail.pk for mail in unnamed})
    known = {original.pk: read_headline(bytes(original.data)) for original in originals}
    for mail in unnamed:
        if mail.pk in known:
            mail.subject, mail.sender = known[mail.pk].subject, known[mail.pk].sender
