"""Cases 14 and 15: the product is told to stop at any moment; the database goes away between any two statements."""

from __future__ import annotations

import os
import random
import re
import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.faults.conftest import MANY, ONE
from tests.faults.world import World
from tests.servers.dovecot import short_folder
from tests.servers.mails import make_mails
from tests.servers.postgres import make_cluster
from tests.servers.product import PARTS
from tests.servers.proxy import Deed, Proxy, run_proxy

STATEMENTS = (b"COMMIT", b'UPDATE "worker_mail"', b'UPDATE "worker_reply"', b'INSERT INTO "worker_', b"SELECT")
WRITES_LATE = ("-c", "wal_writer_delay=10s")  # what is committed asynchronously waits so long for the disk
LOST_DEEDS = (Deed.CUT, Deed.DROP)


def wait_for_more(world: World) -> None:
    """Until more mails are decided than now, or nothing is left to do."""
    rows = world.product.count("worker_mail", "state <> 'stored'")
    world.product.wait_until(
        lambda: world.is_quiet() or world.product.count("worker_mail", "state <> 'stored'") > rows, 60
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGQUIT, marks=pytest.mark.long)])
def test_case_14_told_to_stop_at_any_moment(world: World, number: signal.Signals, is_long: bool) -> None:
    chance = random.Random(int(number))
    moments = 20 if is_long else 2
    for moment in range(moments):
        world.deliver(make_mails(20 * (moment + 1))[20 * moment :])
        world.start()
        wait_for_more(world)
        time.sleep(chance.random() / 2)  # the moment is the case
        for process in world.product.processes.values():
            process.send_signal(number)
        codes = {process.wait(60) for process in world.product.processes.values()}
        assert number is signal.SIGQUIT or codes == {0}, (moment, world.product.logs())
        world.kill()
        if number is signal.SIGQUIT:
            world.pass_time()
    world.drain()
    world.check(uncertain=None if number is signal.SIGQUIT else 0)


@pytest.fixture
def database_wire(world: World) -> Iterator[tuple[Proxy, str]]:
    """The way to PostgreSQL, and the URL that leads over it."""
    url = world.product.variables["ASPOKTATAS_DATABASE_URL"]
    port = re.search(r":(\d+)/", url)
    assert port
    with run_proxy(int(port[1])) as proxy:
        yield proxy, url.replace(f":{port[1]}/", f":{proxy.port}/")


def obey(world: World, wire: Proxy, seconds: float) -> None:
    """Until all orders are obeyed, or the product waits for a claim to run out."""
    deadline = time.monotonic() + seconds
    world.product.wait_until(lambda: not wire.orders or time.monotonic() > deadline, seconds + 5)


@pytest.mark.parametrize("configuration", [MANY])
def test_case_15_the_database_breaks_off_between_statements(
    world: World, database_wire: tuple[Proxy, str], is_long: bool
) -> None:
    """Some statements never arrive; of others, commits among them, the answer never comes: then nobody knows."""
    wire, url = database_wire
    chance = random.Random(15)
    for position in range(12 if is_long else 1):
        world.deliver(make_mails(16 * (position + 1))[16 * position :])
        world.start(DATABASE_URL=url)
        rows = len(world.raws)
        world.product.wait_until(lambda: world.product.count("worker_mail", "true") == rows, 60)  # noqa: B023  # at once
        for _ in range(5):
            wire.order(chance.choice(STATEMENTS), chance.choice(LOST_DEEDS))
        obey(world, wire, 60 if is_long else 8)
        world.kill()
        world.pass_time()
        wire.orders.clear()
    world.drain()
    world.check(uncertain=None)


@pytest.mark.parametrize("configuration", [MANY])
def test_case_15_the_database_is_away_for_a_while(
    world: World, database_wire: tuple[Proxy, str], is_long: bool
) -> None:
    wire, url = database_wire
    world.deliver(make_mails(40))
    world.start(DATABASE_URL=url)
    assert world.sink.wait_for(2)
    wire.refuse()
    accepted = len(world.sink.accepted)
    time.sleep(30 if is_long else 1)  # how long it is away is the case
    assert len(world.sink.accepted) <= accepted + 1, "nothing is sent without a committed row"
    wire.flow()
    if is_long:
        world.wait_until_quiet(200)
    world.kill()
    world.pass_time()
    world.drain()
    world.check(uncertain=None)


@pytest.mark.parametrize("configuration", [MANY])
def test_case_15_the_database_dies_and_its_newest_commits_with_it(world: World) -> None:
    """It comes back without what was not on the disk yet; nothing outside rests on any of that."""
    with short_folder() as home:
        cluster = make_cluster(home)
        with cluster.serve(*WRITES_LATE) as (server, process):
            world.product.variables["ASPOKTATAS_DATABASE_URL"] = server.create("ledger")
            assert world.product.command("migrate").returncode == 0
            world.deliver(make_mails(60))
            world.start()
            assert world.sink.wait_for(5)
            backends = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii").split()
            for pid in [process.pid, *map(int, backends)]:
                os.kill(pid, signal.SIGKILL)
            process.wait()
        with cluster.serve():
            world.kill()
            world.pass_time()
            world.drain()
            world.check(uncertain=None)


@pytest.mark.parametrize("configuration", [ONE])
def test_case_15_the_disk_is_full(world: World) -> None:
    """Nothing can be written, then there is room again."""
    world.start()
    world.deliver(make_mails(8))
    world.wait_until_quiet()
    ledger = world.product.folder / "ledger.sqlite3"
    process = world.product.processes["run"]
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (ledger.stat().st_size // 2, resource.RLIM_INFINITY))
    world.deliver(make_mails(40)[8:])
    log = world.product.folder / "run.log"
    world.product.wait_until(lambda: b"OperationalError" in log.read_bytes(), 60)
    accepted = len(world.sink.accepted)
    assert accepted == len({mail.in_reply_to for mail in world.sink.accepted})
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    world.pass_time()
    world.wait_until_quiet()
    world.kill()
    world.check()


@pytest.mark.parametrize("configuration", [MANY])
def test_case_15_sessions_that_only_read(world: World) -> None:
    """As after a failover that left connections to the old server, which answers and takes no writes any more."""
    url = world.product.variables["ASPOKTATAS_DATABASE_URL"]
    name = url.rpartition("/")[2]
    log = world.product.folder / "worker.log"
    alone = [word.replace("concurrency=2", "concurrency=1") for word in PARTS["worker"]]  # no other's session helps
    world.product.parts = {**PARTS, "worker": alone}
    with psycopg.connect(url, autocommit=True) as postgres:
        postgres.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        world.start()
        world.product.wait_until(lambda: b"worker.tasks.work InternalError (ReadOnly" in log.read_bytes(), 60)
        postgres.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())
    world.deliver(make_mails(8))
    world.wait_until_quiet(60)
    world.kill()
    world.check()
