"""The database's clock: the one clock that all processes and hosts agree on."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection

SQL = {
    "postgresql": "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')",
}


def database_now() -> datetime:
    """Now, in UTC, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(SQL[connection.vendor])
        return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)
