"""A page of the log, and all of it: both tables merged, each read by its own number from the newest on."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from staff.log.query import LogQuery, accesses, events
from staff.log.sentences import Entry, Names, entry_of
from staff.models import Access
from worker.models import Event

PAGE = 100
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the lowest numbers shown of either table, None where none was."""

    access: int | None = None
    event: int | None = None

    def __str__(self) -> str:
        return f"{self.access or ''}-{self.event or ''}"


@dataclass(frozen=True, slots=True)
class LogPage:
    """`following` is where the next page begins, None at the end."""

    entries: list[Entry]
    following: Cursor | None


def parse_cursor(text: str) -> Cursor:
    """The beginning where it makes no sense."""
    access, _, event = text[:40].partition("-")
    return Cursor(_number(access), _number(event))


def read_page(query: LogQuery, cursor: Cursor, size: int = PAGE) -> LogPage:
    """`size` rows from `cursor` on; at most seven queries, whatever the tables hold."""
    rows = list(islice(_merged(query, cursor, size + 1), size + 1))
    shown = rows[:size]
    return LogPage(_entries(shown), _after(shown, cursor) if len(rows) > size else None)


def read_all(query: LogQuery) -> Iterator[Entry]:
    """Every row that `query` asks for, a batch of them in memory at a time."""
    cursor = Cursor()
    while True:
        rows = list(islice(_merged(query, cursor, _BATCH), _BATCH))
        yield from _entries(rows)
        if len(rows) < _BATCH:
            return
        cursor = _after(rows, cursor)


def _merged(query: LogQuery, cursor: Cursor, limit: int) -> Iterator[Access | Event]:
    parts = (
        _rows(accesses(query), cursor.access, limit, "user"),
        _rows(events(query), cursor.event, limit, "actor"),
    )
    return heapq.merge(*parts, key=lambda row: row.at, reverse=True)


def _rows(found: QuerySet[Any] | None, below: int | None, limit: int, whose: str) -> list[Any]:
    if found is None:
        return []
    found = found if below is None else found.filter(pk__lt=below)
    return list(found.select_related(whose).order_by("-pk")[:limit])


def _after(rows: list[Access | Event], before: Cursor) -> Cursor:
    lowest = {Access: before.access, Event: before.event}
    for row in rows:
        known = lowest[type(row)]
        lowest[type(row)] = row.pk if known is None else min(known, row.pk)
    return Cursor(lowest[Access], lowest[Event])


def _entries(rows: list[Access | Event]) -> list[Entry]:
    names = Names.of(rows)
    return [entry_of(row, names) for row in rows]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
