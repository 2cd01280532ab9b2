"""Does the hundred-thousandth mail cost what the first did? `python -m bench.growth [--sizes 1000 10000 100000]`

For each size a ledger (bench.ledgers) and an inbox that holds its mails, which the ledger knows and nobody moved: the
dearest that a mailbox can be. In turn, A B C A B C: the product is started there and works through new mails. Then, at
each: what a wake-up costs that finds nothing new (bench.wake_up), what the idle product costs, how large its processes
became, and what one mail of 25 MB makes of them. At last new mails once more where the old ones lie in the folders into
which the product files them, as it leaves them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from bench.inboxes import Inbox, lay_out
from bench.large import FIRST, KINDS, peaks
from bench.ledgers import build_ledgers, ledger_environment
from bench.line.mails import make_mail
from bench.line.products import Running, Setup, running_product
from bench.line.sites import Site, deliver, run_site
from bench.staff.places import USER, mails_of

SEED = 4711
WORKERS = 2
NO_LETTERS = {"ASPOKTATAS_REMIND_AFTER": "0", "ASPOKTATAS_CLOSE_AFTER": "0"}  # to thousands of old cases, as work
SETTLES_IN_S = 3.0


def measure_growth(
    site: Site, ledgers: Mapping[int, str], mails: int, rounds: int, idle_s: float
) -> dict[str, dict[str, Any]]:
    """By requests: "mails" in ledger and inbox, "ms" a mail (median), "all_ms" of each round, "cpu_ms" a mail by part
    and server in the last, "filed_ms" and "filed_cpu_ms" the same where the old mails are filed, "memory_mb" and
    "memory_mb_25" (after the large mail) by process, "idle" (share of a core by part), "wake_up"."""
    found: dict[str, dict[str, Any]] = {str(size): {"all_ms": []} for size in ledgers}
    for size in ledgers:
        lay_out(site, size, SEED)
    for turn in range(rounds):
        for size, database in ledgers.items():
            setup = Setup(WORKERS, database=database, extra=NO_LETTERS)
            with Inbox(site, size), running_product(site, USER, setup) as running:
                one = found[str(size)]
                milliseconds, one["cpu_ms"] = _time_mails(running, mails, turn)
                one["all_ms"].append(milliseconds)
                if turn == rounds - 1:
                    one["memory_mb"] = peaks(running)
                    one["idle"] = _idle(running, idle_s)
                    one["memory_mb_25"] = _after_large_mail(running)
    for size, database in ledgers.items():
        with Inbox(site, size):
            found[str(size)]["wake_up"] = _wake_up(site, database)
        setup = Setup(WORKERS, database=database, extra=NO_LETTERS)
        with Inbox(site, size, filed=True), running_product(site, USER, setup) as running:
            one = found[str(size)]
            one["filed_ms"], one["filed_cpu_ms"] = _time_mails(running, mails, rounds)
        found[str(size)] |= {"mails": mails_of(size), "ms": statistics.median(found[str(size)]["all_ms"])}
    return found


def _time_mails(running: Running, number: int, turn: int) -> tuple[float, dict[str, float]]:
    """Milliseconds a mail for new ones: by the clock, and on a core by part and server."""
    moves = running.site.stage(USER, [make_mail(10_000 + turn * number + one, SEED) for one in range(number)])
    running.mark()
    begun, before = time.perf_counter(), _used(running)
    deliver(moves)
    running.wait_until_filed(number)
    passed, after = time.perf_counter() - begun, _used(running)
    return passed / number * 1000, {part: (used - before[part]) / number * 1000 for part, used in after.items()}


def _used(running: Running) -> dict[str, float]:
    """CPU seconds so far by part of the product and by server."""
    return running.cpu() | running.site.cpu()


def _idle(running: Running, seconds: float) -> dict[str, float]:
    """Shares of a core that the parts and the servers use while nothing happens."""
    time.sleep(SETTLES_IN_S)
    begun, before = time.perf_counter(), _used(running)
    time.sleep(seconds)
    passed, after = time.perf_counter() - begun, _used(running)
    return {part: (used - before[part]) / passed for part, used in after.items()}


def _after_large_mail(running: Running) -> dict[str, float]:
    """Peaks after a mail of 25 MB, most of it a file that no packing makes smaller."""
    make, _ = KINDS["file of an unknown kind"]
    moves = running.site.stage(USER, [make(FIRST + running.site.filed(USER))])
    running.mark()
    deliver(moves)
    running.wait_until_filed(1)
    return peaks(running)


def _wake_up(site: Site, database: str) -> dict[str, float]:
    """What bench.wake_up says, measured in a process of its own."""
    environment = ledger_environment(database) | {"ASPOKTATAS_IMAP_URL": site.dovecot.url(USER)}
    environment["ASPOKTATAS_BROKER_URL"] = site.redis.url()
    command = [sys.executable, "-m", "bench.wake_up"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, cwd=site.folder)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000], metavar="REQUESTS")
    parser.add_argument("-n", type=int, default=5000, help="new mails a round")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--idle", type=float, default=30.0, metavar="SECONDS")
    options = parser.parse_args()
    with run_site() as site:
        ledgers = build_ledgers(site.postgres, options.sizes)
        found = measure_growth(site, ledgers, options.n, options.rounds, options.idle)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
