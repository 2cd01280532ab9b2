"""Measure: one day of the ledger in numbers. Reads; nothing of a person is in what it returns.

The shape, kept as JSON in DayFigures; every inner value is a count:
    arrivals    what became of the mails that came that day: an outcome, "failed" or "waiting"
    answers     of those mails, by who wrote the first letter ("worker", "staff"): {seconds at most: mails}
    first_mail  of requests that began a case that day: "complete", "incomplete" or "review" at the first mail
    missing     of the same, {problem: people}
    counties    {county: people} of all requests that came that day ("" where none is known)
    decisions   what staff did that day, against what the worker had proposed (DECISIONS)
    rules       {"rule/field": corrections by staff that day of what the rule had said (registry.services.overruled)}
    queue       {status: {days at most: requests}} when the day was counted first
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db.models import Case, CharField, Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from registry.models import Registration, RegistrationStatus
from registry.one_of import IsNothing
from rules.model import Kind, Outcome, Problem
from worker.models import Event, LinkedBy, Mail, MailState, Reply

Span: TypeAlias = tuple[datetime, datetime]  # from the first moment up to the second

BUDAPEST = ZoneInfo("Europe/Budapest")
WAITING, FAILED = "waiting", "failed"
MAIN_OUTCOMES = (Outcome.REVIEW, Outcome.REPLY_MISSING, Outcome.REPLY_PASSWORD, Outcome.ROUTE, Outcome.IGNORE)
MINUTE, HOUR, DAY = 60, 3600, 86_400
ANSWERED_WITHIN = (
    *(15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE),
    *(HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, DAY, 2 * DAY, 3 * DAY, 5 * DAY, 10 * DAY, 30 * DAY),
)
LATER = "later"
WORKERS_ANSWERS = ("missing", "password")
OPEN = (RegistrationStatus.READY, RegistrationStatus.INCOMPLETE, RegistrationStatus.REVIEW)
WAITED_DAYS = (1, 3, 7, 14, 30)
DECISIONS = (
    *("agreed", "corrected", "by_hand", "rejected", "no_registration", "sent_to_review"),
    *("letter_agreed", "letter_edited", "letter_discarded"),
)
APPROVED, CORRECTED = "approved", "corrected"
OVERRULED = ("rejected", "no_registration", "sent_to_review")
CLEAN = [Outcome.ROUTE.value]  # the outcomes of a mail whose people lack nothing
FIRST_MAIL = {Outcome.REPLY_MISSING.value: "incomplete", Outcome.ROUTE.value: "complete"}
GROUPED = ("state", "outcomes", "problems", "is_first")


def measure_day(day: date, *, queue: bool = True) -> dict[str, Any]:
    """The figures of `day`; `queue` where the queue as it stands now is to be among them."""
    figures = measure_mails([bounds(day)]) | measure_acts(*bounds(day))
    return figures | ({"queue": measure_queue()} if queue else {})


def measure_mails(spans: Sequence[Span]) -> dict[str, Any]:
    """What the figures say of the mails that came in these spans, which may not overlap."""
    return {
        **_mails(_originals(Mail.objects.filter(_came_in(spans)))),
        "answers": _answers(_came_in(spans, "mail__")),
        "counties": _counties(_came_in(spans, "mail__")),
    }


def measure_acts(begin: datetime, end: datetime) -> dict[str, Any]:
    """What they say of what staff did."""
    return {"decisions": _decisions(begin, end), "rules": _rules(begin, end)}


def _came_in(spans: Sequence[Span], path: str = "") -> Q:
    name = f"{path}received_at"
    return reduce(or_, (Q((f"{name}__gte", begin), (f"{name}__lt", end)) for begin, end in spans))


def bounds(day: date) -> tuple[datetime, datetime]:
    """Begin and end of a day in Budapest."""
    return tuple(datetime.combine(one, time.min, BUDAPEST) for one in (day, day + timedelta(days=1)))  # type: ignore[return-value]


def measure_queue() -> dict[str, dict[str, int]]:
    """How long the open requests have waited, by status: one query, each part of it stretches of one index."""
    now = timezone.now()
    edges = [now - timedelta(days=days) for days in WAITED_DAYS]
    buckets = zip((*map(str, WAITED_DAYS), LATER), (None, *edges), (*edges, None), strict=True)
    parts = [
        _between(later, earlier)
        .values_list("status")
        .annotate(bucket=Value(name), number=Count("*"))  # of no column: the index alone knows
        .order_by()
        for name, later, earlier in buckets
    ]
    queue: dict[str, dict[str, int]] = {status.value: {} for status in OPEN}
    for status, bucket, number in parts[0].union(*parts[1:], all=True):
        queue[status][bucket] = number
    return queue


def _between(later: datetime | None, earlier: datetime | None) -> QuerySet[Registration]:
    rows = Registration.objects.filter(status__in=OPEN)
    rows = rows if later is None else rows.filter(created_at__lte=later)
    return rows if earlier is None else rows.filter(created_at__gt=earlier)


def main_outcome(state: str, outcomes: Iterable[str]) -> str:
    """The one word under which a mail is counted: what needs a person comes first."""
    if state == MailState.FAILED:
        return FAILED
    return next((one.value for one in MAIN_OUTCOMES if one.value in outcomes), WAITING)


def within(seconds: float) -> str:
    """The bucket of a time to an answer."""
    return next((str(most) for most in ANSWERED_WITHIN if seconds <= most), LATER)


def _originals(mails: QuerySet[Mail]) -> QuerySet[Mail]:
    """Without twins; nearly all mails are none."""
    return mails.filter(IsNothing("twin_of"))


def _mails(mails: QuerySet[Mail]) -> dict[str, dict[str, int]]:
    """ "arrivals", "first_mail" and "missing" of these mails: one query, which opens no verdict."""
    arrivals, first_mail, missing = Counter[str](), Counter[str](), Counter[str]()
    first = Q(kind=Kind.REGISTRATION.value, linked_by=LinkedBy.OPENED)
    rows = mails.annotate(is_first=Case(When(first, then=True), default=False)).values_list(*GROUPED).order_by()
    is_unkept = False
    for state, outcomes, problems, is_first, number in rows.annotate(Count("pk")):
        outcome = main_outcome(state, outcomes)
        arrivals[outcome] += number
        if is_first:
            first_mail[FIRST_MAIL.get(outcome, "review")] += number
            if outcomes != CLEAN:
                is_unkept = is_unkept or problems is None
                missing.update({problem: number * times for problem, times in Counter(problems or ()).items()})
    if is_unkept:
        missing += _missing_of_old(mails.filter(first, problems__isnull=True).exclude(outcomes=CLEAN))
    known = {problem.value for problem in Problem}
    return {
        "arrivals": dict(arrivals),
        "first_mail": dict(first_mail),
        "missing": {problem: number for problem, number in missing.items() if problem in known},
    }


def _missing_of_old(mails: QuerySet[Mail]) -> Counter[str]:
    """Of mails decided before their problems were kept beside the verdict."""
    found = Counter[str]()
    for people in mails.values_list("verdict__people", flat=True):
        for person in people or ():
            found.update(person.get("problems", ()))
    return found


def _answers(came: Q) -> dict[str, dict[str, int]]:
    # not "state is sent": SQLite would walk through all letters that ever went out
    letters = Reply.objects.filter(came, sent_at__isnull=False).exclude(mail__twin_of__gt=0)
    mine = Reply.objects.filter(mail=OuterRef("mail"))
    earlier = Q(sent_at__lt=OuterRef("sent_at")) | Q(sent_at=OuterRef("sent_at"), pk__lt=OuterRef("pk"))
    workers = When(author=None, kind__in=WORKERS_ANSWERS, then=Value("worker"))
    rows = letters.filter(~Exists(mine.filter(earlier))).annotate(
        who=Case(workers, default=Value("staff"), output_field=CharField()),
        seconds=_WholeSeconds(F("sent_at") - F("mail__received_at")),
    )
    found: dict[str, Counter[str]] = {"worker": Counter(), "staff": Counter()}
    for who, seconds, number in rows.values_list("who", "seconds").annotate(Count("pk")).order_by():
        found[who][within(seconds)] += number
    return {who: dict(numbers) for who, numbers in found.items()}


class _WholeSeconds(Func):
    """A duration rounded up to seconds, which the buckets are, so that few are left to group by."""

    template = "CEIL(EXTRACT(EPOCH FROM %(expressions)s))"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """Django's durations are microseconds there."""
        return self.as_sql(compiler, connection, template="((%(expressions)s + 999999) / 1000000)", **context)


def _counties(came: Q) -> dict[str, int]:
    rows = Registration.objects.filter(came)
    return dict(rows.values_list("county").annotate(Count("pk")).order_by())


def _decisions(begin: datetime, end: datetime) -> dict[str, int]:
    """What staff did, not counting what they took back by the day's end or later."""
    events = Event.objects.filter(at__gte=begin, at__lt=end, actor__isnull=False)
    mine = Event.objects.filter(registration=OuterRef("registration"), actor__isnull=False)
    corrected = Exists(mine.filter(verb=CORRECTED, pk__lt=OuterRef("pk")))
    rows = events.filter(verb__in=(APPROVED, *OVERRULED)).annotate(corrected=corrected)
    found = Counter[str]()
    for verb, came_from, changed, was_corrected in rows.values_list(
        "verb", "details__from", "details__changed", "corrected"
    ):
        if verb != APPROVED:
            found[verb] += 1
        elif changed or was_corrected:
            found["corrected"] += 1
        else:
            found["agreed" if came_from == RegistrationStatus.READY else "by_hand"] += 1
    return dict(found + _letters(events))


def _rules(begin: datetime, end: datetime) -> dict[str, int]:
    staff = User.objects.values("pk")  # one after the other: the worker's own events of the time are many
    events = Event.objects.filter(at__gte=begin, at__lt=end, actor__isnull=False, actor__in=staff)
    found = Counter[str]()
    for entries in events.filter(details__overruled__isnull=False).values_list("details__overruled", flat=True):
        found.update({f"{one.get('rule', '')}/{one.get('field', '')}" for one in entries or ()})
    return dict(found)


def _letters(events: QuerySet[Event]) -> Counter[str]:
    """What became of the worker's own drafts."""
    edited = Exists(Event.objects.filter(reply=OuterRef("reply"), verb="reply_edited"))
    own = events.filter(
        Q(reply__author__isnull=True), verb__in=("reply_released", "reply_discarded"), reply__isnull=False
    )
    found = Counter[str]()
    rows = own.annotate(edited=edited).values_list("verb", "edited").annotate(number=Count(F("reply"), distinct=True))
    for verb, was_edited, number in rows.order_by():
        released = "letter_edited" if was_edited else "letter_agreed"
        found[released if verb == "reply_released" else "letter_discarded"] += number
    return found
