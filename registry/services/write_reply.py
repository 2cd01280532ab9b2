"""Write and edit: replies in the words of a person."""

from __future__ import annotations

import email
from dataclasses import dataclass, replace
from email import policy
from email.message import EmailMessage
from hashlib import sha256
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services.change import Target, get_current, record_change
from registry.services.refusals import ChangeRefusedError, NotAllowedError
from rules.model import Address, Message
from worker.models import Event, Mail, Reply, ReplyState
from worker.replies.compose import compose_text, reply_message_id
from worker.replies.mime import Automation
from worker.services.outbox import put_in_outbox

STAFF = "staff"
ASKABLE = (RegistrationStatus.READY, RegistrationStatus.REVIEW, RegistrationStatus.INCOMPLETE)


class ReplyChangedError(ChangeRefusedError):
    """Somebody else edited the draft first."""


@dataclass(frozen=True, slots=True)
class StaffLetter:
    """What a person wrote, to whom; addresses are bare."""

    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str


def text_mark(text: str) -> str:
    """A short mark of a draft's text, to see whether it changed since a person read it."""
    return sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def ask_again(target: Target, actor: User, message: Message, letter: StaffLetter, own_address: str) -> Registration:
    """Queue `letter` about the registration, which then waits for the answer. Raises ChangeRefusedError."""
    registration = get_current(target, ASKABLE)
    reply = _queue(registration.mail, actor, message, letter, own_address)
    values = {"status": RegistrationStatus.INCOMPLETE}
    return record_change(registration, actor, "asked", values, reply=reply)


@transaction.atomic
def write_reply(mail: Mail, actor: User, message: Message, letter: StaffLetter, own_address: str) -> Reply:
    """Queue `letter` as an answer to `mail`."""
    reply = _queue(mail, actor, message, letter, own_address)
    Event.objects.create(actor=actor, verb="asked", mail=mail, reply=reply)
    return reply


@transaction.atomic
def edit_draft(  # noqa: PLR0913  # the draft, who, the words, and what they had read
    reply_id: int, actor: User, message: Message, text: str, *, seen: str, own_address: str
) -> Reply:
    """Put `text` into a draft; recipients, subject and Message-ID stay, and that a machine began it.

    A letter to somebody else than the mail's writers belongs to no thread, and gets none.
    `seen` is the `text_mark` of what the person read. Raises NotAllowedError where it is no draft any more,
    ReplyChangedError where somebody else edited it.
    """
    reply = Reply.objects.select_for_update().get(pk=reply_id)
    if reply.state != ReplyState.DRAFT:
        raise NotAllowedError(reply.state)
    if text_mark(reply.text) != seen:
        raise ReplyChangedError("edited by somebody else in the meantime")
    to, cc = draft_recipients(reply)
    composed = compose_text(
        message if _headers(reply)["In-Reply-To"] else replace(message, message_id="", references=()),
        to=to,
        cc=cc,
        subject=reply.subject,
        text=text,
        own_address=own_address,
        message_id=reply.message_id,
        token=_token(reply, own_address),
        automation=Automation(_headers(reply).get("Auto-Submitted", Automation.NONE)),
    )
    Reply.objects.filter(pk=reply_id, state=ReplyState.DRAFT).update(text=composed.text, data=composed.data)
    Event.objects.create(actor=actor, verb="reply_edited", mail_id=reply.mail_id, reply=reply)
    reply.refresh_from_db()
    return reply


def draft_recipients(reply: Reply) -> tuple[list[Address], list[Address]]:
    """(To, Cc) as they stand in the reply's own bytes."""
    headers = _headers(reply)
    return _addresses(headers, "To"), _addresses(headers, "Cc")


def _queue(mail: Mail, actor: User, message: Message, letter: StaffLetter, own_address: str) -> Reply:
    composed = compose_text(
        message,
        to=[Address("", address) for address in letter.to],
        cc=[Address("", address) for address in letter.cc],
        subject=letter.subject,
        text=letter.text,
        own_address=own_address,
        message_id=reply_message_id(mail.digest, f"{STAFF} {uuid4()}", own_address),
        automation=Automation.NONE,
    )
    return put_in_outbox(mail, STAFF, composed, own_address, author=actor, state=ReplyState.QUEUED)


def _headers(reply: Reply) -> EmailMessage:
    return email.message_from_bytes(bytes(reply.data), policy=policy.default)


def _addresses(headers: EmailMessage, name: str) -> list[Address]:
    values = headers.get_all(name, [])
    return [Address(one.display_name, one.addr_spec.lower()) for value in values for one in value.addresses]


def _token(reply: Reply, own_address: str) -> str:
    return str(_headers(reply).get("X-Loop", "")).removeprefix(own_address).strip()
