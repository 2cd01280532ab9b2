"""Notify: the letters about what became of a case, written as replies like any other: once each, held in draft mode.

What brings them about is staff's decision (registry.services) or the clock (`wait`); it calls `write_notice` inside
its own transaction, so that neither is there without the other.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db import DatabaseError

from config.environment import Environment
from registry.models import Registration
from rules.guards import addressee, distrusted, sender, suppressed, unreadable
from rules.model import Address, JegyzoStatus, Kind, Message
from worker.error_reports import report
from worker.models import Event, Mail, Reply
from worker.replies.compose import ComposedReply
from worker.replies.notices import Notice, compose_notice
from worker.services.known_people import load_jegyzo, load_person
from worker.services.leases import later
from worker.services.outbox import put_in_outbox
from worker.services.replying import TOKEN_LENGTH, Voice, make_mark, make_voice
from worker.services.thinking import Thinking, load_thinking
from worker.services.trouble import describe

# A mail that one of these stopped was not answered by itself; what became of it is not told by itself either.
GUARDS = frozenset({sender.RULE, suppressed.RULE, addressee.RULE, distrusted.RULE, unreadable.RULE})
UNDO_S = 120.0  # the page offers to take a rejection back; a letter that has not gone out is taken along
IN_COPY = frozenset({JegyzoStatus.CONFIRMED, JegyzoStatus.STATED})

log = logging.getLogger(__name__)


class Scribe:
    """Writes notices: in whose voice, and which of them the configuration allows."""

    def __init__(self, environment: Environment | None = None, thinking: Thinking | None = None) -> None:
        """By the process's own configuration and rules unless others are handed in; loaded when first needed."""
        self.environment: Environment = environment or settings.ASPOKTATAS
        self._thinking = thinking
        self.voice = make_voice(self.environment, self.environment.accounts[0])

    @cached_property
    def thinking(self) -> Thinking:
        """How a mail is read, and the catalogue."""
        return self._thinking or load_thinking()

    def voice_for(self, mail: Mail) -> Voice:
        """The voice of the mailbox that `mail` came to."""
        return make_voice(self.environment, self.environment.account_of(mail.mailbox))

    def may_write(self, notice: Notice) -> bool:
        """Whether such a letter may be written at all, be it as a draft."""
        return self.voice.mode != "off" and notice.value in self.environment.notices


@dataclass(frozen=True, slots=True)
class Telling:
    """A letter to be written: what it tells, about which requests, in answer to which mail.

    `occasion` keeps apart several letters of the kind about one mail: the same one never makes two. Without `to` the
    mail's writer gets it, with the jegyző in copy who was in copy of the mail.
    """

    notice: Notice
    mail: Mail
    rows: Sequence[Registration]
    occasion: str
    to: Sequence[Address] = ()
    cc: Sequence[Address] = ()
    reason: str = ""


def write_notice(scribe: Scribe, telling: Telling) -> Reply | None:
    """Write the letter, or the event that says why there is none; None where none is wanted or it is there already.

    Never raises for what the mail or the words are like: what brought the letter about must not fail by it. Must run
    in a transaction.
    """
    if not scribe.may_write(telling.notice):
        return None
    voice = scribe.voice_for(telling.mail)
    mark = make_mark(telling.mail.digest, f"{telling.notice} {telling.occasion}", voice.secret)
    message_id = f"<aspo.{mark.lower()}@{voice.address.rpartition('@')[2]}>"
    if Reply.objects.filter(message_id=message_id).exists():
        return None
    withheld, composed = _why_withheld(telling.mail), None
    try:
        composed = None if withheld else _compose(scribe, voice, telling, message_id, mark[:TOKEN_LENGTH])
    except DatabaseError:
        raise
    except Exception as error:  # an export or a rejection stands, whatever its letter does
        report(error, mail=telling.mail.pk)
        log.error("mail %d: no letter %s: %s", telling.mail.pk, telling.notice, describe(error))
        withheld = "broken"
    if composed is None or not composed.to:
        _record_withheld(telling, withheld or "no_address")
        return None
    return _record(voice, telling, composed)


def _why_withheld(mail: Mail) -> str:
    """Why the mail's writer gets no letter that a machine wrote; "" where they may."""
    if mail.kind == Kind.AUTOMATIC:
        return "automatic"
    if not mail.answerable:
        return "twin" if mail.twin_of_id else "before_since"
    if not isinstance(mail.verdict, dict):
        return "undecided"
    hits = (finding["rule"] for finding in mail.verdict.get("findings", []) if finding.get("hit"))
    return next((rule for rule in hits if rule in GUARDS), "")


def _compose(scribe: Scribe, voice: Voice, telling: Telling, message_id: str, token: str) -> ComposedReply | None:
    message = scribe.thinking.parse(telling.mail.raw)
    to = telling.to or message.reply_to or message.from_[:1]
    if any(one.address.lower() in voice.own_addresses for one in to):
        return None
    return compose_notice(
        telling.notice,
        message,
        [load_person(row) for row in telling.rows],
        scribe.thinking.catalogue,
        jegyzo=load_jegyzo(telling.rows),
        to=to,
        cc=telling.cc if telling.to else _jegyzo_in_copy(message, telling.rows),
        reason=telling.reason,
        own_address=voice.address,
        message_id=message_id,
        token=token,
        privacy_url=voice.privacy_url,
    )


def _jegyzo_in_copy(message: Message, rows: Sequence[Registration]) -> list[Address]:
    """The jegyző, where our first letter had them in copy or would have: nobody else, and nobody who was not."""
    jegyzo = load_jegyzo(rows)
    if jegyzo is None or jegyzo.status not in IN_COPY or not jegyzo.address:
        return []
    seen = [one for one in (*message.to, *message.cc) if one.address == jegyzo.address]
    conversations = [row.mail.conversation_id for row in rows if row.mail.conversation_id]
    letters = Reply.objects.filter(mail__conversation__in=conversations).values_list("recipients", flat=True)
    if not seen and any(jegyzo.address in recipients for recipients in letters):
        seen = [Address(jegyzo.name, jegyzo.address)]
    return seen[:1]


def _record(voice: Voice, telling: Telling, composed: ComposedReply) -> Reply:
    reply = put_in_outbox(
        telling.mail,
        telling.notice.value,
        composed,
        voice.address,
        state=voice.first_state,
        next_attempt_at=later(UNDO_S if telling.notice is Notice.REJECTED else 0.0),
    )
    Event.objects.create(verb="reply_written", mail=telling.mail, reply=reply, **_about(telling))
    return reply


def _record_withheld(telling: Telling, reason: str) -> None:
    Event.objects.create(verb="notice_withheld", mail=telling.mail, **_about(telling, withheld=reason))


def _about(telling: Telling, **details: str) -> dict[str, object]:
    """An event's registration, where the letter is about but one, and its details."""
    keys = [row.pk for row in telling.rows]
    only = telling.rows[0] if len(keys) == 1 else None
    return {"registration": only, "details": {"kind": telling.notice.value, "registrations": keys, **details}}
