"""The figures of the day that is not over: exact, without counting all its mails each time that somebody looks.

The sweep counts the day in slices of SLICE mails by the time at which they came, and keeps what it found. A slice holds
until something is written about one of its mails: each change that the figures know of writes an event, or is a new
mail. Whoever asks looks up what was written since, and counts only the slices that it concerns and the mails that are
in none yet. Nothing here says how old it may be: what the sweep has not kept yet is counted at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, pairwise
from typing import Any

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from worker.models import Control, Event, Mail
from worker.services.measure import BUDAPEST, Span, bounds, measure_acts, measure_mails, measure_queue
from worker.services.unseen import Stretch, among, nothing_seen, without

KEPT = "open_day"  # the Control row with what is kept
LATELY = timedelta(minutes=2)  # the sweep looks while things happen, and a little longer
SLICE = 1000  # mails: 5 ms to count again
A_TURN = 10  # slices at most that a sweep adds

EVENT_CONCERNS = Coalesce("mail__received_at", "registration__mail__received_at", "reply__mail__received_at")
HAS_MOVED = Event.objects.filter(at__gt=Now() - LATELY)  # a row where it is worth looking
WRITTEN: tuple[tuple[type[Model], Combinable], ...] = ((Event, EVENT_CONCERNS), (Mail, F("received_at")))


@dataclass(frozen=True, slots=True)
class Kept:
    """Of `day` the figures of its first slices, each [end of the one before, `ends`), and what was not seen then."""

    day: date
    ends: list[datetime]
    figures: list[dict[str, Any]]
    unseen: list[list[Stretch]]  # as WRITTEN


def measure_open_day(day: date) -> list[dict[str, Any]]:
    """The figures of `day` in parts to be added up; together what `measure_day` would say."""
    kept = _load(day)
    if kept is None:
        return [measure_mails([bounds(day)]) | _not_of_mails(day)]
    news = zip(WRITTEN, kept.unseen, strict=True)
    moments = (_rows(model, unseen).values_list(moment, flat=True).distinct() for (model, moment), unseen in news)
    stale = _concerned(kept, chain.from_iterable(moments))
    whole = [figures for place, figures in enumerate(kept.figures) if place not in stale]
    return [*whole, measure_mails(_joined([*_spans(kept, stale), _rest(kept)])) | _not_of_mails(day)]


def keep_open_day(day: date | None = None, most: int = A_TURN, size: int = SLICE) -> int:
    """Count anew what changed since the last time, and up to `most` more slices of `size`; returns how many."""
    day = day or timezone.now().astimezone(BUDAPEST).date()
    kept = _load(day) or Kept(day, [], [], [nothing_seen(model) for model, _ in WRITTEN])
    new = _cut(_rest(kept), most, size)
    if not (kept.ends or new):
        return 0
    news = _look(kept)  # before anything is counted: what is written meanwhile is looked at again
    stale = _concerned(kept, news)
    for place, span in reversed(list(zip(stale, _spans(kept, stale), strict=True))):
        ends, figures = _count(span, size)
        kept.ends[place : place + 1], kept.figures[place : place + 1] = ends, figures
    for end in new:
        kept.figures.append(measure_mails([(_rest(kept)[0], end)]))
        kept.ends.append(end)
    if new or news:
        _store(kept)
    return len(stale) + len(new)


def _not_of_mails(day: date) -> dict[str, Any]:
    return measure_acts(*bounds(day)) | {"queue": measure_queue()}


def _look(kept: Kept) -> list[datetime | None]:
    """When the mails came about which something was written; it counts as seen from now on."""
    moments: list[datetime | None] = []
    for place, (model, moment) in enumerate(WRITTEN):
        rows = list(_rows(model, kept.unseen[place]).values_list("pk", moment))
        kept.unseen[place] = without(kept.unseen[place], (key for key, _ in rows))
        moments += {moment for _, moment in rows}
    return moments


def _rows(model: type[Model], unseen: Sequence[Stretch]) -> QuerySet[Any]:
    return model._default_manager.filter(among(unseen))


def _concerned(kept: Kept, moments: Iterable[datetime | None]) -> list[int]:
    """The places of the slices in which a mail came at one of these moments."""
    begin, _ = bounds(kept.day)
    places = {bisect_right(kept.ends, moment) for moment in set(moments) if moment is not None and moment >= begin}
    return sorted(place for place in places if place < len(kept.ends))


def _spans(kept: Kept, places: Sequence[int]) -> list[Span]:
    begins = [bounds(kept.day)[0], *kept.ends]
    return [(begins[place], kept.ends[place]) for place in places]


def _rest(kept: Kept) -> Span:
    begin, end = bounds(kept.day)
    return (kept.ends[-1] if kept.ends else begin, end)


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Neighbours as one."""
    joined: list[Span] = []
    for begin, end in spans:
        joined[-1:] = [(joined[-1][0], end)] if joined and joined[-1][1] == begin else [*joined[-1:], (begin, end)]
    return joined


def _count(span: Span, size: int) -> tuple[list[datetime], list[dict[str, Any]]]:
    """The ends and the figures of this slice, or of several in its place where many came late into it."""
    figures = measure_mails([span])
    if sum(figures["arrivals"].values()) < 2 * size:
        return [span[1]], [figures]
    ends = [*_cut(span, A_TURN, size), span[1]]
    return ends, [measure_mails([part]) for part in pairwise([span[0], *ends])]


def _cut(rest: Span, most: int, size: int) -> list[datetime]:
    """Where slices of `size` mails of what came in `rest` end; mails of one moment are never parted."""
    begin, end = rest
    rows = Mail.objects.filter(received_at__gte=begin, received_at__lt=end).order_by("received_at")
    moments = list(rows.values_list("received_at", flat=True)[: most * size + 1])
    return sorted({moment for moment in moments[size::size] if moment > begin})


def _load(day: date) -> Kept | None:
    value = Control.objects.filter(pk=KEPT, value__day=str(day)).values_list("value", flat=True).first()
    if value is None:
        return None
    ends = [datetime.fromisoformat(end) for end in value["ends"]]
    return Kept(day, ends, value["figures"], value["unseen"])


def _store(kept: Kept) -> None:
    value = {
        "day": str(kept.day),
        "ends": [end.isoformat() for end in kept.ends],
        "figures": kept.figures,
        "unseen": kept.unseen,
    }
    Control.objects.update_or_create(pk=KEPT, defaults={"value": value})
