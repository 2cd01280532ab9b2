"""Who runs: scripts that work through a mailbox and end, and the product, which is waiting when the mails arrive."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.line.sites import PASSWORD, ROOT, Site, deliver
from tests.servers.product import Product, product

DONE_WITHIN_S = 1200.0
PENDING = "state IN ('stored', 'decided')"
UNSENT = "state IN ('queued', 'sending', 'retrying')"


@dataclass(frozen=True)
class Outcome:
    """What one run took, in seconds of wall-clock and of the contender's own CPU, and how many replies went out."""

    seconds: float
    cpu_seconds: float
    replies: int


Contender = Callable[[Site, Sequence[bytes]], Outcome]


def script(module: str, *, database: bool = True) -> Contender:
    """A script of this package, from its start to its end."""

    def run(site: Site, mails: Sequence[bytes]) -> Outcome:
        user = site.new_user()
        deliver(site.stage(user, mails))
        before = site.taken()
        with tempfile.TemporaryDirectory() as folder:
            words = [str(site.dovecot.port), user, PASSWORD, str(site.smtp_port), str(Path(folder) / "db.sqlite3")]
            if module == "store_only":
                words.pop(3)
            command = [sys.executable, "-m", f"bench.line.{module}", *(words if database else words[:3])]
            spent = os.times()
            begun = time.perf_counter()
            subprocess.run(command, cwd=ROOT, check=True)
            seconds = time.perf_counter() - begun
        now = os.times()
        cpu = now.children_user + now.children_system - spent.children_user - spent.children_system
        return Outcome(seconds, cpu, site.taken() - before)

    return run


def one_process(site: Site, mails: Sequence[bytes]) -> Outcome:
    """`aspoktatas run` on SQLite and memory://."""
    return _run_product(site, mails, ["run"], {})


def with_workers(number: int) -> Contender:
    """Watcher, beat and `number` workers on PostgreSQL and Redis."""

    def run(site: Site, mails: Sequence[bytes]) -> Outcome:
        site.redis.client().flushall()
        name = f"bench{time.monotonic_ns()}"
        variables = {"DATABASE_URL": site.postgres.create(name), "BROKER_URL": site.redis.url()}
        workers = ["worker"] + [f"worker {one}" for one in range(2, number + 1)]
        return _run_product(site, mails, [*workers, "beat", "watch"], variables)

    return run


def _run_product(site: Site, mails: Sequence[bytes], names: Sequence[str], variables: dict[str, str]) -> Outcome:
    user = site.new_user()
    moves = site.stage(user, mails)
    before = site.taken()
    wanted = {"IMAP_URL": site.dovecot.url(user), "SMTP_URL": f"smtp://127.0.0.1:{site.smtp_port}"}
    with _running({**wanted, "REPLIES_PER_HOUR": "0", **variables}, names) as running:
        spent = _cpu(running)
        begun = time.perf_counter()
        deliver(moves)
        running.wait_until(lambda: _is_done(running, len(mails)), DONE_WITHIN_S)
        seconds = time.perf_counter() - begun
        outcome = Outcome(seconds, _cpu(running) - spent, site.taken() - before)
        assert running.count("worker_reply", "state = 'sent'") == outcome.replies, running.states()
    return outcome


@contextmanager
def _running(variables: dict[str, str], names: Sequence[str]) -> Iterator[Product]:
    with tempfile.TemporaryDirectory() as folder, product(Path(folder), **variables) as running:
        assert running.command("migrate").returncode == 0, running.logs()
        running.start(*names)
        running.wait_until(lambda: running.count("worker_folder", "compared_at IS NOT NULL") > 0, 60)
        yield running
        running.stop()


def _is_done(running: Product, number: int) -> bool:
    return (
        running.count("worker_mail", "state = 'filed'") >= number
        and not running.count("worker_mail", PENDING)
        and not running.count("worker_reply", UNSENT)
    )


def _cpu(running: Product) -> float:
    """CPU seconds of the product's processes with all their children so far."""
    ticks = 0
    for group in (process.pid for process in running.processes.values()):
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:  # it has just ended
                continue
            if int(fields[2]) == group:
                ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


CONTENDERS: dict[str, Contender] = {
    "plain script": script("plain"),
    "careful script": script("careful"),
    "imap-tools, fetch and parse only": script("floor", database=False),
    "django-mailbox, store only": script("store_only"),
    "product, SQLite, one process": one_process,
    "product, PostgreSQL and Redis, 1 worker": with_workers(1),
    "product, PostgreSQL and Redis, 2 workers": with_workers(2),
}
