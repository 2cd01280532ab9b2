"""Every pattern of the whole product is looked at, those of the page, the registry and the settings too."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import config
import demo
import registry
import review
import worker
from tests.rules.test_regex_cost import PATTERNS, patterns_in, worst

ROOT = Path(__file__).resolve().parents[2]
NOT_IMPORTED = ("wsgi", "asgi", "__main__")  # they start something
PACKAGES = (config, demo, registry, review, worker)
BUILT = frozenset({"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"})


def compiled() -> dict[tuple[str | bytes, int], str]:
    """What the reading's own test does not look at: (pattern, flags) → where."""
    found: dict[tuple[str | bytes, int], str] = {}
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rpartition(".")[2] in NOT_IMPORTED or ".migrations" in module.name:
                continue
            for key, value in vars(importlib.import_module(module.name)).items():
                for pattern in patterns_in(value):
                    if (pattern.pattern, pattern.flags) not in PATTERNS:
                        found.setdefault((pattern.pattern, pattern.flags), f"{module.name}.{key}")
    return found


OTHERS = compiled()


@pytest.mark.parametrize(("pattern", "flags"), OTHERS, ids=list(OTHERS.values()))
def test_no_pattern_is_cubic(pattern: str | bytes, flags: int) -> None:
    assert not worst(pattern, flags)


def inline() -> Iterator[tuple[str, str | bytes]]:
    """Patterns written where they are used, of all our files: (where, pattern)."""
    for package in ("rules", "worker", "registry", "review", "config", "demo"):
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                    continue
                owner, first = node.func.value, node.args[0]
                of_re = isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr in BUILT
                if of_re and isinstance(first, ast.Constant) and isinstance(first.value, str | bytes):
                    yield f"{file.name}:{node.lineno}", first.value


INLINE = dict(inline())


@pytest.mark.parametrize("place", INLINE)
def test_no_pattern_inside_a_function_is_cubic(place: str) -> None:
    assert not worst(INLINE[place])


def test_the_search_finds_them() -> None:
    assert len(OTHERS) + len(INLINE) > 60
