"""Presence: who else has the page of a request open. A row lives as long as its page says that it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import OperationalError, transaction
from django.db.models.functions import Now

from registry.models import Registration
from review.models import Presence

LIFE = timedelta(seconds=60)
STEPS = (0, 1, 2, 3, 5, 10, 15, 20, 30, 45, 60)  # minutes: what is read aloud should not change at every turn


@dataclass(frozen=True, slots=True)
class Other:
    """A colleague who looks at the same request since `minutes` (one of STEPS)."""

    user: User
    minutes: int


def meet(registration: Registration, user: User) -> list[Other]:
    """Say that `user` looks at the request; returns who else does.

    A database that is busy does not keep anybody from reading a case: then nothing is said.
    """
    try:
        with transaction.atomic():
            Presence.objects.filter(seen_at__lt=Now() - LIFE).delete()  # none pile up; whoever comes back begins anew
            Presence.objects.bulk_create(
                [Presence(registration=registration, user=user)],
                update_conflicts=True,
                unique_fields=["registration", "user"],
                update_fields=["seen_at"],
            )
    except OperationalError:
        return []
    return find_others(registration, user)


def find_others(registration: Registration, user: User) -> list[Other]:
    """Who else looks at the request, in the order in which they came."""
    rows = Presence.objects.filter(registration=registration, seen_at__gte=Now() - LIFE).exclude(user=user)
    seen = rows.select_related("user").annotate(now=Now()).order_by("since", "pk")
    return [Other(one.user, _minutes(one.now - one.since)) for one in seen]


def part(pk: int, user: User) -> None:
    """`user` left the page."""
    Presence.objects.filter(registration=pk, user=user).delete()


def mark_of(others: Sequence[Other], version: int) -> str:
    """What the page shows, in short: a turn that would show the same again shows nothing."""
    return f"{version}:" + ",".join(f"{one.user.pk}-{one.minutes}" for one in others)


def _minutes(time: timedelta) -> int:
    passed = int(time.total_seconds() // 60)
    return max(step for step in STEPS if step <= max(passed, 0))
