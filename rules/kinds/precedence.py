"""Mail to many says so in Precedence (reliability.md §3.2, 3)."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message

RULE = "precedence"
HEADERS = ("precedence", "x-precedence", "preference")
BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply", "autoreply"})


def check(message: Message, _catalogue: Catalogue, _context: Context) -> Finding:
    """Does a Precedence header say bulk, list, junk or auto_reply?"""
    for name in HEADERS:
        for value in message.header(name):
            if value.partition(";")[0].partition("(")[0].strip().lower() in BULK:
                return hit(RULE, RULE, [in_header(name, value)])
    return miss(RULE)
