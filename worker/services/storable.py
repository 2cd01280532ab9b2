"""Making strangers' text fit for a database: PostgreSQL takes no NUL and no lone surrogate, columns have a length."""

from __future__ import annotations

import json
from typing import Any


class JsonText(str):
    """A JSON value as text that a database can hold: made once, and not again by whoever writes it."""

    __slots__ = ()


def storable_text(text: str, length: int | None = None) -> str:
    """`text` without what PostgreSQL refuses, cut to `length` characters."""
    clean = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return clean if length is None else clean[:length]


_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))  # what is stored are trees


def storable(value: Any) -> Any:
    """The same for every string inside a JSON value; nearly always `value` itself."""
    return storable_json(value)[0]


def storable_json(value: Any) -> tuple[Any, JsonText]:
    """What `storable` gives, and its text."""
    text = _ENCODER.encode(value)
    if "\\u0000" in text or not _is_unicode(text):
        value = _cleaned(value)
        text = _ENCODER.encode(value)
    return value, JsonText(text)


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, dict):
        return {storable_text(str(key)): _cleaned(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return value
