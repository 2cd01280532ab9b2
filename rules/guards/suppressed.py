"""The sender asks for no automatic answer; he may still be a person (MS-OXCMAIL 2.1.3.2.20; reliability.md §3.2, 6)."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message

RULE = "answer_suppressed"
ASKED = frozenset({"all", "autoreply", "oof", "dr"})


def check(message: Message, _catalogue: Catalogue, _context: Context) -> Finding:
    """Does X-Auto-Response-Suppress name All, AutoReply, OOF or DR?"""
    for value in message.header("x-auto-response-suppress"):
        if ASKED & {word.strip().lower() for word in value.replace(";", ",").split(",")}:
            return hit(RULE, RULE, [in_header("x-auto-response-suppress", value)])
    return miss(RULE)
