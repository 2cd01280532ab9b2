"""Where the mails of a filled ledger lie: one inbox, UIDs from 1 on without a gap. Knows nothing of Django."""

from __future__ import annotations

USER = "bench"
MAILBOX, FOLDER, UIDVALIDITY = f"{USER}@127.0.0.1", "INBOX", 1
OTHERS = {"other": 10, "password": 5, "automatic": 5}  # mails without a request, of a hundred with one


def mails_of(requests: int) -> int:
    """How many mails belong to so many requests, full hundreds."""
    return requests + requests * sum(OTHERS.values()) // 100
