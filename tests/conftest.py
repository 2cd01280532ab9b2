"""What every test stands on: tables may be emptied between tests, though the logs among them are append-only."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

from tests.servers.ledgers import FOLDER, copy_ledger

HERE = Path(__file__).parent
APART = {"integration": ("demo", "faults", "integration"), "browser": ("browser",)}  # as tools/run-tests asks for them
KEY = "INSERT INTO staff_amendment (at) VALUES (CURRENT_TIMESTAMP)"
CACHE = "DELETE FROM staff_cache"  # no model's table: counts of failed log-ins would go on into the next test


def pytest_configure(config: pytest.Config) -> None:
    """The processes of a run share their empty ledgers; those of all runs of tools/run-tests do."""
    if FOLDER not in os.environ:
        os.environ[FOLDER] = made = tempfile.mkdtemp(prefix="aspoktatas-ledgers-")
        config.add_cleanup(lambda: shutil.rmtree(made, ignore_errors=True))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs apart lies apart: nothing is left out because of its folder."""
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


@pytest.fixture(autouse=True, scope="session")
def _emptied_with_the_key() -> Iterator[None]:
    """Django's flush opens the logs for its own transaction, as staff.services.amend_log would."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_with_key(self: Any, sql_list: list[str]) -> None:
        last = [sql for sql in sql_list if sql.startswith("DELETE") and "staff_amendment" in sql]
        flush(self, [KEY, *[sql for sql in sql_list if sql not in last], *last, CACHE])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_with_key)
        yield
