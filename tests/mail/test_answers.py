"""Reading server answers, honest and otherwise."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.mail import answers

PLAIN: list[answers.Piece] = [
    (b'1 (UID 7 INTERNALDATE "23-Nov-2026 01:25:03 +0100" RFC822.SIZE 2 BODY[] {2}', b"hi"),
    b")",
]
FETCHES: dict[str, tuple[list[answers.Piece], dict[int, bytes | None]]] = {
    "one": (PLAIN, {7: b"hi"}),
    "items after the literal": ([(b"1 (BODY[] {2}", b"hi"), b" UID 7 RFC822.SIZE 2)"], {7: b"hi"}),
    "unsolicited flags before and after": (
        [b"2 (FLAGS (\\Seen))", *PLAIN, b"3 (FLAGS (\\Deleted \\Seen))"],
        {7: b"hi"},
    ),
    "unsolicited flags with a uid": ([*PLAIN, b"1 (UID 7 FLAGS (\\Seen))"], {7: b"hi"}),
    "quoted body": ([b'1 (UID 7 BODY[] "a \\"b\\" (c)")'], {7: b'a "b" (c)'}),
    "empty literal": ([(b"1 (UID 7 BODY[] {0}", b""), b")"], {7: b""}),
    "NIL": ([b"1 (UID 7 BODY[] NIL)"], {7: None}),
    "no uid": ([(b"1 (BODY[] {2}", b"hi"), b")"], {}),
    "a literal that looks like an answer": (
        [(b"1 (UID 7 BODY[] {17}", b"* 2 (UID 9 BODY[]"), b")"],
        {7: b"* 2 (UID 9 BODY[]"},
    ),
    "headers only": ([(b"1 (UID 7 BODY[HEADER] {2}", b"hi"), b")"], {7: b"hi"}),
    "two": ([*PLAIN, (b"2 (UID 8 BODY[] {3}", b"you"), b")"], {7: b"hi", 8: b"you"}),
    "nothing": ([None], {}),
    "nonsense": ([b")(", b"", (b"", b"x"), b"1 UID 7"], {}),
}


@pytest.mark.parametrize("name", FETCHES)
def test_fetch(name: str) -> None:
    pieces, bodies = FETCHES[name]
    parsed = answers.parse_fetch(pieces)
    assert {uid: answer.body() for uid, answer in parsed.items()} == bodies


def test_fetch_gives_size_and_date() -> None:
    answer = answers.parse_fetch(PLAIN)[7]
    assert answer.size() == 2
    assert answer.internal_date() == datetime(2026, 11, 23, 0, 25, 3, tzinfo=UTC)


@given(
    st.lists(st.one_of(st.none(), st.binary(max_size=60), st.tuples(st.binary(max_size=60), st.binary(max_size=20))))
)
def test_fetch_never_raises(pieces: list[answers.Piece]) -> None:
    for answer in answers.parse_fetch(pieces).values():
        answer.body(), answer.size(), answer.internal_date()


DATES = [
    (b" 1-Jan-2026 00:00:00 +0000", datetime(2026, 1, 1, tzinfo=UTC)),
    (b"01-Jul-2026 02:00:00 +0200", datetime(2026, 7, 1, tzinfo=UTC)),
    (b"31-Feb-2026 02:00:00 +0200", None),
    (b"01-Xyz-2026 02:00:00 +0200", None),
    (b"yesterday", None),
]


@pytest.mark.parametrize(("text", "moment"), DATES)
def test_internal_date(text: bytes, moment: datetime | None) -> None:
    assert answers.parse_internal_date(text) == moment


@given(st.sets(st.integers(min_value=1, max_value=500)))
def test_uid_set_is_read_as_it_was_written(uids: set[int]) -> None:
    assert answers.parse_uid_set(answers.format_uid_set(uids).encode()) == uids


def test_uid_set_uses_ranges() -> None:
    assert answers.format_uid_set([3, 5, 7, 6, 1]) == "1,3,5:7"


@pytest.mark.parametrize("text", [b"", b"1:*", b"a", b"1:99999999999", b"1;2"])
def test_no_uid_set(text: bytes) -> None:
    assert answers.parse_uid_set(text) == set()


def test_copyuid() -> None:
    assert answers.parse_copyuid([b"38505 304,319:320 3956:3958", None, b"1 x"]) == {304, 319, 320}


BACKOFFS = [
    ("[UNAVAILABLE] try later", 60.0),
    ("Request is throttled. Suggested Backoff Time: 299910 milliseconds", 299.91),
    ("[AUTHENTICATIONFAILED] Authentication failed.", None),
]


@pytest.mark.parametrize(("text", "seconds"), BACKOFFS)
def test_backoff(text: str, seconds: float | None) -> None:
    assert answers.parse_backoff(text) == seconds
