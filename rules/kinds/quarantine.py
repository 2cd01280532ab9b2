"""Digests of mail that a filter holds back: they list the subjects of others' requests (policy.md §1: automatic)."""

from __future__ import annotations

import re

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message, PartKind
from rules.reading.phrases import find_phrases

RULE = "quarantine"
_PREFIX = re.compile(r"\s*\w{1,12}\s?:")  # "Re:", "Továbbítva:": a person's
OPENING = 300  # characters; people tell of a lost mail further down
DIGEST = ("quarantine_digest",)
OURS = ("first_person", "ask_to_register", "ask_registration")


def check(message: Message, catalogue: Catalogue, _context: Context) -> Finding:
    """Do the subject or the opening speak of mail held back, without a word of a person's own?"""
    if not _PREFIX.match(message.subject) and find_phrases(message.subject, catalogue.words, DIGEST):
        return hit(RULE, RULE, [in_header("subject", message.subject)])
    text = next((part.text for part in message.parts_of(PartKind.TEXT)), "")
    opening = {hit.name for hit in find_phrases(text, catalogue.words, DIGEST + OURS) if hit.end <= OPENING}
    if opening.intersection(DIGEST) and not opening.intersection(OURS):
        return hit(RULE, RULE, [in_header("subject", message.subject)])
    return miss(RULE)
