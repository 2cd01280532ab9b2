"""Whether a column holds one of some words, said so that no index of that column alone is used for it.

A partial index with this very condition is used instead. SQLite, without statistics, would else look up every word of
the condition in the index that begins with the column, and sort what it finds: all of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import BooleanField, Func


class OneOf(Func):
    """`OneOf("status", "exported,rejected")`; the words are literal, for parameters would hide the condition."""

    template = "(%(expressions)s || '') IN (%(listed)s)"
    output_field = BooleanField()

    def __init__(self, column: str, words: str) -> None:
        super().__init__(column, listed=", ".join(f"'{word}'" for word in words.split(",")))


def listed(words: Sequence[str]) -> str:
    """Words as OneOf takes them."""
    return ",".join(str(word) for word in words)
