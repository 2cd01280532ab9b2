"""Digests of mail that a filter holds back: they list the subjects of others' requests (policy.md §1: automatic)."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message, PartKind
from rules.reading.phrases import find_phrases

RULE = "quarantine"
OPENING = 300  # characters; people tell of a lost mail further down
OURS = ("first_person", "ask_to_register", "ask_registration")


def check(message: Message, catalogue: Catalogue, _context: Context) -> Finding:
    """Do the subject or the opening speak of mail held back, without a word of a person's own?"""
    opening = next((part.text[:OPENING] for part in message.parts_of(PartKind.TEXT)), "")
    for text in (message.subject, opening):
        if find_phrases(text, catalogue.words, ("quarantine_digest",)):
            said = find_phrases(opening.partition("\t")[0], catalogue.words, OURS)
            return miss(RULE) if said else hit(RULE, RULE, [in_header("subject", message.subject)])
    return miss(RULE)
