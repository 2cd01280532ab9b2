"""The worlds of the fault suite: one process on SQLite, or processes on PostgreSQL and Redis.

The short form (every case at least once, in one of the two) runs with all tests; `make faults` runs the long one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.broker import Broker
from tests.faults.world import World
from tests.servers.dovecot import Dovecot, dovecot, mailbox_user
from tests.servers.ledgers import new_database, ready_product
from tests.servers.postgres import postgres
from tests.servers.proxy import run_proxy
from tests.servers.smtp_sink import Sink, sink

__all__ = ["dovecot", "mailbox_user", "new_database", "postgres", "sink"]
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
            make: Callable[[str], str] = request.getfixturevalue("new_database")
            broker = stack.enter_context(Broker(tmp_path))
            variables["DATABASE_URL"] = make(f"faults_{mailbox_user}")
            variables["BROKER_URL"] = broker.url
            parts = ("worker", "beat", "watch")
        made = stack.enter_context(ready_product(tmp_path, **variables))
        yield World(made, dovecot, mailbox_user, sink, parts, imap, smtp, broker)
