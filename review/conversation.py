"""A conversation as a page shows it: mails and letters in order, and what became of each. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from registry.models import Registration, RegistrationStatus
from registry.services.complete import COMPLETED, WITHDRAWN
from registry.services.undo_merge import UNDONE
from review.labels import label
from rules.model import Kind
from worker.models import Conversation, Event, Mail, MailState, Reply

MAILS_SHOWN = 50
EVENTS_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """A mail to us, or a letter of ours; `number` is the mail's place among the mails, 0 for a letter.

    `at` puts them in order: when a mail was stored (the mailbox's own date may be anything), a letter sent or written.
    `fate` says in words what became of a mail; one that is `movable` a person may take out of the conversation.
    """

    at: datetime
    number: int
    mail: Mail | None
    letter: Reply | None
    fate: tuple[str, ...]
    movable: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """All of it. `hidden` older mails are not among the `entries`; `numbers` are the mails' places by their key.

    A mail that belongs to no conversation is one of its own, without a `conversation`.
    """

    conversation: Conversation | None
    entries: list[Entry]
    hidden: int
    numbers: dict[int, int]
    letters: list[Reply]
    requests: list[Registration]
    events: list[Event]


def get_talk(mail: Mail) -> Talk:
    """The conversation of `mail`, which comes with its `conversation`."""
    of_mails = _members(mail, "mail")
    events = list(Event.objects.filter(of_mails).select_related("actor").order_by("-pk")[:EVENTS_SHOWN])[::-1]
    letters = list(Reply.objects.filter(of_mails).select_related("author").defer("data").order_by("pk"))
    requests = list(Registration.objects.filter(of_mails).order_by("pk").defer("suggestions"))
    mails, hidden = _get_mails(mail)
    numbers = {one.pk: number for number, one in enumerate(mails, hidden + 1)}
    entries = [
        Entry(
            at=one.stored_at,
            number=numbers[one.pk],
            mail=one,
            letter=None,
            fate=_fate(one, requests, events),
            movable=numbers[one.pk] > 1 and one.state in {MailState.DECIDED, MailState.FILED},
        )
        for one in mails
    ]
    entries += [Entry(one.sent_at or one.created_at, 0, None, one, (), False) for one in letters]
    entries.sort(key=lambda entry: entry.at)
    return Talk(mail.conversation, entries, hidden, numbers, letters, requests, events)


def _members(mail: Mail, prefix: str = "") -> Q:
    """What belongs to the conversation of `mail`; `prefix` is the column that names the mail."""
    if mail.conversation_id is None:
        return Q(**{prefix or "pk": mail.pk})
    return Q(**{f"{prefix}__conversation" if prefix else "conversation": mail.conversation_id})


def _get_mails(mail: Mail) -> tuple[list[Mail], int]:
    """The newest mails, oldest first, and how many older ones there are."""
    rows = Mail.objects.filter(_members(mail)).select_related("handling").defer("verdict", "trace").order_by("-pk")
    found = list(rows[: MAILS_SHOWN + 1])
    hidden = rows.count() - MAILS_SHOWN if len(found) > MAILS_SHOWN else 0
    return found[:MAILS_SHOWN][::-1], hidden


def _fate(mail: Mail, requests: Sequence[Registration], events: Sequence[Event]) -> tuple[str, ...]:
    """What became of `mail`, the most telling first; never empty."""
    if mail.state in {MailState.STORED, MailState.FAILED}:
        return (label("mail_state", mail.state),)
    if mail.twin_of_id:
        return (label("fate", "twin"),)
    begun = [one for one in requests if one.mail_id == mail.pk]
    words = [_begun(one) for one in begun[:3]]
    words += [label("fate", "begun_more", number=len(begun) - 3)] if len(begun) > 3 else []
    words += _changes(mail, events)
    decided = [event for event in events if event.verb == "decided" and event.mail_id == mail.pk]
    withheld = str(decided[-1].details.get("withheld") or "") if decided else ""
    if withheld:
        words.append(label("withheld", withheld))
    handling = getattr(mail, "handling", None)
    if handling is not None:
        words.append(label("handling", handling.outcome))
    if not words and mail.kind != Kind.REGISTRATION:
        words.append(label("kind", mail.kind))
    return tuple(words or (label("fate", "nothing"),))


def _begun(row: Registration) -> str:
    code = "begun_in_vain" if row.status == RegistrationStatus.WITHDRAWN else "begun"
    return label("fate", code, name=row.full_name or label("fate", "nameless"))


def _changes(mail: Mail, events: Sequence[Event]) -> list[str]:
    """What `mail` changed of the requests."""
    undone = {event.details.get("undone") for event in events if event.verb == UNDONE}
    words = []
    for event in events:
        if event.verb not in {COMPLETED, WITHDRAWN} or event.details.get("by_mail") != mail.pk:
            continue
        fields = [label("field", name) for name in event.details.get("changed", {})]
        said = label("fate", event.verb if fields or event.verb == WITHDRAWN else "completed_otherwise")
        said = said.format(fields=", ".join(fields)) if fields and event.verb == COMPLETED else said
        words.append(label("fate", "undone", what=said) if event.pk in undone else said)
    return list(dict.fromkeys(words))
