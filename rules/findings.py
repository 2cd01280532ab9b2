"""Short ways to write a Finding: what a rule saw, or that it saw nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rules.model import Evidence, Finding

EXCERPT = 120  # characters of a header or a line that an explanation shows


def hit(  # a finding has these parts
    rule: str, code: str, evidence: Sequence[Evidence] = (), *, person: int | None = None, **details: str
) -> Finding:
    """The finding of `rule` that what it asks for is so."""
    return Finding(rule, True, code, person, tuple(evidence), details)


@lru_cache(maxsize=256)  # most rules miss most mails, and a miss says the same each time
def miss(rule: str, *, person: int | None = None, **details: str) -> Finding:
    """The finding of `rule` that what it asks for is not so."""
    return Finding(rule, False, "", person, (), details)


def in_header(name: str, value: str) -> Evidence:
    """The evidence of the header `name` with `value`."""
    return Evidence(-1, 0, len(value), value[:EXCERPT], name)
