"""Roll up: the figures of past days are counted once and kept, so that the overview need not read the ledger.

A day is counted again, once a day, while late answers and decisions may still change it; then it stays as it is,
whatever is purged.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min, QuerySet
from django.utils import timezone

from worker.figures import DayFigures
from worker.models import Mail
from worker.services.measure import BUDAPEST, bounds, measure_day
from worker.services.ticks import my_turn

YOUNG = timedelta(days=35)  # a month's report is made when the month is over: nothing of it moves any more then
A_TURN = 20  # days at a time: the sweep has other work
TICK = "figures"  # the Control row whose `at` says when somebody last looked
LOOK_EVERY = timedelta(minutes=10)


def roll_up(now: datetime | None = None, most: int = A_TURN) -> int:
    """Count up to `most` of the days before today that are missing or due again, the newest first; returns how many."""
    now = now or timezone.now()
    today = now.astimezone(BUDAPEST).date()
    due = _due_days(today)[:most]
    for day in due:
        count_day(day)
    return len(due)


def roll_up_now_and_then() -> int:
    """`roll_up` once in LOOK_EVERY over all processes; one small query until then."""
    return roll_up() if my_turn(TICK, LOOK_EVERY) else 0


def keep_days_of(mails: QuerySet[Mail]) -> None:
    """Count the days on which these mails came, where they are not counted yet: their rows are about to be emptied."""
    days = {moment.astimezone(BUDAPEST).date() for moment in mails.values_list("received_at", flat=True)}
    kept = set(DayFigures.objects.filter(day__in=days).values_list("day", flat=True))
    for day in sorted(days - kept):
        count_day(day)


def count_day(day: date) -> dict[str, Any]:
    """Count `day` and keep it; the queue is kept as it was when the day was counted first, at the day's end."""
    kept = DayFigures.objects.filter(pk=day).values_list("data", flat=True).first()
    is_last = day == timezone.now().astimezone(BUDAPEST).date() - timedelta(days=1)
    figures = measure_day(day, queue=kept is None and is_last)
    if kept is not None and "queue" in kept:
        figures["queue"] = kept["queue"]
    DayFigures.objects.update_or_create(pk=day, defaults={"data": figures, "made_at": timezone.now()})
    return figures


def get_days(days: Iterable[date], fill: int = A_TURN) -> dict[date, dict[str, Any]]:
    """The kept figures of `days`; up to `fill` past days that are missing are counted now. One query where none is."""
    wanted = list(days)
    if not wanted:
        return {}
    kept = dict(DayFigures.objects.filter(day__range=(min(wanted), max(wanted))).values_list("day", "data"))
    missing = [day for day in reversed(wanted) if day not in kept][:fill]
    first = first_day() if missing else None
    for day in missing:
        if first is not None and day >= first:
            kept[day] = count_day(day)
    return {day: kept[day] for day in wanted if day in kept}


def _due_days(today: date) -> list[date]:
    first = first_day()
    if first is None:
        return []
    midnight, _ = bounds(today)
    done = set(DayFigures.objects.filter(day__lt=today - YOUNG).values_list("day", flat=True))
    done |= set(DayFigures.objects.filter(made_at__gte=midnight).values_list("day", flat=True))
    days = ((today - timedelta(days=back)) for back in range(1, (today - first).days + 1))
    return [day for day in days if day not in done]


def first_day() -> date | None:
    """The day of the first mail; an INTERNALDATE long before the mailbox was is not believed."""
    first = Mail.objects.filter(received_at__gte=datetime(2016, 1, 1, tzinfo=BUDAPEST)).aggregate(Min("received_at"))
    moment: datetime | None = first["received_at__min"]
    return moment.astimezone(BUDAPEST).date() if moment else None
