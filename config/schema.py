"""The database's schema: made where the database is empty, never changed behind an operator's back."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class SchemaOutdatedError(Exception):
    """The database belongs to an older release; the message says what to do."""


def prepare_schema(*, migrate: bool) -> None:
    """Set up an empty database; bring an older one up to date where `migrate`, else raise SchemaOutdatedError."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if executor.loader.applied_migrations and not migrate:
        raise SchemaOutdatedError("the database is of an older release; back it up, then run `aspoktatas migrate`")
    call_command("migrate", interactive=False, verbosity=0)
