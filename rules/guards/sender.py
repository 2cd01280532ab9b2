"""Whom would the answer reach? One sender with a sound address, or nobody (RFC 3834 §2; reliability.md §3.2, 1)."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message

RULE = "sender_unclear"
DEFECTS = frozenset({"no_from", "many_from"})


def check(message: Message, _catalogue: Catalogue, context: Context) -> Finding:
    """Is the sender missing, more than one, or without a whole address, or would we answer ourselves?"""
    targets = [address.address for address in message.reply_to or message.from_]
    broken = DEFECTS & message.defects or len(message.from_) != 1
    unsound = any("@" not in target.strip("@") or target.lower() in context.own_addresses for target in targets)
    if broken or unsound or not targets:
        return hit(RULE, RULE, [in_header("from", ", ".join(targets))])
    return miss(RULE)
