"""Machines that write no header still say what they are: "Ez egy automatikus válasz", Exim's and qmail's openings."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, miss
from rules.kinds.sayings import SAID, find_sayings
from rules.model import Context, Evidence, Finding, Message, PartKind
from rules.reading.phrases import find_phrases

RULE = "automatic_text"
OPENING = 500  # characters; people paste a bounce further down, under their question
OWN_WORDS = 6  # a bounce passed on with fewer words than these is still but a bounce
REPORT_FIELDS = 2  # lines like "Final-Recipient:" that make a report, wherever they stand
PHRASES = "automatic_phrases"
ASKING = (
    "ask_to_register",
    "ask_registration",
    "ask_password",
    "ask_change",
    "ask_deletion",
    "first_person",
    "mail_never_comes",
)
PASSED_ON = SAID | {PartKind.FORWARDED, PartKind.QUOTED}


def check(message: Message, catalogue: Catalogue, _context: Context) -> Finding:
    """Does the newest text hold a sentence that only a machine writes, or open as a bounce does?"""
    written = " ".join(part.text for part in message.parts_of(PartKind.TEXT, PartKind.OWN_FORM)).split()
    kinds = PASSED_ON if len(written) < OWN_WORDS else SAID
    found = find_sayings(message, catalogue, "automatic_sentences")
    found += find_sayings(message, catalogue, "bounce_sentences", OPENING, kinds)
    found += _phrases(message, catalogue)
    fields = find_sayings(message, catalogue, "report_fields", kinds=kinds)
    if found or len(fields) >= REPORT_FIELDS:
        return hit(RULE, RULE, (found or fields)[:3])
    return miss(RULE)


def _phrases(message: Message, catalogue: Catalogue) -> list[Evidence]:
    """Turns of phrase that machines use and people may: none where anything is asked or asked back."""
    found: list[Evidence] = []
    for index, part in enumerate(message.parts):
        if part.kind is PartKind.TEXT:
            said = [
                hit for hit in find_phrases(part.text, catalogue.words, (PHRASES, *ASKING)) if hit.start < 3 * OPENING
            ]
            hits = [hit for hit in said if hit.name == PHRASES]
            if hits and ("?" in part.text or len(said) > len(hits)):
                return []
            found += [Evidence(index, hit.start, hit.end, part.text[hit.start : hit.end], part.source) for hit in hits]
    return found
