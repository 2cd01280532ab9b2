"""What may stand in a cell: every text here comes from strangers, and a spreadsheet would run it."""

from __future__ import annotations

import unicodedata

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARK = "'"


def neutral(text: str, limit: int = 32_000) -> str:
    """`text` on one line, without control characters, cut to `limit`, and never the start of a formula.

    A leading = + - @ tab or line end (and the full-width forms) gets an apostrophe before it, which spreadsheets
    show as plain text.
    """
    risky = text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)
    line = " ".join("".join(" " if unicodedata.category(char) == "Cc" else char for char in text).split())
    return (MARK + line if risky and line else line)[:limit]
