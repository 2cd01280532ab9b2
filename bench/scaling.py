"""What more workers give, and what a mail leaves behind: `python -m bench.scaling [-n MAILS] [--workers 1 2 3 4]`.

The product on PostgreSQL and Redis over a backlog, with more and more worker processes; then the same with an SMTP
server that thinks about every mail as real ones do, so that workers wait and the cores are free for more of them; then
a larger backlog, after which the tables are weighed. Connections, Redis' memory and CPU are counted on the way.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from bench.line.contenders import OWN, run_product
from bench.line.mails import make_mail
from bench.line.products import WARM_UP, Running, Setup
from bench.line.sites import SERVERS, Site, run_site
from bench.line.turns import SEED

SLOW_MS = 50  # what a mail server with a virus scanner may take for a mail
OTHER_WAYS = {
    "two hosts, one worker each": Setup(1, hosts=2),
    "two mailboxes, two workers": Setup(2, mailboxes=2),
}
TABLES = """
    SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def measure_scaling(site: Site, mails: int, workers: Sequence[int], slow_mails: int) -> dict[str, Any]:
    """By number of workers: "quick" and "slow" (SMTP), each as `_run` tells it; and "others", by what they are."""
    backlog = [make_mail(one, SEED) for one in range(max(mails, slow_mails))]
    quick = {str(number): _run(site, backlog[:mails], Setup(number)) for number in workers}
    others = {name: _run(site, backlog[:mails], setup) for name, setup in OTHER_WAYS.items()}
    site.let_smtp_wait(SLOW_MS)
    try:
        slow = {str(number): _run(site, backlog[:slow_mails], Setup(number)) for number in workers}
    finally:
        site.let_smtp_wait(0)
    sizes = {"mails": mails, "slow_mails": slow_mails, "slow_ms": SLOW_MS}
    return {**sizes, "quick": quick, "slow": slow, "others": others}


def _run(site: Site, mails: Sequence[bytes], setup: Setup) -> dict[str, Any]:
    """Mails a second, CPU milliseconds a mail by part, replies a mail, cores that others than the worker used."""
    seen: dict[str, Any] = {}

    def look(running: Running) -> None:
        seen["postgresql_connections"] = running.product.query(CONNECTIONS)[0][0]
        seen["redis_connections"] = running.site.redis.client().info("clients")["connected_clients"] - 1

    outcome = run_product(site, mails, setup, look)
    others = sum(outcome.cpu[part] for part in (*SERVERS, "watcher", "beat"))
    return seen | {
        "rate": len(mails) / outcome.seconds,
        "cpu_ms": {part: seconds / len(mails) * 1000 for part, seconds in outcome.cpu.items()},
        "replies": outcome.replies / len(mails),
        "cores_of_others": others / outcome.seconds,
        "cores_of_worker": outcome.cpu["worker"] / outcome.seconds,
    }


def measure_storage(site: Site, mails: int, workers: int) -> dict[str, Any]:
    """What `mails` leave in PostgreSQL and took in Redis: bytes a mail by table (rows, indexes), peak of Redis."""
    backlog = [make_mail(one, SEED) for one in range(mails)]
    redis = site.redis.client()
    before = redis.info("memory")["used_memory"]
    tables: dict[str, tuple[float, float]] = {}

    def look(running: Running) -> None:
        everything = mails + WARM_UP
        for name, rows, indexes in running.product.query(TABLES):
            tables[name] = (rows / everything, indexes / everything)

    outcome = run_product(site, backlog, Setup(workers), look)
    return {
        "mails": mails,
        "rate": mails / outcome.seconds,
        "cpu_ms": {part: seconds / mails * 1000 for part, seconds in outcome.cpu.items()},
        "mail_bytes": sum(map(len, backlog)) / mails,
        "bytes": sum(sum(one) for one in tables.values()),
        "tables": {name: one for name, one in sorted(tables.items(), key=lambda item: -sum(item[1])) if sum(one) > 50},
        "redis_before": before,
        "redis_peak": redis.info("memory")["used_memory_peak"],
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=2000, help="mails in the backlog")
    parser.add_argument("--slow", type=int, default=400, help="mails in the backlog with a slow SMTP server")
    parser.add_argument("--weigh", type=int, default=10_000, help="mails in the backlog that is weighed")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 3, 4])
    options = parser.parse_args()
    with run_site() as site:
        found = measure_scaling(site, options.n, options.workers, options.slow)
        found["storage"] = measure_storage(site, options.weigh, 2)
    for word in ("quick", "slow"):
        for number, one in found[word].items():
            print(
                f"{word} SMTP, {number} workers: {one['rate']:.0f} mails/s, {one['cpu_ms'][OWN]:.2f} ms of CPU a mail"
            )
    print(json.dumps(found))


if __name__ == "__main__":
    main()
