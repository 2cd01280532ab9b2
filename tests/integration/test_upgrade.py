"""Ledgers that earlier releases wrote (`python -m tools.releases keep REV NAME`): forward, and nothing is lost.

So far the first state of the schema and the one before this release; every release keeps its own when it is made.
"""

from __future__ import annotations

import gzip
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.integration.conftest import Post
from tests.servers.mails import SHAPES, Writer, make_mails, missing_pir
from tests.servers.postgres import Postgres
from tests.servers.product import Product, product

HERE = Path(__file__).parent / "releases"
KEPT = sorted(HERE.glob("*.gz"))
Rows = dict[str, list[dict[str, Any]]]
MADE_AGAIN = ("django_session", "staff_cache", "worker_control", "sqlite_sequence")  # they count, or last for a moment


@pytest.fixture(params=KEPT, ids=lambda path: path.name.removesuffix(".gz"))
def ledger(request: pytest.FixtureRequest, tmp_path: Path, post: Post) -> Iterator[Product]:
    """Today's product over an old ledger."""
    kept: Path = request.param
    data = gzip.decompress(kept.read_bytes())
    variables = post.variables()
    if kept.name.endswith(".sql.gz"):
        postgres: Postgres = request.getfixturevalue("postgres")
        variables["DATABASE_URL"] = url = postgres.create(f"kiadas_{kept.name.partition('.')[0]}")
        psql = shutil.which("psql") or "psql"
        subprocess.run([psql, "-q", "-v", "ON_ERROR_STOP=1", url], input=data, check=True, capture_output=True)
    else:
        (tmp_path / "ledger.sqlite3").write_bytes(data)
    with product(tmp_path, **variables) as made:
        yield made


def read(of: Product) -> Rows:
    """All rows of all tables, by the tables' names."""
    url = of.variables["ASPOKTATAS_DATABASE_URL"]
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.row_factory = sqlite3.Row
            named = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            tables = [row[0] for row in connection.execute(named)]
            return {table: [dict(row) for row in connection.execute(f'SELECT * FROM "{table}"')] for table in tables}
    with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as postgres:
        named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        tables = [row["tablename"] for row in postgres.execute(named)]
        ask = sql.SQL("SELECT * FROM {}")
        return {table: postgres.execute(ask.format(sql.Identifier(table))).fetchall() for table in tables}


def lost(before: Rows, after: Rows) -> list[str]:
    """What of the old rows is not in the new ones, by table, row and column."""
    found = []
    for table, rows in before.items():
        if table in MADE_AGAIN or not rows:
            continue
        key = "id" if "id" in rows[0] else next(iter(rows[0]))
        now = {row[key]: row for row in after.get(table, ())}
        for row in rows:
            new = now.get(row[key], {})
            gone = [name for name in row if new.get(name) != row[name]]
            found += [f"{table} {row[key]}: {name} {row[name]!r} → {new.get(name)!r}" for name in gone]
    return found


def test_every_release_is_kept_on_both_databases() -> None:
    names = {path.name.partition(".")[0] for path in KEPT}
    assert {path.name for path in KEPT} == {f"{name}.{kind}.gz" for name in names for kind in ("db", "sql")}
    assert {"issue2", "issue6"} <= names


def test_forward_without_loss(ledger: Product, post: Post) -> None:
    before = read(ledger)
    assert len(before["worker_mail"]) == len(SHAPES)
    done = ledger.command("migrate")
    assert done.returncode == 0, done.stderr
    assert lost(before, read(ledger)) == []

    post.deliver([*make_mails(len(SHAPES)), missing_pir(Writer(21))])  # the old ones lie in the mailbox still
    done = ledger.command("poll", "--once")
    assert done.returncode == 0, done.stderr[-2000:]
    assert [mail.recipients[0] for mail in post.sink.accepted] == [Writer(21).address], "nobody is answered twice"
    assert ledger.count("worker_mail", "state <> 'filed'") == 0
