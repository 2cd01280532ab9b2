"""Who runs: scripts that work through a mailbox and end, and the product, which is waiting when the mails arrive."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.line.products import Running, Setup, running_product, workers
from bench.line.sites import PASSWORD, ROOT, Site, deliver

OWN = "own"  # the contender's CPU, beside that of the servers


@dataclass(frozen=True)
class Outcome:
    """What one run took: wall-clock seconds, CPU seconds by part ("own", the product's parts, servers), and how many
    replies went out."""

    seconds: float
    cpu: dict[str, float]
    replies: int


Contender = Callable[[Site, Sequence[bytes]], Outcome]


def script(module: str, *, database: bool = True) -> Contender:
    """A script of this package, from its start to its end."""

    def run(site: Site, mails: Sequence[bytes]) -> Outcome:
        user = site.new_user()
        deliver(site.stage(user, mails))
        before, servers = site.taken(), site.cpu()
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
        own = now.children_user + now.children_system - spent.children_user - spent.children_system
        return Outcome(seconds, {OWN: own, **_since(servers, site.cpu())}, site.taken() - before)

    return run


def one_process(site: Site, mails: Sequence[bytes]) -> Outcome:
    """`aspoktatas run` on SQLite and memory://."""
    return run_product(site, mails, Setup(0))


def with_workers(number: int) -> Contender:
    """Watcher, beat and a Celery worker of `number` processes on PostgreSQL and Redis."""
    return lambda site, mails: run_product(site, mails, Setup(number))


def run_product(
    site: Site, mails: Sequence[bytes], setup: Setup, look: Callable[[Running], object] = lambda _: None
) -> Outcome:
    """The product over a backlog; `look` at it before it is stopped."""
    with running_product(site, site.new_user(), setup) as running:
        moves = running.stage(mails)
        before, servers, parts = site.taken(), site.cpu(), running.cpu()
        begun = time.perf_counter()
        deliver(moves)
        running.wait_until_filed(len(mails))
        seconds = time.perf_counter() - begun
        own = _since(parts, running.cpu())
        cpu = {OWN: sum(own.values()), **own, **_since(servers, site.cpu())}
        replies = site.taken() - before
        assert running.replies() == replies, running.product.states()
        look(running)
    return Outcome(seconds, cpu, replies)


def _since(before: dict[str, float], now: dict[str, float]) -> dict[str, float]:
    return {name: now[name] - before.get(name, 0.0) for name in now}


CONTENDERS: dict[str, Contender] = {
    "plain script": script("plain"),
    "careful script": script("careful"),
    "imap-tools, fetch and parse only": script("floor", database=False),
    "django-mailbox, store only": script("store_only"),
    "product, SQLite, one process": one_process,
    "product, PostgreSQL and Redis, 1 worker": with_workers(1),
    "product, PostgreSQL and Redis, 2 workers": with_workers(2),
}
SETUPS = dict.fromkeys(CONTENDERS, "one Python process") | {
    "product, SQLite, one process": "`aspoktatas run`: watcher, worker, beat and page as threads of one process",
    "product, PostgreSQL and Redis, 1 worker": workers(1),
    "product, PostgreSQL and Redis, 2 workers": workers(2),
}
