"""The whole line, product and peers in turn, over the same backlog:

    python -m bench.line [-n MAILS] [--rounds ROUNDS] [--only WORD …] [--json FILE]

Starts its own Dovecot, PostgreSQL, Redis and SMTP sink. Prints mails a second, the median of the rounds, and each as a
multiple of the plain script in the same run: machines differ, the ratios less.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bench.line.contenders import CONTENDERS
from bench.line.sites import run_site
from bench.line.turns import run_in_turns, tell
from bench.machine import describe_machine


def main() -> None:
    """Run and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=5000, help="mails in the backlog")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[], metavar="WORD", help="contenders whose name holds a word")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    chosen = [name for name in CONTENDERS if not options.only or any(word in name for word in options.only)]
    print(describe_machine())
    with run_site() as site:
        found = run_in_turns(site, options.n, options.rounds, chosen)
    tell(found)
    if options.json:
        result = {"machine": describe_machine(), **found}
        options.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
