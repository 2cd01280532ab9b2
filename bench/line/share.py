"""Celery's share of the CPU of a backlog: everything that worker, beat and watcher use outside of tasks' bodies.

    python -m bench.line.share [-n MAILS] [--workers NUMBER]

Counted by the processes themselves (bench.line.counted) and held against what /proc says that they used in all: the
pool's parent, receiving, acknowledging, publishing from tasks and from the watcher, and beat are Celery's. Redis' own
CPU is told apart.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.line.counts import FOLDER_VARIABLE, read_counts
from bench.line.mails import make_mail
from bench.line.products import Commands, Setup, parts, running_product
from bench.line.sites import Site, deliver, run_site
from bench.line.turns import SEED


def celery_share(site: Site, mails: Sequence[bytes], workers: int) -> dict[str, float]:
    """CPU milliseconds a mail: "all" of the product, "celery", "bodies" of the tasks, "redis"; and "share", 0 to 1."""
    user = site.new_user()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        setup = Setup(workers, commands=_counted(workers), extra={FOLDER_VARIABLE: name})
        with running_product(site, user, setup) as running:
            moves = site.stage(user, mails)
            before, servers, counts = running.cpu(), site.cpu(), read_counts(folder)
            deliver(moves)
            running.wait_until_filed(len(mails))
            used = {part: seconds - before[part] for part, seconds in running.cpu().items()}
            redis = site.cpu()["Redis"] - servers["Redis"]
            counted = {one: seconds - counts[one] for one, seconds in read_counts(folder).items()}
    bodies = counted["body"] - counted["published_inside"]
    everything = sum(used.values())
    celery = used["worker"] - bodies + used["beat"] + counted["published_outside"]
    per_mail = {"all": everything, "celery": celery, "bodies": bodies, "redis": redis}
    return {one: seconds / len(mails) * 1000 for one, seconds in per_mail.items()} | {"share": celery / everything}


def _counted(workers: int) -> Commands:
    commands = dict(parts(workers))
    commands["worker"] = ["bench.line.counted" if word == "config" else word for word in commands["worker"]]
    commands["watcher"] = ["bench.line.counted" if word == "config.cli" else word for word in commands["watcher"]]
    return commands


def main() -> None:
    """Run and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=2000, help="mails in the backlog")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    mails = [make_mail(number, SEED) for number in range(options.n)]
    with run_site() as site:
        found = celery_share(site, mails, options.workers)
    print(", ".join(f"{name} {found[name]:.2f} ms" for name in ("all", "celery", "bodies", "redis")), "of CPU a mail")
    print(f"Celery's share: {found['share']:.1%}")


if __name__ == "__main__":
    main()
