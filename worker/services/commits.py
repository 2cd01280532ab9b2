"""Asynchronous commits: everybody sees them at once, and the disk has them a moment later.

A process that dies loses none of them. A database that dies (power, kernel) loses those of its last moment, always the
newest, never one without those after it. So a step may be committed so where nothing outside of the database has come
of it yet. What something comes of (DATA, MOVE) is committed in the ordinary way, and all commits before it are on the
disk then as well (PostgreSQL: "Asynchronous Commit"; SQLite: PRAGMA synchronous, with a write-ahead log).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections, transaction

# A condition that is always true, and makes the commit of the statement it stands in asynchronous.
AT_STATEMENT = {"postgresql": "set_config('synchronous_commit', 'off', true) = 'off'"}


@contextmanager
def asynchronous_commit() -> Iterator[None]:
    """`transaction.atomic()` that is committed so; within another transaction it is a savepoint of that one."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with asynchronous_statements(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit TO off")
        yield


@contextmanager
def asynchronous_statements() -> Iterator[None]:
    """Commits of single statements in here are asynchronous, where they bear the database's AT_STATEMENT if any."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "sqlite" or connection.in_atomic_block:  # inside of a transaction it cannot be changed
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
        try:
            yield
        finally:
            cursor.execute("PRAGMA synchronous=FULL")
