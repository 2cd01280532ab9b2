"""The promises, checked on the servers' own records: Dovecot's maildir, the mails that the sink accepted, the ledger.

Nothing here asks the product. Every breach is one sentence without a mail's content; no breach is an empty list.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.servers.smtp_sink import Accepted
from worker.mail.identity import identify

Query = Callable[[str], list[tuple[Any, ...]]]
OWN_ID = "<aspo."
COLLEAGUES = "Sajat"  # a folder of theirs, into which we never look
LINE_END = re.compile(rb"\r\n|\r|\n")
FINAL_REPLIES = frozenset({"sent", "uncertain", "failed", "draft", "discarded"})


@dataclass
class Truth:
    """What was done to the mailbox by others; keys are digests.

    `destroyed` and `flags` are what others may have done (we may have been faster and moved the mail away).
    """

    delivered: Counter[str] = field(default_factory=Counter)
    destroyed: Counter[str] = field(default_factory=Counter)
    flags: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ids: dict[str, str] = field(default_factory=dict)

    def deliver(self, raw: bytes) -> str:
        """One more copy of `raw` was put into the mailbox; returns its digest."""
        key = digest(raw)
        self.delivered[key] += 1
        self.ids[key] = identify(raw).message_id
        return key


@dataclass(frozen=True)
class Stored:
    """A mail in the maildir, by the file's name and content."""

    folder: str
    flags: frozenset[str]
    digest: str
    message_id: str


def digest(raw: bytes) -> str:
    """The same for a mail before and after imaplib and a maildir took it, each with line ends of its own."""
    return hashlib.sha256(LINE_END.sub(b"\n", raw)).hexdigest()


def read_maildir(root: Path) -> Iterator[Stored]:
    """Every mail of every folder below `root`."""
    for path in sorted(root.glob("**/cur/*")) + sorted(root.glob("**/new/*")):
        try:
            raw = path.read_bytes()
        except FileNotFoundError:  # renamed in this moment: only an idle mailbox can be read
            continue
        flags = frozenset(path.name.rpartition(":2,")[2]) if ":2," in path.name else frozenset()
        yield Stored(path.parent.parent.name, flags, digest(raw), identify(raw).message_id)


def find_breaches(truth: Truth, maildir: Path, accepted: Sequence[Accepted], query: Query) -> list[str]:
    """Every promise that is broken, once all is quiet."""
    own = {row[0] for row in query("SELECT message_id FROM worker_reply")}
    stored = [mail for mail in read_maildir(maildir) if mail.message_id not in own or mail.digest in truth.delivered]
    return [
        *_lost_or_flagged(truth, stored),
        *_rows(truth, stored, query),
        *_answers(truth, accepted, query),
        *_waiting(query),
    ]


def _lost_or_flagged(truth: Truth, stored: Sequence[Stored]) -> Iterator[str]:
    """I4: nothing is expunged, doubled or flagged by us; what others did is in `truth`."""
    found = Counter(mail.digest for mail in stored)
    for key, number in (truth.delivered - truth.destroyed - found).items():
        yield f"LOST: {number} of {truth.ids[key]} gone from the server"
    for key, number in (found - truth.delivered).items():
        yield f"DOUBLED: {number} more of {truth.ids.get(key, 'a mail nobody delivered')} on the server"
    for mail in stored:
        if foreign := mail.flags - truth.flags[mail.digest]:
            yield f"FLAGGED: {mail.message_id} in {mail.folder} bears {sorted(foreign)}"


def _rows(truth: Truth, stored: Sequence[Stored], query: Query) -> Iterator[str]:
    """I1: each mail that lies in INBOX or in a folder of ours has its row; one of its rows is not a twin's."""
    rows = Counter(row[0] for row in query("SELECT message_id FROM worker_mail WHERE twin_of_id IS NULL"))
    for message_id, number in Counter(truth.ids.values()).items():
        if rows[message_id] > number and message_id:
            yield f"ROWS: {rows[message_id]} first rows of {message_id}"
    known = {row[0] for row in query("SELECT message_id FROM worker_mail")}
    for mail in stored:
        if mail.folder != f".{COLLEAGUES}" and mail.message_id not in known:
            yield f"UNSEEN: {mail.message_id} in {mail.folder} has no row"
    doubled = query(
        "SELECT folder, uidvalidity, uid, count(*) FROM worker_mail"
        " GROUP BY mailbox, folder, uidvalidity, uid HAVING count(*) > 1"
    )
    yield from (f"ROWS: two for {row}" for row in doubled)
    people = query("SELECT mail_id, position FROM registry_registration GROUP BY mail_id, position HAVING count(*) > 1")
    yield from (f"PEOPLE: twice {row}" for row in people)


def _answers(truth: Truth, accepted: Sequence[Accepted], query: Query) -> Iterator[str]:
    """I2: at most one accepted mail for each reply and for each mail answered; the ledger says so too."""
    ours = [mail for mail in accepted if mail.message_id.startswith(OWN_ID)]
    texts = Counter(truth.ids.values())  # two texts may come under one Message-ID
    for message_id, number in Counter(mail.message_id for mail in ours).items():
        if number > 1:
            yield f"TWICE: reply {message_id} was accepted {number} times"
    for message_id, number in Counter(mail.in_reply_to for mail in ours).items():
        if number > max(1, texts[message_id]) and message_id not in {"", "None"}:
            yield f"TWICE: {message_id} was answered {number} times"
    states: dict[str, str] = dict(query("SELECT message_id, state FROM worker_reply"))
    for mail in ours:
        if states.get(mail.message_id) not in ("sent", "uncertain"):
            yield f"UNRECORDED: reply {mail.message_id} went out and is {states.get(mail.message_id)}"
    for message_id in {one for one, state in states.items() if state == "sent"} - {mail.message_id for mail in ours}:
        yield f"INVENTED: reply {message_id} is 'sent' and never arrived"


def _waiting(query: Query) -> Iterator[str]:
    """I3 and I5: every mail is filed, or failed with a reason; every reply has ended, or waits for a person."""
    for state, failure, number in query("SELECT state, failure, count(*) FROM worker_mail GROUP BY state, failure"):
        if state not in ("filed", "failed") or (state == "failed" and not failure):
            yield f"STUCK: {number} mails are {state}"
    for state, number in query("SELECT state, count(*) FROM worker_reply GROUP BY state"):
        if state not in FINAL_REPLIES:
            yield f"STUCK: {number} replies are {state}"
    wanting = query(
        "SELECT m.message_id FROM worker_mail m WHERE m.state <> 'failed' AND m.answerable"
        " AND CAST(m.outcomes AS TEXT) LIKE '%reply%'"
        " AND NOT EXISTS (SELECT 1 FROM worker_reply r WHERE r.mail_id = m.id)"
    )
    yield from (f"UNANSWERED: {row[0]}" for row in wanting)
