"""Ledgers with a schema and nothing else: it is made once for all tests, for migrating costs seconds of computing."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.servers.postgres import Postgres
from tests.servers.product import Product, product

FOLDER = "TESTS_LEDGERS"  # the variable that names a folder for all test processes: tests/conftest.py, tools/run-tests
MADE = "ledger.sqlite3"


def copy_ledger(target: Path) -> None:
    """Put a migrated SQLite file there. Whoever comes first makes it, the others wait for it."""
    folder = Path(os.environ[FOLDER])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / MADE).exists():
            begun = folder / "begun"
            begun.mkdir(exist_ok=True)
            _migrate(begun, "migrate")
            (begun / MADE).rename(folder / MADE)
    shutil.copy(folder / MADE, target)


def _migrate(folder: Path, command: str, **variables: str) -> None:
    with product(folder, **variables) as made:
        done = made.command(command)
        assert done.returncode == 0, done.stderr


@contextmanager
def ready_product(folder: Path, **variables: str) -> Iterator[Product]:
    """As `product`, and its SQLite file has its schema already."""
    if "DATABASE_URL" not in variables:
        copy_ledger(folder / MADE)
    with product(folder, **variables) as made:
        yield made


@pytest.fixture(scope="session")
def new_database(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Makes a database of this name with the product's schema; returns its URL."""
    url = postgres.create("template_ledger")
    _migrate(tmp_path_factory.mktemp("template"), "status", DATABASE_URL=url)  # any command prepares an empty one
    return partial(postgres.create, template="template_ledger")
