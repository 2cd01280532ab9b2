"""Mailing lists and newsletters: List headers and their kin (RFC 5230 §4.6; reliability.md §3.2, 4)."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message

RULE = "mailing_list"
HEADERS = frozenset({"mailing-list", "x-mailing-list", "x-ml-name", "x-mailman-version", "x-list", "feedback-id"})
BEGINNINGS = ("list-", "x-campaign", "x-mailchimp", "x-mc-user", "x-list-")


def check(message: Message, _catalogue: Catalogue, _context: Context) -> Finding:
    """Does a header name a list or a campaign?"""
    for name, value in message.headers:
        if name in HEADERS or name.startswith(BEGINNINGS):
            return hit(RULE, RULE, [in_header(name, value)])
    return miss(RULE)
