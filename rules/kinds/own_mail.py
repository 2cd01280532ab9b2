"""Our own mail coming back: from our address, or our reply sent on by somebody's rule (reliability.md §3.2, 1, 7)."""

from __future__ import annotations

import re

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.kinds.sayings import find_sayings
from rules.model import Context, Finding, Message, PartKind

RULE = "own_mail"
OPENING = 120  # characters; a greeting may stand before
WORDS_OF_A_PERSON = 3  # letters a sender adds above our text before it is his mail
_OUR_ID = re.compile(r"<aspo\.[a-z0-9]{32}@", re.IGNORECASE)  # of any installation; no answer keeps its letter's


def check(message: Message, catalogue: Catalogue, context: Context) -> Finding:
    """Is the sender one of our addresses, or is it, or is all its text, one of our own replies?"""
    for address in (*message.from_, *_senders(message)):
        if _address(address) in context.own_addresses:
            return hit(RULE, RULE, [in_header("from", _address(address))])
    if _OUR_ID.match(message.message_id):
        return hit(RULE, RULE, [in_header("message-id", message.message_id)])
    opening = find_sayings(message, catalogue, "own_reply_openings", within=OPENING)
    if opening and not message.parts_of(PartKind.OWN_FORM):
        return hit(RULE, RULE, opening[:1])
    passed_on = message.parts_of(PartKind.FORWARDED)
    written = "".join(part.text for part in message.parts_of(PartKind.TEXT, PartKind.OWN_FORM))
    ours = [part for part in passed_on if part.sender and part.sender.address in context.own_addresses]
    if ours and len(ours) == len(passed_on) and len(written.split()) < WORDS_OF_A_PERSON:
        return hit(RULE, RULE, [in_header("forwarded from", ours[0].sender.address if ours[0].sender else "")])
    return miss(RULE)


def _senders(message: Message) -> tuple[str, ...]:
    return tuple(value.strip(" <>") for name in ("sender", "resent-from") for value in message.header(name))


def _address(sender: object) -> str:
    return str(getattr(sender, "address", sender)).lower()
