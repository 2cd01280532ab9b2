"""Conditions that nearly every row meets, said to SQLite so that no index of that column alone is used for them.

SQLite, without statistics, would look the words up in the index that begins with the column and sort all that it finds;
so the index is taken that holds the order, or a partial one with this very condition. PostgreSQL has statistics and
must not be misled: it is told plainly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import BooleanField, Func

NOBODY = 0  # no row has this key


class OneOf(Func):
    """`OneOf("status", "exported,rejected")`; the words are literal, for parameters would hide the condition."""

    template = "(%(expressions)s || '') IN (%(listed)s)"
    output_field = BooleanField()

    def __init__(self, column: str, words: str) -> None:
        super().__init__(column, listed=", ".join(f"'{word}'" for word in words.split(",")))

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """The plain condition."""
        return self.as_sql(compiler, connection, template="%(expressions)s IN (%(listed)s)", **context)


class IsNothing(Func):
    """Whether a column that refers to another row refers to none."""

    template = "COALESCE(%(expressions)s, 0) = 0"
    output_field = BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """The plain condition."""
        return self.as_sql(compiler, connection, template="%(expressions)s IS NULL", **context)


def listed(words: Sequence[str]) -> str:
    """Words as OneOf takes them."""
    return ",".join(str(word) for word in words)


def these(keys: Iterable[int]) -> tuple[int, ...]:
    """Keys to ask the database for, never none at all: then Django would not ask, and whoever counts the queries of a
    page could not tell few rows from a query too many."""
    return tuple(keys) or (NOBODY,)
