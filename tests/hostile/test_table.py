"""docs/security.md names tests and files that are there."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "security.md").read_text("utf-8")


def test_every_threat_has_a_test_that_exists() -> None:
    lines = TABLE.splitlines()
    heads = {before for before, line in pairwise(lines) if line.startswith("| ---")}
    rows = [line.split(" | ") for line in lines if line.startswith("| ") and "---" not in line and line not in heads]
    assert len(rows) >= 15
    for threat, _, proof in rows:
        assert re.search(r"`(tests|bench)/", proof), threat


def test_every_file_named_is_there() -> None:
    for path in re.findall(r"`((?:tests|bench|worker|registry|staff)/[\w/.]+)`", TABLE):
        assert (ROOT / path).exists(), path


def test_every_hostile_test_stands_in_the_table() -> None:
    for file in Path(__file__).parent.glob("test_*.py"):
        assert file.name in TABLE or file.name == Path(__file__).name
