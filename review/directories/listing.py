"""A page of a directory: what was searched, the rows that fit, in at most two queries however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.timezone import localtime

from registry.folding import fold
from registry.services.edit_row import mark_of_row
from review.directories.shelves import Shelf
from review.labels import label
from review.templatetags.words import person

PAGE_SIZE = 50
WORDS_LIMIT, WORDS_LENGTH = 8, 200


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column; `place` where it names a settlement that has a page."""

    column: str
    text: str
    place: bool = False


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row: its key and what names its state, for the forms; its cells."""

    key: str
    seen: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """The rows of a page and what leads on; the queries hold what was searched and a number, nobody's data."""

    words: str
    number: int
    rows: list[ShownRow]
    previous: str
    following: str


def find_page(shelf: Shelf, query: QueryDict) -> DirectoryPage:
    """The page that an address asks for."""
    words = query.get("q", "").replace("\0", "").strip()[:WORDS_LENGTH]
    page = query.get("page", "")
    number = min(max(int(page), 1), 10_000) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    start = (number - 1) * PAGE_SIZE
    keys = list(_fitting(shelf, words).values_list("pk", flat=True)[start : start + PAGE_SIZE + 1])
    found = shelf.directory.rows.filter(pk__in=keys[:PAGE_SIZE]).select_related(*shelf.people).order_by(*shelf.order)
    return DirectoryPage(
        words=words,
        number=number,
        rows=[show_row(shelf, row) for row in found],
        previous=_query(words, number - 1) if number > 1 else "",
        following=_query(words, number + 1) if len(keys) > PAGE_SIZE else "",
    )


def show_row(shelf: Shelf, row: models.Model) -> ShownRow:
    """The row as the list shows it."""
    cells = [Cell(name, _text(name, getattr(row, name)), _is_place(shelf, name)) for name in shelf.columns]
    return ShownRow(str(row.pk), mark_of_row(shelf.directory, row), cells)


def _fitting(shelf: Shelf, words: str) -> models.QuerySet[Any]:
    """Rows that have every word somewhere, whatever accents and capitals. The index holds all that this asks for."""
    every_word = Q()
    for word in fold(words).split()[:WORDS_LIMIT]:
        every_word &= Q(**{f"{shelf.searched}__contains": word})
    return shelf.directory.rows.filter(every_word).order_by(*shelf.order)


def _query(words: str, number: int) -> str:
    pairs = {"q": words, "page": str(number) if number > 1 else ""}
    return urlencode({name: value for name, value in pairs.items() if value})


def _text(column: str, value: Any) -> str:
    if isinstance(value, User):
        return str(person(value))
    if isinstance(value, datetime):
        return f"{localtime(value):%Y. %m. %d.}"
    return label("clerk_source", value) if column == "source" else str(value or "")


def _is_place(shelf: Shelf, column: str) -> bool:
    return column in ("settlement", "municipality", "joint_office_seat") or (shelf.name, column) == (
        "gazetteer",
        "name",
    )
