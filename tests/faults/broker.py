"""A Redis that can be stopped and started again on its port."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import redis

from tests.servers.processes import free_port
from tests.servers.redis_server import run_redis


class Broker:
    """Runs from `with` to its end, except between `stop` and `start`."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self._stack = ExitStack()
        self.running = False

    @property
    def url(self) -> str:
        """The ASPOKTATAS_BROKER_URL of this server."""
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> redis.Redis:
        """A client, to look inside."""
        return redis.Redis(port=self.port)

    def flush(self) -> bool:
        """FLUSHALL; False where it does not run."""
        if self.running:
            with self.client() as client:
                client.flushall()
        return self.running

    def start(self) -> None:
        """Start it, empty."""
        self._stack.enter_context(run_redis(self.home, self.port))
        self.running = True

    def stop(self) -> None:
        """End it; what was in it is gone."""
        self.running = False
        self._stack.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.stop()
