"""The figures of a period: kept ones for the days before today, today's as they are now. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils import timezone

from review.overview.charts import Data
from review.overview.periods import Period
from review.overview.sums import add_up
from worker.services.measure import BUDAPEST, measure_queue
from worker.services.open_day import measure_open_day
from worker.services.roll_up import first_day, get_days


def today() -> date:
    """The day in Budapest."""
    return timezone.now().astimezone(BUDAPEST).date()


def get_data(period: Period, *, fill: int = 0) -> Data:
    """Everything about `period` and the one before it; the queue as it is, or as a past period's last day left it.

    Up to `fill` of the days that the sweep has not counted yet are counted now: a page waits for none.
    """
    now = today()
    wanted = sorted({*period.days, *period.before.days} - {now})
    kept = get_days([day for day in wanted if day < now], fill)
    if now in period.days:
        kept[now] = add_up(measure_open_day(now))
    figures = add_up(kept[day] for day in period.days if day in kept)
    if "queue" not in figures:
        figures["queue"] = measure_queue()
    before = add_up(kept[day] for day in period.before.days if day in kept)
    return Data(period, {day: kept[day] for day in period.days if day in kept}, figures, before, _gaps(period, kept))


def _gaps(period: Period, kept: Collection[date]) -> int:
    missing = [day for day in period.days if day <= today() and day not in kept]
    first = first_day() if missing else None
    return sum(first is not None and day >= first for day in missing)
