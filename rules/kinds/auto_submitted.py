"""The sender's software says that it wrote the mail (RFC 3834 §5: Auto-Submitted)."""

from __future__ import annotations

import re

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message

RULE = "auto_submitted"
_COMMENT = re.compile(r"\([^()]*\)")


def check(message: Message, _catalogue: Catalogue, _context: Context) -> Finding:
    """Has any Auto-Submitted header a keyword other than `no`, whatever its case, comments and parameters?"""
    for value in message.header("auto-submitted"):
        keyword = _COMMENT.sub(" ", value).partition(";")[0].strip().lower()
        if keyword not in {"", "no"}:
            return hit(RULE, RULE, [in_header("auto-submitted", value)], keyword=keyword)
    return miss(RULE)
