"""Which requests a list shows: the conditions of a search, as the database can answer them by its indexes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, Now
from django.utils.timezone import localtime

from registry.models import CLOSED, Account, Registration
from registry.one_of import IsNothing, OneOf, listed
from registry.search import by_words
from registry.words import words_of
from review.tabs import SNOOZABLE
from worker.clock import database_now

AGES = {"today": 0, "1": 1, "3": 3, "7": 7}  # days; "today" is what came today, the others what is older
NOBODY, MINE = "none", "me"


def awake() -> Q:
    """Requests that are not put aside now."""
    return Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=Now())


def asleep() -> QuerySet[Registration]:
    """Requests that wait to be put aside no longer; few, and an index holds them."""
    return Registration.objects.filter(OneOf("status", listed(SNOOZABLE)), snoozed_until__gt=Now())


def in_statuses(statuses: Sequence[str]) -> QuerySet[Registration]:
    """The requests in these statuses."""
    if tuple(statuses) == tuple(CLOSED):
        return Registration.objects.filter(OneOf("status", listed(statuses)))
    return Registration.objects.filter(status__in=statuses)


def of_kind(rows: QuerySet[Registration], county: str, module: str) -> QuerySet[Registration]:
    """From this county ("" any), asking for this module ("" any); where few do, the index of words finds them."""
    rows = by_words(rows, [*words_of(county), *(word for word in words_of(module) if word.isdigit())])
    if county:
        rows = rows.filter(county=county)
    return rows.filter(modules__contains=module) if module else rows


def of_age(rows: QuerySet[Registration], age: str) -> QuerySet[Registration]:
    """What came today by the clock on the wall, or longer ago than so many days."""
    now = database_now()
    if age == "today":
        return rows.filter(created_at__gte=localtime(now).replace(hour=0, minute=0, second=0, microsecond=0))
    return rows.filter(created_at__lt=now - timedelta(days=AGES[age]))


def of_person(rows: QuerySet[Registration], who: str, me: int) -> QuerySet[Registration]:
    """Who works on it: `me`, nobody, or the person whose key `who` is."""
    if who == NOBODY:  # nearly everything is nobody's: not by the index of people
        return rows.filter(IsNothing("assignee"))
    return rows.filter(assignee=me if who == MINE else int(who))


def with_problem(rows: QuerySet[Registration], code: str) -> QuerySet[Registration]:
    """Requests with this problem or note."""
    # JSON containment exists on PostgreSQL only; the codes are fixed, so their text does
    rows = rows.alias(problem_text=Cast("problems", TextField()), note_text=Cast("notes", TextField()))
    return rows.filter(Q(problem_text__contains=f'"{code}"') | Q(note_text__contains=f'"{code}"'))


def with_account(rows: QuerySet[Registration], *, has: bool) -> QuerySet[Registration]:
    """Whether the portal knows the address already."""
    known = Exists(Account.objects.filter(pk=OuterRef("email")))
    return rows.filter(known) if has else rows.filter(~known)
