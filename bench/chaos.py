"""The random run: everybody does anything at any moment, and at the end every mail is accounted for.

    python -m bench.chaos --minutes 3 --seed 1                  processes on PostgreSQL and Redis
    python -m bench.chaos --minutes 3 --seed 1 --one-process    one process on SQLite and memory://

Mails arrive; colleagues flag, move, copy, destroy and append in the same mailbox; the SMTP server refuses, breaks off
and talks nonsense; connections are cut; Redis is flushed and restarted, database sessions are ended; the product's
processes are killed with -9 at random moments and at named points (worker/crash_points.py) and started again. Then all
heals, the product drains, and the promises are checked mail by mail on the servers' own records. Prints a table; exits
1 on any breach. The seed gives the same sequence of events (not the same timing).
"""

# ruff: noqa: E402  # Django wants to be set up before its models are imported

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.faults.broker import Broker
from tests.faults.colleague import Colleague
from tests.faults.correspondence import Correspondence
from tests.faults.invariants import find_breaches
from tests.faults.world import World
from tests.servers.dovecot import run_dovecot, short_folder
from tests.servers.postgres import run_postgres
from tests.servers.product import product
from tests.servers.proxy import run_proxy
from tests.servers.smtp_sink import CUT, GARBAGE, HANG, run_sink
from worker.crash_points import POINTS, VARIABLE

STEP_S = 1.0
MAILS_A_STEP = (1, 4)
DRAINS_WITHIN_S = 900.0
REFUSALS = ("421 closing", "451 later", "450 greylisted", CUT, CUT, GARBAGE, "550 no such user", "552 too big")
SENT = 'mailbox "Elküldött elemek" {\n special_use = \\Sent\n auto = create\n}'
END_SESSIONS = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


class Chaos:
    """One run over `world`; `counts` says how often what happened."""

    def __init__(self, world: World, broker: Broker | None, seed: int) -> None:
        self.world, self.broker = world, broker
        self.chance = random.Random(seed)
        self.colleague = Colleague(world.client(), world.truth, self.chance)
        self.letters = Correspondence(self.chance, world.sink)
        self.counts: Counter[str] = Counter()
        self.down: dict[str, float] = {}

    def run(self, minutes: float) -> None:
        """Chaos for so long."""
        for part in self.world.parts:
            self._start(part)
        deeds = self._deeds()
        until = time.monotonic() + 60 * minutes
        while time.monotonic() < until:
            started = time.monotonic()
            for _ in range(self.chance.randint(*MAILS_A_STEP)):
                self.colleague.deliver(self.letters.write())
                self.counts["mails"] += 1
            self.chance.choices([deed for deed, _ in deeds], [weight for _, weight in deeds])[0]()
            self._look_after()
            time.sleep(max(0.0, STEP_S - (time.monotonic() - started)))

    def _deeds(self) -> list[tuple[Callable[[], object], float]]:
        """What may happen in a step, with its weight."""
        deeds: list[tuple[Callable[[], object], float]] = [
            (self.colleague.act, 30), (self.kill, 20), (self.refuse, 12), (self.cut_imap, 6), (self.cut_smtp, 4),
        ]  # fmt: skip
        if self.broker:
            deeds += [(self.flush, 4), (self.restart_redis, 2), (self.end_sessions, 4)]
        return deeds

    def kill(self) -> None:
        """kill -9 of one part with its children."""
        running = sorted(name for name, process in self.world.product.processes.items() if process.poll() is None)
        if running:
            self._bury(self.chance.choice(running), "random moment")

    def refuse(self) -> None:
        """The SMTP server misbehaves once."""
        answer = HANG if self.chance.random() < 0.05 else self.chance.choice(REFUSALS)
        self.world.sink.order(self.chance.choice(["EHLO", "MAIL", "RCPT", "DATA", "DOT", "DOT"]), answer)
        self.counts["SMTP: misbehaved"] += 1

    def cut_imap(self) -> None:
        """Every IMAP connection of the product is reset."""
        self.world.imap.cut()
        self.counts["IMAP: cut"] += 1

    def cut_smtp(self) -> None:
        """Every SMTP connection of the product is reset."""
        self.world.smtp.cut()
        self.counts["SMTP: cut"] += 1

    def flush(self) -> None:
        """FLUSHALL."""
        if self.broker and self.broker.flush():
            self.counts["Redis: flushed"] += 1

    def restart_redis(self) -> None:
        """Redis goes away; it comes back some steps later."""
        if self.broker and self.broker.running:
            self.broker.stop()
            self.down["redis"] = time.monotonic() + self.chance.uniform(1, 8)
            self.counts["Redis: restarted"] += 1

    def end_sessions(self) -> None:
        """Every database session ends."""
        self.world.product.query(END_SESSIONS)
        self.counts["PostgreSQL: sessions ended"] += 1

    def _look_after(self) -> None:
        """Count those that died at a named point or by themselves; start what was away for long enough."""
        for name, process in list(self.world.product.processes.items()):
            if process.poll() is not None:
                self._bury(name, "named point" if process.returncode == -9 else f"ended itself ({process.returncode})")
        for name, moment in list(self.down.items()):
            if time.monotonic() >= moment:
                del self.down[name]
                if name == "redis" and self.broker:
                    self.broker.start()
                else:
                    self._start(name)

    def _start(self, name: str) -> None:
        """Start a part; two of three will die at a named point of their work."""
        doom = {}
        if self.chance.random() < 0.67:
            points = [point for point in POINTS if name != "watch" or point.startswith("poll.")]
            doom[VARIABLE.removeprefix("ASPOKTATAS_")] = f"{self.chance.choice(points)}:{self.chance.randint(1, 3)}"
        self.world.start(name, **doom)

    def _bury(self, name: str, why: str) -> None:
        self.world.kill(name)
        self.counts[f"kill -9, {why}"] += 1
        self.counts[f"  of which {name.split(maxsplit=1)[0]}"] += 1
        self.down[name] = time.monotonic() + self.chance.uniform(0, 2)

    def heal(self) -> None:
        """All is well again; the product finishes in its own time, except that the next attempts are due at once."""
        self.world.sink.orders.clear()
        self.world.kill()
        if self.broker and not self.broker.running:
            self.broker.start()
        self.world.start()
        deadline, passes_at = time.monotonic() + DRAINS_WITHIN_S, time.monotonic() + 80
        while not self.world.is_quiet() and time.monotonic() < deadline:
            time.sleep(1)
            if time.monotonic() > passes_at:
                self.world.pass_time(claims=False)
                passes_at = time.monotonic() + 30
        self.world.wait_until_polled()
        self.world.product.stop()


def table(chaos: Chaos) -> Iterator[tuple[str, object]]:
    """What happened, a line each."""
    query = chaos.world.product.query
    yield from sorted(chaos.counts.items())
    yield from ((f"colleague: {name}", number) for name, number in sorted(chaos.colleague.deeds.items()))
    yield from ((f"mails {state} {why}".strip(), number) for state, why, number in query(
        "SELECT state, failure, count(*) FROM worker_mail GROUP BY state, failure ORDER BY 1, 2"))  # fmt: skip
    yield "twins", query("SELECT count(*) FROM worker_mail WHERE twin_of_id IS NOT NULL")[0][0]
    yield from ((f"replies {state}", number) for state, number in query(
        "SELECT state, count(*) FROM worker_reply GROUP BY state ORDER BY 1"))  # fmt: skip
    yield "mails accepted by SMTP", len(chaos.world.sink.accepted)
    for message_id, mail in query("SELECT message_id, mail_id FROM worker_reply WHERE state = 'uncertain' ORDER BY id"):
        yield f"uncertain {message_id}", f"answer to mail {mail}"


def main() -> int:
    """Set up, run, check, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one-process", action="store_true")
    parser.add_argument("--folder", type=Path, help="keep logs and SQLite file here")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        world, broker = build(stack, arguments.folder, one_process=arguments.one_process)
        chaos = Chaos(world, broker, arguments.seed)
        chaos.run(arguments.minutes)
        chaos.heal()
        breaches = find_breaches(world.truth, world.maildir, world.sink.accepted, world.product.query)
        breaches += chaos.letters.misjudged(world.product.query)
        for name, value in table(chaos):
            print(f"{name:56} {value}")
    print("\n".join(breaches) if breaches else f"no breach (seed {arguments.seed}, {arguments.minutes:g} minutes)")
    return 1 if breaches else 0


def build(stack: ExitStack, folder: Path | None, *, one_process: bool) -> tuple[World, Broker | None]:
    """Servers and product, stopped when `stack` ends."""
    folder = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
    folder.mkdir(exist_ok=True)
    dovecot = stack.enter_context(run_dovecot(stack.enter_context(short_folder()), folders=SENT))
    sink = stack.enter_context(run_sink())
    imap, smtp = stack.enter_context(run_proxy(dovecot.port)), stack.enter_context(run_proxy(sink.port))
    variables = {"REPLIES_PER_HOUR": "0", "SMTP_URL": f"smtp://127.0.0.1:{smtp.port}",
                 "IMAP_URL": dovecot.url().replace(f":{dovecot.port}/", f":{imap.port}/")}  # fmt: skip
    broker: Broker | None = None
    parts: tuple[str, ...] = ("run",)
    if not one_process:
        postgres = stack.enter_context(run_postgres(stack.enter_context(short_folder())))
        broker = stack.enter_context(Broker(folder))
        variables |= {"DATABASE_URL": postgres.create("aspoktatas"), "BROKER_URL": broker.url}
        parts = ("worker", "worker 2", "beat", "watch")
    made = stack.enter_context(product(folder, **variables))
    assert made.command("migrate").returncode == 0
    return World(made, dovecot, "asp", sink, parts, imap, smtp), broker


if __name__ == "__main__":
    sys.exit(main())
