"""Acknowledgements of ticket systems: "[GLPI #0048213] Új hibajegy", "Bejelentését rögzítettük" (policy.md §1)."""

from __future__ import annotations

import re

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message
from rules.text import fold

RULE = "ticket"
_NUMBER = re.compile(r"\[[^\]]{0,30}#\s?\d{3,}[^\]]{0,10}\]|\b(?:ticket|hibajegy|ugyszam|jegy)\s?[#:]?\s?\d{4,}")


def check(message: Message, catalogue: Catalogue, _context: Context) -> Finding:
    """Does the subject say that a report was registered, or does the text, under a ticket's number?"""
    subject = " ".join(fold(message.subject).split())
    phrases = catalogue.words.get("ticket_subjects", ())
    if any(phrase in subject for phrase in phrases):
        return hit(RULE, RULE, [in_header("subject", message.subject)])
    opening = " ".join(fold(part.text[:1500]) for part in message.parts if part.kind.value == "text")
    if _NUMBER.search(subject) and any(phrase in " ".join(opening.split()) for phrase in phrases):
        return hit(RULE, RULE, [in_header("subject", message.subject)])
    return miss(RULE)
