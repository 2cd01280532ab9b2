"""Append-only by the database itself: triggers that refuse to change or delete what the logs hold.

Made anew after every `migrate`: SQLite loses a table's triggers when a migration rebuilds the table.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("staff_access", "worker_event")
REFUSAL = "the log is append-only"
_KEY = "SELECT 1 FROM staff_amendment"  # staff.services.amend_log

_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
WHEN NOT EXISTS ({key}) BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION staff_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS ({key}) THEN
        RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""
_POSTGRES = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION staff_refuse_change()
"""


def make_triggers(using: str = "default", **_: Any) -> None:
    """Make those that are missing; a receiver of `post_migrate`."""
    connection = connections[using]
    if not {*TABLES, "staff_amendment"} <= set(connection.introspection.table_names()):
        return  # migrated to before there were logs
    if connection.vendor == "sqlite":
        _make_on_sqlite(connection)
    else:
        _make_on_postgres(connection)


def _make_on_sqlite(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            for verb in ("update", "delete"):
                cursor.execute(_SQLITE.format(table=table, verb=verb, key=_KEY, refusal=REFUSAL))


def _make_on_postgres(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        there = {name for (name,) in cursor.fetchall()}
        missing = [table for table in TABLES if f"{table}_append_only" not in there]
        if missing:
            cursor.execute(_FUNCTION.format(key=_KEY, refusal=REFUSAL))
        for table in missing:
            cursor.execute(_POSTGRES.format(table=table))
