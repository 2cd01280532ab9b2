"""The whole line, product and peers in turn, over the same backlog:

    python -m bench.line [-n MAILS] [--rounds ROUNDS] [--only WORD …] [--json FILE]

Starts its own Dovecot, PostgreSQL, Redis and SMTP sink. Prints mails a second, the median of the rounds, and each as a
multiple of the plain script in the same run: machines differ, the ratios less.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
from pathlib import Path

from bench.line.contenders import CONTENDERS, Outcome
from bench.line.mails import make_mail
from bench.line.sites import run_site

SEED = 2026
YARDSTICK = "plain script"


def main() -> None:
    """Run and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=5000, help="mails in the backlog")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[], metavar="WORD", help="contenders whose name holds a word")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    chosen = {name: one for name, one in CONTENDERS.items() if not options.only or any(w in name for w in options.only)}
    mails = [make_mail(number, SEED) for number in range(options.n)]
    sizes = sorted(len(mail) for mail in mails)
    print(f"{describe_machine()}; {len(mails)} mails of {sizes[0] / 1000:.1f} to {sizes[-1] / 1000:.1f} KB")
    runs: dict[str, list[Outcome]] = {name: [] for name in chosen}
    with run_site() as site:
        for number in range(options.rounds):
            for name, contender in chosen.items():
                outcome = contender(site, mails)
                runs[name].append(outcome)
                rate = len(mails) / outcome.seconds
                print(f"round {number + 1}: {name}: {rate:.0f}/s, {outcome.replies} replies", flush=True)
    rates = {name: len(mails) / statistics.median(one.seconds for one in done) for name, done in runs.items()}
    cpu = {name: statistics.median(one.cpu_seconds for one in done) / len(mails) * 1000 for name, done in runs.items()}
    for name, rate in rates.items():
        ratio = f"{rate / rates[YARDSTICK]:6.2f} ×" if YARDSTICK in rates else ""
        print(f"{name:44} {rate:7.0f} mails/s {ratio}   {cpu[name]:5.2f} ms CPU a mail")
    if options.json:
        result = {"machine": describe_machine(), "mails": len(mails), "rates": rates, "cpu_ms": cpu}
        options.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")


def describe_machine() -> str:
    """Cores, processor family, Python and load at the start."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {load:.1f}"


if __name__ == "__main__":
    main()
