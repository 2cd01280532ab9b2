"""The broker is only a bell: flushed, killed or away, it costs time and nothing else. So do lost database sessions."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.integration.conftest import Post
from tests.integration.expectations import check_outcome, expect, settled
from tests.servers.ledgers import ready_product
from tests.servers.mails import make_mails
from tests.servers.processes import free_port
from tests.servers.product import Product
from tests.servers.redis_server import run_redis

NUMBER = 100
WITHIN_S = 150.0
END_ALL_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


@pytest.fixture
def redis_port() -> int:
    return free_port()


@pytest.fixture
def running(tmp_path: Path, post: Post, new_database: Callable[[str], str], redis_port: int) -> Iterator[Product]:
    """Not started yet; two workers at two beats, for a tick or task may well come twice."""
    with ready_product(
        tmp_path,
        DATABASE_URL=new_database(f"aspoktatas_{post.user}"),
        BROKER_URL=f"redis://127.0.0.1:{redis_port}/0",
        **post.variables(),
    ) as made:
        yield made


def test_flushed_and_killed_in_the_middle(running: Product, post: Post, redis_port: int, tmp_path: Path) -> None:
    raws = make_mails(NUMBER)
    expected = expect(raws)
    with ExitStack() as first:
        server = first.enter_context(run_redis(tmp_path, redis_port))
        running.start("worker", "worker 2", "beat", "beat 2", "watch")
        post.deliver(raws[:40])
        assert post.sink.wait_for(5, WITHIN_S)
        with server.client() as client:
            client.flushall()
        running.query(END_ALL_SESSIONS)
        post.deliver(raws[40:60])
    post.deliver(raws[60:])  # the broker is away; the watcher stores all the same
    running.wait_until(lambda: running.count("worker_mail", "true") == NUMBER, WITHIN_S)
    running.query(END_ALL_SESSIONS)  # the database, too, may go away for a moment
    with run_redis(tmp_path, redis_port):
        running.wait_until(lambda: settled(running, NUMBER), WITHIN_S)
        colleague = post.client()
        check_outcome(running, expected, post.sink, colleague)
        colleague.logout()
        running.stop()


def test_run_takes_its_children_with_it(running: Product, redis_port: int, tmp_path: Path) -> None:
    with run_redis(tmp_path, redis_port):
        running.start("run")
        running.wait_until(lambda: running.count("worker_control", "name LIKE 'heartbeat:%'") == 2, 60)
        group = running.processes["run"].pid
        children = [int(pid) for pid in Path(f"/proc/{group}/task/{group}/children").read_text("ascii").split()]
        assert len(children) == 3
        os.kill(group, signal.SIGKILL)
        running.processes.pop("run").wait()
        running.wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children), 60)
