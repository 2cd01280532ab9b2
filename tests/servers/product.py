"""The product itself as its operators run it: processes with a configuration, looked at only from outside."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.servers.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
CLI = (sys.executable, "-m", "config.cli")
CELERY = (sys.executable, "-m", "celery", "-A", "config")
PARTS: Mapping[str, Sequence[str]] = {
    "run": (*CLI, "run"),
    "watch": (*CLI, "watch"),
    "worker": (*CELERY, "worker", "--loglevel=INFO", "--concurrency=2", "--without-mingle"),
    "beat": (*CELERY, "beat", "--loglevel=INFO", "--pidfile="),
}


def _hear_all_signals() -> None:
    """A shell that runs the tests in the background lets its children ignore these."""
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


@dataclass
class Product:
    """One configuration in `folder`; its processes by name, each with a log beside it."""

    folder: Path
    variables: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    parts: Mapping[str, Sequence[str]] = field(default_factory=lambda: PARTS)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes see: nothing of the developer's own configuration."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("ASPOKTATAS_", "DJANGO_"))}
        return {**plain, "PYTHONPATH": str(ROOT), **self.variables}

    def start(self, *names: str) -> None:
        """Start these parts, each as the leader of a process group of its own; "worker 2" is one more worker."""
        for name in names:
            with (self.folder / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    self.parts[name.split()[0]],
                    cwd=self.folder,
                    env=self.environment,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                    preexec_fn=_hear_all_signals,  # noqa: PLW1509  # it sets two signals and takes no lock
                )

    def kill(self, *names: str) -> None:
        """kill -9 of these parts with all their children."""
        for name in names:
            process = self.processes.pop(name)
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def stop(self) -> dict[str, int]:
        """SIGTERM to every part; their exit codes."""
        processes, self.processes = self.processes, {}
        for process in processes.values():
            process.terminate()
        return {name: process.wait(60) for name, process in processes.items()}

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `aspoktatas WORDS` to its end."""
        return subprocess.run(
            [*CLI, *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of its database, read from outside; [] where there is no such table yet."""
        url = self.variables["ASPOKTATAS_DATABASE_URL"]
        try:
            if url.startswith("sqlite:///"):
                connection = sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True, timeout=30)
                try:
                    return connection.execute(sql).fetchall()
                finally:
                    connection.close()
            with psycopg.connect(url) as postgres:
                return postgres.execute(sql.encode()).fetchall()
        except (sqlite3.OperationalError, psycopg.errors.UndefinedTable):
            return []

    def count(self, table: str, where: str) -> int:
        """How many rows of `table` fulfil `where`."""
        rows = self.query(f"SELECT count(*) FROM {table} WHERE {where}")
        return int(rows[0][0]) if rows else 0

    def wait_until(self, condition: Callable[[], bool], seconds: float) -> None:
        """Return once `condition` holds; raises AssertionError with the ends of the logs where it never does."""
        deadline = time.monotonic() + seconds
        while not condition():
            dead = [(name, code) for name, process in self.processes.items() if (code := process.poll()) is not None]
            if dead or time.monotonic() > deadline:
                raise AssertionError(f"not in {seconds:.0f} s; ended: {dead}; {self.states()}\n{self.logs()}")
            time.sleep(0.05)  # another process's database gives no signal

    def states(self) -> dict[str, list[tuple[Any, ...]]]:
        """How many mails and replies are in which state."""
        words = {"worker_mail": "failure", "worker_reply": "answer"}
        return {
            table: self.query(f"SELECT state, {word}, count(*) FROM {table} GROUP BY state, {word}")
            for table, word in words.items()
        }

    def logs(self) -> str:
        """The last lines of every part's log."""
        ends = [
            f"--- {log.name}\n{log.read_text('utf-8', 'replace')[-3000:]}" for log in sorted(self.folder.glob("*.log"))
        ]
        return "\n".join(ends)


@contextmanager
def product(folder: Path, **variables: str) -> Iterator[Product]:
    """A product over a fresh SQLite file unless DATABASE_URL is given; `variables` without their prefix."""
    settings = {
        "DATABASE_URL": f"sqlite:///{folder / 'ledger.sqlite3'}",
        "SECRET_KEY": "not-a-secret-only-for-tests",
        "WEB_PORT": str(free_port()),
        "REPLIES": "on",
        "SINCE": "2000-01-01",
        **variables,
    }
    made = Product(folder, {f"ASPOKTATAS_{name}": value for name, value in settings.items()})
    try:
        yield made
    finally:
        for process in made.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
