"""Edit a directory by hand: one row added, changed or deleted, guarded by what the person saw of it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now

from registry.directory import mark_directories_changed
from registry.imports.directories import Directory
from registry.imports.report import Values
from registry.models import AcceptedAddress, Clerk
from registry.services.directory_refusals import RowChangedError, RowExistsError
from worker.models import Event

ADDRESSES = Directory("addresses", AcceptedAddress, ("address",), ())  # learned from decisions: no file fills it
FURTHER = {"register": ("joint_office_seat",)}  # columns that no file fills


def columns_of(directory: Directory) -> tuple[str, ...]:
    """Every column that a person sees and may set, the key first."""
    return (*directory.key, *directory.columns, *FURTHER.get(directory.name, ()))


def values_of(directory: Directory, row: models.Model) -> dict[str, str]:
    """The row as {column: text}."""
    return {name: str(getattr(row, name)) for name in columns_of(directory)}


def mark_of_row(directory: Directory, row: models.Model) -> str:
    """Names what a person sees of the row."""
    return hashlib.sha256(json.dumps(values_of(directory, row)).encode()).hexdigest()[:16]


def add_row(actor: User, directory: Directory, values: Values) -> None:
    """Add a row. Raises RowExistsError where its key is taken."""
    try:
        with transaction.atomic():
            directory.rows.create(**values, **_by_staff(directory, actor))
            _tell(actor, "directory_added", directory, {name: ["", value] for name, value in values.items() if value})
    except IntegrityError:
        raise RowExistsError from None


def change_row(actor: User, directory: Directory, pk: Any, seen: str, values: Values) -> None:
    """Write `values` over the row that was `seen`; where nothing differs nothing is written.

    Raises RowChangedError where it is not as seen any more, RowExistsError where its new key is taken.
    """
    try:
        with transaction.atomic():
            before = _as_seen(directory, pk, seen)
            changed = {name: [before[name], value] for name, value in values.items() if before[name] != value}
            if not changed:
                return
            after = {name: value for name, (_, value) in changed.items()} | _by_staff(directory, actor)
            if directory.rows.filter(pk=pk, **before).update(**after) != 1:
                raise RowChangedError
            _tell(actor, "directory_changed", directory, changed, key=[before[name] for name in directory.key])
    except IntegrityError:
        raise RowExistsError from None


@transaction.atomic
def delete_row(actor: User, directory: Directory, pk: Any, seen: str) -> None:
    """Delete the row that was `seen`; the log keeps it. Raises RowChangedError."""
    before = _as_seen(directory, pk, seen)
    deleted, _ = directory.rows.filter(pk=pk, **before).delete()
    if deleted != 1:
        raise RowChangedError
    _tell(actor, "directory_deleted", directory, {name: [value, ""] for name, value in before.items() if value})


def _as_seen(directory: Directory, pk: Any, seen: str) -> dict[str, str]:
    row = directory.rows.filter(pk=pk).first()
    if row is None or mark_of_row(directory, row) != seen:
        raise RowChangedError
    return values_of(directory, row)


def _by_staff(directory: Directory, actor: User) -> dict[str, Any]:
    """Who vouches for a jegyző, and since when."""
    if directory.model is not Clerk:
        return {}
    return {"source": "staff", "confirmed_by": actor, "added_at": Now()}


def _tell(
    actor: User, verb: str, directory: Directory, changed: dict[str, list[str]], key: list[str] | None = None
) -> None:
    key = key or [changed[name][1] or changed[name][0] for name in directory.key if name in changed]
    mark_directories_changed()
    details = {"directory": directory.name, "key": key, "changed": changed}
    Event.objects.create(verb=verb, actor=actor, details=details)
