"""Upgrading from an earlier release and going back, with that release's own code: `make upgrade FROM=REV`.

python -m tools.releases try REV           upgrades a ledger that REV wrote, then goes back; on SQLite and PostgreSQL
python -m tools.releases keep REV NAME     keeps such ledgers in tests/integration/releases/, where every later release
                                           is tried with them (tests/integration/test_upgrade.py)

REV is a tag or commit; its files come from git, its packages are those of this environment.
"""

from __future__ import annotations

import argparse
import gzip
import imaplib
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.integration.conftest import Post
from tests.servers.dovecot import run_dovecot, short_folder
from tests.servers.mails import SHAPES, Writer, make_mails, missing_pir
from tests.servers.postgres import Postgres, run_postgres
from tests.servers.product import ROOT, Product, product
from tests.servers.smtp_sink import run_sink

KEPT = ROOT / "tests" / "integration" / "releases"
FIRST = len(SHAPES)  # mails that the old release gets, one of each shape
LOGIN = {"DJANGO_SUPERUSER_PASSWORD": "kerek-erdo-2026"}


@dataclass
class OldProduct(Product):
    """The product with the code in `code`."""

    code: Path = ROOT

    @property
    def environment(self) -> dict[str, str]:
        """Its own modules before ours."""
        return {**super().environment, "PYTHONPATH": str(self.code)}


@contextmanager
def code_of(revision: str) -> Iterator[Path]:
    """A folder with the files of `revision`."""
    with tempfile.TemporaryDirectory() as name:
        archive = subprocess.run(["git", "archive", revision], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", name], input=archive, check=True)
        yield Path(name)


@contextmanager
def ledgers(code: Path) -> Iterator[Iterator[tuple[str, Product, OldProduct, Post]]]:
    """A mailbox and an empty ledger of each kind in turn, for the new and the old code alike."""
    with ExitStack() as stack:
        dovecot = stack.enter_context(run_dovecot(stack.enter_context(short_folder())))
        postgres = stack.enter_context(run_postgres(stack.enter_context(short_folder())))

        def each() -> Iterator[tuple[str, Product, OldProduct, Post]]:
            for kind in ("sqlite", "postgres"):
                post = Post(dovecot, f"kiadas-{kind}", stack.enter_context(run_sink()))
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                new = stack.enter_context(product(folder, **post.variables(), **_database(kind, postgres)))
                yield kind, new, OldProduct(folder, new.variables, code=code), post

        yield each()


def _database(kind: str, postgres: Postgres) -> dict[str, str]:
    return {"DATABASE_URL": postgres.create("kiadas")} if kind == "postgres" else {}


def fill(old: Product, post: Post) -> None:
    """Let the old release take in, decide and answer the first mails, and make a login."""
    post.deliver(make_mails(FIRST))
    _do(old, "poll", "--once")
    old.variables.update(LOGIN)
    _do(old, "createsuperuser", "--noinput", "--username=regi", "--email=regi@mintafalu0.hu")
    found = old.count("worker_mail", "state = 'filed'")
    if found != FIRST:
        raise SystemExit(f"the old release filed {found} of {FIRST} mails")


def try_upgrade(revision: str) -> None:
    """Forward with what the old release wrote, then back by its own backup; says what was seen, or where it failed."""
    with code_of(revision) as code, ledgers(code) as each:
        for kind, new, old, post in each:
            fill(old, post)
            before = _counts(old)
            backup = old.folder / "elozo.backup"
            _do(old, "backup", str(backup))
            _do(new, "migrate")
            _deliver_later(post, 21)
            _do(new, "poll", "--once")
            print(f"{kind}, forward: {before} became {_counts(new)}; {len(post.sink.accepted)} letters")
            old.variables["ASPOKTATAS_DATABASE_URL"] = _other_database(old.variables["ASPOKTATAS_DATABASE_URL"])
            _do(old, "restore", str(backup))
            _deliver_later(post, 22)
            _do(old, "poll", "--once")
            print(f"{kind}, back: {_counts(old)}; {len(post.sink.accepted)} letters")
            answered = [mail.in_reply_to for mail in post.sink.accepted]
            if len(answered) != len(set(answered)):
                raise SystemExit(f"somebody was answered twice: {answered}")


def _deliver_later(post: Post, number: int) -> None:
    """Clearly after what was done before: a restored ledger holds what may have come before it was put back."""
    client = post.client()
    client.append("INBOX", "", imaplib.Time2Internaldate(time.time() + 5), missing_pir(Writer(number)))
    client.logout()


def _other_database(url: str) -> str:
    """On PostgreSQL an empty database beside the first, as docs/install.md says; a file is replaced."""
    if not url.startswith("postgres"):
        return url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE vissza")
    return url.rpartition("/")[0] + "/vissza"


def _counts(of: Product) -> dict[str, int]:
    return {
        table: of.count(table, "1 = 1")
        for table in ("worker_mail", "worker_reply", "registry_registration", "auth_user")
    }


def keep(revision: str, name: str) -> None:
    """Write the old release's ledgers to tests/integration/releases/NAME.{db,sql}.gz."""
    KEPT.mkdir(exist_ok=True)
    with code_of(revision) as code, ledgers(code) as each:
        for kind, _, old, post in each:
            fill(old, post)
            target = KEPT / f"{name}.{'db' if kind == 'sqlite' else 'sql'}.gz"
            target.write_bytes(gzip.compress(_dump(old, kind), mtime=0))
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size} bytes")


def _dump(of: Product, kind: str) -> bytes:
    url = of.variables["ASPOKTATAS_DATABASE_URL"]
    if kind == "postgres":
        command = [shutil.which("pg_dump") or "pg_dump", "--no-owner", url]
        return subprocess.run(command, check=True, capture_output=True, env=dict(os.environ)).stdout
    copy = of.folder / "copy.db"
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute("VACUUM INTO ?", [str(copy)])
    return copy.read_bytes()


def _do(of: Product, *words: str) -> None:
    done = of.command(*words)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: {done.stderr[-2000:]}")


def main() -> None:
    """One verb."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("verb", choices=("try", "keep"))
    parser.add_argument("revision")
    parser.add_argument("name", nargs="?", default="")
    chosen = parser.parse_args()
    if chosen.verb == "keep":
        keep(chosen.revision, chosen.name or chosen.revision)
    else:
        try_upgrade(chosen.revision)


if __name__ == "__main__":
    main()
