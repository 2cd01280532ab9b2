"""Fetching mails so that none is lost, doubled or made up: each answer is verified by UID and size.

What is missing or contradictory among others is asked for alone; what then is still not given is either gone
(`vanished`, the search says so) or `broken`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.mail.answers import FetchAnswer

OVERSIZE = 30 * 1024 * 1024  # bytes; over this only the headers are fetched
GROUP_BYTES = 16 * 1024 * 1024  # one FETCH asks for about this much
TRIES_ALONE = 2  # after so many a body is believed whose length is not the announced size
HEAD = "(UID INTERNALDATE RFC822.SIZE)"
WHOLE = "(UID INTERNALDATE RFC822.SIZE BODY.PEEK[])"
HEADERS = "(UID BODY.PEEK[HEADER])"

Ask = Callable[[Sequence[int], str], dict[int, FetchAnswer]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as the server has it. `raw` is whole, or only the headers where `size` (bytes) is over the limit."""

    uid: int
    size: int
    received_at: datetime | None
    raw: bytes
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a set of UIDs: mails, those gone in the meantime, those the server would not give."""

    mails: tuple[Fetched, ...]
    vanished: frozenset[int]
    broken: frozenset[int]


@dataclass(frozen=True, slots=True)
class Fetching:
    """`ask` sends one FETCH for UIDs and items and gives the answers that belong to it."""

    ask: Ask
    oversize: int = OVERSIZE

    def fetch(self, uids: Iterable[int], exists: Callable[[int], bool]) -> Batch:
        """Every mail of `uids` that is there and readable; `exists` asks the server whether a UID is still there."""
        wanted = sorted(set(uids))
        mails = self._together(wanted)
        vanished: set[int] = set()
        broken: set[int] = set()
        for uid in wanted:
            if uid in mails:
                continue
            mail = self._alone(uid)
            if mail:
                mails[uid] = mail
            else:
                (broken if exists(uid) else vanished).add(uid)
        return Batch(tuple(mails[uid] for uid in sorted(mails)), frozenset(vanished), frozenset(broken))

    def _together(self, wanted: Sequence[int]) -> dict[int, Fetched]:
        sizes = {uid: head.size() or 0 for uid, head in self.ask(wanted, HEAD).items()}
        mails: dict[int, Fetched] = {}
        for group in _groups([uid for uid in wanted if 0 < sizes.get(uid, 0) <= self.oversize], sizes):
            answers = self.ask(group, WHOLE)
            mails |= {uid: mail for uid in group if (mail := _whole(answers.get(uid), sizes[uid]))}
        return mails

    def _alone(self, uid: int) -> Fetched | None:
        """One mail by itself: oversize ones, and those whose answer among others was missing or contradictory."""
        for attempt in range(1, TRIES_ALONE + 1):
            head = self.ask([uid], HEAD).get(uid)
            if head is None:
                continue
            size = head.size() or 0
            if size > self.oversize:
                answer = self.ask([uid], HEADERS).get(uid)
                if answer and answer.body():
                    return Fetched(uid, size, head.internal_date(), answer.body() or b"", whole=False)
                continue
            mail = _whole(self.ask([uid], WHOLE).get(uid), size if attempt < TRIES_ALONE else None)
            if mail:
                return mail
        return None


def _whole(answer: FetchAnswer | None, announced: int | None) -> Fetched | None:
    """The mail of a FETCH answer; None where its body is missing or empty, or not of the `announced` size."""
    body = answer.body() if answer else None
    if answer is None or not body or (announced is not None and len(body) != announced):
        return None
    return Fetched(answer.uid, len(body), answer.internal_date(), body)


def _groups(uids: Sequence[int], sizes: dict[int, int]) -> list[list[int]]:
    """UIDs in groups of about GROUP_BYTES."""
    groups: list[list[int]] = []
    filled = GROUP_BYTES
    for uid in uids:
        if filled >= GROUP_BYTES:
            groups.append([])
            filled = 0
        groups[-1].append(uid)
        filled += sizes[uid]
    return groups
