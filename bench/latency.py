"""How long a person waits: from a mail's delivery to the SMTP server's acceptance of the reply, the watcher on IDLE.

    python -m bench.latency [-n MAILS] [--one-process] [--load MAILS_A_SECOND]

Mails that arrive one after the other at an idle product are timed from two moments: their delivery into the Maildir,
and that at which Dovecot's IDLE says so (it waits up to 500 ms itself, to tell of several at once), as a proxy between
Dovecot and the product sees it. With `--load` mails of the backlog arrive at random, so many a second on average, and
every answered one is timed from its delivery.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Sequence
from email import message_from_bytes

from bench.line.mails import make_mail
from bench.line.people import Clerk
from bench.line.products import Setup, running_product
from bench.line.sites import Site, deliver, run_site
from bench.line.turns import SEED
from bench.tap import run_tap
from tests.servers.mails import missing_jegyzo

WARM_UP = 5  # mails that are not counted, after those of the product's own warm-up
FIRST = 20_000  # people who wrote nothing else
PAUSE_S = (0.05, 0.3)  # the answered mail is filed, and the product idle again
ANSWERED_WITHIN_S = 60.0
LOOK_EVERY_S = 0.002


def measure_idle(site: Site, workers: int, number: int) -> dict[str, dict[str, float]]:
    """`number` mails one by one: "from delivery" and "from IDLE's word", each as `spread` tells it."""
    chance = random.Random(SEED)
    from_delivery, from_idle = [], []
    user = site.new_user()
    with (
        run_tap(site.dovecot.port, b" EXISTS\r\n") as tap,
        running_product(site, user, Setup(workers, imap_port=tap.port)) as running,
    ):
        for one in range(WARM_UP + number):
            time.sleep(chance.uniform(*PAUSE_S))
            moves = site.stage(user, [missing_jegyzo(Clerk(FIRST + one, FIRST + one))])
            running.mark()
            before = site.taken()
            tap.heard.clear()
            delivered = time.monotonic()
            deliver(moves)
            taken = _taken_at(site, before)
            if one >= WARM_UP:
                from_delivery.append(taken - delivered)
                from_idle.append(taken - tap.heard[0])
            running.wait_until_filed(1)
    return {"from delivery": spread(from_delivery), "from IDLE's word": spread(from_idle)}


def _taken_at(site: Site, before: int) -> float:
    """When the sink took a mail more than `before`."""
    deadline = time.monotonic() + ANSWERED_WITHIN_S
    while not (moments := site.taken_at(before)):
        if time.monotonic() > deadline:
            raise SystemExit("a mail was not answered")
        time.sleep(LOOK_EVERY_S)
    return max(moments.values())


def measure_load(site: Site, workers: int, rate: float, seconds: float) -> dict[str, float]:
    """Mails of the backlog at `rate` a second on average for `seconds`: the wait of every answered one."""
    chance = random.Random(SEED)
    user = site.new_user()
    mails = [make_mail(one, SEED) for one in range(int(rate * seconds))]
    ids = [str(message_from_bytes(mail)["Message-ID"]) for mail in mails]
    with running_product(site, user, Setup(workers)) as running:
        moves = site.stage(user, mails)
        delivered: dict[str, float] = {}
        before, moment = site.taken(), time.monotonic()
        for name, move in zip(ids, moves, strict=True):
            moment += chance.expovariate(rate)
            time.sleep(max(0.0, moment - time.monotonic()))
            deliver([move])
            delivered[name] = time.monotonic()
        running.wait_until_filed(len(mails))
    taken = site.taken_at(before)
    return spread([taken[name] - moment for name, moment in delivered.items() if name in taken]) | {"rate": rate}


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Percentiles in milliseconds, and of how many."""
    times = sorted(one * 1000 for one in seconds)
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {"n": len(times), "p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": times[-1]}


def main() -> None:
    """Start the servers and the product, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=50, help="mails measured at an idle product")
    parser.add_argument("--one-process", action="store_true", help="SQLite and memory:// instead of two workers")
    parser.add_argument("--load", type=float, default=0.0, help="mails a second, for 30 seconds")
    options = parser.parse_args()
    workers = 0 if options.one_process else 2
    with run_site() as site:
        if options.load:
            found = {f"at {options.load:g} mails a second": measure_load(site, workers, options.load, 30)}
        else:
            found = measure_idle(site, workers, options.n)
    for name, one in found.items():
        print(f"{name}: {one['n']} replies, " + ", ".join(f"{word} {one[word]:.0f} ms" for word in list(one)[1:5]))


if __name__ == "__main__":
    main()
