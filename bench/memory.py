"""Is memory flat? Parse, rules and replies over 10,000 mails, the resident size on the way: `python -m bench.memory`.

The mails are drawn with a fixed seed from `tests/mails` and, where it lies there, `../shared`; each gets words of its
own, so that no cache meets the same text twice. Where the size grows by more than GROWTH_MB between the first mark and
the last, the exit status is 1; `--trace` then tells the ten lines that hold the most new memory.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from config.catalogue import load_catalogue
from tests.rules.whole import read_whole

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (ROOT / "tests" / "mails", ROOT.parent / "shared")
MARKS = (1_000, 2_000, 5_000, 10_000)
GROWTH_MB = 10.0  # between the first mark and the last: the bounded caches fill up, nothing more


def main() -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trace", action="store_true", help="tell the lines that hold new memory (slow)")
    options = parser.parse_args()
    catalogue = load_catalogue()
    sizes: list[float] = []
    before: tracemalloc.Snapshot | None = None
    begun = time.perf_counter()
    for number, raw in enumerate(_drawn(MARKS[-1]), start=1):
        read_whole(raw, catalogue)
        if number in MARKS:
            sizes.append(_resident_mb())
            print(f"{number:6} mails: {sizes[-1]:6.1f} MB, {time.perf_counter() - begun:.0f} s", flush=True)
        if options.trace and number == MARKS[0]:
            tracemalloc.start()
            before = tracemalloc.take_snapshot()
    if before is not None:
        for line in tracemalloc.take_snapshot().compare_to(before, "lineno")[:10]:
            print(line)
    return int(sizes[-1] - sizes[0] > GROWTH_MB)


def _drawn(number: int) -> Iterator[bytes]:
    mails = [path.read_bytes() for folder in FOLDERS if folder.is_dir() for path in sorted(folder.rglob("*.eml"))]
    chance = random.Random(1)
    letters = b"abcdefghijklmnoprstuvz"
    for _ in range(number):
        words = [bytes(chance.choices(letters, k=chance.randint(3, 12))) for _ in range(20)]
        fresh = b"X-Own: " + b" ".join(words) + b"\n"
        name, other = words[0].title(), words[1].title()
        raw = chance.choice(mails).replace(b"Anna", name).replace(b"minta", words[2]).replace(b"Minta", other)
        yield fresh + raw


def _resident_mb() -> float:
    """The resident size of this process, from Linux' own account."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("this system tells no resident size in /proc/self/status")


if __name__ == "__main__":
    sys.exit(main())
