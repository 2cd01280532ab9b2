"""How long a person waits: from a mail's delivery to the SMTP server's acceptance of the reply, the watcher on IDLE.

    python -m bench.latency            one process on SQLite and memory://
    python -m bench.latency --redis    watcher, worker and beat as processes on PostgreSQL and Redis

Prints p50 and p95 in milliseconds over mails that arrive one after the other on a real Dovecot.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.servers.dovecot import Dovecot, run_dovecot, short_folder
from tests.servers.mails import Writer, missing_jegyzo
from tests.servers.postgres import run_postgres
from tests.servers.product import Product, product
from tests.servers.redis_server import run_redis
from tests.servers.smtp_sink import Sink, run_sink

WARM_UP = 5
ANSWERED_WITHIN_S = 60.0


def main() -> None:
    """Start the servers and the product, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=50, help="mails measured (after five that are not)")
    parser.add_argument("--redis", action="store_true", help="processes on PostgreSQL and Redis")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        dovecot = stack.enter_context(run_dovecot(stack.enter_context(short_folder())))
        sink = stack.enter_context(run_sink())
        variables = {"IMAP_URL": dovecot.url(), "SMTP_URL": sink.url(), "REPLIES_PER_HOUR": "0"}
        names = ["run"]
        if arguments.redis:
            postgres = stack.enter_context(run_postgres(stack.enter_context(short_folder())))
            variables["DATABASE_URL"] = postgres.create("aspoktatas")
            variables["BROKER_URL"] = stack.enter_context(run_redis(folder)).url()
            names = ["worker", "beat", "watch"]
        running = stack.enter_context(product(folder, **variables))
        running.command("migrate")
        running.start(*names)
        waits = measure(running, dovecot, sink, arguments.n)
        running.stop()
    p95 = statistics.quantiles(waits, n=20)[-1]
    print(f"{len(waits)} replies: p50 {statistics.median(waits):.0f} ms, p95 {p95:.0f} ms, max {max(waits):.0f} ms")


def measure(running: Product, dovecot: Dovecot, sink: Sink, number: int) -> list[float]:
    """Milliseconds from the end of each APPEND to its reply."""
    client = dovecot.client()
    waits = []
    for one in range(WARM_UP + number):
        raw = missing_jegyzo(Writer(one))
        client.append("INBOX", "", "", raw)
        delivered = time.perf_counter()
        if not sink.wait_for(one + 1, ANSWERED_WITHIN_S):
            raise SystemExit(f"mail {one} was not answered\n{running.logs()}")
        waits.append((time.perf_counter() - delivered) * 1000)
    client.logout()
    return waits[WARM_UP:]


if __name__ == "__main__":
    main()
