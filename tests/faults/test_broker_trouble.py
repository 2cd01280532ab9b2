"""Cases 9 to 13: Redis is flushed, restarted, unreachable, slow; messages are lost, doubled and given again."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest
from celery import Celery

from config.celery import ON_REDIS
from tests.faults.broker import Broker
from tests.faults.conftest import MANY
from tests.faults.world import World
from tests.servers.mails import SHAPES, Writer
from tests.servers.product import PARTS
from tests.servers.proxy import Proxy, run_proxy
from worker.tasks.consumption import EXIT_CODE, count_waiting, watch_consumption

CONSUMES_WITHIN_S = 60.0
ENDS_WITHIN_S = 150.0


@pytest.fixture
def configuration() -> str:
    """There is no broker but in the one with processes."""
    return MANY


@pytest.fixture
def broker(world: World) -> Broker:
    assert world.broker
    return world.broker


@pytest.fixture
def wire(broker: Broker) -> Iterator[Proxy]:
    """The way to Redis."""
    with run_proxy(broker.port) as proxy:
        yield proxy


@pytest.fixture
def bell(broker: Broker) -> Celery:
    """Somebody else who rings."""
    app = Celery("bell", broker=broker.url)
    app.conf.update(broker_transport_options=ON_REDIS, task_default_queue="aspoktatas", task_ignore_result=True)
    return app


def write(world: World, number: int) -> None:
    """So many more mails, none like an earlier one."""
    first = len(world.raws)
    world.deliver([SHAPES[one % len(SHAPES)](Writer(one)) for one in range(first, first + number)])


def test_case_09_flushed_and_restarted_in_the_middle(world: World, broker: Broker, is_long: bool) -> None:
    number = 250 if is_long else 40
    world.start("run")  # it starts a worker again that kombu ends as Redis goes away
    write(world, number)
    assert world.sink.wait_for(3)
    broker.flush()
    write(world, number)
    assert world.sink.wait_for(number // 4)
    broker.stop()
    write(world, 10)
    broker.start()
    world.wait_until_quiet()
    world.kill()
    world.check()


def test_case_10_away_cut_silent_and_slow(world: World, broker: Broker, wire: Proxy, is_long: bool) -> None:
    """The watcher stores all the while; once Redis is there again work goes on by itself."""
    world.start("run", BROKER_URL=f"redis://127.0.0.1:{wire.port}/0")
    write(world, 4)
    world.wait_until_quiet()
    broker.stop()
    write(world, 4)
    world.product.wait_until(lambda: world.product.count("worker_mail", "true") == len(world.raws), CONSUMES_WITHIN_S)
    time.sleep(60 if is_long else 1)  # how long it is away is the case
    broker.start()
    world.wait_until_quiet(CONSUMES_WITHIN_S)
    with broker.client() as client:
        client.client_kill_filter(_type="normal")
    write(world, 4)
    world.wait_until_quiet(CONSUMES_WITHIN_S)
    wire.stall()
    write(world, 4)
    world.product.wait_until(lambda: world.product.count("worker_mail", "true") == len(world.raws), CONSUMES_WITHIN_S)
    time.sleep(90 if is_long else 3)  # the same
    wire.flow()
    world.wait_until_quiet(CONSUMES_WITHIN_S)
    wire.delay = 5.0 if is_long else 0.5
    write(world, 4)
    world.wait_until_quiet()
    world.kill()
    world.check()


def test_case_11_a_worker_that_answers_pings_and_takes_nothing(world: World, bell: Celery, is_long: bool) -> None:
    world.start("worker", "watch")
    write(world, 8)
    world.wait_until_quiet()
    bell.control.cancel_consumer("aspoktatas", reply=True, timeout=5)
    for _ in range(3):
        bell.send_task("sweep", expires=60)
    write(world, 4)
    world.product.wait_until(lambda: count_waiting(bell) > 0, CONSUMES_WITHIN_S)
    assert bell.control.ping(timeout=5), "a ping proves nothing"
    ended: list[int] = []
    watch_consumption(lambda: count_waiting(bell), lambda: 0.0, end=ended.append, check_every=0.1)
    assert ended == [EXIT_CODE]
    if is_long:
        worker = world.product.processes.pop("worker")
        while worker.poll() is None:
            bell.send_task("sweep", expires=60)  # as beat would
            worker.wait(ENDS_WITHIN_S)
        assert worker.returncode == EXIT_CODE
    world.kill()
    world.drain()
    world.check()


def test_case_12_every_message_three_times_and_everything_twice(world: World, bell: Celery) -> None:
    world.parts = ("worker", "worker 2", "beat", "beat 2", "watch", "watch 2")
    world.start()
    write(world, 60)
    while not world.is_quiet():
        for name in ("process", "file_mails", "poll_mailbox", "sweep"):
            for _ in range(3):
                bell.send_task(name, expires=30)
        world.product.wait_until(lambda: world.is_quiet() or not count_waiting(bell), CONSUMES_WITHIN_S)
    world.kill()
    world.check()
    assert world.product.count("worker_event", "verb = 'decided'") == 60


def test_case_13_messages_given_again_while_in_work(world: World) -> None:
    """A visibility timeout of one second, and replies that take five."""
    impatient = (sys.executable, "-m", "tests.faults.impatient")
    world.product.parts = PARTS | {name: (*impatient, *PARTS[name][5:]) for name in ("worker", "beat")}  # type: ignore[operator]
    world.smtp.delay = 0.6
    world.start("worker", "worker 2", "beat", "watch")
    write(world, 5)
    world.wait_until_quiet()
    world.kill()
    world.check()
