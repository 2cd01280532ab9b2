"""Acknowledgements of ticket systems: "[GLPI #0048213] Új hibajegy", "Bejelentését rögzítettük" (policy.md §1)."""

from __future__ import annotations

import re

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message, PartKind
from rules.reading.phrases import find_phrases
from rules.text import fold

RULE = "ticket"
_NUMBER = re.compile(
    r"\[[^\]]{0,30}#\s?\d{3,}[^\]]{0,10}\]|\b(?:ticket|hibajegy|ugyszam|jegy)\s?[#:]?\s?\d{4,}|#\d{4,}"
)
_NUMBERED = re.compile(r"\d{4,}[^.\n]{0,30}\bszam|azonosito|hibajegy|ticket|ugyszam|iktatoszam|ugyiratszam")


def check(message: Message, catalogue: Catalogue, _context: Context) -> Finding:
    """Does the subject say that a report was registered, or does the text, with a ticket's number?"""
    subject = " ".join(fold(message.subject).split())
    if any(phrase in subject for phrase in catalogue.words.get("ticket_subjects", ())):
        return hit(RULE, RULE, [in_header("subject", message.subject)])
    text = "\n".join(part.text[:1500] for part in message.parts_of(PartKind.TEXT))
    acknowledged = find_phrases(text, catalogue.words, ("acknowledge_report",))
    if acknowledged and (_NUMBER.search(subject) or _NUMBERED.search(fold(text))):
        return hit(RULE, RULE, [in_header("subject", message.subject)])
    return miss(RULE)
