"""No regular expression of the product backtracks worse than quadratically, whatever a stranger writes.

A static look (regexploit), so that no clock decides. It tells cubic and exponential patterns; that the quadratic rest
stays cheap is the work of `worker.intake.lines.bounded_line`, which leaves no long run or word in a line, and is
measured by `bench.reading --hostile`.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import warnings
from collections.abc import Iterator

import pytest

import rules
import worker.intake
import worker.replies

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # regexploit imports sre_parse by its old name
    from regexploit.ast.sre import SreOpParser
    from regexploit.redos import find

CUBIC = 3  # regexploit counts the stars that compete for one stretch
FEWEST = 250  # patterns there are at the least: the search below still finds them


def modules() -> Iterator[str]:
    """Those that see a mail's text."""
    for package in (rules, worker.intake, worker.replies):
        yield from (found.name for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."))
    yield "config.catalogue"


def patterns_in(value: object) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    """The compiled patterns that a module's value is or holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from patterns_in(one)
    elif isinstance(value, tuple | list | frozenset | set):
        for one in value:
            yield from patterns_in(one)


def compiled() -> dict[tuple[str | bytes, int], str]:
    """Every pattern that stands in a module of the product: (pattern, flags) → where."""
    found: dict[tuple[str | bytes, int], str] = {}
    for name in modules():
        for key, value in vars(importlib.import_module(name)).items():
            for pattern in patterns_in(value):
                found.setdefault((pattern.pattern, pattern.flags), f"{name}.{key}")
    return found


POSSESSIVE = re.compile(r"(?<!\\)([+*?}])\+")


def worst(pattern: str | bytes, flags: int = 0) -> str:
    """An attack on `pattern` that costs cubic time or more; empty where none is found.

    Possessive repeats, which regexploit does not know, are taken for greedy ones: these cost more.
    """
    text = POSSESSIVE.sub(r"\1", pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern)
    parsed = SreOpParser().parse_sre(text, flags & ~re.ASCII if isinstance(pattern, bytes) else flags)
    return next((one.example() for one in find(parsed) if one.starriness >= CUBIC), "")


PATTERNS = compiled()


@pytest.mark.parametrize(("pattern", "flags"), PATTERNS, ids=list(PATTERNS.values()))
def test_no_pattern_is_cubic(pattern: str | bytes, flags: int) -> None:
    assert not worst(pattern, flags)


def test_every_pattern_is_looked_at() -> None:
    assert len(PATTERNS) >= FEWEST


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"a*a*a*b", rb"\s*\s*\s*x"])
def test_the_look_finds_what_it_looks_for(pattern: str | bytes) -> None:
    assert worst(pattern)
