"""The directories that files are taken into: which columns make a row's key, what is compared, and the writing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import models, transaction

from registry.directory import mark_directories_changed
from registry.imports.report import Fate, ImportPlan, Key, Reading, Values, make_plan
from registry.models import Account, Clerk, Municipality, Settlement
from registry.services.register import register_by_accounts

BATCH = 500


@dataclass(frozen=True, slots=True)
class Directory:
    """A table that files fill: `source` is what its column of that name must hold for a row to be a file's."""

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    source: str = ""
    keeps_blank: bool = False

    @property
    def rows(self) -> models.QuerySet[Any]:
        """Every row."""
        return self.model._default_manager.all()


REGISTER = Directory("register", Municipality, ("pir",), ("name", "settlement", "county"))
GAZETTEER = Directory("gazetteer", Settlement, ("name",), ("county", "joint_office_seat"))
CLERKS = Directory("clerks", Clerk, ("municipality", "address"), ("name",), source="import", keeps_blank=True)
ACCOUNTS = Directory("accounts", Account, ("email",), ("username", "full_name"))
DIRECTORIES = {one.name: one for one in (REGISTER, GAZETTEER, CLERKS, ACCOUNTS)}


def plan_import(directory: Directory, reading: Reading) -> ImportPlan:
    """What the reading would do to the directory as it stands; two queries at most."""
    present = _values(directory, directory.rows)
    may_go = _values(directory, directory.rows.filter(source=directory.source)) if directory.source else present
    return make_plan(directory.name, reading, present, may_go, keeps_blank=directory.keeps_blank)


@transaction.atomic
def write_plan(plan: ImportPlan, *, remove_gone: bool = False) -> None:
    """Write what is new and changed, a few statements for any number of rows; what is gone only where asked for."""
    directory = DIRECTORIES[plan.what]
    rows = [_row(directory, fate) for fate in (*plan.new, *plan.changed)]
    directory.model._default_manager.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=directory.key,
        update_fields=directory.columns,
    )
    if remove_gone:
        _delete(directory, [fate.key for fate in plan.gone])
    if directory is ACCOUNTS:
        register_by_accounts({fate.key[0] for fate in plan.new})
    mark_directories_changed()


def _values(directory: Directory, rows: models.QuerySet[Any]) -> dict[Key, Values]:
    width = len(directory.key)
    found = rows.order_by(*directory.key).values_list(*directory.key, *directory.columns)
    return {row[:width]: dict(zip(directory.columns, row[width:], strict=True)) for row in found.iterator()}


def _row(directory: Directory, fate: Fate) -> models.Model:
    return directory.model(**dict(zip(directory.key, fate.key, strict=True)), **fate.after)


def _delete(directory: Directory, keys: Collection[Key]) -> None:
    for batch in _batches(sorted(keys)):
        if len(directory.key) == 1:
            directory.rows.filter(pk__in=[key[0] for key in batch]).delete()
            continue
        exact = models.Q()
        for key in batch:
            exact |= models.Q(**dict(zip(directory.key, key, strict=True)))
        directory.rows.filter(exact, source=directory.source).delete()


def _batches(keys: Sequence[Key]) -> Iterator[list[Key]]:
    left = iter(keys)
    while batch := list(islice(left, 100)):
        yield batch
