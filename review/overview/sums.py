"""Figures of days added up, and what can be said of them in one number. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

Figures = Mapping[str, Any]  # worker.services.measure documents the shape


def add_up(days: Iterable[Figures]) -> dict[str, Any]:
    """The sum of several days' figures; the queue is that of the last day that has one."""
    total: dict[str, Any] = {}
    for day in days:
        for name, value in day.items():
            total[name] = value if name == "queue" else _added(total.get(name), value)
    return total


def _added(one: Any, other: Any) -> Any:
    if isinstance(one, Mapping) or isinstance(other, Mapping):
        one, other = one or {}, other or {}
        return {key: _added(one.get(key), other.get(key)) for key in {**one, **other}}
    return (one or 0) + (other or 0)


def count(figures: Figures, name: str) -> int:
    """The sum of all numbers of one figure."""
    return sum(figures.get(name, {}).values())


def share(part: float, whole: float) -> float | None:
    """In per cent; None of nothing."""
    return 100 * part / whole if whole else None


def share_complete(figures: Figures) -> float | None:
    """How many of the requests lacked nothing at the first mail, in per cent."""
    return share(figures.get("first_mail", {}).get("complete", 0), count(figures, "first_mail"))


def share_agreed(figures: Figures) -> float | None:
    """How many of the worker's proposals staff took as they were, in per cent of those on which they decided."""
    decisions = figures.get("decisions", {})
    agreed = decisions.get("agreed", 0) + decisions.get("letter_agreed", 0)
    return share(agreed, sum(number for name, number in decisions.items() if name != "by_hand"))


def median_answer(figures: Figures) -> str | None:
    """The bucket (seconds at most, or "later") by which half of the first letters had gone out; None without any."""
    numbers = Counter[str]()
    for who in figures.get("answers", {}).values():
        numbers.update(who)
    half, seen = numbers.total() / 2, 0
    for bucket in sorted(numbers, key=_as_seconds):
        seen += numbers[bucket]
        if seen and seen >= half:
            return bucket
    return None


def _as_seconds(bucket: str) -> float:
    return float(bucket) if bucket.isdigit() else float("inf")
