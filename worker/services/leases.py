"""Claiming rows: a conditional UPDATE, the same on SQLite and PostgreSQL, by the database's clock.

A claim writes a fresh token, a time until which it holds, and counts the attempt; it is committed before the work
begins. Whoever finishes must still hold the token, so a process that was given up cannot overwrite its successor.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias, TypeVar
from uuid import UUID, uuid4

from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Now

from worker.crash_points import reach

LEASE = timedelta(seconds=60)
FREE = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
DUE = FREE & Q(next_attempt_at__lte=Now())
RELEASED: dict[str, Any] = {"lease_token": None, "lease_until": None}

Row = TypeVar("Row", bound=Model)


class ClaimLost(Exception):  # noqa: N818  # it is an answer, not a mistake
    """Somebody else holds the row now: whatever was to be written is void."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows that are ours for a while: those with these `keys` that have this `token`.

    No index has tokens, for every claim would have to write it: rows are looked for by their keys.
    """

    token: UUID
    keys: Sequence[int]

    def of(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """Those of `rows` that are still ours."""
        return rows.filter(pk__in=self.keys, lease_token=self.token)


Left: TypeAlias = tuple[Claim, QuerySet[Any], dict[str, Any]]
_left: deque[Left] = deque(maxlen=100)  # of all threads of this process


def is_due(rows: QuerySet[Row]) -> bool:
    """Whether any of `rows` may be claimed now."""
    return rows.filter(DUE).exists()


def claim(
    rows: QuerySet[Row],
    number: int,
    commit: Callable[[], AbstractContextManager[None]] = transaction.atomic,
    **changes: Any,
) -> Claim | None:
    """Claim up to `number` due rows of `rows`, oldest first, and make `changes`; None where there were none.

    Afterwards exactly the claimed rows have the claim's token as `lease_token`. `commit` may be `asynchronous_commit`
    where the work that follows leaves the database only after another commit.
    """
    claimed = take(rows.only("attempts"), number, commit, **changes) if is_due(rows) else None
    return claimed[0] if claimed else None


def take(
    rows: QuerySet[Row],
    number: int,
    commit: Callable[[], AbstractContextManager[None]] = transaction.atomic,
    **changes: Any,
) -> tuple[Claim, list[Row]] | None:
    """What `claim` does, for whoever knows that some are due; with the rows as they are now, but for `lease_until`."""
    token = uuid4()
    with commit():
        chosen = list(rows.filter(DUE).order_by("pk").select_for_update(skip_locked=True, of=("self",))[:number])
        keys = [row.pk for row in chosen]
        claimed = rows.model._default_manager.filter(DUE, pk__in=keys).update(
            lease_token=token, lease_until=Now() + LEASE, attempts=F("attempts") + 1, **changes
        )
        if __debug__:
            reach("claim.counted")
    if claimed != len(chosen):  # no database does that; what is ours the ledger knows
        chosen = list(rows.model._default_manager.filter(pk__in=keys, lease_token=token).order_by("pk"))
        return (Claim(token, keys), chosen) if chosen else None
    for row in chosen:
        for name, value in {**changes, "lease_token": token, "attempts": row.attempts + 1}.items():  # type: ignore[attr-defined]
            setattr(row, name, value)
    return (Claim(token, keys), chosen) if chosen else None


@contextmanager
def holding(ours: Claim, rows: QuerySet[Any], **changes: Any) -> Iterator[None]:
    """Work on claimed rows. Where the database fails half-way, those among `rows` that are still ours are given back
    with `changes`, now or, while it is away, at a later `give_back_left`: they need not wait until the claim runs out.
    """
    try:
        yield
    except (OperationalError, InterfaceError):
        if not connection.in_atomic_block:
            _left.append((ours, rows, changes))
            with suppress(Error):
                connection.close()
                give_back_left()
        raise


def give_back_left() -> int:
    """Give back what this process had in hand when the database failed it; returns how many rows. Raises its errors.

    Rows that somebody has locked (our lost session perhaps, whose last word may still be heard) keep their claims.
    """
    number = 0
    for ours, rows, changes in iter(_take_left, None):
        try:
            with transaction.atomic():
                free = ours.of(rows).select_for_update(skip_locked=True, of=("self",))
                keys = list(free.values_list("pk", flat=True))
                number += rows.model._default_manager.filter(pk__in=keys).update(**RELEASED, **changes)
        except Error:
            _left.append((ours, rows, changes))
            raise
    return number


def _take_left() -> Left | None:
    with suppress(IndexError):
        return _left.popleft()
    return None


def finish(rows: QuerySet[Row], **changes: Any) -> None:
    """Write `changes` and give the claim back; `rows` names one row and its token. Raises ClaimLost."""
    if rows.update(**{**RELEASED, **changes}) != 1:
        raise ClaimLost


def later(seconds: float) -> Any:
    """An expression: so many seconds from now by the database's clock."""
    return Now() + timedelta(seconds=seconds)
