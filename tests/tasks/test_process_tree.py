"""Child processes are started again when they die, and end with their parent."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers.processes import free_port
from worker.process_tree import run_children

ROOT = Path(__file__).resolve().parents[2]
LISTENER = "tests.tasks.listener"


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def pid_behind(port: int) -> int:
    """The process that listens there; 0 where nobody does."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            return int(connection.makefile().readline())
    except (OSError, ValueError):
        return 0


def test_a_child_that_dies_is_started_again_and_all_end_at_the_stop() -> None:
    port = free_port()
    stop = threading.Event()
    thread = threading.Thread(target=run_children, args=(stop, {"listener": (LISTENER, str(port))}))
    thread.start()
    wait_for(lambda: pid_behind(port) > 0)
    first = pid_behind(port)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: pid_behind(port) not in (0, first))
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    assert pid_behind(port) == 0


@pytest.mark.parametrize("manner", ["polite", "deaf"])
def test_children_end_when_their_parent_is_killed(manner: str) -> None:
    port = free_port()
    script = (
        "import threading; from worker.process_tree import run_children;"
        f"run_children(threading.Event(), {{'listener': ('{LISTENER}', '{port}', '{manner}')}})"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    wait_for(lambda: pid_behind(port) > 0)
    parent.kill()
    parent.wait()
    wait_for(lambda: pid_behind(port) == 0)
