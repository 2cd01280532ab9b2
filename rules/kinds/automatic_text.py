"""Machines that write no header still say what they are: "Ez egy automatikus válasz", Exim's and qmail's openings."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, miss
from rules.kinds.sayings import find_sayings
from rules.model import Context, Finding, Message

RULE = "automatic_text"
OPENING = 500  # characters; people paste a bounce further down, under their question


def check(message: Message, catalogue: Catalogue, _context: Context) -> Finding:
    """Does the newest text hold a sentence that only a machine writes, or open as a bounce does?"""
    found = find_sayings(message, catalogue.words.get("automatic_sentences", ()))
    found += find_sayings(message, catalogue.words.get("bounce_sentences", ()), within=OPENING)
    return hit(RULE, RULE, found[:3]) if found else miss(RULE)
