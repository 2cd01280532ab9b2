"""Backup and restore of the ledger: one consistent file, made while everything runs, put back while nothing does.

SQLite by its own online backup, PostgreSQL by its own pg_dump, pg_restore and psql. A restored ledger does not know
what happened since the backup: see `recover`.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection, connections

from worker.clock import database_now
from worker.models import Control
from worker.services.controls import HEARTBEAT
from worker.services.status import WATCHER_SILENT_AFTER_S

MADE = "backup_made"
_DROP_ALL = """DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
        EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', name);
    END LOOP;
END $$"""


class BackupError(Exception):
    """It could not be done, and nothing was changed; the message says why and what to do."""


def make_backup(target: Path) -> int:
    """Write the whole ledger to `target`, readable by its owner only; returns its size in bytes. Raises BackupError."""
    if target.exists():
        raise BackupError(f"{target} exists already; name a new file")
    Control.objects.update_or_create(name=MADE, defaults={"value": {}, "at": database_now()})
    part = target.with_name(target.name + ".part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        if connection.vendor == "sqlite":
            _copy_sqlite(part)
        else:
            _run("pg_dump", "--format=custom", "--no-owner", f"--file={part}")
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror}") from None
    except sqlite3.Error as error:  # a full disk, too
        raise BackupError(f"{target} cannot be written: {error}") from None
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def load_backup(source: Path) -> None:
    """Put `source` in place of the ledger. Raises BackupError, then the ledger is as it was."""
    if not source.is_file():
        raise BackupError(f"{source} is no file")
    if connection.vendor == "sqlite":
        _check_sqlite(source)
        _load_sqlite(source)
    else:
        _load_postgresql(source)
    connections.close_all()


def who_runs() -> list[str]:
    """Names of the processes that showed a sign of life in the last minute and a half."""
    now = database_now()
    rows = Control.objects.filter(name__startswith=HEARTBEAT)
    alive = [
        row.name.removeprefix(HEARTBEAT) for row in rows if (now - row.at).total_seconds() < WATCHER_SILENT_AFTER_S
    ]
    return sorted(alive)


def _copy_sqlite(target: Path) -> None:
    """In one step: SQLite begins anew after every write between two, and never ends. Writers do not wait (WAL)."""
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)


def _check_sqlite(source: Path) -> None:
    try:
        with closing(_open_sqlite(source)) as backup:
            sound = backup.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            tables = {name for (name,) in backup.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError:
        raise BackupError(f"{source} is no backup of a SQLite ledger") from None
    if not sound:
        raise BackupError(f"{source} is damaged (integrity_check); take an older one")
    if not {"worker_mail", "worker_reply", "django_migrations"} <= tables:
        raise BackupError(f"{source} is no ledger")


def _load_sqlite(source: Path) -> None:
    connection.ensure_connection()
    try:
        with closing(_open_sqlite(source)) as backup:
            backup.backup(connection.connection)
    except sqlite3.OperationalError as error:
        raise BackupError(f"the ledger is in use ({error}); stop the product first") from None


def _load_postgresql(source: Path) -> None:
    """In one transaction. Every table goes first: of those that are newer than the backup pg_restore knows nothing."""
    with TemporaryDirectory(prefix="aspoktatas-restore-") as folder:  # nobody else may read it
        script = Path(folder) / "backup.sql"
        _run("pg_restore", "--clean", "--if-exists", "--no-owner", f"--file={script}", str(source))
        _run("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction",
             f"--command={_DROP_ALL}", f"--file={script}")  # fmt: skip


def _open_sqlite(source: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)


def _run(program: str, *arguments: str) -> None:
    """Run PostgreSQL's program; the password goes by the environment, where no process list shows it."""
    if shutil.which(program) is None:
        raise BackupError(f"{program} is missing; install PostgreSQL's client of the server's version")
    done = subprocess.run(  # noqa: S603  # a fixed program; the arguments are the operator's own paths
        [program, *arguments], env={**os.environ, **_access(connection.settings_dict)}, capture_output=True, check=False
    )
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason given"]
        raise BackupError(f"{program}: {said[0][:200]}")


def _access(settings: Mapping[str, Any]) -> dict[str, str]:
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    return {variable: str(settings[key]) for variable, key in named.items() if settings.get(key)}
