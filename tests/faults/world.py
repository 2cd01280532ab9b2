"""One mailbox, one SMTP server and the product between them: started, killed at a named point, let run until quiet."""

from __future__ import annotations

import imaplib
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.faults.broker import Broker
from tests.faults.invariants import Truth, find_breaches
from tests.integration.expectations import expect
from tests.servers.dovecot import Dovecot
from tests.servers.product import Product
from tests.servers.proxy import Proxy
from tests.servers.smtp_sink import Sink
from worker.crash_points import POINTS, VARIABLE

DIES_WITHIN_S = 60.0
QUIET_WITHIN_S = 120.0
BUSY_MAILS = "state NOT IN ('filed', 'failed') OR (state = 'failed' AND filed_at IS NULL)"
BUSY_REPLIES = "state IN ('queued', 'sending', 'retrying')"
COPIES = "sent_copy = 'pending' AND state = 'sent'"
ATTEMPTS = {"worker_mail": ("next_attempt_at",), "worker_reply": ("next_attempt_at",)}
CLAIMS = {
    "worker_mail": ("lease_until", "next_attempt_at"),
    "worker_reply": ("lease_until", "next_attempt_at"),
    "worker_folder": ("lease_until",),
    "worker_control": ("at",),
}
UNCERTAIN = "SELECT m.message_id FROM worker_reply r JOIN worker_mail m ON m.id = r.mail_id WHERE r.state = 'uncertain'"


@dataclass
class World:
    """`parts` are the product's processes in this configuration."""

    product: Product
    dovecot: Dovecot
    user: str
    sink: Sink
    parts: tuple[str, ...]
    imap: Proxy
    smtp: Proxy
    broker: Broker | None = None
    truth: Truth = field(default_factory=Truth)
    raws: list[bytes] = field(default_factory=list)

    @property
    def maildir(self) -> Path:
        """Where Dovecot keeps the mailbox."""
        return self.dovecot.home / "mail" / self.user

    def client(self) -> imaplib.IMAP4:
        """A colleague's mail program, past the proxy."""
        return self.dovecot.client(self.user)

    def deliver(self, raws: Sequence[bytes]) -> None:
        """Put mails into INBOX as a delivery would."""
        self.dovecot.deliver(self.user, *raws)
        for raw in raws:
            self.truth.deliver(raw)
            self.raws.append(raw)

    def start(self, *parts: str, **variables: str) -> None:
        """Start these parts, or all; `variables` (without prefix) are only for them."""
        usual = self.product.variables
        self.product.variables = usual | {f"ASPOKTATAS_{name}": value for name, value in variables.items()}
        self.product.start(*(parts or self.parts))
        self.product.variables = usual

    def kill(self, *parts: str) -> None:
        """kill -9 of these parts, or of all that run."""
        self.product.kill(*(parts or tuple(self.product.processes)))

    def die_at(self, point: str, times: int = 1) -> None:
        """Run until a process dies at `point` (reached for that many times); kill the others too, let time pass."""
        assert point in POINTS
        self.start(**{VARIABLE.removeprefix("ASPOKTATAS_"): f"{point}:{times}"})
        deadline = time.monotonic() + DIES_WITHIN_S
        while all(process.poll() is None for process in self.product.processes.values()):
            if time.monotonic() > deadline:
                raise AssertionError(f"nobody died at {point}; {self.product.states()}\n{self.product.logs()}")
            time.sleep(0.02)  # a death elsewhere gives no signal
        self.kill()
        self.pass_time()

    def pass_time(self, *, claims: bool = True) -> None:
        """An hour goes by for what waits: the next attempts are due; with `claims`, claims and signs of life age."""
        url = self.product.variables["ASPOKTATAS_DATABASE_URL"]
        for table, names in (CLAIMS if claims else ATTEMPTS).items():
            if url.startswith("sqlite:///"):
                changes = ", ".join(f"{name} = strftime('%Y-%m-%d %H:%M:%f', {name}, '-1 hour')" for name in names)
                connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)
                with connection:
                    connection.execute(f"UPDATE {table} SET {changes}")
                connection.close()
            else:
                changes = ", ".join(f"{name} = {name} - interval '1 hour'" for name in names)
                with psycopg.connect(url) as postgres:
                    postgres.execute(f"UPDATE {table} SET {changes}".encode())

    def is_quiet(self) -> bool:
        """Whether every mail delivered has a row and nothing waits any more."""
        count = self.product.count
        if self.product.count("worker_mail", "true") < len(self.raws):
            return False
        return not (count("worker_mail", BUSY_MAILS) or count("worker_reply", f"({BUSY_REPLIES}) OR ({COPIES})"))

    def wait_until_quiet(self, seconds: float = QUIET_WITHIN_S) -> None:
        """Let the running product finish."""
        self.product.wait_until(self.is_quiet, seconds)

    def wait_until_polled(self, seconds: float = 60.0) -> None:
        """Let the running product look at the whole mailbox once more, and finish what it found."""
        seen = self.product.query("SELECT max(polled_at) FROM worker_folder")
        self.product.wait_until(lambda: self.product.query("SELECT max(polled_at) FROM worker_folder") != seen, seconds)
        self.wait_until_quiet(seconds)

    def drain(self) -> None:
        """The product starts in good order, works until nothing waits, and is killed."""
        self.start()
        self.wait_until_quiet()
        self.kill()

    def check(self, *, uncertain: int | None = 0, failed: int = 0, refused: int = 0) -> None:
        """The promises hold; every mail that is to be answered was, but for so many uncertain, failed and refused ones.

        None: any number.
        """
        breaches = find_breaches(self.truth, self.maildir, self.sink.accepted, self.product.query)
        assert not breaches, "\n".join([*breaches, self.product.logs()])
        assert uncertain in (None, self.product.count("worker_reply", "state = 'uncertain'"))
        assert self.product.count("worker_mail", "state = 'failed'") == failed
        expected = expect(self.raws)
        answered = {mail.in_reply_to for mail in self.sink.accepted}
        in_doubt = {row[0] for row in self.product.query(UNCERTAIN)}
        assert self.product.count("worker_reply", "state = 'failed'") == refused
        if not failed:
            assert len(answered | in_doubt) == len(expected.answered) - refused
            assert answered | in_doubt <= expected.answered
            assert dict(self.product.query("SELECT message_id, filed_to FROM worker_mail")) == expected.folders
