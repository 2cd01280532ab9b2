"""Search as people type: without accents and capitals, in the database, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Func, TextField, Value
from django.db.models.functions import Lower

ACCENTED = "ÁÉÍÓÖŐÚÜŰÕÛÄáéíóöőúüűõûä"
PLAIN = "aeiooouuuouaaeiooouuuoua"
_TABLE = str.maketrans(ACCENTED, PLAIN)


def fold(text: str) -> str:
    """`text` in small letters without Hungarian accents, as `Folded` gives it."""
    return text.translate(_TABLE).lower()


class Folded(Func):
    """The folded form of a text expression; SQLite gets its `translate` from `add_translate`."""

    function = "translate"
    output_field = TextField()

    def __init__(self, expression: Any, **extra: Any) -> None:
        accents = (Value(ACCENTED, CharField()), Value(PLAIN, CharField()))
        super().__init__(Lower(expression), *accents, **extra)


def add_translate(*, connection: BaseDatabaseWrapper, **_: object) -> None:
    """Give an SQLite connection PostgreSQL's `translate(text, from, to)`."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("translate", 3, _translate, deterministic=True)


def _translate(text: str | None, source: str, target: str) -> str | None:
    return None if text is None else text.translate(str.maketrans(source, target))
