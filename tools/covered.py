"""What the tests reach of each package, by line and by branch, held to its floor: ends with 1 where one is under it.

Reads what `make coverage` has measured and combined (.state/coverage).
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
    """Print a row a package; both figures have to reach the floor."""
    low = []
    print(f"{'package':10}{'lines':>8}{'reached':>9}{'branches':>10}{'reached':>9}{'floor':>7}")
    sums = measured()
    for package, floor in FLOORS.items():
        lines, branches = sums[package]["num_statements"], sums[package]["num_branches"]
        by_line = percent(sums[package]["covered_lines"], lines)
        by_branch = percent(sums[package]["covered_branches"], branches)
        print(f"{package:10}{lines:8}{by_line:8.1f}%{branches:10}{by_branch:8.1f}%{floor:6}%")
        if min(by_line, by_branch) < floor:
            low.append(package)
    if low:
        raise SystemExit(f"under the floor: {', '.join(low)}")


if __name__ == "__main__":
    main()
