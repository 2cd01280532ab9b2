"""Compose a reply: the words from templates/replies/, the bytes from `mime`. Pure but for a missing `date`.

`compose_reply` writes what the verdict plans, `compose_text` puts words of staff into the same envelope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TypedDict, Unpack

from rules.catalogue import Catalogue
from rules.model import Address, Message, ReplyKind, Verdict
from worker.replies.facts import gather_facts
from worker.replies.hygiene import one_line, subject_stem
from worker.replies.mime import Automation, Envelope, build_mail, capped_references, usable_addresses, usable_ids
from worker.replies.rendering import Letter, render_letter, render_plain, sender_name

LAST_NOTICE = "last_notice"  # the folder of the letter that asks for the last time


class Terms(TypedDict, total=False):
    """What a reply must be told beside mail and verdict.

    `message_id` is ours, with angle brackets (made from the original's and the kind unless given); `token` is the
    thread's mark in the subject and in X-Loop; `date` the moment of writing, now unless given. `last`: the thread's
    budget of machine letters ends with this one, and a letter that asks says that a person reads the answer.
    `automation` is what other machines are told (REPLIED unless given).
    """

    message_id: str | None
    token: str
    privacy_url: str
    date: datetime | None
    last: bool
    automation: Automation


@dataclass(frozen=True, slots=True)
class ComposedReply:
    """A reply as it goes out. `to` is empty where no address of the plan can stand in a mail: then do not send."""

    message_id: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str
    html: str
    data: bytes


def compose_reply(
    message: Message, verdict: Verdict, catalogue: Catalogue, *, own_address: str, **terms: Unpack[Terms]
) -> ComposedReply:
    """The reply that `verdict` plans for `message`; raises ValueError where it plans none."""
    if verdict.reply is None:
        raise ValueError("the verdict plans no reply")
    plan = verdict.reply
    privacy_url = terms.get("privacy_url", "")
    facts = gather_facts(message, verdict.people, catalogue, own_address=own_address, privacy_url=privacy_url)
    folder = LAST_NOTICE if terms.get("last") and plan.kind is ReplyKind.MISSING else plan.kind
    letter = render_letter(folder, facts, _original_subject(message), terms.get("token", ""))
    seed = terms.get("message_id") or reply_message_id(identity(message), plan.kind, own_address)
    return enveloped(message, plan.to, plan.cc, letter, own_address, {**terms, "message_id": seed})


def compose_text(  # noqa: PLR0913  # an envelope has this many fields
    message: Message,
    *,
    to: Sequence[Address],
    cc: Sequence[Address],
    subject: str,
    text: str,
    own_address: str,
    html: str = "",
    **terms: Unpack[Terms],
) -> ComposedReply:
    """A reply in words of staff: `subject` and `text` as given (cleaned, wrapped), the HTML made from the text, unless
    it is one of our own letters and its `html` is handed in."""
    letter = render_plain(text, one_line(subject, 250))
    letter = replace(letter, html=html) if html else letter
    seed = terms.get("message_id") or reply_message_id(
        identity(message), sha256(text.encode()).hexdigest(), own_address
    )
    return enveloped(message, to, cc, letter, own_address, {**terms, "message_id": seed})


def reply_message_id(original: str, kind: str, own_address: str) -> str:
    """Our Message-ID for the answer of `kind` to the mail known as `original` (its digest, say): always the same."""
    digest = sha256(f"{original}\n{kind}".encode("utf-8", "replace")).hexdigest()
    return f"<aspo.{digest[:32]}@{own_address.rpartition('@')[2]}>"


def enveloped(  # noqa: PLR0913, PLR0917  # the same
    message: Message, to: Sequence[Address], cc: Sequence[Address], letter: Letter, own_address: str, terms: Terms
) -> ComposedReply:
    """`letter` in answer to `message`, ready to go out; who stands in `to` gets no copy."""
    recipients = usable_addresses(to)
    copies = tuple(one for one in usable_addresses(cc) if one.address not in {main.address for main in recipients})
    answered = usable_ids([message.message_id])
    envelope = Envelope(
        message_id=terms["message_id"] or "",
        date=terms.get("date") or datetime.now(UTC),
        sender=Address(sender_name(), own_address),
        to=recipients,
        cc=copies,
        subject=letter.subject,
        in_reply_to="".join(answered),
        references=capped_references(message.references, message.message_id),
        token=terms.get("token", ""),
        automation=terms.get("automation", Automation.REPLIED),
    )
    return ComposedReply(
        message_id=envelope.message_id,
        to=tuple(one.address for one in recipients),
        cc=tuple(one.address for one in copies),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        data=build_mail(envelope, letter.text, letter.html),
    )


def identity(message: Message) -> str:
    """What names `message`: its Message-ID or, where it has none, who wrote when about what."""
    sender = message.from_[0].address if message.from_ else ""
    return message.message_id or f"{sender}\n{message.date}\n{message.subject}"


def _original_subject(message: Message) -> str:
    """The subject, unless the reply goes to another house than the mail came from: nobody's words get there by us."""
    houses = {one.address.rpartition("@")[2].lower() for one in message.from_[:1]}
    others = {one.address.rpartition("@")[2].lower() for one in message.reply_to}
    return subject_stem(message.subject) if others <= houses else ""
