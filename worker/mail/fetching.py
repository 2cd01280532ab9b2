"""Fetching mails so that none is lost, doubled or made up: each answer is verified by UID and size.

What is missing or contradictory among others is asked for alone; what then is still not given is either gone
(`vanished`, the search says so) or `broken`. Large mails come alone: two of them are never in memory together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.mail.answers import FetchAnswer

OVERSIZE = 30 * 1024 * 1024  # bytes; over this only the headers are fetched
GROUP_BYTES = 4 * 1024 * 1024  # one FETCH asks for no more, unless one mail alone is larger
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

    def fetch(self, uids: Iterable[int], exists: Callable[[int], bool]) -> Iterator[Batch]:
        """Every mail of `uids` that is there and readable, by UID, as many at a time as memory takes.

        `exists` asks the server whether a UID is still there.
        """
        wanted = sorted(set(uids))
        sizes = {uid: head.size() or 0 for uid, head in self.ask(wanted, HEAD).items()}
        for group in _groups(wanted, sizes, self.oversize):
            yield self._batch(group, sizes, exists)  # kept by nobody here while the next is fetched

    def _batch(self, group: Sequence[int], sizes: dict[int, int], exists: Callable[[int], bool]) -> Batch:
        mails = self._together([uid for uid in group if 0 < sizes.get(uid, 0) <= self.oversize], sizes)
        vanished: set[int] = set()
        broken: set[int] = set()
        for uid in group:
            if uid in mails:
                continue
            mail = self._alone(uid)
            if mail:
                mails[uid] = mail
            else:
                (broken if exists(uid) else vanished).add(uid)
        return Batch(tuple(mails[uid] for uid in sorted(mails)), frozenset(vanished), frozenset(broken))

    def _together(self, group: Sequence[int], sizes: dict[int, int]) -> dict[int, Fetched]:
        answers = self.ask(group, WHOLE)
        return {uid: mail for uid in group if (mail := _whole(answers.get(uid), sizes[uid]))}

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


def _groups(uids: Sequence[int], sizes: dict[int, int], oversize: int) -> list[list[int]]:
    """UIDs in groups of at most GROUP_BYTES; of those over `oversize` little is fetched."""
    groups: list[list[int]] = []
    filled = 0
    for uid in uids:
        size = sizes.get(uid, 0)
        filled += size if size <= oversize else 0
        if filled > GROUP_BYTES or not groups:
            groups.append([])
            filled = size if size <= oversize else 0
        groups[-1].append(uid)
    return groups
