"""How many mails come at a time: several small ones, large ones alone, none forgotten."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from worker.mail.answers import FetchAnswer
from worker.mail.fetching import GROUP_BYTES, HEAD, HEADERS, Fetching

HEADER = b"Subject: x\r\n\r\n"
LARGE = GROUP_BYTES + 1
OVERSIZE = 2 * GROUP_BYTES


class Server:
    """Mails by UID and size; `asked` are the UIDs of each FETCH for whole ones."""

    def __init__(self, sizes: dict[int, int]) -> None:
        self.sizes = sizes
        self.asked: list[list[int]] = []

    def ask(self, uids: Sequence[int], items: str) -> dict[int, FetchAnswer]:
        there = [uid for uid in uids if uid in self.sizes]
        if items == HEAD:
            return {uid: FetchAnswer(uid, {"RFC822.SIZE": b"%d" % self.sizes[uid]}) for uid in there}
        if items == HEADERS:
            return {uid: FetchAnswer(uid, {"BODY[HEADER]": HEADER}) for uid in there}
        self.asked.append(list(uids))
        return {uid: FetchAnswer(uid, {"BODY[]": bytes(self.sizes[uid])}) for uid in there}


@pytest.mark.parametrize(
    ("sizes", "batches"),
    [
        ({}, []),
        ({1: 10, 2: 20, 3: 30}, [[1, 2, 3]]),
        ({1: 10, 2: LARGE, 3: LARGE, 4: 20, 5: 30}, [[1], [2], [3], [4, 5]]),
        ({1: GROUP_BYTES // 2, 2: GROUP_BYTES // 2, 3: 1}, [[1, 2], [3]]),
        ({1: LARGE, 2: 10}, [[1], [2]]),
        ({1: 10, 2: OVERSIZE + 1, 3: 10}, [[1, 2, 3]]),
    ],
)
def test_no_large_mail_is_held_beside_another(sizes: dict[int, int], batches: list[list[int]]) -> None:
    server = Server(sizes)
    found = [[mail.uid for mail in batch.mails] for batch in Fetching(server.ask, OVERSIZE).fetch(sizes, bool)]
    assert found == batches
    assert all(sum(sizes[uid] for uid in uids) <= GROUP_BYTES or len(uids) == 1 for uids in server.asked)


def test_the_next_batch_is_fetched_when_it_is_asked_for() -> None:
    server = Server({1: LARGE, 2: LARGE})
    batches = Fetching(server.ask, OVERSIZE).fetch([1, 2], bool)
    next(batches)
    assert server.asked == [[1]]


def test_what_is_gone_is_told_beside_what_is_there() -> None:
    [batch] = Fetching(Server({1: 10}).ask).fetch([1, 2, 3], lambda uid: uid == 3)
    assert batch.vanished == {2}
    assert batch.broken == {3}
