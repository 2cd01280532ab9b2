"""Bounces, delivery and read receipts, complaints: reports by their MIME type (RFC 3464, 8098, 5965)."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message

RULE = "report"
TYPES = ("multipart/report", "message/delivery-status", "message/disposition-notification", "message/feedback-report")
CLASSES = ("urn:content-classes:dsn", "urn:content-classes:mdn", "urn:content-classes:recallmessage")


def check(message: Message, _catalogue: Catalogue, _context: Context) -> Finding:
    """Is the mail, or a part of it that is not a forwarded mail's own, a report?"""
    for content_type in message.content_types:
        if content_type.startswith(TYPES):
            return hit(RULE, RULE, [in_header("content-type", content_type)])
    for value in message.header("content-class"):
        folded = value.strip().lower()
        if folded.startswith(CLASSES) or (folded.startswith("urn:content-classes:") and "notification" in folded):
            return hit(RULE, RULE, [in_header("content-class", value)])
    return miss(RULE)
