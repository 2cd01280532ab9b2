"""Pages that cost the same wherever they are: each begins after (or ends before) a row, named by its key alone.

The row's place in the order is looked up by the database in the same query, so an address holds no value of it, and the
row may have left the list meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.db.models import F, Model, Q, QuerySet, Subquery

from registry.folding import Plain

PAGE_SIZE = 50
COUNTED = 1000  # lists that grow for ever, and whatever is searched for, are counted up to here
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Order:
    """Rows by the value of `key` (made anew for each query), equal ones by their keys."""

    key: Callable[[], Any]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after the row `after`, before the row `before`, at the list's `end`, or at its beginning."""

    after: int = 0
    before: int = 0
    end: bool = False

    @property
    def backwards(self) -> bool:
        """Whether the page is read from its last row."""
        return self.end or bool(self.before)


BEGINNING = Cursor()


@dataclass(frozen=True, slots=True)
class Page:
    """Keys of rows in the list's order, whether there are more before and after them, and how many in all: COUNTED + 1
    where they are more, None where nobody asked."""

    keys: list[int]
    has_previous: bool
    has_next: bool
    total: int | None


BY_TIME = Order(lambda: F("created_at"))
ORDERS = {
    "oldest": BY_TIME,
    "newest": Order(lambda: F("created_at"), descending=True),
    "name": Order(lambda: Plain("full_name")),
    "municipality": Order(lambda: Plain("municipality")),
}
MAIL_ORDERS = {
    "oldest": Order(lambda: F("received_at")),
    "newest": Order(lambda: F("received_at"), descending=True),
}


def get_page(rows: QuerySet[M], order: Order, cursor: Cursor, *, counted: bool) -> Page:
    """The page at `cursor`; where nothing is left there, the first one. One query where the list is read from one of
    its ends; in the midst of it another counts, if it is to be `counted`."""
    from_end = not (cursor.after or cursor.before)
    most = COUNTED if counted and from_end else PAGE_SIZE
    found = list(place_rows(rows, order, cursor).values_list("pk", flat=True)[: most + 1])
    if not found and cursor != BEGINNING:
        return get_page(rows, order, BEGINNING, counted=counted)
    total = None if not counted else len(found) if from_end else count_up_to(rows)
    has_more = len(found) > PAGE_SIZE
    shown = found[:PAGE_SIZE]
    if cursor.backwards:
        return Page(shown[::-1], has_more, not cursor.end, total)
    return Page(shown, bool(cursor.after), has_more, total)


def next_to(rows: QuerySet[M], order: Order, pk: int) -> tuple[int | None, int | None]:
    """The keys of the rows before and after the row `pk`, which itself need not be in the list; two queries."""
    before = place_rows(rows, order, Cursor(before=pk)).values_list("pk", flat=True).first()
    after = place_rows(rows, order, Cursor(after=pk)).values_list("pk", flat=True).first()
    return before, after


def count_up_to(rows: QuerySet[M], limit: int = COUNTED) -> int:
    """How many rows there are, or `limit` + 1 where they are more."""
    return rows.order_by()[: limit + 1].count()


def place_rows(rows: QuerySet[M], order: Order, cursor: Cursor) -> QuerySet[M]:
    """The rows from `cursor` on, nearest first: backwards where the page is read from its last row."""
    downwards = order.descending != cursor.backwards
    edge = cursor.after or cursor.before
    if edge:
        at = Subquery(rows.model._base_manager.filter(pk=edge).annotate(place=order.key()).values("place"))
        beyond = "lt" if downwards else "gt"
        # the first condition alone says where in the index to begin; the second tells equal rows apart
        apart = Q(**{f"place__{beyond}": at}) | Q(**{f"pk__{beyond}": edge})
        placed = rows.alias(place=order.key()).filter(apart, **{f"place__{beyond}e": at})
        rows = cast("QuerySet[M]", placed)
    key = order.key()
    ordered = (key.desc(), "-pk") if downwards else (key.asc(), "pk")
    return rows.order_by(*ordered)
