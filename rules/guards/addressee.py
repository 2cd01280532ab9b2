"""A mail that does not name our address was not written to us (RFC 5230 §4.5: MUST NOT answer)."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message

RULE = "not_addressed_to_us"
DELIVERED = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "resent-to",
    "resent-cc",
    "bcc",
    "x-forwarded-to",
)


def check(message: Message, _catalogue: Catalogue, context: Context) -> Finding:
    """Is our address neither in To, Cc nor in a header that tells where the mail was delivered?"""
    if not context.own_addresses:
        return miss(RULE)
    visible = [address.address.lower() for address in (*message.to, *message.cc)]
    told = [value.lower() for name in DELIVERED for value in message.header(name)]
    if context.own_addresses & set(visible) or any(own in value for own in context.own_addresses for value in told):
        return miss(RULE)
    return hit(RULE, RULE, [in_header("to", ", ".join(visible))])
