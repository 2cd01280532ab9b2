"""Server time and queries of every view of the staff page: `python -m bench.staff_page --rows 100 10000 100000`.

`--postgres` measures on a PostgreSQL of its own beside SQLite. Databases are thrown away unless `--keep FOLDER` is
given; then they are used again where they are there; `--at URL` measures a PostgreSQL database that lies there. On a
machine that others use, the CPU time is what counts: the exit status is 1 where a view's is over LIMIT_MS. `--busy`
lays a rush on top that still goes on: what came last is in nothing that the sweep kept.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.ledgers import ledger_environment
from tests.servers.dovecot import short_folder
from tests.servers.postgres import run_postgres

LIMIT_MS = 150.0
SWEPT_EVERY = timedelta(seconds=10)
UNSWEPT = 2000  # mails since the last sweep: two workers at full speed


def main() -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[100, 10_000, 100_000], metavar="N")
    parser.add_argument("--requests", type=int, default=15, help="of each view, after one that warms up")
    parser.add_argument("--shape", choices=["year", "rush"], default="year")
    parser.add_argument("--busy", type=int, default=0, metavar="N", help="so many mails more within the last hour")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--only", default="", help="only views whose name holds this")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="of SQLite databases")
    parser.add_argument("--at", default="", metavar="URL", help="of a PostgreSQL database to fill or use again")
    parser.add_argument("--here", type=int, metavar="N", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here is not None:
        print(json.dumps(_measure_here(options)))
        return 0
    found: dict[str, Any] = {"machine": f"{platform.machine()}, {os.cpu_count()} cores", "shape": options.shape}
    with ExitStack() as stack:
        folder = (
            options.keep.resolve()
            if options.keep
            else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aspoktatas-bench-")))
        )
        folder.mkdir(parents=True, exist_ok=True)
        server = stack.enter_context(run_postgres(stack.enter_context(short_folder()))) if options.postgres else None
        words = ["--shape", options.shape, "--only", options.only, "--busy", str(options.busy)]
        for rows in options.rows:
            url = f"sqlite:///{folder}/{options.shape}-{rows}.sqlite3"
            found[f"sqlite {rows}"] = measure_ledger(url, rows, options.requests, words)
            if options.at:
                found[f"postgresql {rows}"] = measure_ledger(options.at, rows, options.requests, words)
            if server:
                url = server.create(f"rows{rows}")
                found[f"postgresql {rows}"] = measure_ledger(url, rows, options.requests, words)
    return _tell(found, options.json)


def measure_ledger(url: str, rows: int, requests: int, words: Sequence[str] = ()) -> dict[str, dict[str, float]]:
    """By view "median", "p95" and "cpu" in milliseconds, "queries" and "status", of `requests` requests.

    The ledger at `url` is filled with `rows` where it is empty. In a process of its own: settings are read once.
    """
    command = [sys.executable, "-m", "bench.staff_page", "--here", str(rows), "--requests", str(requests), *words]
    print(f"{url.partition(':')[0]}, {rows} registrations …", file=sys.stderr, flush=True)
    done = subprocess.run(command, env=ledger_environment(url), stdout=subprocess.PIPE, check=True, cwd="/")
    result: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return result


def _measure_here(options: argparse.Namespace) -> dict[str, Any]:
    import django  # noqa: PLC0415  # the environment is that of this process

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from bench.staff.busy import UIDVALIDITY, fill_hour  # noqa: PLC0415
    from bench.staff.fill import fill, settle  # noqa: PLC0415
    from bench.staff.views import addresses  # noqa: PLC0415
    from registry.models import Registration  # noqa: PLC0415
    from worker.models import Mail  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    begun = time.perf_counter()
    if not Registration.objects.exists():
        fill(0, options.here, options.shape)
    if not Mail.objects.filter(uidvalidity=UIDVALIDITY).exists():
        fill_hour(options.busy)
        settle()
        fill_hour(UNSWEPT if options.busy else 0, SWEPT_EVERY)
    print(f"filled in {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return {name: _measure(address, options.requests) for name, address in addresses().items() if options.only in name}


def _measure(address: str, requests: int) -> dict[str, float]:
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.order_by("pk")[0], backend=settings.AUTHENTICATION_BACKENDS[0])
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    queries = list(captured.captured_queries)  # the next request begins a new list
    times, used = [], time.process_time() + _used_by_database()
    for _ in range(requests):
        begun = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - begun) * 1000)
    cpu = (time.process_time() + _used_by_database() - used) / requests * 1000
    times.sort()
    p95 = times[min(int(len(times) * 0.95), len(times) - 1)]
    if cpu > LIMIT_MS:
        for one in sorted(queries, key=lambda one: -float(one["time"]))[:3]:
            print(f"{address}\n  {float(one['time']) * 1000:.0f} ms: {one['sql'][:3000]}", file=sys.stderr)
    return {
        "median": statistics.median(times),
        "p95": p95,
        "cpu": cpu,
        "queries": len(queries),
        "status": answer.status_code,
    }


def _used_by_database() -> float:
    """Seconds of CPU that PostgreSQL's process for this connection has used; SQLite is part of this process."""
    from django.db import connection  # noqa: PLC0415

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _tell(found: dict[str, Any], file: Path | None) -> int:
    columns = [name for name, value in found.items() if isinstance(value, dict)]
    names = list(dict.fromkeys(name for column in columns for name in found[column]))
    print(
        "CPU of page and database / median / p95 in ms, queries\n" + " " * 46 + "".join(f"{one:>24}" for one in columns)
    )
    worst = 0.0
    for name in names:
        cells = []
        for column in columns:
            one = found[column].get(name)
            worst = max(worst, one["cpu"]) if one else worst
            broken = "" if not one or one["status"] == 200 else f" !{one['status']}"
            said = "{cpu:.0f} / {median:.0f} / {p95:.0f}, {queries}".format(**one) if one else "–"
            cells.append(said + broken)
        print(f"{name:<46}" + "".join(f"{one:>24}" for one in cells))
    print(f"most CPU: {worst:.1f} ms")
    if file:
        file.write_text(json.dumps(found, indent=1), "utf-8")
    return int(worst > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
