"""The table in docs/reliability.md names every case and every test of it, and no test that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from worker.crash_points import POINTS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reliability.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d+) \| (.*?) \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)


def test_every_case_has_its_row_with_a_result() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, 26))
    assert all(result.strip() for *_, result in ROWS)


def test_the_rows_name_the_tests_that_there_are() -> None:
    named = {name for row in ROWS for name in re.findall(r"`(test_case_\w+)`", row[2])}
    written = set()
    for path in sorted((ROOT / "tests/faults").glob("test_*.py")):
        written |= set(re.findall(r"^def (test_case_\w+)\(", path.read_text("utf-8"), re.MULTILINE))
    assert named == written
    for number, _, tests, _ in ROWS:
        assert all(name.startswith(f"test_case_{int(number):02}_") for name in re.findall(r"`(test_case_\w+)`", tests))
    for name in re.findall(r"`(tests/[\w/]+\.py)`", PAGE):
        assert (ROOT / name).is_file(), name


def test_every_crash_point_is_reached_for_somewhere_in_the_product() -> None:
    sources = [path.read_text("utf-8") for path in sorted((ROOT / "worker").rglob("*.py"))]
    calls = re.findall(r'if __debug__:\n +reach\("([\w.]+)"\)', "\n".join(sources))
    assert sorted(calls) == sorted(POINTS), "each once, and none that survives python -O"
    assert sum(source.count("reach(") for source in sources) == len(calls) + 1, "the one more is its definition"
