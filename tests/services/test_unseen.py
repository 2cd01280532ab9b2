"""Keys that were not seen yet: none is forgotten, none that was seen is asked for again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worker.services.unseen import Stretch, without


def holds(unseen: list[Stretch], key: int) -> bool:
    return any((first or 0) <= key and (last is None or key <= last) for first, last in unseen)


def test_what_others_hold_stays_unseen() -> None:
    once = without([(1, None)], [1, 2, 5, 9])
    assert once == [(3, 4), (6, 8), (10, None)]
    assert without(once, [4, 7, 11]) == [(3, 3), (6, 6), (8, 8), (10, 10), (12, None)]
    assert without(once, []) == once


@given(st.lists(st.sets(st.integers(1, 60)), max_size=6))
def test_exactly_what_was_seen_is_left_out(looks: list[set[int]]) -> None:
    unseen: list[Stretch] = [(1, None)]
    for seen in looks:
        unseen = without(unseen, seen)
    assert [key for key in range(1, 70) if not holds(unseen, key)] == sorted(set().union(*looks))
