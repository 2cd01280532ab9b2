"""The simulated day: first come, first served, by as many as there are."""

from __future__ import annotations

import pytest

from bench.day import Costs, arrivals, serve, simulate, simulate_day

COSTS = Costs(watcher=0.001, worker=0.004, postgresql=0.003, smtp=0.05, replies=0.4)


def test_one_server_takes_one_after_the_other() -> None:
    assert serve([0.0, 0.1, 5.0], 1, 1.0) == [1.0, 2.0, 6.0]


def test_two_servers_take_two_at_a_time() -> None:
    assert serve([0.0, 0.1, 0.2], 2, 1.0) == pytest.approx([1.0, 1.1, 2.0])


def test_arrivals_follow_the_day() -> None:
    moments = arrivals(20_000)
    assert moments == sorted(moments)
    assert len(moments) == pytest.approx(20_000, rel=0.05)
    rush = sum(9 * 3600 <= one < 9 * 3600 + 300 for one in moments)
    assert rush > 5 * sum(9 * 3600 + 300 <= one < 9 * 3600 + 600 for one in moments)


def test_who_waits_for_nobody_waits_as_long_as_the_work_takes() -> None:
    day = simulate([60.0, 120.0, 180.0], COSTS, mailboxes=1, workers=1)
    assert day.p50 == pytest.approx(0.001 + 0.001 + 0.004 + 0.002 + 0.02)
    assert day.longest_queue == 0 or max(day.queue) == day.longest_queue


def test_workers_are_added_until_the_wait_is_short() -> None:
    told = simulate_day(200_000, COSTS, mailboxes=2, within_s=10.0)
    *fewer, enough = told["days"]
    assert enough["p95"] <= 10.0
    assert all(day["p95"] > 10.0 for day in fewer)
