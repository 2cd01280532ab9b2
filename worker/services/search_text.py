"""What a mail says, kept for the search: written when it is decided, bit by bit for mails that were there before."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence

from django.db import transaction

from rules.model import Message, PartKind
from worker.models import Control, Mail, MailState, MailText
from worker.services.originals import load_small
from worker.services.storable import storable_text
from worker.services.thinking import Thinking

MOST = 40_000  # letters kept of one mail
UNSAID = frozenset({PartKind.QUOTED, PartKind.FOOTER})  # said in another mail, or in every one
CAUGHT_UP = "search_texts"
IS_CAUGHT_UP = Control.objects.filter(name=CAUGHT_UP, value__done=True)
PARKED = Mail.objects.filter(state=MailState.FAILED, search_text__isnull=True)
GROUP = 50
TURN_S = 5.0

log = logging.getLogger(__name__)


def readable_text(message: Message) -> str:
    """Subject, who wrote it, and every part that says something new, line by line."""
    people = (f"{one.name} {one.address}" for one in message.from_)
    parts = (part.text for part in message.parts if part.kind not in UNSAID and part.kind is not PartKind.SUBJECT)
    return storable_text("\n".join((message.subject, *people, *parts)), MOST)


def keep_texts(messages: Iterable[tuple[int, Message]]) -> None:
    """Write what these mails (by key) say; what was there of them is replaced. Part of the caller's transaction."""
    rows = [MailText(mail_id=pk, text=readable_text(message)) for pk, message in messages]
    MailText.objects.bulk_create(rows, update_conflicts=True, unique_fields=["mail"], update_fields=["text"])


def forget_texts(mails: Iterable[int]) -> int:
    """Erase what these mails say, and with it every trace in the indexes; returns how many there were."""
    return MailText.objects.filter(mail__in=list(mails)).delete()[0]


def catch_up(thinking: Thinking, turn: float = TURN_S) -> int:
    """Keep the texts of mails that were decided before there was a search, for `turn` seconds; returns how many.

    Then those in quarantine, by their headers. A mail that cannot be read is left out.
    """
    over, number = time.monotonic() + turn, _catch_up_parked(thinking)
    while time.monotonic() < over and (done := _catch_up_group(thinking)) is not None:
        number += done
    return number


def _catch_up_group(thinking: Thinking) -> int | None:
    """The next mails after the mark; None where no older one is left."""
    mark, _ = Control.objects.get_or_create(name=CAUGHT_UP)
    if mark.value.get("done"):
        return None
    after = int(mark.value.get("after") or 0)
    found = list(Mail.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:GROUP])
    decided = Mail.objects.filter(pk__in=found, state__in=[MailState.DECIDED, MailState.FILED])
    wanted = list(decided.filter(search_text__isnull=True).values_list("pk", flat=True))
    value = {"after": found[-1]} if found else {"done": True}
    with transaction.atomic():
        keep_texts(_read(wanted, thinking))
        Control.objects.filter(name=CAUGHT_UP).update(value=value)
    return len(wanted) if found else None


def _catch_up_parked(thinking: Thinking) -> int:
    wanted = list(PARKED.order_by("pk").values_list("pk", flat=True)[:GROUP])
    keep_texts(_read(wanted, thinking))
    return len(wanted)


def _read(keys: Sequence[int], thinking: Thinking) -> list[tuple[int, Message]]:
    """Mails that were never judged (parked, or taken over by hand) are read no further than their headers."""
    found = []
    mails = list(Mail.objects.filter(pk__in=keys))
    load_small(mails)
    for mail in mails:
        try:
            raw = mail.raw if mail.verdict is not None else mail.header
            found.append((mail.pk, thinking.parse(raw)))
        except Exception as error:  # one bad mail never stops another
            log.warning("mail %d: its text is not kept for the search (%s)", mail.pk, type(error).__name__)
    return found
