"""Does the hundred-thousandth mail cost what the first did? `python -m bench.growth [--sizes 1000 10000 100000]`

For each size a ledger (bench.ledgers) and an inbox that holds its mails, which the ledger knows and nobody moved. In
turn, A B C A B C: the product is started there and works through new mails. Then, at each: what a wake-up costs that
finds nothing new (bench.wake_up), what the idle product costs, how large its processes became, and what one mail of
25 MB makes of them.
"""

from __future__ import annotations

import argparse
import json
import os
import pwd
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from bench.large import FIRST, KINDS, peaks
from bench.ledgers import build_ledgers, ledger_environment
from bench.line.mails import make_mail
from bench.line.products import Running, Setup, running_product
from bench.line.sites import Site, deliver, delivered_name, run_site
from bench.staff.places import UIDVALIDITY, USER, mails_of

SEED = 4711
WORKERS = 2
NO_LETTERS = {"ASPOKTATAS_REMIND_AFTER": "0", "ASPOKTATAS_CLOSE_AFTER": "0"}  # to thousands of old cases, as work
ORIGINALS = 200  # files of the inbox are links to so many
SETTLES_IN_S = 3.0


def measure_growth(
    site: Site, ledgers: Mapping[int, str], mails: int, rounds: int, idle_s: float
) -> dict[str, dict[str, Any]]:
    """By requests: "mails" in ledger and inbox, "ms" a mail (median), "all_ms" of each round, "cpu_ms" a mail by part
    and server in the last, "memory_mb" and "memory_mb_25" (after the large mail) by process, "idle" (share of a core
    by part), "wake_up"."""
    found: dict[str, dict[str, Any]] = {str(size): {"all_ms": []} for size in ledgers}
    for size in ledgers:
        _lay_out_inbox(site, size)
    for turn in range(rounds):
        for size, database in ledgers.items():
            setup = Setup(WORKERS, database=database, extra=NO_LETTERS)
            with _Inbox(site, size), running_product(site, USER, setup) as running:
                one = found[str(size)]
                milliseconds, one["cpu_ms"] = _time_mails(running, mails, turn)
                one["all_ms"].append(milliseconds)
                if turn == rounds - 1:
                    one["memory_mb"] = peaks(running)
                    one["idle"] = _idle(running, idle_s)
                    one["memory_mb_25"] = _after_large_mail(running)
    for size, database in ledgers.items():
        with _Inbox(site, size):
            found[str(size)]["wake_up"] = _wake_up(site, database)
        found[str(size)] |= {"mails": mails_of(size), "ms": statistics.median(found[str(size)]["all_ms"])}
    return found


def _lay_out_inbox(site: Site, size: int) -> None:
    """A Maildir with the mails of the ledger under the UIDs that it knows; Dovecot makes its own index."""
    number = mails_of(size)
    owner = pwd.getpwnam("nobody")
    site.stage(USER, [make_mail(one, SEED) for one in range(min(ORIGINALS, number))])
    box = site.dovecot.home / "mail" / USER
    originals = sorted((box / "tmp").iterdir())
    names = [delivered_name(one, 1_600_000_000 + one * 61) for one in range(number)]
    for one, name in enumerate(names):
        os.link(originals[one % len(originals)], box / "cur" / f"{name}:2,S")
    for original in originals:
        original.unlink()
    lines = [f"3 V{UIDVALIDITY} N{number + 1} G{size:032x}", *(f"{one} :{name}" for one, name in enumerate(names, 1))]
    (box / "dovecot-uidlist").write_text("\n".join(lines) + "\n", "ascii")
    os.chown(box / "dovecot-uidlist", owner.pw_uid, owner.pw_gid)
    box.rename(box.with_name(f"{USER}-{size}"))


class _Inbox:
    """The inbox of `size` under the name that the ledgers know; put away afterwards."""

    def __init__(self, site: Site, size: int) -> None:
        self.used = site.dovecot.home / "mail" / USER
        self.kept = self.used.with_name(f"{USER}-{size}")

    def __enter__(self) -> None:
        self.kept.rename(self.used)

    def __exit__(self, *_: object) -> None:
        self.used.rename(self.kept)


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
