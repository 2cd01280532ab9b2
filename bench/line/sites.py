"""The servers of the bench, and mailboxes filled by hand: files put into the Maildir, as delivery does."""

from __future__ import annotations

import os
import pwd
import smtplib
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bench.machine import command_of, cpu_of_children
from tests.servers.dovecot import Dovecot, run_dovecot, short_folder
from tests.servers.postgres import Postgres, run_postgres
from tests.servers.processes import free_port, server_process
from tests.servers.redis_server import RedisServer, run_redis

PASSWORD = "a-password-that-imaplib-can-send"
ROOT = Path(__file__).resolve().parents[2]
SERVERS = {"Dovecot": "dovecot -F", "PostgreSQL": "/bin/postgres -D", "Redis": "redis-server", "SMTP sink": "line.sink"}


SINK_LOG = "sink.log"
JUST_NS = 1_000_000_000


@dataclass
class Site:
    """All servers of one run of the bench."""

    dovecot: Dovecot
    postgres: Postgres
    redis: RedisServer
    smtp_port: int
    folder: Path
    users: Iterator[int]
    counts: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def taken(self) -> int:
        """How many mails the SMTP server took since it was started."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as smtp:
            return int(smtp.docmd("XCOUNT")[1])

    def let_smtp_wait(self, milliseconds: int) -> None:
        """From now on the SMTP server thinks so long about every mail."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as smtp:
            smtp.docmd("XWAIT", str(milliseconds))

    def taken_at(self, skip: int) -> dict[str, float]:
        """When (time.monotonic) the reply to which mail (Message-ID) was taken; without the first `skip` replies."""
        lines = (self.folder / SINK_LOG).read_text("ascii").splitlines()[skip:]
        return {answers: float(moment) for moment, _, answers in (line.partition(" ") for line in lines)}

    def cpu(self) -> dict[str, float]:
        """CPU seconds so far by server."""
        used = cpu_of_children()
        words = {pid: command_of(pid) for pid in used}
        return {name: sum(used[pid] for pid in used if word in words[pid]) for name, word in SERVERS.items()}

    def filed(self, user: str) -> int:
        """How many mails lie in folders other than the inbox."""
        box = self.dovecot.home / "mail" / user
        return sum(self._count(place) for name in ("new", "cur") for place in box.glob(f".*/{name}"))

    def _count(self, place: Path) -> int:
        """How many files lie there; counted again where the folder has changed since, or only just."""
        changed = place.stat().st_mtime_ns
        if self.counts.get(place, (0, 0))[0] != changed or time.time_ns() - changed < JUST_NS:
            self.counts[place] = changed, sum(1 for _ in os.scandir(place))
        return self.counts[place][1]

    def new_user(self) -> str:
        """A mailbox that nobody has used."""
        return f"bench{next(self.users)}"

    def stage(self, user: str, mails: Sequence[bytes]) -> list[tuple[Path, Path]]:
        """Write `mails` beside the mailbox; `deliver` puts them in."""
        owner = pwd.getpwnam("nobody")
        box = self.dovecot.home / "mail" / user
        folders = [box, *(box / name for name in ("cur", "new", "tmp"))]
        moves = []
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        for number, raw in enumerate(mails):
            name = delivered_name(next(self.users), 1_790_000_000 + number)
            path = box / "tmp" / name
            path.write_bytes(raw)
            os.chown(path, owner.pw_uid, owner.pw_gid)
            moves.append((path, box / "new" / name))
        return moves


def delivered_name(number: int, arrived: int) -> str:
    """A new file name for a mail that `arrived` (seconds), as delivery agents make them: microseconds and a process.

    Counted up in two places instead, thousands of names fall into one bucket of the hash by which Dovecot finds them.
    """
    return f"{arrived}.M{number * 389_171 % 1_000_000:06}P{number * 7 % 29_989 + 1_000}.bench"


def deliver(moves: Sequence[tuple[Path, Path]]) -> None:
    """Let the staged mails arrive, all within a moment."""
    for origin, place in moves:
        origin.rename(place)


@contextmanager
def run_site() -> Iterator[Site]:
    """Start Dovecot, PostgreSQL, Redis and the SMTP sink; stop them at the end."""
    with ExitStack() as stack:
        folder = stack.enter_context(short_folder())
        port = free_port()
        command = [sys.executable, "-m", "bench.line.sink", str(port)]
        stack.enter_context(server_process(command, port=port, log=folder / SINK_LOG))
        yield Site(
            dovecot=stack.enter_context(run_dovecot(stack.enter_context(short_folder()), password=PASSWORD)),
            postgres=stack.enter_context(run_postgres(stack.enter_context(short_folder()))),
            redis=stack.enter_context(run_redis(folder)),
            smtp_port=port,
            folder=folder,
            users=count(1),
        )
