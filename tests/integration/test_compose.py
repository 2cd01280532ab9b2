"""docker-compose.yml without an engine: each container's command as a plain process, with exactly its variables.

What an engine would do stands here: names of hosts and secrets become addresses and files of this machine.
"""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPResponse
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from tests.integration.conftest import Post
from tests.servers.mails import Writer, complete, missing_pir
from tests.servers.postgres import Postgres
from tests.servers.processes import free_port, server_process
from tests.servers.product import ROOT, Product

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
IMAGE = dict(re.findall(r"^(?:ENV|   ) (PYTHON\w+|DJANGO\w+)=(\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
RUNS_WITHIN_S = 60.0  # the checks' start_period
PROXY_CONFIG = "{{\n admin off\n skip_install_trust\n auto_https disable_redirects\n}}\nimport {file}\n"


@dataclass
class Engine(Product):
    """The product's containers as processes of this machine; `places` are what is elsewhere here, longest first."""

    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Nothing but what image and compose file give, and where the programs are; the byte code may be kept."""
        kept = {name: value for name, value in IMAGE.items() if name != "PYTHONDONTWRITEBYTECODE"}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {"PATH": path, "PYTHONPATH": str(ROOT), **kept, **self.variables}

    def here(self, words: Sequence[str]) -> list[str]:
        """A command as it reads on this machine."""
        return [self._place(word) for word in words]

    def healthy(self, service: str, *more: str) -> bool:
        """Whether the container's own health check is content."""
        kind, *command = SERVICES[service]["healthcheck"]["test"]
        assert kind == "CMD"
        program, *words = self.here(command)
        return self.once([program, *more, *words]).returncode == 0

    def once(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run to its end."""
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )

    def _place(self, text: str) -> str:
        for there, here in self.places.items():
            text = text.replace(there, here)
        return text


@contextmanager
def engine(
    folder: Path, post: Post, postgres: Postgres, redis_port: int, settings: Mapping[str, str]
) -> Iterator[Engine]:
    """All our services over these servers; `settings` stand in .env, here without their prefix."""
    database = SERVICES["postgres"]["environment"]["POSTGRES_DB"]
    web, secrets = free_port(), folder / "secrets"
    places = {
        "/run/secrets": str(secrets),
        "redis:6379": f"127.0.0.1:{redis_port}",
        **dict.fromkeys(("127.0.0.1:8000", "0.0.0.0:8000", "web:8000"), f"127.0.0.1:{web}"),
        "--worker-tmp-dir=/tmp": f"--worker-tmp-dir={folder}",
    }
    made = Engine(folder, {}, places=places)
    secrets.mkdir()
    values = {
        "imap_url": post.variables()["IMAP_URL"], "smtp_url": post.variables()["SMTP_URL"],
        "database_url": postgres.create(database), "secret_key": "k" * 50,
    }  # fmt: skip
    for name, value in values.items():
        (secrets / name).write_text(value)
    ours = {name: service for name, service in SERVICES.items() if "build" in service}
    assert all(set(service["secrets"]) == values.keys() for service in ours.values())
    given = {name: made._place(value) for name, value in ours["web"]["environment"].items()}
    made.variables = {f"ASPOKTATAS_{name}": value for name, value in settings.items()} | given
    made.parts = {name: made.here(service["command"]) for name, service in ours.items()}
    try:
        yield made
    finally:
        made.kill(*made.processes)


@pytest.fixture
def redis_port(tmp_path: Path) -> Iterator[int]:
    """The broker as its container starts it."""
    port = free_port()
    command = [*SERVICES["redis"]["command"], "--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path)]
    with server_process(command, port=port, log=tmp_path / "redis.log"):
        yield port


@contextmanager
def proxy(containers: Engine, port: int) -> Iterator[ssl.SSLContext]:
    """deploy/caddy before the page, with certificates of Caddy's own; yields what trusts these."""
    folder = containers.folder
    (folder / "proxy.conf").write_text(PROXY_CONFIG.format(file=ROOT / "deploy/caddy/Caddyfile"))
    variables = {
        "PAGE": containers.here([SERVICES["proxy"]["environment"]["PAGE"]])[0],
        "ASPOKTATAS_PUBLIC_URL": containers.variables["ASPOKTATAS_PUBLIC_URL"],
    }
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_DATA_HOME": str(folder), **variables}
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "proxy.conf")]
    with server_process(command, port=port, log=folder / "caddy.log", env=environment):
        yield ssl.create_default_context(cafile=str(folder / "caddy/pki/authorities/local/root.crt"))


def fetch(address: str, context: ssl.SSLContext) -> HTTPResponse:
    """The answer, whatever its status."""
    try:
        return cast("HTTPResponse", urllib.request.urlopen(address, context=context, timeout=30))
    except urllib.error.HTTPError as error:
        return cast("HTTPResponse", error)


def look_at_the_page(address: str, context: ssl.SSLContext) -> None:
    """Login page and its style come through TLS; what is for the own network does not."""
    page = fetch(f"{address}/login", context)
    body = page.read().decode()
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"]
    assert "__Host-csrftoken" in page.headers["Set-Cookie"]
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', body)
    assert sheets
    assert [fetch(address + sheet, context).status for sheet in sheets] == [200] * len(sheets)
    assert [fetch(address + path, context).status for path in ("/metrics", "/health/ready")] == [404, 404]


def test_every_container_by_hand(tmp_path: Path, post: Post, postgres: Postgres, redis_port: int) -> None:
    port = free_port()
    settings = {"PUBLIC_URL": f"https://localhost:{port}", "PROXIES": "1", "SINCE": "2000-01-01"}
    with engine(tmp_path, post, postgres, redis_port, settings) as containers:
        assert containers.healthy("redis", "-p", str(redis_port))
        assert containers.healthy("postgres", "-h", "127.0.0.1", "-p", str(postgres.port))
        migrated = containers.once(containers.parts["migrate"])
        assert migrated.returncode == 0, migrated.stderr

        post.deliver([missing_pir(Writer(1)), complete(Writer(2))])
        workers = [f"worker {number}" for number in range(SERVICES["worker"]["deploy"]["replicas"])]
        containers.start("watcher", *workers, "beat", "web")
        containers.wait_until(lambda: containers.healthy("web"), RUNS_WITHIN_S)
        with proxy(containers, port) as trusting:
            look_at_the_page(settings["PUBLIC_URL"], trusting)
        containers.wait_until(lambda: _status(containers)["mails"].get("filed") == 2, RUNS_WITHIN_S)
        assert _status(containers)["replies"]["draft"] == 1, "nothing leaves before staff have seen it"
        for service in ("watcher", "worker", "beat"):
            containers.wait_until(lambda name=service: containers.healthy(name), RUNS_WITHIN_S)  # type: ignore[misc]
        assert set(containers.stop().values()) == {0}
        assert post.sink.accepted == []


def _status(containers: Engine) -> dict[str, dict[str, int]]:
    done = containers.once(["aspoktatas", "status", "--json"])
    assert done.returncode == 0, done.stderr
    return cast("dict[str, dict[str, int]]", json.loads(done.stdout))
