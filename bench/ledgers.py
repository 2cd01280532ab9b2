"""Ledgers of many requests on PostgreSQL, each a copy of the smaller one with more: `build_ledgers`.

Filled by two processes, set-wise, as bench.staff.fill does it; a hundred thousand requests are 120,000 mails and take
some minutes on two cores.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.servers.postgres import USER, Postgres

ROOT = Path(__file__).resolve().parents[1]
PROCESSES = 2
FILL = """
import sys, django; django.setup()
from bench.staff.fill import fill
fill(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
"""
SETTLE = """
import django; django.setup()
from bench.staff.fill import settle
settle()
"""


def ledger_environment(url: str) -> dict[str, str]:
    """What a process sees that works on the ledger at `url`: nothing of the developer's own configuration."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ASPOKTATAS_")}
    return plain | {
        "ASPOKTATAS_DATABASE_URL": url,
        "ASPOKTATAS_SECRET_KEY": "not-a-secret-only-for-measuring",
        "ASPOKTATAS_HOSTS": "testserver",
        "ASPOKTATAS_TOTP": "off",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }


def build_ledgers(postgres: Postgres, sizes: Sequence[int], shape: str = "year") -> dict[int, str]:
    """A database for each of `sizes` (requests, full hundreds); returns their URLs."""
    made: dict[int, str] = {}
    for size in sorted(sizes):
        begun = time.perf_counter()
        last = max(made, default=0)
        made[size] = _copy(postgres, f"ledger{last}" if last else _migrated(postgres), f"ledger{size}")
        _fill(made[size], last, size, shape)
        print(f"ledger of {size} requests: {time.perf_counter() - begun:.0f} s", flush=True)
    return made


def empty_ledger(postgres: Postgres) -> str:
    """A new database without a mail: copied, for migrations take seconds. Returns its URL."""
    return _copy(postgres, _migrated(postgres), f"empty{next(_numbers)}")


_numbers = itertools.count(1)


@cache
def _migrated(postgres: Postgres) -> str:
    """The name of a database to copy."""
    url = postgres.create("migrated")
    assert _run([sys.executable, "-m", "config.cli", "migrate"], url).wait() == 0
    return "migrated"


def _copy(postgres: Postgres, origin: str, name: str) -> str:
    server = ["-h", "127.0.0.1", "-p", str(postgres.port), "-U", USER]
    subprocess.run([str(postgres.bin / "createdb"), *server, "-T", origin, name], check=True)
    return postgres.url(name)


def _fill(url: str, first: int, after: int, shape: str) -> None:
    share = max(1, (after - first) // 100 // PROCESSES) * 100
    starts = [*range(first, after, share)][:PROCESSES]
    ranges = zip(starts, [*starts[1:], after], strict=True)
    fillers = [_run([sys.executable, "-c", FILL, str(begin), str(end), shape], url) for begin, end in ranges]
    for filler in fillers:
        assert filler.wait() == 0, "a ledger could not be filled"
    assert _run([sys.executable, "-c", SETTLE], url).wait() == 0


def _run(command: Sequence[str], url: str) -> subprocess.Popen[bytes]:
    """Started where no `.env` of a developer lies."""
    return subprocess.Popen(command, cwd="/", env=ledger_environment(url), stdout=subprocess.DEVNULL)
