"""Subjects that mail programs write: "Automatikus válasz:", "Kézbesíthetetlen:", "Read:" (reliability.md §3.2, 12)."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message
from rules.text import fold

RULE = "automatic_subject"


def check(message: Message, catalogue: Catalogue, _context: Context) -> Finding:
    """Does the subject begin or end as only a program's does? After "Re:" it is a person's."""
    subject = " ".join(fold(message.subject).split())
    begins = tuple(catalogue.words.get("automatic_subjects", ()))
    ends = tuple(catalogue.words.get("automatic_subject_ends", ()))
    if subject and (subject.startswith(begins) or (subject.rstrip(" .!").endswith(ends) and ends)):
        return hit(RULE, RULE, [in_header("subject", message.subject)])
    return miss(RULE)
