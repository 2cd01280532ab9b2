"""Mail that the servers before us hold for spam or forged gets no answer (reliability.md §3.2, 14; RFC 8601)."""

from __future__ import annotations

import re

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message

RULE = "distrusted"
SPAM_LEVEL = 5  # Exchange's SCL from which it files as junk
READ = 4000  # characters of a header; servers write a few hundred
_DMARC_FAILS = re.compile(r"\bdmarc\s*=\s*fail\b", re.I)
_LEVEL = re.compile(r"\s*(-?\d+)")
_COMMENT = re.compile(r"\([^()]*\)")
_SERVER = re.compile(r'\s*"?([^\s;"=]+)(?!\s*=)(?=[\s;"]|$)')


def check(message: Message, _catalogue: Catalogue, context: Context) -> Finding:
    """Does a header call the mail spam, or does a server that is believed say that its sender is forged?"""
    for value in message.header("x-spam-flag"):
        if value.strip().lower().startswith("yes"):
            return hit(RULE, RULE, [in_header("x-spam-flag", value)])
    for value in message.header("x-ms-exchange-organization-scl"):
        level = _LEVEL.match(value)
        if level and int(level.group(1)[:6]) >= SPAM_LEVEL:
            return hit(RULE, RULE, [in_header("x-ms-exchange-organization-scl", value)])
    for value in message.header("authentication-results"):
        said = _COMMENT.sub(" ", value[:READ])
        if _DMARC_FAILS.search(said) and _is_believed(said, context):
            return hit(RULE, RULE, [in_header("authentication-results", value)])
    return miss(RULE)


def _is_believed(said: str, context: Context) -> bool:
    """Anybody can write such a header; those of the operator's servers count. `said` is without comments."""
    if context.authenticators is None:
        return True
    server = _SERVER.match(said)  # Microsoft 365 begins with its results
    return (server.group(1).lower() if server else "") in context.authenticators
