"""Search as people type: without accents and capitals, in the database, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import CharField, Func, GeneratedField

ACCENTED = "ÁÉÍÓÖŐÚÜŰÕÛÄáéíóöőúüűõûä"
PLAIN = "aeiooouuuouaaeiooouuuoua"
HUNGARIAN = "ÁÉÍÓÖŐÚÜŰáéíóöőúüű"
_TABLE = str.maketrans(ACCENTED, PLAIN)
_LIKE = {
    letter: letter + "".join(one for one in ACCENTED if one.translate(_TABLE) == letter) for letter in sorted({*PLAIN})
}


def fold(text: str) -> str:
    """`text` in small letters without Hungarian accents."""
    return text.translate(_TABLE).lower()


def alike(text: str) -> str:
    """For `iregex`: finds `text` however it is accented; to fold every text takes PostgreSQL twenty times as long."""
    return "".join(f"[{_LIKE[one]}]" if one in _LIKE else re.escape(one) for one in fold(text))


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
