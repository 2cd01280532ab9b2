"""policy.md §9: data only in a scan or picture are for staff: the worker cannot tell what is missing."""

from __future__ import annotations

from rules.case import Case
from rules.findings import hit, miss
from rules.model import Finding, Note

RULE = "unreadable_attachment"


def check(case: Case) -> Finding:
    """Does the mail point at an attachment that could not be read, while data are missing?"""
    if case.unread:
        return hit(RULE, Note.DATA_ONLY_IN_UNREADABLE_ATTACHMENT, case.unread, person=case.index)
    return miss(RULE, person=case.index)
