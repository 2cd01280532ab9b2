"""A real Redis, without persistence, as the product wants it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from tests.servers.processes import free_port, server_process


@dataclass(frozen=True)
class RedisServer:
    """A running server."""

    port: int

    def url(self) -> str:
        """The ASPOKTATAS_BROKER_URL of this server."""
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> redis.Redis:
        """A client, to look inside or to flush."""
        return redis.Redis(port=self.port)


@contextmanager
def run_redis(home: Path, port: int | None = None) -> Iterator[RedisServer]:
    """A server with its log in `home`."""
    port = port or free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(home), "--save", "",
               "--appendonly", "no", "--maxmemory-policy", "noeviction"]  # fmt: skip
    with server_process(command, port=port, log=home / "redis.log"):
        yield RedisServer(port)


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A fresh Redis for one test."""
    with run_redis(tmp_path) as server:
        yield server
