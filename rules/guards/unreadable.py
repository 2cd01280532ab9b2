"""What cannot be read whole cannot be answered well: encrypted, cut or broken mail (reliability.md §3.2, 10)."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message

RULE = "unreadable"
DEFECTS = frozenset({"encrypted", "truncated", "too_deep", "too_many_parts"})
TYPES = ("multipart/encrypted", "application/pgp-encrypted")


def check(message: Message, _catalogue: Catalogue, _context: Context) -> Finding:
    """Is the mail encrypted, or did intake have to leave parts of it unread?"""
    found = sorted(DEFECTS & message.defects)
    if found:
        return hit(RULE, found[0], [in_header("message", ", ".join(found))])
    if any(content_type.startswith(TYPES) for content_type in message.content_types):
        return hit(RULE, "encrypted", [in_header("content-type", "encrypted")])
    return miss(RULE)
