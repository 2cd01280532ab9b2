"""What may stand in a cell: every text here comes from strangers, and a spreadsheet would run it."""

from __future__ import annotations

import unicodedata

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARK = "'"


def neutral(text: str, limit: int = 32_000) -> str:
    """`text` on one line, without control and invisible characters, cut to `limit`, and never the start of a formula.

    A leading = + - @ tab or line end (and the full-width forms) gets an apostrophe before it, which spreadsheets
    show as plain text.
    """
    line = plain(text)
    risky = text.startswith(FORMULA_STARTS) or line.startswith(FORMULA_STARTS)
    return (MARK + line if risky and line else line)[:limit]


def plain(text: str) -> str:
    """`text` on one line, without control and invisible characters."""
    return " ".join("".join(_shown(char) for char in text).split())


def _shown(char: str) -> str:
    """A control character as a blank, a sign that nobody sees (zero width, direction, byte order) as nothing."""
    category = unicodedata.category(char)
    return " " if category == "Cc" else "" if category == "Cf" else char
