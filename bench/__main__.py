"""The bench: `python -m bench` (or `make bench`), about twenty minutes on two cores; `--quick` about five.

Starts its own Dovecot, PostgreSQL, Redis and SMTP server on loopback, makes its mails from a seed, measures part by
part and tells which targets are reached. The whole run writes docs/performance.json, the pictures and the marked
sections of docs/performance.md and docs/scaling.md; with `--quick` or `--only` all that goes to `.state/bench` instead,
unless `--into FOLDER` says otherwise. `--tell FILE` writes pages and pictures anew from a run's JSON. Nothing else
should run on the machine meanwhile. The exit status is 0 whether or not a target is reached.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from pathlib import Path
from typing import Any

from bench.machine import describe_machine
from bench.parts import PARTS, Bench
from bench.report.pages import PAGES, write_report
from bench.report.targets import verdicts
from bench.sizes import FULL, QUICK

ROOT = Path(__file__).resolve().parents[1]
DOCS, ASIDE = ROOT / "docs", ROOT / ".state" / "bench"
JSON = "performance.json"


def main() -> None:
    """Measure what is asked for, then tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small numbers: tries the bench, not the product")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=[], metavar="PART", help=" ".join(PARTS))
    parser.add_argument("--into", type=Path, metavar="FOLDER")
    parser.add_argument("--tell", type=Path, metavar="FILE", help="measure nothing")
    options = parser.parse_args()
    whole = not (options.quick or options.only)
    folder = options.into or (DOCS if whole or options.tell else ASIDE)
    (folder / "images").mkdir(parents=True, exist_ok=True)
    if options.tell:
        found = json.loads(options.tell.read_text("utf-8"))
    else:
        found = measure(options.only or list(PARTS), quick=options.quick, folder=folder)
    if folder != DOCS:
        for page in PAGES:
            shutil.copyfile(DOCS / page, folder / page)
    write_report(found, folder)
    for line in verdicts(found):
        print(f"{line.said:12} {line.target}: {line.figure}")


def measure(names: list[str], *, quick: bool, folder: Path) -> dict[str, Any]:
    """The results by part, with the machine and what the run took in all."""
    begun = time.perf_counter()
    found: dict[str, Any] = {"machine": describe_machine(), "quick": quick}
    with Bench(QUICK if quick else FULL, folder, found) as bench:
        for name in names:
            started = time.perf_counter()
            print(f"--- {name}", flush=True)
            found[name] = PARTS[name](bench)
            found["seconds"] = time.perf_counter() - begun
            keep(found, folder)
            print(f"--- {name}: {time.perf_counter() - started:.0f} s", flush=True)
    return found


def keep(found: dict[str, Any], folder: Path) -> None:
    """Write what is found so far."""
    text = json.dumps(found, indent=1, ensure_ascii=False, default=float)
    (folder / JSON).write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
