"""Where the counting processes (bench.line.counted) leave what they counted, and its sum."""

from __future__ import annotations

from pathlib import Path

FOLDER_VARIABLE = "BENCH_COUNTED"
NAMES = ("body", "published_inside", "published_outside")


def read_counts(folder: Path) -> dict[str, float]:
    """CPU seconds over all processes so far: in bodies of tasks, publishing in bodies, publishing elsewhere."""
    rows = [[float(word) for word in path.read_text("ascii").split()] for path in folder.glob("*[0-9]")]
    return {name: sum(row[place] for row in rows) for place, name in enumerate(NAMES)}
