"""Search as people type: without accents and capitals, in the database, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Func, GeneratedField, TextField, Value
from django.db.models.functions import Lower

ACCENTED = "ÁÉÍÓÖŐÚÜŰÕÛÄáéíóöőúüűõûä"
PLAIN = "aeiooouuuouaaeiooouuuoua"
HUNGARIAN = "ÁÉÍÓÖŐÚÜŰáéíóöőúüű"
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


class Plain(Func):
    """The folded texts of columns with a blank between them, made of functions that every database has by itself.

    For columns that the database keeps. Only Hungarian letters: SQLite's parser bears no deeper nesting.
    """

    output_field = CharField(max_length=1000)

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, Any]:  # type: ignore[override]
        """Nested REPLACEs under a LOWER; the letters are ours, nobody else's text gets in."""
        compiled = [compiler.compile(one) for one in self.get_source_expressions()]
        sql = "(" + " || ' ' || ".join(text for text, _ in compiled) + ")"
        for accented, plain in zip(HUNGARIAN, HUNGARIAN.translate(_TABLE), strict=True):
            sql = f"REPLACE({sql}, '{accented}', '{plain}')"
        return f"LOWER({sql})", [one for _, params in compiled for one in params]


def folded_columns(*names: str) -> GeneratedField:
    """A column that always holds the folded texts of the columns `names`: searched, and sorted by."""
    return GeneratedField(expression=Plain(*names), output_field=CharField(max_length=1000), db_persist=True)


def add_translate(*, connection: BaseDatabaseWrapper, **_: object) -> None:
    """Give an SQLite connection PostgreSQL's `translate(text, from, to)`."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("translate", 3, _translate, deterministic=True)


def _translate(text: str | None, source: str, target: str) -> str | None:
    return None if text is None else text.translate(str.maketrans(source, target))
