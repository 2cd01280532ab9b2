"""Mail that the servers before us hold for spam or forged gets no answer (reliability.md §3.2, 14)."""

from __future__ import annotations

import re

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message

RULE = "distrusted"
SPAM_LEVEL = 5  # Exchange's SCL from which it files as junk
_DMARC_FAILS = re.compile(r"\bdmarc\s*=\s*fail\b", re.I)
_LEVEL = re.compile(r"\s*(-?\d+)")


def check(message: Message, _catalogue: Catalogue, _context: Context) -> Finding:
    """Does a header call the mail spam, or its sender forged?"""
    for value in message.header("x-spam-flag"):
        if value.strip().lower().startswith("yes"):
            return hit(RULE, RULE, [in_header("x-spam-flag", value)])
    for value in message.header("x-ms-exchange-organization-scl"):
        level = _LEVEL.match(value)
        if level and int(level.group(1)[:6]) >= SPAM_LEVEL:
            return hit(RULE, RULE, [in_header("x-ms-exchange-organization-scl", value)])
    for value in message.header("authentication-results"):
        if _DMARC_FAILS.search(value):
            return hit(RULE, RULE, [in_header("authentication-results", value)])
    return miss(RULE)
