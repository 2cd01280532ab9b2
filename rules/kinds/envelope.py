"""The mail says that nobody wants an answer: an empty return path (RFC 3834 §2: MUST NOT answer)."""

from __future__ import annotations

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message

RULE = "null_return_path"


def check(message: Message, _catalogue: Catalogue, _context: Context) -> Finding:
    """Is the return path `<>`, as bounces and receipts have it?"""
    for value in message.header("return-path"):
        if value.strip() in {"<>", "< >", "<MAILER-DAEMON>", ""}:
            return hit(RULE, RULE, [in_header("return-path", value)])
    return miss(RULE)
