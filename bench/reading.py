"""Parse and rules alone, on one core, in CPU time: `python -m bench.reading [--hostile] [--profile] [FOLDER …]`.

Start-up (loading the catalogue) is excluded and told apart; the first round warms up and is not counted. Without a
FOLDER: the labelled mails of `tests/mails` and, where they lie there, the mails of `../shared`. `--hostile` adds mails
that are made to be slow. The exit status is 1 where one mail takes over SECONDS_A_MAIL.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from bench.hostile import hostile_mails
from config.catalogue import load_catalogue
from rules.catalogue import Catalogue
from rules.chain import decide
from worker.intake.parse import parse_message

ROUNDS = 5
SECONDS_A_MAIL = 1.0
ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
FOLDERS = (SHARED / "corpus" / "mails", ROOT / "tests" / "mails", SHARED / "public-mails")


def main() -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--hostile", action="store_true", help="mails that are made to be slow, too")
    parser.add_argument("--profile", action="store_true", help="where the time of the first folder goes")
    options = parser.parse_args()
    started = time.perf_counter()
    catalogue = load_catalogue()
    print(f"catalogue loaded in {time.perf_counter() - started:.3f} s")
    folders = options.folders or [folder for folder in FOLDERS if folder.is_dir()]
    groups = {str(folder): _read_folder(folder) for folder in folders}
    if options.profile:
        _profile(next(iter(groups.values())), catalogue)
        return 0
    worst = [_measure(title, mails, catalogue, ROUNDS) for title, mails in groups.items()]
    if options.hostile:
        worst.append(_measure("hostile mails", hostile_mails(), catalogue, 1))
    return int(max(worst) > SECONDS_A_MAIL)


def _read_folder(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.eml"))}


def _measure(title: str, mails: Mapping[str, bytes], catalogue: Catalogue, rounds: int) -> float:
    """Tell about `mails`; returns the seconds of the slowest."""
    parse: dict[str, list[float]] = {name: [] for name in mails}
    think: dict[str, list[float]] = {name: [] for name in mails}
    for counted in [False] * (rounds > 1) + [True] * rounds:
        for name, raw in mails.items():
            begun = time.process_time()
            message = parse_message(raw)
            parsed = time.process_time()
            decide(message, catalogue)
            if counted:
                parse[name].append(parsed - begun)
                think[name].append(time.process_time() - parsed)
    whole = {name: statistics.median(parse[name]) + statistics.median(think[name]) for name in mails}
    print(f"\n{title}: {len(whole)} mails, {len(whole) / sum(whole.values()):.0f} mails a second")
    _tell("parse", [statistics.median(times) for times in parse.values()])
    _tell("rules", [statistics.median(times) for times in think.values()])
    _tell("both", list(whole.values()))
    slowest = sorted(whole, key=lambda name: -whole[name])[:5]
    print("  slowest: " + ", ".join(f"{name} {whole[name] * 1000:.0f} ms" for name in slowest))
    return whole[slowest[0]]


def _tell(word: str, seconds: list[float]) -> None:
    times = [one * 1000 for one in seconds]
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    print(f"  {word}: median {statistics.median(times):.2f} ms, p95 {p95:.2f} ms, worst {max(times):.2f} ms")


def _profile(mails: Mapping[str, bytes], catalogue: Catalogue) -> None:
    for counted in (False, True):
        profile = cProfile.Profile()
        if counted:
            profile.enable()
        for raw in mails.values():
            decide(parse_message(raw), catalogue)
        profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    sys.exit(main())
