"""Hungarian working days: weekends, public holidays, and the Saturdays and bridge days that the state swaps. Pure.

The library knows the swaps that are decreed so far; of years to come it knows the fixed and the moving feasts.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from holidays import HolidayBase

BUDAPEST = ZoneInfo("Europe/Budapest")
DAY = timedelta(days=1)
MORNING = time(6)  # before anybody begins


@lru_cache(maxsize=1)
def load_calendar() -> HolidayBase:
    """The library's calendar; loaded where it is first needed."""
    from holidays import country_holidays  # noqa: PLC0415  # 60 ms, and most processes never ask

    return country_holidays("HU")


def is_working_day(day: date) -> bool:
    """Whether offices work on `day`."""
    return bool(load_calendar().is_working_day(day))


def working_days_before(moment: datetime, number: int) -> datetime:
    """The moment `number` working days before `moment` (aware), at the same time of day in Budapest.

    What happened up to then is `number` working days old: from Monday noon to Tuesday noon is one, from Friday noon
    to Monday noon too.
    """
    local = moment.astimezone(BUDAPEST)
    day = local.date()
    while number > 0:
        number -= is_working_day(day)
        day -= DAY
    return datetime.combine(day, time(local.hour, local.minute, local.second), tzinfo=BUDAPEST)


def working_day_after(moment: datetime, number: int) -> date:
    """The day in Budapest on which what happened at `moment` (aware) is `number` working days old."""
    day = moment.astimezone(BUDAPEST).date()
    while number > 0:
        day += DAY
        number -= is_working_day(day)
    return day


def next_morning(day: date) -> datetime:
    """The morning of `day` where offices work on it, else of the next day on which they do."""
    while not is_working_day(day):
        day += DAY
    return datetime.combine(day, MORNING, tzinfo=BUDAPEST)


def next_monday(day: date) -> date:
    """The Monday after `day`."""
    return day + DAY * (7 - day.weekday())
