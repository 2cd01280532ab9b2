"""Saying what went wrong without saying with what: log lines hold no mail's content, and a database's message may."""

from __future__ import annotations

import traceback
from pathlib import Path

from django.db import Error as DatabaseTrouble


def describe(error: BaseException) -> str:
    """`IntegrityError (UniqueViolation) at record.py:61`: the kind of error, what the database calls it, and the last
    place of our own that it passed.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _is_ours(frame.filename)] or frames[-1:]
    place = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    cause = error.__cause__ if isinstance(error, DatabaseTrouble) else None
    named = str(getattr(cause, "sqlite_errorname", type(cause).__name__)) if cause else ""
    more = f" ({named})" if named not in ("", type(error).__name__) else ""
    return f"{type(error).__name__}{more}{place}"


def _is_ours(filename: str) -> bool:
    return "site-packages" not in filename and filename.endswith(".py")  # compiled libraries name no folder
