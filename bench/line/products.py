"""The product as a contender: started as `aspoktatas run` starts it, warmed up, and looked at only from outside."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bench.line.mails import make_mail
from bench.line.sites import Site, deliver
from bench.machine import cpu_of_children
from tests.servers.product import PARTS, Product, product
from worker.process_tree import COMMANDS

DONE_WITHIN_S = 1200.0
READY_WITHIN_S = 60.0
WARM_UP = 64  # mails before the clock starts: every process has its rules, templates and connections then
WARM_SEED = 1  # other mails than those of the backlog, by other people
FIRST_WARM = 50_000
Commands = Mapping[str, Sequence[str]]
PENDING = "state IN ('stored', 'decided')"
UNSENT = "state IN ('queued', 'sending', 'retrying')"


def workers(number: int) -> str:
    """How the product runs with `number` workers, in words."""
    processes = "one process" if number == 1 else f"{number} processes"
    return f"watcher, beat, and `celery worker --concurrency={number}`: {processes} at work under one that waits"


@dataclass
class Running:
    """A product at work on one mailbox; `warm` mails were through it before anything is counted."""

    product: Product
    site: Site
    user: str
    warm: int = 0
    warm_replies: int = 0

    def cpu(self) -> dict[str, float]:
        """CPU seconds so far by part of the product."""
        used = cpu_of_children()
        return {name: used.get(process.pid, 0.0) for name, process in self.product.processes.items()}

    def wait_until_filed(self, number: int) -> None:
        """Return once `number` mails (beside those of the warm-up) are decided, answered and filed.

        The database is asked only when the inbox is empty: every question costs PostgreSQL a new process.
        """
        self.product.wait_until(lambda: self.site.is_inbox_empty(self.user) and self._is_done(number), DONE_WITHIN_S)

    def replies_sent(self) -> int:
        """How many, without those of the warm-up."""
        return self.product.count("worker_reply", "state = 'sent'") - self.warm_replies

    def warm_up(self, number: int) -> None:
        """Let some mails through that are not counted."""
        mails = [make_mail(FIRST_WARM + one, WARM_SEED) for one in range(number)]
        deliver(self.site.stage(self.user, mails))
        self.wait_until_filed(number)
        self.warm, self.warm_replies = number, self.replies_sent()

    def _is_done(self, number: int) -> bool:
        filed, pending, unsent = self.product.query(
            f"SELECT (SELECT count(*) FROM worker_mail WHERE state = 'filed'),"
            f" (SELECT count(*) FROM worker_mail WHERE {PENDING}),"
            f" (SELECT count(*) FROM worker_reply WHERE {UNSENT})"
        )[0]
        return filed >= self.warm + number and not pending and not unsent


@contextmanager
def running_product(
    site: Site,
    user: str,
    number: int,
    *,
    commands: Commands | None = None,
    extra: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Running]:
    """The product on `user`'s mailbox: `number` workers on PostgreSQL and Redis, or with 0 one process on SQLite.

    `commands` are run instead of `parts(number)`; `extra` are further variables by their whole names.
    """
    wanted = {
        "IMAP_URL": site.dovecot.url(user),
        "SMTP_URL": f"smtp://127.0.0.1:{site.smtp_port}",
        "REPLIES_PER_HOUR": "0",
    }
    names = ["run"]
    if number:
        site.redis.client().flushall()
        wanted |= {"BROKER_URL": site.redis.url(), "DATABASE_URL": site.postgres.create(f"bench{time.monotonic_ns()}")}
        names = list(COMMANDS)
    with tempfile.TemporaryDirectory() as folder, product(Path(folder), **wanted) as made:
        made.parts = commands or parts(number)
        made.variables |= extra
        done = made.command("migrate")
        assert done.returncode == 0, done.stderr
        made.start(*names)
        made.wait_until(lambda: made.count("worker_folder", "compared_at IS NOT NULL") > 0, READY_WITHIN_S)
        running = Running(made, site, user)
        running.warm_up(WARM_UP)
        yield running
        made.stop()


def parts(number: int) -> Commands:
    """The commands of the product's parts, the worker with `number` processes."""
    commands = {name: [sys.executable, "-m", *words] for name, words in COMMANDS.items()}
    kept = [word for word in commands["worker"] if not word.startswith("--concurrency")]
    return {"run": list(PARTS["run"]), **commands, "worker": [*kept, f"--concurrency={number}"]}
