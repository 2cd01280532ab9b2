"""Purge: what names anybody is taken out of rows of the ledger; the rows stay, and with them every count.

What a mail is recognised by stays too (place, digest, a hash of its Message-ID): it is never answered a second time,
whatever the server renumbers. The mail in the mailbox is not touched: it is the record, ours is a copy.
Every verb here must run in a transaction.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any

from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.functions import Now

from registry.models import ERASED, CaseNote, Registration
from staff.services.amend_log import amendable_log
from worker.models import Event, Mail, Original, Reply, SentCopy
from worker.services.search_text import forget_texts

NOTHING = zlib.compress(b"")
CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
CODED = frozenset(
    {
        "kind",
        "reason",
        "withheld",
        "from",
        "to",
        "status",
        "linked_by",
        "failure",
        "format",
        "outcome",
        "notice",
        "why",
        "rule",
        "field",
    }
)
ROW = frozenset({"status", "version", "reviewer", "reviewer_id", "problems"})
GROUP = 200


def purge_mails(mails: Collection[int], *, spare: Collection[int] = ()) -> int:
    """Empty these mails with their originals, texts, letters and events; returns how many were not empty before.

    The events of the requests in `spare` stay as they are.
    """
    rows = Mail.objects.filter(pk__in=mails, purged_at__isnull=True)
    message_ids = dict(rows.exclude(message_id="").values_list("pk", "message_id"))
    number = rows.update(subject="", sender="", verdict=None, trace="", purged_at=Now())
    for pk, message_id in message_ids.items():
        if not message_id.startswith("sha256:"):
            Mail.objects.filter(pk=pk).update(message_id=hashed(message_id))
    Original.objects.filter(mail__in=mails).update(data=NOTHING)
    forget_texts(mails)
    letters = Reply.objects.filter(mail__in=mails)
    letters.filter(sent_copy=SentCopy.PENDING).update(sent_copy="")  # a copy of nothing in the Sent folder helps nobody
    letters.update(subject="", text="", data=b"", recipients=[], answer="")
    events = Event.objects.filter(Q(mail__in=mails) | Q(reply__mail__in=mails))
    scrub_events(events.exclude(registration__in=spare) if spare else events)
    return number


def forget_requests(registrations: Collection[int]) -> int:
    """Take the person out of these requests; body, county, modules and problems stay for the figures."""
    rows = Registration.objects.filter(pk__in=registrations)
    CaseNote.objects.filter(registration__in=registrations).delete()
    number = rows.update(
        full_name=_erased("full_name"),
        email=_erased("email"),
        reject_reason=_erased("reject_reason"),
        identity="",
        jegyzo_address="",
        evidence={},
        suggestions={},
        version=F("version") + 1,
        updated_at=F("updated_at"),
    )
    scrub_events(Event.objects.filter(registration__in=registrations))
    return number


def scrub_events(events: Any) -> int:
    """Leave who did what and when in these events, and codes and numbers; returns how many were changed."""
    changed = []
    for event in events.exclude(details={}).only("pk", "details").iterator(chunk_size=500):
        details = without_people(event.details)
        if details != event.details:
            event.details = details
            changed.append(event)
    if changed:
        with amendable_log():
            Event.objects.bulk_update(changed, ["details"], batch_size=GROUP)
    return len(changed)


def without_people(details: Mapping[str, Any]) -> dict[str, Any]:
    """The details of an event with codes, numbers and the names of fields only. Pure."""
    kept: dict[str, Any] = {}
    for key, value in details.items():
        if key == "changed" and isinstance(value, Mapping):
            kept[key] = {str(name): [ERASED, ERASED] for name in value}
        elif key == "stood" and isinstance(value, Mapping):
            kept[key] = {name: one for name, one in value.items() if name in ROW}
        elif isinstance(value, str):
            if value == "" or (key in CODED and CODE.fullmatch(value)):
                kept[key] = value
        elif _is_plain(value):
            kept[key] = value
        elif isinstance(value, Mapping):
            kept[key] = without_people(value)
        elif isinstance(value, list) and all(isinstance(one, Mapping) for one in value):
            kept[key] = [without_people(one) for one in value]
    return kept


def hashed(message_id: str) -> str:
    """What a Message-ID is kept as: it can be compared, and tells nobody's name."""
    return f"sha256:{sha256(message_id.encode('utf-8', 'replace')).hexdigest()}"


def _is_plain(value: object) -> bool:
    """Numbers, and lists of numbers, pairs of numbers and codes."""
    if value is None or isinstance(value, bool | int | float):
        return True
    return isinstance(value, list) and all(
        _is_plain(one) or (isinstance(one, str) and bool(CODE.fullmatch(one))) for one in value
    )


def _erased(column: str) -> Case:
    return Case(When(**{column: ""}, then=Value("")), default=Value(ERASED), output_field=TextField())
