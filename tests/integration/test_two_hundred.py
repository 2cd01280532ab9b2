"""Two hundred mails arrive while the product runs; every one ends where it belongs, even if the worker is killed."""

from __future__ import annotations

import imaplib
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.integration.conftest import Post
from tests.integration.expectations import check_outcome, expect, settled
from tests.servers.ledgers import ready_product
from tests.servers.mails import make_mails
from tests.servers.product import Product
from tests.servers.redis_server import RedisServer

NUMBER = 200
WITHIN_S = 150.0


@pytest.fixture(params=["one process on SQLite", "processes on PostgreSQL and Redis"])
def parts(request: pytest.FixtureRequest, tmp_path: Path, post: Post) -> Iterator[tuple[Product, list[str]]]:
    """A product, and the names of its parts, the one to kill first."""
    variables = post.variables()
    names = ["run"]
    if "Redis" in request.param:
        make: Callable[[str], str] = request.getfixturevalue("new_database")
        redis_server: RedisServer = request.getfixturevalue("redis_server")
        variables["DATABASE_URL"] = make(f"aspoktatas_{post.user}")
        variables["BROKER_URL"] = redis_server.url()
        names = ["worker", "beat", "watch"]
    with ready_product(tmp_path, **variables) as made:
        yield made, names


def test_each_ends_in_its_folder(parts: tuple[Product, list[str]], post: Post) -> None:
    running, names = parts
    raws = make_mails(NUMBER)
    expected = expect(raws)
    assert len(set(expected.folders.values())) >= 5
    running.start(*names)
    post.deliver(raws[:100])
    colleague = post.client()
    colleague.append("INBOX", r"(\Seen \Deleted)", "", raws[100])  # another client marked it; it is not ours to expunge
    post.deliver(raws[101:])
    running.wait_until(lambda: settled(running, NUMBER), WITHIN_S)
    check_outcome(running, expected, post.sink, colleague)
    colleague.select("INBOX")
    marked = sum(count_deleted(colleague, folder) for folder in folders(colleague))
    assert marked == 1, "what a person marked deleted is still there"
    colleague.logout()
    assert set(running.stop().values()) == {0}


def test_kill_9_in_the_middle_changes_nothing(parts: tuple[Product, list[str]], post: Post) -> None:
    running, names = parts
    raws = make_mails(NUMBER)
    expected = expect(raws)
    post.deliver(raws)
    running.start(*names)
    assert post.sink.wait_for(20, WITHIN_S)
    running.kill(names[0])
    assert len(post.sink.accepted) < len(expected.answered), "killed in the middle"
    if len(names) > 1:  # the one process waits in earnest for the claims of the dead; here that minute is skipped
        let_claims_run_out(running)
    running.start(names[0])
    running.wait_until(lambda: settled(running, NUMBER), WITHIN_S)
    colleague = post.client()
    check_outcome(running, expected, post.sink, colleague)
    assert running.count("worker_reply", "state = 'uncertain'") <= 2
    colleague.logout()


def let_claims_run_out(running: Product) -> None:
    """Whatever the killed worker had claimed was claimed an hour ago."""
    with psycopg.connect(running.variables["ASPOKTATAS_DATABASE_URL"]) as database:
        for table in ("worker_mail", "worker_reply"):
            database.execute(f"UPDATE {table} SET lease_until = lease_until - interval '1 hour'".encode())


def folders(client: imaplib.IMAP4) -> list[str]:
    """Every folder of the mailbox, quoted as the server writes it."""
    _, rows = client.list()
    return [row.decode().rpartition(' "/" ')[2] for row in rows if isinstance(row, bytes)]


def count_deleted(client: imaplib.IMAP4, folder: str) -> int:
    """How many mails of `folder` bear the flag."""
    client.select(folder, readonly=True)
    _, found = client.search(None, "DELETED")
    return len(found[0].split())
