"""Children of `aspoktatas run` where there is a broker: each is started again, with back-off, when it dies."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from worker.stopping import PARENT_PIPE, STOPS_WITHIN_S

COMMANDS: Mapping[str, Sequence[str]] = {
    "worker": ("celery", "-A", "config", "worker", "--loglevel=INFO", "--concurrency=2", "--without-gossip"),
    "beat": ("celery", "-A", "config", "beat", "--loglevel=INFO", "--pidfile="),
    "watcher": ("config.cli", "watch"),
}
CHECK_EVERY_S = 0.5
FIRST_BACKOFF_S, LONGEST_BACKOFF_S = 1.0, 30.0
STEADY_AFTER_S = 60.0

log = logging.getLogger(__name__)


@dataclass
class Child:
    """One child process and when it may be started again."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = field(default=float("-inf"))
    failures: int = 0
    start_at: float = 0.0

    def start(self) -> None:
        """Start it; its standard input is a pipe that ends with us."""
        environment = {**os.environ, PARENT_PIPE: "1"}
        self.process = subprocess.Popen(  # noqa: S603  # our own commands, above
            [sys.executable, "-m", *self.command], stdin=subprocess.PIPE, env=environment, start_new_session=True
        )
        self.started_at = time.monotonic()

    def look_after(self) -> None:
        """Start it where it does not run and may."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self.failures = 0 if now - self.started_at > STEADY_AFTER_S else self.failures + 1
            wait = min(LONGEST_BACKOFF_S, FIRST_BACKOFF_S * 2 ** min(self.failures, 10))
            log.error("%s ended (exit code %d); again in %.0f s", self.name, self.process.returncode, wait)
            close_pipe(self.process)
            self.process, self.start_at = None, now + wait
        if self.process is None and now >= self.start_at:
            self.start()


def close_pipe(process: subprocess.Popen[bytes]) -> None:
    """Close our end of the child's standard input; a child that still runs takes it as our end."""
    if process.stdin is not None:
        process.stdin.close()


def run_children(stop: threading.Event, commands: Mapping[str, Sequence[str]] = COMMANDS) -> None:
    """Run them until `stop`, then end them all in good order."""
    children = [Child(name, command) for name, command in commands.items()]
    try:
        while not stop.is_set():
            for child in children:
                child.look_after()
            stop.wait(CHECK_EVERY_S)
    finally:
        _end([child.process for child in children if child.process is not None])


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """SIGTERM to all, then patience, then SIGKILL."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + STOPS_WITHIN_S
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        close_pipe(process)
