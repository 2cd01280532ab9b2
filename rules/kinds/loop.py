"""Marks against loops: somebody's rule or ticket system sent this on by itself (reliability.md §3.2, 7)."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message

RULE = "loop"
PRESENT = frozenset(
    {
        "x-loop",
        "x-ms-exchange-inbox-rules-loop",
        "x-ms-exchange-generated-message-source",
        "x-rt-loop-prevention",
        "x-otrs-loop",
        "x-osticket-loop",
        "x-autoforward",
    }
)
BEGINNINGS = ("x-zammad-", "x-freescout-", "x-glpi-")


def check(message: Message, _catalogue: Catalogue, _context: Context) -> Finding:
    """Does a header mark the mail as sent by a rule or by a ticket system?"""
    for name, value in message.headers:
        if name in PRESENT or name.startswith(BEGINNINGS):
            return hit(RULE, RULE, [in_header(name, value)])
    return miss(RULE)
