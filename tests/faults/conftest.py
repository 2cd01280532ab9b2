"""The worlds of the fault suite: one process on SQLite, or processes on PostgreSQL and Redis.

The short form (every case at least once, in one of the two) runs with all tests; `make faults` runs the long one.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.broker import Broker
from tests.faults.world import World
from tests.servers.dovecot import Dovecot, dovecot, mailbox_user
from tests.servers.postgres import USER, Postgres, postgres
from tests.servers.product import product
from tests.servers.proxy import run_proxy
from tests.servers.smtp_sink import Sink, sink

__all__ = ["dovecot", "mailbox_user", "postgres", "sink"]
HERE = Path(__file__).parent
ONE, MANY = "one process", "processes"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long`: every case in both configurations and with more timings."""
    parser.addoption("--long", action="store_true", help="the fault suite's long form")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Real servers, all of them; the long ones wait for --long."""
    wanted = config.getoption("--long", default=False)
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.integration)
            if item.get_closest_marker("long") and not wanted:
                item.add_marker(pytest.mark.skip(reason="long form: make faults"))


@pytest.fixture(params=[ONE, pytest.param(MANY, marks=pytest.mark.long)])
def configuration(request: pytest.FixtureRequest) -> str:
    """For cases that are the same to both: the long form tries both."""
    return str(request.param)


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    folder = tmp_path_factory.mktemp("ledger")
    with product(folder) as made:
        assert made.command("migrate").returncode == 0
    return folder / "ledger.sqlite3"


@pytest.fixture(scope="session")
def template_database(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated database to copy."""
    with product(tmp_path_factory.mktemp("template"), DATABASE_URL=postgres.create("template_ledger")) as made:
        assert made.command("migrate").returncode == 0
    return "template_ledger"


def copy_database(postgres: Postgres, template: str, name: str) -> str:
    """The URL of a new database like `template`."""
    options = ["-h", "127.0.0.1", "-p", str(postgres.port), "-U", USER, "-T", template]
    subprocess.run([str(postgres.bin / "createdb"), *options, name], check=True)
    return postgres.url(name)


@pytest.fixture
def is_long(request: pytest.FixtureRequest) -> bool:
    """Whether there is time for more."""
    return bool(request.config.getoption("--long", default=False))


@pytest.fixture
def world(  # noqa: PLR0917  # fixtures are named, never positional
    request: pytest.FixtureRequest, configuration: str, tmp_path: Path, dovecot: Dovecot, mailbox_user: str, sink: Sink
) -> Iterator[World]:
    """Not started yet. Between product and servers stand proxies that are honest until told otherwise."""
    with ExitStack() as stack:
        imap, smtp = stack.enter_context(run_proxy(dovecot.port)), stack.enter_context(run_proxy(sink.port))
        broker = None
        variables = {
            "IMAP_URL": dovecot.url(mailbox_user).replace(f":{dovecot.port}/", f":{imap.port}/"),
            "SMTP_URL": f"smtp://127.0.0.1:{smtp.port}",
        }
        parts: tuple[str, ...] = ("run",)
        if configuration == MANY:
            server: Postgres = request.getfixturevalue("postgres")
            template = request.getfixturevalue("template_database")
            broker = stack.enter_context(Broker(tmp_path))
            variables["DATABASE_URL"] = copy_database(server, template, f"faults_{mailbox_user}")
            variables["BROKER_URL"] = broker.url
            parts = ("worker", "beat", "watch")
        else:
            shutil.copy(request.getfixturevalue("empty_ledger"), tmp_path / "ledger.sqlite3")
        made = stack.enter_context(product(tmp_path, **variables))
        yield World(made, dovecot, mailbox_user, sink, parts, imap, smtp, broker)
