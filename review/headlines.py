"""Mails that were never read: what their header says, which is safe whatever the rest is like."""

from __future__ import annotations

from collections.abc import Iterable

from registry.one_of import these
from registry.services.hand_over_mail import Headline
from worker.intake.parse import parse_message
from worker.models import Mail, Original
from worker.packing import unpack_header
from worker.services.sweep import DIED

DANGEROUS = frozenset({DIED, "MemoryError", "SoftTimeLimitExceeded"})  # reading them may end this process, too


def readable_raw(mail: Mail) -> bytes:
    """The mail's bytes for a page to read: of one that ended the worker's process, and was taken over by hand, only
    the header."""
    return mail.header if is_dangerous(mail) else mail.raw


def is_dangerous(mail: Mail) -> bool:
    """Whether reading the mail ended a process and has not succeeded since."""
    return mail.verdict is None and mail.failure in DANGEROUS


def read_headline(data: bytes) -> Headline:
    """The headline in an original's compressed bytes; only the mail's beginning is unpacked."""
    message = parse_message(unpack_header([data]))
    return Headline(message.subject, message.from_[0].address if message.from_ else "")


def name_unread(mails: Iterable[Mail]) -> None:
    """Give mails without subject and sender those of their headers, for showing; one query."""
    unnamed = [mail for mail in mails if not (mail.subject or mail.sender)]
    originals = Original.objects.filter(pk__in=these(mail.pk for mail in unnamed))
    known = {original.pk: read_headline(bytes(original.data)) for original in originals}
    for mail in unnamed:
        if mail.pk in known:
            mail.subject, mail.sender = known[mail.pk].subject, known[mail.pk].sender
