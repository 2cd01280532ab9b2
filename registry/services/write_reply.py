"""Write and edit: replies in the words of a person."""

from __future__ import annotations

import email
from collections.abc import Collection
from dataclasses import dataclass, replace
from email import policy
from email.message import EmailMessage
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, QuerySet

from registry.models import Registration, RegistrationStatus
from registry.services.assign import take_if_free
from registry.services.change import Target, get_current, record_change
from registry.services.refusals import ChangeRefusedError, NotAllowedError, OvertakenError
from rules.model import Address, Message
from worker.models import UNSENT, Event, Mail, Reply, ReplyState
from worker.replies.compose import compose_text
from worker.replies.mime import Automation
from worker.services.find_thread import TOKEN
from worker.services.leases import later
from worker.services.notify import UNDO_S
from worker.services.outbox import put_in_outbox
from worker.services.replying import TOKEN_LENGTH, make_mark

STAFF = "staff"
ASKABLE = (RegistrationStatus.READY, RegistrationStatus.REVIEW, RegistrationStatus.INCOMPLETE)


class ReplyChangedError(ChangeRefusedError):
    """Somebody else edited the draft first."""


@dataclass(frozen=True, slots=True)
class StaffLetter:
    """What a person wrote, to whom; addresses are bare. `html` is the product's own, where its words were left as they
    are; else a plain page is made of the text."""

    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str
    html: str = ""


def text_mark(text: str) -> str:
    """A short mark of a draft's text, to see whether it changed since a person read it."""
    return sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def ask_again(  # noqa: PLR0913  # who asks whom what, and what becomes of other letters
    target: Target,
    actor: User,
    message: Message,
    letter: StaffLetter,
    own_address: str,
    *,
    held: bool = False,
    instead_of: Collection[int] = (),
) -> Registration:
    """Write `letter` about the registration, which then waits for the answer. Raises ChangeRefusedError.

    It leaves after a while in which it can be taken back; `held`, it is a draft. `instead_of` are letters of the worker
    that are not to go out any more. Whoever asks goes on with a request that nobody has.
    """
    registration = get_current(target, ASKABLE)
    take_if_free(registration, actor)
    for pk in instead_of:
        _discard(pk, actor)
    columns = {"state": ReplyState.DRAFT} if held else {"state": ReplyState.QUEUED, "next_attempt_at": later(UNDO_S)}
    reply = _write(registration.mail, actor, message, letter, own_address, **columns)
    values = {"status": RegistrationStatus.INCOMPLETE}
    return record_change(registration, actor, "asked", values, reply=reply)


@transaction.atomic
def write_reply(  # noqa: PLR0913  # who writes whom what, and what they knew
    mail: Mail, actor: User, message: Message, letter: StaffLetter, own_address: str, *, known: int
) -> Reply:
    """Queue `letter` as an answer to `mail`. `known` is the `last_letter` that its writer was told of.

    Raises OvertakenError where a person has written another one than that.
    """
    Mail.objects.select_for_update().get(pk=mail.pk)
    newer = _by_people(mail).filter(pk__gt=known).order_by("-pk").first()
    if newer is not None:
        raise OvertakenError(newer.author)
    reply = _write(mail, actor, message, letter, own_address, state=ReplyState.QUEUED)
    Event.objects.create(actor=actor, verb="asked", mail=mail, reply=reply)
    return reply


def last_letter(mail: Mail) -> int:
    """The key of the latest letter that a person wrote about `mail`; 0 where there is none."""
    return _by_people(mail).aggregate(Max("pk"))["pk__max"] or 0


def _by_people(mail: Mail) -> QuerySet[Reply]:
    return Reply.objects.filter(mail=mail, author__isnull=False).exclude(state=ReplyState.DISCARDED)


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


def _write(  # the same
    mail: Mail, actor: User, message: Message, letter: StaffLetter, own_address: str, **columns: Any
) -> Reply:
    """The letter's row. The mark in its subject leads an answer home that names no Message-ID of ours."""
    mark = make_mark(mail.digest, f"{STAFF} {uuid4()}", settings.ASPOKTATAS.secret_key)
    token = mark[:TOKEN_LENGTH]
    composed = compose_text(
        message,
        to=[Address("", address) for address in letter.to],
        cc=[Address("", address) for address in letter.cc],
        subject=f"{TOKEN.sub('', letter.subject).strip()} [ASPO-{token}]",
        text=letter.text,
        html=letter.html,
        own_address=own_address,
        message_id=f"<aspo.{mark.lower()}@{own_address.rpartition('@')[2]}>",
        token=token,
        automation=Automation.NONE,
    )
    return put_in_outbox(mail, STAFF, composed, own_address, author=actor, **columns)


def _discard(pk: int, actor: User) -> None:
    """A letter of the worker that has not left stays here."""
    here = Reply.objects.filter(pk=pk, author=None, state__in=UNSENT, data_started_at=None, lease_token=None)
    if here.update(state=ReplyState.DISCARDED):
        reply = Reply.objects.get(pk=pk)
        Event.objects.create(actor=actor, verb="reply_discarded", mail_id=reply.mail_id, reply=reply)


def _headers(reply: Reply) -> EmailMessage:
    return email.message_from_bytes(bytes(reply.data), policy=policy.default)


def _addresses(headers: EmailMessage, name: str) -> list[Address]:
    values = headers.get_all(name, [])
    return [Address(one.display_name, one.addr_spec.lower()) for value in values for one in value.addresses]


def _token(reply: Reply, own_address: str) -> str:
    return str(_headers(reply).get("X-Loop", "")).removeprefix(own_address).strip()
