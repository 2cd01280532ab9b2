"""What every test stands on: tables may be emptied between tests, though the logs among them are append-only."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management.commands import flush
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from hypothesis import HealthCheck, settings

from tests.servers.ledgers import FOLDER, copy_ledger

HERE = Path(__file__).parent
APART = {"integration": ("demo", "faults", "integration"), "browser": ("browser",)}  # as tools/run-tests asks for them
LAST = "staff_amendment"  # while a row of it stands, the append-only logs may be emptied: staff.services.amend_log
KEY = f"INSERT INTO {LAST} (at) VALUES (CURRENT_TIMESTAMP)"
CACHE = "DELETE FROM staff_cache"  # no model's table: counts of failed log-ins would go on into the next test
KEPT = {"django_content_type", "auth_permission"}  # they follow from the models: writing them anew was most of a flush

# A crowded machine is no fault of what is tried: no property has a time to keep
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    """The processes of a run share their empty ledgers; those of all runs of tools/run-tests do."""
    if FOLDER not in os.environ:
        os.environ[FOLDER] = made = tempfile.mkdtemp(prefix="aspoktatas-ledgers-")
        config.add_cleanup(lambda: shutil.rmtree(made, ignore_errors=True))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--on-database`: what never asks it need not be tried again on another one."""
    parser.addoption("--on-database", action="store_true", help="only tests that ask the database")


def asks_database(item: pytest.Item) -> bool:
    """Whether it may: pytest-django keeps all others from it."""
    fixtures = {"db", "transactional_db"} & {*getattr(item, "fixturenames", ())}
    return bool(fixtures or item.get_closest_marker("django_db"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What runs apart lies apart: nothing is left out because of its folder."""
    if config.getoption("--on-database", default=False):
        config.hook.pytest_deselected(items=[item for item in items if not asks_database(item)])
        items[:] = filter(asks_database, items)
    for item in items:
        for mark, folders in APART.items():
            if item.get_closest_marker(mark) and item.path.relative_to(HERE).parts[0] not in folders:
                raise pytest.UsageError(f"{item.nodeid}: marked {mark}, so it belongs into tests/{folders[-1]}")
        in_browser = HERE / "browser" in item.path.parents and "chromium" in getattr(item, "fixturenames", ())
        if in_browser and not item.get_closest_marker("browser"):  # a second one in one process would not start
            raise pytest.UsageError(f"{item.nodeid}: needs the browser, so it must be marked as such")


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """On SQLite a migrated file lies where Django would make its own: it is kept, and found up to date."""
    if connection.vendor == "sqlite":
        copy_ledger(Path(connection.settings_dict["TEST"]["NAME"]))
    return connection.vendor == "sqlite"


def sql_flush(_: object, connection: BaseDatabaseWrapper, **__: object) -> list[str]:
    """The statements that empty all tables: the same on both databases, for TRUNCATE makes every table's files anew."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    emptied = [name for name in names if name not in {LAST, *KEPT}]
    return [KEY, *(f'DELETE FROM "{name}"' for name in (*emptied, LAST)), CACHE]


@pytest.fixture(autouse=True, scope="session")
def _emptied_with_the_key() -> Iterator[None]:
    """Django empties the tables after a test whose transactions were real; what it would fill again was not emptied."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "sql_flush", sql_flush)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
        yield
