"""The product as a contender: started as `aspoktatas run` starts it, warmed up, and looked at only from outside."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.ledgers import empty_ledger
from bench.line.mails import make_mail
from bench.line.sites import Site, deliver
from bench.machine import cpu_of_children
from tests.servers.product import PARTS, Product, product
from worker.process_tree import COMMANDS

DONE_WITHIN_S = 1200.0
READY_WITHIN_S = 60.0
WARM_UP = 64  # mails before the clock starts: every process has its rules, templates and connections then
WARM_SEED = 1  # other mails than those of the backlog, by other people
FIRST_WARM = 40_000
Commands = Mapping[str, Sequence[str]]
PENDING = "state IN ('stored', 'decided')"
UNSENT = "state IN ('queued', 'sending', 'retrying')"


def workers(number: int) -> str:
    """How the product runs with `number` workers, in words."""
    processes = "one process" if number == 1 else f"{number} processes"
    return f"watcher, beat, and `celery worker --concurrency={number}`: {processes} at work under one that waits"


@dataclass
class Running:
    """A product at work on the mailboxes of `users`. What is counted is counted from the last `mark` on."""

    product: Product
    site: Site
    users: Sequence[str]
    in_folders: int = 0
    filed: int = 0
    sent: int = 0

    def mark(self) -> None:
        """Count from here."""
        self.in_folders = self._in_folders()
        self.filed = self.product.count("worker_mail", "state = 'filed'")
        self.sent = self.product.count("worker_reply", "state = 'sent'")

    def replies(self) -> int:
        """How many were sent."""
        return self.product.count("worker_reply", "state = 'sent'") - self.sent

    def cpu(self) -> dict[str, float]:
        """CPU seconds so far by part of the product, those of all hosts together."""
        used = cpu_of_children()
        parts: Counter[str] = Counter()
        for name, process in self.product.processes.items():
            parts[name.split()[0]] += used.get(process.pid, 0.0)  # type: ignore[assignment]  # seconds
        return dict(parts)

    def stage(self, mails: Sequence[bytes]) -> list[tuple[Path, Path]]:
        """Lay `mails` ready, shared out over the mailboxes."""
        return [
            move
            for place, user in enumerate(self.users)
            for move in self.site.stage(user, mails[place :: len(self.users)])
        ]

    def wait_until_filed(self, number: int) -> None:
        """Return once `number` mails are decided, answered and filed.

        The database is asked only when the mails lie where they belong: every question costs PostgreSQL a new process.
        """
        whole = self.in_folders + number
        self.product.wait_until(lambda: self._in_folders() >= whole and self._is_done(number), DONE_WITHIN_S)

    def _in_folders(self) -> int:
        return sum(self.site.filed(user) for user in self.users)

    def _is_done(self, number: int) -> bool:
        filed, pending, unsent = self.product.query(
            f"SELECT (SELECT count(*) FROM worker_mail WHERE state = 'filed'),"
            f" (SELECT count(*) FROM worker_mail WHERE {PENDING}),"
            f" (SELECT count(*) FROM worker_reply WHERE {UNSENT})"
        )[0]
        return filed >= self.filed + number and not pending and not unsent

    def warm_up(self, number: int) -> None:
        """Let some mails through that nobody counts."""
        self.mark()
        first = FIRST_WARM + self.in_folders
        deliver(self.stage([make_mail(first + one, WARM_SEED) for one in range(number)]))
        self.wait_until_filed(number)
        self.mark()


@dataclass(frozen=True)
class Setup:
    """How the product runs: `workers` on PostgreSQL and Redis, or with 0 as one process on SQLite.

    `hosts` have watcher, beat and so many workers each; further `mailboxes` are new ones. `database` is the URL of one
    that is there already, `imap_port` that of a proxy before Dovecot; `commands` are run instead of `parts(workers)`;
    `extra` are further variables by their whole names.
    """

    workers: int
    hosts: int = 1
    mailboxes: int = 1
    database: str = ""
    imap_port: int = 0
    commands: Commands | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def running_product(site: Site, user: str, setup: Setup) -> Iterator[Running]:
    """The product on `user`'s mailbox, warmed up."""
    port = setup.imap_port or site.dovecot.port
    wanted = {
        "IMAP_URL": site.dovecot.url(user).replace(f":{site.dovecot.port}/", f":{port}/"),
        "SMTP_URL": f"smtp://127.0.0.1:{site.smtp_port}",
        "REPLIES_PER_HOUR": "0",
    }
    names = ["run"]
    if setup.workers:
        site.redis.client().flushall()
        wanted |= {"BROKER_URL": site.redis.url(), "DATABASE_URL": setup.database or empty_ledger(site.postgres)}
        names = [name if host == 1 else f"{name} {host}" for host in range(1, setup.hosts + 1) for name in COMMANDS]
    users = [user, *(site.new_user() for _ in range(setup.mailboxes - 1))]
    wanted |= {f"IMAP_URL_{place}": site.dovecot.url(one) for place, one in enumerate(users[1:], 2)}
    with tempfile.TemporaryDirectory() as folder, product(Path(folder), **wanted) as made:
        made.parts = setup.commands or parts(setup.workers)
        made.variables |= setup.extra
        if not setup.workers:
            made.command("migrate").check_returncode()
        made.start(*names)
        made.wait_until(lambda: made.count("worker_folder", "compared_at IS NOT NULL") >= len(users), READY_WITHIN_S)
        running = Running(made, site, users)
        running.warm_up(WARM_UP)
        yield running
        made.stop()


def parts(number: int) -> Commands:
    """The commands of the product's parts, the worker with `number` processes."""
    commands = {name: [sys.executable, "-m", *words] for name, words in COMMANDS.items()}
    kept = [word for word in commands["worker"] if not word.startswith("--concurrency")]
    return {"run": list(PARTS["run"]), **commands, "worker": [*kept, f"--concurrency={number}"]}
