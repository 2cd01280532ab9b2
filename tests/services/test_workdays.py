"""Working days in Hungary, the swapped ones too."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from worker.services.workdays import BUDAPEST, DAY, is_working_day, working_day_after, working_days_before


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-23", True),
        ("2026-11-22", False),
        ("2026-10-23", False),  # a feast
        ("2026-01-02", False),  # a bridge day
        ("2026-01-10", True),  # the Saturday on which it was worked in
        ("2026-04-03", False),  # Good Friday
        ("2026-12-24", False),
    ],
)
def test_the_calendar(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) == works


@pytest.mark.parametrize(
    ("moment", "number", "expected"),
    [
        ("2026-11-23T12:00", 0, "2026-11-23T12:00"),
        ("2026-11-24T12:00", 1, "2026-11-23T12:00"),
        ("2026-11-23T12:00", 1, "2026-11-22T12:00"),  # what was asked on Friday, Saturday or Sunday is a day old
        ("2026-11-23T12:00", 5, "2026-11-16T12:00"),
        ("2026-10-26T09:30", 1, "2026-10-25T09:30"),  # over the end of summer time
        ("2026-10-26T09:30", 2, "2026-10-21T09:30"),  # the 23rd is a feast
        ("2026-01-12T08:00", 2, "2026-01-09T08:00"),  # Monday and the worked Saturday
        ("2025-01-02T08:00", 3, "2024-12-29T08:00"),
        ("2025-01-02T08:00", 4, "2024-12-22T08:00"),  # 24 to 29 December: swapped, feasts, a weekend
    ],
)
def test_counting_back(moment: str, number: int, expected: str) -> None:
    found = working_days_before(datetime.fromisoformat(moment).replace(tzinfo=BUDAPEST).astimezone(UTC), number)
    assert found.astimezone(BUDAPEST).strftime("%Y-%m-%dT%H:%M") == expected


@pytest.mark.parametrize("number", [1, 5, 20])
@pytest.mark.parametrize("moment", ["2026-11-20T12:00", "2026-11-21T12:00", "2025-12-19T12:00", "2026-10-22T12:00"])
def test_counting_forward_finds_the_first_day_that_counting_back_reaches(moment: str, number: int) -> None:
    asked = datetime.fromisoformat(moment).replace(tzinfo=BUDAPEST)
    due = datetime.combine(working_day_after(asked, number), asked.timetz())
    assert working_days_before(due, number) >= asked
    assert working_days_before(due - DAY, number) < asked


def test_years_to_come_are_known_in_outline() -> None:
    assert not is_working_day(date(2039, 12, 25))
    assert is_working_day(date(2039, 12, 22))
