"""Originals: the packed bytes of mails in the ledger. Small ones go in and out together, large ones in pieces.

As a parameter of a statement or as a column of its answer a mail of 25 MB is in memory five times over. Also of small
ones PostgreSQL reads the bytes themselves (COPY) in a third of the time that it takes to read them as SQL.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import prefetch_related_objects

from worker.models import Mail, Original
from worker.packing import PIECE

SMALL = 128 * 1024  # bytes of a mail: so large a group of fifty may come along at once
TABLE = Original._meta.db_table
COPY = f"COPY {TABLE} (mail_id, data) FROM STDIN"
BINARY = f"{COPY} (FORMAT BINARY)"


def keep_originals(packed: Iterable[tuple[Mail, bytes]]) -> None:
    """Write the packed bytes of mails that are in the ledger already. Within the caller's transaction."""
    small: list[tuple[Mail, bytes]] = []
    for mail, data in packed:
        if len(data) <= PIECE:
            small.append((mail, data))
        else:
            _keep_large(mail, data)
    if connection.vendor != "postgresql":
        Original.objects.bulk_create(Original(mail=mail, data=data) for mail, data in small)
    elif small:
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(BINARY) as copy:
            copy.set_types(["int8", "bytea"])
            for mail, data in small:
                copy.write_row((mail.pk, data))


def load_small(mails: Sequence[Mail]) -> None:
    """Read the originals of those among `mails` that are small, all at once; the others are read when asked for."""
    prefetch_related_objects([mail for mail in mails if mail.size <= SMALL], "original")


def _keep_large(mail: Mail, data: bytes) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(COPY) as copy:
                for piece in _as_text(mail.pk, data):
                    copy.write(piece)
            return
        cursor.execute(f"INSERT INTO {TABLE} (mail_id, data) VALUES (%s, zeroblob(%s))", [mail.pk, len(data)])  # noqa: S608  # our own table's name
        database: sqlite3.Connection = connection.connection
        with database.blobopen(TABLE, "data", cursor.lastrowid) as blob:
            blob.write(data)


def _as_text(pk: Any, data: bytes) -> Iterator[bytes]:
    r"""A row of COPY: `7<tab>\\x2f6a…`."""
    yield b"%d\t\\\\x" % pk
    for start in range(0, len(data), PIECE):
        yield data[start : start + PIECE].hex().encode("ascii")
    yield b"\n"
