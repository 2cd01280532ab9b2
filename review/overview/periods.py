"""The stretches of time that the overview knows: today, the last days, a month; each with the one before it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

LAST_DAYS = {"7": 7, "30": 30, "90": 90}
CHOICES = ("today", *LAST_DAYS, "month")
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
BY_WEEK_FROM = 45  # days: from here on a column is a week


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`; `slug` is what an address says: one of CHOICES or a month like 2026-10."""

    slug: str
    first: date
    last: date

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of it, in order."""
        return tuple(self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))

    @property
    def before(self) -> Period:
        """The same stretch before: the calendar month before a month, else as many days."""
        if MONTH.fullmatch(self.slug):
            return month_of(self.first - timedelta(days=1))
        if self.slug == "month":  # as many of last month's days, so that like is held against like
            earlier = month_of(self.first - timedelta(days=1))
            return Period("", earlier.first, min(earlier.last, earlier.first + (self.last - self.first)))
        return Period("", self.first - (self.last - self.first) - timedelta(days=1), self.first - timedelta(days=1))

    @property
    def columns(self) -> tuple[tuple[date, ...], ...]:
        """The days by column of a chart: one each, or the weeks of a long period."""
        if len(self.days) < BY_WEEK_FROM:
            return tuple((day,) for day in self.days)
        weeks: dict[date, list[date]] = {}
        for day in self.days:
            weeks.setdefault(day - timedelta(days=day.weekday()), []).append(day)
        return tuple(tuple(week) for week in weeks.values())


def find_period(slug: str, today: date) -> Period:
    """The period of this name; thirty days where there is none of it."""
    if slug == "today":
        return Period(slug, today, today)
    if slug == "month":
        return Period(slug, today.replace(day=1), today)
    month = MONTH.fullmatch(slug)
    if month and date(int(month[1]), int(month[2]), 1) <= today:
        return month_of(date(int(month[1]), int(month[2]), 1))
    slug = slug if slug in LAST_DAYS else "30"
    return Period(slug, today - timedelta(days=LAST_DAYS[slug] - 1), today)


def month_of(day: date) -> Period:
    """The whole calendar month of `day`."""
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Period(f"{first:%Y-%m}", first, last)
