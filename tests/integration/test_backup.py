"""A day-old backup put back over a mailbox that lived on: nobody is answered a second time, nothing is lost."""

from __future__ import annotations

import imaplib
import shutil
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.integration.conftest import Post
from tests.servers.ledgers import ready_product
from tests.servers.mails import Writer, complete, missing_pir
from tests.servers.product import Product


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path, post: Post) -> Iterator[Product]:
    """A product that keeps copies of what it sends."""
    variables = {**post.variables(), "SENT_FOLDER": "Elküldött"}
    if request.param == "PostgreSQL":
        make: Callable[[str], str] = request.getfixturevalue("new_database")
        if shutil.which("pg_dump") is None:
            pytest.fail("pg_dump is missing: tools/install-test-servers installs it")
        variables["DATABASE_URL"] = make(f"aspoktatas_{post.user}")
    with ready_product(tmp_path, **variables) as made:
        yield made


def poll(ledger: Product) -> None:
    done = ledger.command("poll", "--once")
    assert done.returncode == 0, done.stderr[-2000:]


def lose_copy(post: Post, message_id: str) -> None:
    """Somebody tidies the Sent folder up."""
    client = post.client()
    client.select(encoded("Elküldött"))
    _, found = client.search(None, "HEADER", "Message-ID", f'"{message_id}"')
    client.store(found[0].decode(), "+FLAGS", r"(\Deleted)")
    client.expunge()
    client.logout()


def encoded(name: str) -> str:
    return f'"{name.replace("ü", "&APw-").replace("ö", "&APY-")}"'


def test_nobody_is_answered_a_second_time(ledger: Product, post: Post, tmp_path: Path) -> None:
    post.deliver([missing_pir(Writer(1)), complete(Writer(2))])
    poll(ledger)
    backup = tmp_path / "tegnap.backup"
    assert ledger.command("backup", str(backup)).returncode == 0
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert ledger.command("backup", str(backup)).returncode == 1, "never over another backup"

    post.deliver([missing_pir(Writer(3)), missing_pir(Writer(4)), complete(Writer(5))])
    poll(ledger)
    answered = [mail.message_id for mail in post.sink.accepted]
    assert len(answered) == 3
    lose_copy(post, answered[2])

    done = ledger.command("restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert ledger.count("worker_mail", "1 = 1") == 2
    client = post.client()
    for number, seconds in ((6, -60), (7, 5)):  # one came before the restore, one after it
        client.append("INBOX", "", imaplib.Time2Internaldate(time.time() + seconds), missing_pir(Writer(number)))
    client.logout()
    for _ in range(2):
        poll(ledger)

    assert ledger.count("worker_mail", "state = 'filed'") == 7
    assert ledger.count("registry_registration", "1 = 1") == 7
    new = [mail for mail in post.sink.accepted if mail.message_id not in answered]
    assert [mail.recipients[0] for mail in new] == [Writer(7).address]
    assert len(post.sink.accepted) == len(answered) + 1
    states = dict(ledger.query("SELECT state, count(*) FROM worker_reply GROUP BY state"))
    assert states == {"sent": 3, "uncertain": 2}, (
        "proved by the Sent folder; tidied up, or never sent: a person decides"
    )


def test_a_backup_that_lacks_newer_tables(ledger: Product, post: Post, tmp_path: Path) -> None:
    """The release after the backup made a table of its own, and it points at ours."""
    post.deliver([complete(Writer(1))])
    poll(ledger)
    backup = tmp_path / "regi.backup"
    assert ledger.command("backup", str(backup)).returncode == 0
    newer = "CREATE TABLE newer (mail_id bigint NOT NULL REFERENCES worker_mail (id))"
    url = ledger.variables["ASPOKTATAS_DATABASE_URL"]
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute(newer)
    else:
        with psycopg.connect(url) as connection:
            connection.execute(newer)
    done = ledger.command("restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert ledger.count("worker_mail", "1 = 1") == 1
    assert ledger.query("SELECT count(*) FROM newer") == []


def test_a_waiting_reply_may_have_gone_out(ledger: Product, post: Post, tmp_path: Path) -> None:
    post.sink.order("MAIL", *["451 later"] * 3)
    post.deliver([missing_pir(Writer(1))])
    ledger.command("poll", "--once")
    assert ledger.count("worker_reply", "state = 'retrying'") == 1
    backup = tmp_path / "tegnap.backup"
    assert ledger.command("backup", str(backup)).returncode == 0
    assert ledger.command("restore", str(backup)).returncode == 0
    poll(ledger)
    assert ledger.count("worker_reply", "state = 'uncertain'") == 1
    assert post.sink.accepted == []


def test_a_file_that_is_no_backup_changes_nothing(ledger: Product, post: Post, tmp_path: Path) -> None:
    post.deliver([complete(Writer(1))])
    poll(ledger)
    wrong = tmp_path / "valami.txt"
    wrong.write_text("semmi")
    done = ledger.command("restore", str(wrong))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert ledger.count("worker_mail", "state = 'filed'") == 1


def test_not_while_it_runs(ledger: Product, tmp_path: Path) -> None:
    backup = tmp_path / "tegnap.backup"
    assert ledger.command("backup", str(backup)).returncode == 0
    ledger.start("run")
    ledger.wait_until(lambda: ledger.count("worker_control", "name LIKE 'heartbeat:watcher%'") > 0, 60)
    done = ledger.command("restore", str(backup))
    assert done.returncode == 1
    assert "stop the product first: watcher" in done.stderr
    ledger.stop()


@contextmanager
def busy(file: Path) -> Iterator[list[int]]:
    """A large ledger in which somebody writes without a pause; yields how often they did, one item each."""
    stop, written = threading.Event(), list[int]()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE ballast AS SELECT zeroblob(200000000) AS data, 0 AS number")

    def write() -> None:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as connection:
            while not stop.wait(0.001):
                connection.execute("INSERT INTO ballast (number) VALUES (1)")
                written.append(1)

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    try:
        yield written
    finally:
        stop.set()
        writer.join()


def test_a_backup_ends_however_busy_the_ledger_is(tmp_path: Path) -> None:
    """SQLite's own copy begins anew after every write between two of its steps."""
    with ready_product(tmp_path) as ledger:
        with busy(tmp_path / "ledger.sqlite3") as written:
            done = ledger.command("backup", str(tmp_path / "tele 100%?.backup"))
        assert done.returncode == 0, done.stderr
        assert len(written) > 1
        assert ledger.command("restore", str(tmp_path / "tele 100%?.backup")).returncode == 0
