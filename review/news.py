"""What came into a list since somebody looked at it. A fixed number of cheap queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from django.utils.dateparse import parse_datetime

from review.counts import CountedTab
from review.listing import Search, find_mails, find_registrations, find_replies
from review.paging import count_up_to
from worker.clock import database_now

MOST = 99  # told as "more than" beyond


def moment() -> str:
    """Now, by the database's clock, as an address holds it."""
    return database_now().isoformat()


def count_news(search: Search, since: str, tabs: Sequence[CountedTab], shown: int) -> int:
    """How many rows of the list came or changed after `since` (what `moment` gave), MOST + 1 where they are more.

    Where none did and the whole tab has more rows than the `shown` ones, those: a request that was put aside comes back
    by itself, a mail falls into quarantine.
    """
    after = _parsed(since)
    if after is None:
        return 0
    number = 0
    if search.tab.statuses:
        number += count_up_to(find_registrations(search).filter(updated_at__gt=after), MOST)
    if search.tab.mails and not search.narrows_requests:
        changed = {"decided_at__gt": after} if search.tab.mails == "manual" else {"stored_at__gt": after}
        number += count_up_to(find_mails(search).filter(**changed), MOST)
    if search.tab.replies:
        number += count_up_to(find_replies(search).filter(created_at__gt=after), MOST)
    now = next(one.number for one in tabs if one.tab == search.tab)
    return min(number or (0 if search.is_filtered else max(now - shown, 0)), MOST + 1)


def mark_of(content: bytes) -> str:
    """The ETag of an answer."""
    return f'"{sha256(content).hexdigest()[:24]}"'


def _parsed(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo else None
