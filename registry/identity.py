"""Who a request is about, as one key: two requests of the same person at the same office have the same."""

from __future__ import annotations

from hashlib import sha256

from rules.name_tokens import TITLES
from rules.text import tokens


def name_words(name: str) -> frozenset[str]:
    """The words of a name whatever their order, titles and accents."""
    return frozenset(token.text for token in tokens(name) if token.text not in TITLES)


def identity(pir: str, full_name: str) -> str:
    """A key of 32 hexadecimal digits; "" where the number or the name is missing."""
    words = name_words(full_name)
    return sha256(" ".join((pir, *sorted(words))).encode()).hexdigest()[:32] if pir and words else ""
