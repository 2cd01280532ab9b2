"""Parse and rules alone over a folder of mails, on one core: `python -m bench.reading [FOLDER …]`.

Start-up (loading the catalogue) is excluded and told apart; the first round warms up and is not counted.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from config.catalogue import load_catalogue
from rules.chain import decide
from rules.model import Context
from worker.intake.parse import parse_message

ROUNDS = 5
CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "mails"
OWN = Path(__file__).resolve().parents[1] / "tests" / "mails"


def main(folders: list[str]) -> None:
    """Measure and print."""
    started = time.perf_counter()
    catalogue, context = load_catalogue(), Context()
    print(f"catalogue loaded in {time.perf_counter() - started:.3f} s")
    chosen = [Path(folder) for folder in folders] or [folder for folder in (CORPUS, OWN) if folder.is_dir()]
    for folder in chosen:
        mails = {path.name: path.read_bytes() for path in sorted(folder.rglob("*.eml"))}
        parse: dict[str, list[float]] = {name: [] for name in mails}
        think: dict[str, list[float]] = {name: [] for name in mails}
        for counted in [False] + [True] * ROUNDS:
            for name, raw in mails.items():
                begun = time.perf_counter()
                message = parse_message(raw)
                parsed = time.perf_counter()
                decide(message, catalogue, context)
                if counted:
                    parse[name].append(parsed - begun)
                    think[name].append(time.perf_counter() - parsed)
        _report(folder.name, parse, think)


def _report(title: str, parse: dict[str, list[float]], think: dict[str, list[float]]) -> None:
    whole = {name: statistics.median(parse[name]) + statistics.median(think[name]) for name in parse}
    slowest = sorted(whole, key=lambda name: -whole[name])[:5]
    total = sum(whole.values())
    print(f"\n{title}: {len(whole)} mails, {len(whole) / total:.0f} mails a second")
    for word, times in (("parse", parse), ("rules", think)):
        medians = [statistics.median(row) * 1000 for row in times.values()]
        print(f"  {word}: median {statistics.median(medians):.2f} ms, mean {statistics.mean(medians):.2f} ms")
    print("  slowest: " + ", ".join(f"{name} {whole[name] * 1000:.0f} ms" for name in slowest))


if __name__ == "__main__":
    main(sys.argv[1:])
