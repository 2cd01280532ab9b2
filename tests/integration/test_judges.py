"""Judges as processes: they help with a backlog, and nothing depends on them or outlives its parent."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import Post
from tests.integration.expectations import check_outcome, expect, settled
from tests.servers.ledgers import ready_product
from tests.servers.mails import make_mails
from tests.servers.product import Product

NUMBER = 160
WITHIN_S = 120.0
DECIDED = "state <> 'stored'"
LOST = "a judge has ended"


@pytest.fixture
def running(tmp_path: Path, post: Post) -> Iterator[Product]:
    """`aspoktatas run` with one judge, whatever the machine."""
    with ready_product(tmp_path, **post.variables(), JUDGES="1") as made:
        made.start("run")
        yield made


def judges(group: int) -> list[int]:
    """The judges' process ids; `group` is that of `aspoktatas run`."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            words = (stat.parent / "cmdline").read_bytes()
        except OSError:  # it has just ended
            continue
        if int(fields[2]) == group and fields[0] != "Z" and b"spawn_main" in words:
            found.append(int(stat.parent.name))
    return found


def test_a_backlog_goes_on_when_its_judge_is_killed(running: Product, post: Post) -> None:
    group, raws = running.processes["run"].pid, make_mails(NUMBER)
    expected = expect(raws)
    post.deliver(raws[:60])
    running.wait_until(lambda: bool(judges(group)) and running.count("worker_mail", DECIDED) == 60, WITHIN_S)
    os.kill(group, signal.SIGSTOP)  # what arrives meanwhile is a backlog however slowly it does: a few need no judge
    killed = judges(group)
    assert killed
    for one in killed:
        os.kill(one, signal.SIGKILL)
    post.deliver(raws[60:])
    os.kill(group, signal.SIGCONT)
    running.wait_until(lambda: settled(running, NUMBER), WITHIN_S)
    colleague = post.client()
    check_outcome(running, expected, post.sink, colleague)
    colleague.logout()
    assert LOST in (running.folder / "run.log").read_text()
    assert set(running.stop().values()) == {0}
    assert not judges(group)


def test_it_ends_with_its_parent(running: Product, post: Post) -> None:
    parent = running.processes["run"]
    post.deliver(make_mails(60))
    running.wait_until(lambda: bool(judges(parent.pid)), WITHIN_S)
    parent.kill()  # it alone, not its group
    parent.wait()
    running.processes.clear()
    running.wait_until(lambda: not judges(parent.pid), WITHIN_S)
