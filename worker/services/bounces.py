"""Bounces: an automatic mail that names one of our replies is linked to it, so that staff see what came back."""

from __future__ import annotations

import re

from rules.model import Message
from worker.models import Event, Mail, Reply

OUR_IDS = re.compile(r"<aspo\.[a-z0-9]{8,64}@[a-z0-9.-]{1,253}>", re.IGNORECASE)
SEARCHED_BYTES = 1024 * 1024
MOST = 20  # letters that one mail can tell of
POSTMEN = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "maildaemon"})
ACTION = re.compile(rb"^Action:[ \t]*([a-z]{1,20})", re.IGNORECASE | re.MULTILINE)


def link_bounce(mail: Mail, message: Message) -> None:
    """Record on our reply what came back for it, wherever in the mail its Message-ID stands.

    The event is `bounced` where it was not delivered, `answered_automatically` for an out-of-office and its like.
    """
    raw = mail.beginning(SEARCHED_BYTES)
    read = "\n".join(part.text for part in message.parts)  # an identifier may be wrapped, or in base64
    found = OUR_IDS.findall(f"{raw.decode('ascii', 'replace')}\n{read}\n{' '.join(message.references)}")
    ids = {one for identifier in found for one in (identifier, identifier.lower())}
    if not ids:
        return
    verb = "bounced" if _says_undelivered(message, raw) else "answered_automatically"
    for reply in Reply.objects.filter(message_id__in=sorted(ids)[: 2 * MOST]):
        Event.objects.create(verb=verb, mail=mail, reply=reply)


def _says_undelivered(message: Message, raw: bytes) -> bool:
    """A report of failure (RFC 3464; a mere delay is none), or what servers without such reports write in words."""
    if any("delivery-status" in content_type for content_type in message.content_types):
        actions = {action.lower() for action in ACTION.findall(raw)}
        return not actions or b"failed" in actions
    locals_ = {one.address.partition("@")[0].lower() for one in message.from_}
    return bool(locals_ & POSTMEN) or bool(message.header("x-failed-recipients"))
