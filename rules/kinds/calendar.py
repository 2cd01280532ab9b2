"""Invitations and answers to them: the calendar wrote them (reliability.md §3.2, 10)."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message

RULE = "calendar"
CLASSES = ("urn:content-classes:calendarmessage", "ipm.schedule.meeting")


def check(message: Message, _catalogue: Catalogue, _context: Context) -> Finding:
    """Is there a text/calendar part with a METHOD, or a meeting's content class?"""
    for content_type in message.content_types:
        if content_type.startswith("text/calendar") and "method" in content_type:
            return hit(RULE, RULE, [in_header("content-type", content_type)])
    for name in ("content-class", "x-ms-exchange-organization-messageclass"):
        for value in message.header(name):
            if value.strip().lower().startswith(CLASSES):
                return hit(RULE, RULE, [in_header(name, value)])
    return miss(RULE)
