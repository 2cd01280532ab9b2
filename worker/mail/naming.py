"""How a command names mails: by their UIDs; more of them than a line holds, as what the server is told to remember.

That is SEARCHRES (RFC 5182): a search keeps what it found, and `$` stands for it. Without it a caller names fewer.
"""

from __future__ import annotations

import imaplib
import re
from collections.abc import Collection

from worker.mail.answers import format_uid_set, parse_uid_set
from worker.mail.translate import failure

LONGEST_SET = 7500  # bytes of a command's UIDs: every server takes a line of 8 KB
ALL = re.compile(rb"\bALL ([\d:,]+)", re.IGNORECASE)


def fit(uids: Collection[int]) -> bool:
    """Whether one command line holds `uids`."""
    return len(format_uid_set(uids)) <= LONGEST_SET


def pieces(uids: Collection[int]) -> list[str]:
    """UID sets that lines hold, together `uids`."""
    found, rest = [], format_uid_set(uids)
    while len(rest) > LONGEST_SET:
        end = rest.rindex(",", 0, LONGEST_SET + 1)
        found.append(rest[:end])
        rest = rest[end + 1 :]
    return [*found, rest] if rest else found


def name(client: imaplib.IMAP4, uids: Collection[int]) -> str:
    """`uids` for a command of `client` on its selected folder: a set, or `$` once the server remembers them.

    Where it refuses, or says that it remembers anything else, the set of the first of them.
    """
    sets = pieces(uids)
    if len(sets) == 1:
        return sets[0]
    client.untagged_responses.pop("ESEARCH", None)
    for place, one in enumerate(sets):
        criteria = f"OR UID $ UID {one}" if place else f"UID {one}"
        if not _remembered(client, criteria):
            return sets[0]
    _, answers = client.response("ESEARCH")
    last = ALL.search(answers[-1] or b"") if answers else None
    remembered = parse_uid_set(last.group(1)) if last else set()
    return "$" if remembered and remembered <= set(uids) else sets[0]


def _remembered(client: imaplib.IMAP4, criteria: str) -> bool:
    """Whether the server did as told: some announce what they refuse, and may say NO at any time (RFC 5182, 2.1)."""
    try:
        answer = client.uid("SEARCH", "RETURN (SAVE ALL)", criteria)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:  # BAD
        return False
    failure("search", answer, throttling_only=True)
    return bool(answer[0] == "OK")
