"""What a reader of the log asks for, from the page's boxes to two conditions on the two tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.timezone import make_aware

from staff.models import Access
from worker.models import Event

SUBJECTS = ("registration", "mail", "reply")
COLLEAGUES, EVERYBODY, WORKER = "", "all", "worker"
REFUSED = "refused"
_MARGIN = 1000  # rows: numbers and moments may be a little out of step where several processes write


@dataclass(frozen=True, slots=True)
class LogQuery:
    """`who` is a login's number as text or one of the words above; `action` "a:page", "e:verb", "refused" or "".

    `since` and `until` are days, both included; `subject` with `number` names one case, mail or reply.
    """

    who: str = COLLEAGUES
    action: str = ""
    since: date | None = None
    until: date | None = None
    subject: str = ""
    number: int | None = None

    @property
    def narrow(self) -> bool:
        """Whether it asks for one thing's rows, of which there are few."""
        return self.number is not None


def parse_query(values: Mapping[str, str]) -> LogQuery:
    """What the boxes say; what makes no sense counts as empty."""
    subject, number = values.get("subject", ""), values.get("number", "").strip().rstrip(".")
    has_number = number.isascii() and number.isdigit() and len(number) < 16
    who = values.get("who", "")
    return LogQuery(
        who=who if who in (EVERYBODY, WORKER) or (who.isascii() and who.isdigit() and len(who) < 16) else COLLEAGUES,
        action=values.get("action", "")[:90],
        since=_day(values.get("since", "")),
        until=_day(values.get("until", "")),
        subject=(subject if subject in SUBJECTS else SUBJECTS[0]) if has_number else "",
        number=int(number) if has_number else None,
    )


def accesses(query: LogQuery) -> QuerySet[Access] | None:
    """The rows of the access log that it asks for, in no order; None where it can ask for none."""
    if query.who == WORKER or query.action.startswith("e:"):
        return None
    rows = Access.objects.all()
    if query.who.isdigit():
        rows = rows.filter(user_id=int(query.who))
    if query.action == REFUSED:
        rows = rows.filter(status__gte=400)
    elif query.action:
        rows = rows.filter(page=query.action.removeprefix("a:"))
    if query.number is not None:
        rows = rows.filter(subject=query.subject, subject_id=query.number)
    return _within(rows, query)


def events(query: LogQuery) -> QuerySet[Event] | None:
    """The events that it asks for, likewise."""
    if query.action == REFUSED or query.action.startswith("a:"):
        return None
    rows = Event.objects.all()
    if query.who.isdigit():
        rows = rows.filter(actor_id=int(query.who))
    elif query.who != EVERYBODY:
        rows = rows.filter(actor__isnull=query.who == WORKER)
    if query.action:
        rows = rows.filter(verb=query.action.removeprefix("e:"))
    if query.number is not None:
        rows = rows.filter(**{f"{query.subject}_id": query.number})
    return _within(rows, query)


def _within(rows: QuerySet[Any], query: LogQuery) -> QuerySet[Any]:
    """The rows of the period. Its bounds are sought as numbers too: pages go by number, and need not read what follows.

    One thing's rows are few: there the bounds would cost more than they save.
    """
    since, until = _begin(query.since), _begin(query.until + timedelta(days=1) if query.until else None)
    if since is not None:
        rows = rows.filter(at__gte=since)
        first = None if query.narrow else _number_at(rows.model, since)
        rows = rows.filter(pk__gte=first - _MARGIN) if first is not None else rows
    if until is not None:
        rows = rows.filter(at__lt=until)
        last = None if query.narrow else _number_at(rows.model, until)
        rows = rows.filter(pk__lt=last + _MARGIN) if last is not None else rows
    return rows


def _number_at(model: type[Model], moment: datetime) -> int | None:
    """The number of the first row at or after `moment`."""
    found = model._default_manager.filter(Q(at__gte=moment)).order_by("at").values_list("pk", flat=True)[:1]
    return next(iter(found), None)


def _begin(day: date | None) -> datetime | None:
    return make_aware(datetime.combine(day, time())) if day else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 9000 else None
