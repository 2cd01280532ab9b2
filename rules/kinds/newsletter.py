"""Newsletters that hide their List headers still tell how to unsubscribe (policy.md §1: newsletter)."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, miss
from rules.kinds.sayings import find_sayings
from rules.model import Context, Finding, Message, PartKind

RULE = "newsletter"
LINKS = ("http", "www.", "mailto:")


def check(message: Message, catalogue: Catalogue, _context: Context) -> Finding:
    """Does the mail offer a link to leave its readers? (A person who asks to be unsubscribed gives none.)"""
    found = find_sayings(message, catalogue, "newsletter_sentences")
    if not found:
        return miss(RULE)
    linked = any(link in part.text for part in message.parts if part.kind is not PartKind.QUOTED for link in LINKS)
    return hit(RULE, RULE, found[:1]) if linked else miss(RULE)
