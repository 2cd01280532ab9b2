"""What a wake-up of the watcher costs that finds nothing new: `python -m bench.wake_up`, for bench.growth.

By the environment's mailbox and database. Prints JSON: "ms" by the clock and CPU milliseconds of "client", "dovecot"
and "postgresql" a wake-up, and "full_ms" of a full comparison of mailbox and ledger (every ten minutes).
"""

# ruff: noqa: E402  # Django wants to be set up before its models are imported

from __future__ import annotations

import json
import statistics
import threading
import time
from pathlib import Path

import django

django.setup()

from django.conf import settings
from django.db import connection

from worker.services.desk import Desk
from worker.watch import Watcher

TIMES = 200
FULL_TIMES = 3


def main() -> None:
    """Measure and print."""
    desk = Desk(settings.ASPOKTATAS)
    watcher = Watcher(desk, lambda: None, threading.Event())
    with desk.connect() as mailbox:
        watcher._poll(mailbox, full=True)
        full = [_timed(lambda: watcher._poll(mailbox, full=True)) for _ in range(FULL_TIMES)]
        before = _used()
        times = [_timed(lambda: watcher._poll(mailbox, full=False)) for _ in range(TIMES)]
        used = {name: (seconds - before[name]) / TIMES * 1000 for name, seconds in _used().items()}
    print(json.dumps({"ms": statistics.median(times), **used, "full_ms": statistics.median(full)}))


def _timed(work: object) -> float:
    assert callable(work)
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _used() -> dict[str, float]:
    """CPU seconds so far of this process, of all IMAP processes (the others sleep), and of our database process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    imap = [path.parent for path in Path("/proc").glob("[0-9]*/comm") if _read(path) == "imap"]
    return {
        "client": time.process_time(),
        "dovecot": sum(map(_cpu, imap)),
        "postgresql": _cpu(Path(f"/proc/{backend}")),
    }


def _cpu(process: Path) -> float:
    """Nanoseconds on a core, as the kernel's scheduler counts them, in seconds."""
    words = _read(process / "schedstat").split()
    return int(words[0]) / 1e9 if words else 0.0


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except OSError:
        return ""


if __name__ == "__main__":
    main()
