"""What the tests reach of each package, held to its floor: ends with 1 where one is under it.

The figure is coverage.py's own with branches on: lines and branches reached, of all lines and branches; the branches by
themselves stand beside it. Reads what `make coverage` has measured and combined (.state/coverage).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

FLOORS = {"rules": 95, "worker": 95, "registry": 90, "review": 90, "staff": 90, "config": 90, "demo": 90}
COUNTS = ("num_statements", "covered_lines", "num_branches", "covered_branches")


def measured() -> dict[str, dict[str, int]]:
    """The four counts of each package."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "coverage.json"
        subprocess.run([sys.executable, "-m", "coverage", "json", "-q", "-o", str(told)], check=True)
        files = json.loads(told.read_text("utf-8"))["files"]
    sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
    for path, file in files.items():
        for count in COUNTS:
            sums[Path(path).parts[0]][count] += file["summary"][count]
    return sums


def percent(part: int, whole: int) -> float:
    """Of nothing all is reached."""
    return 100 * part / whole if whole else 100


def main() -> None:
    """Print a row a package."""
    low = []
    sums = measured()
    print(f"{'package':10}{'lines':>8}{'branches':>10}{'reached':>10}{'floor':>7}{'branches alone':>17}")
    for package, floor in FLOORS.items():
        lines, lines_reached, branches, branches_reached = (sums[package][count] for count in COUNTS)
        reached = percent(lines_reached + branches_reached, lines + branches)
        alone = percent(branches_reached, branches)
        print(f"{package:10}{lines:8}{branches:10}{reached:9.1f}%{floor:6}%{alone:16.1f}%")
        if reached < floor:
            low.append(package)
    if low:
        raise SystemExit(f"under the floor: {', '.join(low)}")


if __name__ == "__main__":
    main()
