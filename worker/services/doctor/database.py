"""The database: reachable, writable, its schema current, its clock agreeing with this machine's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from worker.clock import database_now
from worker.models import Control
from worker.services.doctor.diagnosis import Diagnosis, Grade

CLOCK_TOLERANCE_S = 60.0


class _UndoWritingError(Exception):
    """Takes the trial write back."""


def examine_database(now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Iterator[Diagnosis]:
    """Connect, compare schema and clock (`now` reads this machine's), write and take it back."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        said = " ".join(str(error).split())[:200]
        is_file = connection.vendor == "sqlite"
        remedy = ", and the owner and rights of its file and folder" if is_file else ", and whether its server runs"
        yield Diagnosis("database", Grade.FAIL, f"cannot be reached: {said}", f"check ASPOKTATAS_DATABASE_URL{remedy}")
        return
    yield Diagnosis("database", Grade.OK, f"{connection.display_name} answers")
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        empty = not executor.loader.applied_migrations
        if empty:
            yield Diagnosis("schema", Grade.OK, "the database is empty; the first command sets it up")
        else:
            yield Diagnosis("schema", Grade.WARN, "is of an older release", "back up, then run `aspoktatas migrate`")
    else:
        yield Diagnosis("schema", Grade.OK, "is current")
        yield _try_writing()
    yield _compare_clock(now())


def _try_writing() -> Diagnosis:
    try:
        with transaction.atomic():
            Control.objects.create(name="doctor")
            raise _UndoWritingError
    except _UndoWritingError:
        return Diagnosis("writing", Grade.OK, "the database can be written")
    except DatabaseError:
        is_file = connection.vendor == "sqlite"
        remedy = (
            "check the file's owner, rights and disk" if is_file else "a standby, or its disk full? Ask who runs it"
        )
        return Diagnosis("writing", Grade.FAIL, "the database is read-only", remedy)


def _compare_clock(here: datetime) -> Diagnosis:
    off = abs((here - database_now()).total_seconds())
    if off > CLOCK_TOLERANCE_S:
        return Diagnosis(
            "clock", Grade.WARN, f"this machine and the database differ by {off:.0f} s", "start NTP on both"
        )
    return Diagnosis("clock", Grade.OK, "agrees with the database's")
