"""Statements made into SQL once. Django makes each anew for every call, which costs more than the database's work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import DatabaseDefault, RawSQL
from django.db.models.sql import UpdateQuery

from worker.services.commits import AT_STATEMENT, asynchronous_statements
from worker.services.storable import JsonText, storable_json

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a call's value goes."""

    name: str
    field: models.Field[Any, Any]


class _Prepared:
    """A statement that is made at its first use on a database, and kept. Nothing is asked of the database before."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def _made_for(self, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Its SQL and parameters, among them the slots of what each call gives."""
        if connection.vendor not in self._made:
            self._made[connection.vendor] = self._make(connection)
        return self._made[connection.vendor]

    def _make(self, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        raise NotImplementedError


class PreparedUpdate(_Prepared):
    """UPDATE of `rows`: `changes` are the same each time (expressions too), those of `given` are each call's own.

    A call names the rows by `where`, columns that must equal its values. A JSON value may come as JsonText.
    """

    def __init__(
        self,
        model: type[models.Model],
        *,
        where: tuple[str, ...],
        given: tuple[str, ...] = (),
        fixed: models.Q | Mapping[str, Any] | None = None,
        asynchronous: bool = False,
        **changes: Any,
    ) -> None:
        """`fixed` are conditions that are the same each time; `asynchronous` is how it is committed where it stands
        in no transaction (worker.services.commits).
        """
        super().__init__()
        self._model, self._where, self._given = model, where, given
        self._fixed = fixed if isinstance(fixed, models.Q) else models.Q(**(fixed or {}))
        self._changes, self._asynchronous = changes, asynchronous

    def run(self, **values: Any) -> int:
        """Execute it with the values of `where` and `given`; how many rows it changed."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql, parameters = self._made_for(connection)
        with (
            asynchronous_statements() if self._asynchronous else nullcontext(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, _filled(parameters, values, connection))
            return int(cursor.rowcount)

    def run_each(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """Execute it for each of `rows`, in about one statement's time; how many rows that changed.

        Within the caller's transaction.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        sql, parameters = self._made_for(connection)
        if connection.vendor == "postgresql":
            return _run_together(sql, parameters, [*rows], connection)
        with connection.cursor() as cursor:
            cursor.executemany(sql, [_filled(parameters, row, connection) for row in rows])
            return int(cursor.rowcount)

    def _make(self, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        rows = self._model._default_manager.filter(self._fixed, **_slots(self._model, self._where))
        query = cast(UpdateQuery, rows.query.chain(UpdateQuery))
        query.add_update_values({**self._changes, **_slots(self._model, self._given)})
        sql, parameters = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        more = AT_STATEMENT.get(connection.vendor) if self._asynchronous else None
        return f"{sql} AND {more}" if more else sql, tuple(parameters)


class PreparedSelect(_Prepared):
    """`columns` of the rows of `model` that a call names by `where`: columns that equal its values, or do as a lookup
    says (`uid__gte`). Values come as the driver gives them: numbers and texts.
    """

    def __init__(self, model: type[models.Model], *columns: str, where: tuple[str, ...]) -> None:
        super().__init__()
        self._model, self._columns, self._where = model, columns, where

    def run(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows' columns."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql, parameters = self._made_for(connection)
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(parameters, values, connection))
            return list(cursor.fetchall())

    def _make(self, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        rows = self._model._default_manager.filter(**_slots(self._model, self._where)).values_list(*self._columns)
        return rows.query.sql_with_params()


class PreparedQuestions(_Prepared):
    """Whether there are rows, asked of several tables in one statement."""

    def __init__(self, *questions: models.QuerySet[Any]) -> None:
        super().__init__()
        self._questions = questions

    def ask(self) -> tuple[bool, ...]:
        """Whether each of the questions has a row, in their order."""
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            cursor.execute(*self._made_for(connection))
            return tuple(map(bool, cursor.fetchone()))

    def _make(self, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        parts = [one.query.exists().sql_with_params() for one in self._questions]
        sql = ", ".join(f"EXISTS({sql})" for sql, _ in parts)
        return f"SELECT {sql}", tuple(value for _, values in parts for value in values)


class PreparedInsert(Generic[Row]):
    """INSERT of many rows of `model` at once: what `bulk_create` does, on PostgreSQL in a third of its time.

    Of what the database fills in only the keys are read back, and what a manager of the model's own does besides is
    left out. `bulk_create` itself writes on other databases, and rows that hold more than values: expressions other
    than the columns' own defaults, or those in some of the rows only.
    """

    def __init__(self, model: type[Row]) -> None:
        self._model = model
        fields = (field for field in model._meta.concrete_fields if not field.generated)
        self._slots = [_Slot(field.attname, field) for field in fields if not isinstance(field, models.AutoField)]
        self._key = model._meta.pk if isinstance(model._meta.pk, models.AutoField) else None

    def run(self, rows: Iterable[Row]) -> list[Row]:
        """Write them; they have their keys then. Within the caller's transaction."""
        objects = [*rows]
        connection = connections[DEFAULT_DB_ALIAS]
        together = self._together(objects, connection) if connection.vendor == "postgresql" and objects else None
        if together is None:
            return self._model._default_manager.bulk_create(objects)
        database: Any = connection
        with database.wrap_database_errors, database.Database.Cursor(database.connection) as cursor:
            cursor.execute(*together)
            # Sorted, for they are drawn in the rows' order, but nothing says in which they are returned.
            keys = sorted(cursor.fetchall()) if self._key is not None else [(one.pk,) for one in objects]
        for one, (key,) in zip(objects, keys, strict=True):
            one.pk, one._state.adding, one._state.db = key, False, connection.alias
        return objects

    def _together(self, rows: Sequence[Row], connection: BaseDatabaseWrapper) -> tuple[str, list[Any]] | None:
        """The statement and its values; None where it takes more than values, or keys are chosen already.

        What is the same in all rows travels once.
        """
        if self._key is not None and any(row.pk is not None for row in rows):
            return None
        for row in rows:
            cast(Any, row)._prepare_related_fields_for_save(operation_name="bulk_create")
        names, taken, lists, places = [], [], [], []
        single: list[Any] = []
        several: list[Any] = []
        for slot in self._slots:
            values = [slot.field.pre_save(row, add=True) for row in rows]
            if isinstance(values[0], DatabaseDefault):
                if not all(isinstance(one, DatabaseDefault) for one in values):
                    return None
                continue
            if any(hasattr(one, "resolve_expression") for one in values):
                return None
            names.append(f'"{slot.field.column}"')
            kind = _element(slot.field, connection)
            if _all_alike(slot, values):
                taken.append(f"%b::{kind}")
                single.append(_elementary(slot, values[0], connection))
            else:
                places.append(f'"{slot.field.column}"')
                taken.append(f"given.{places[-1]}")
                lists.append(f"%b::{kind}[]")
                several.append([_elementary(slot, one, connection) for one in values])
        if not lists:
            return None
        sql = (  # no word of it is a value's
            f'INSERT INTO "{self._model._meta.db_table}" ({", ".join(names)}) SELECT {", ".join(taken)} '  # noqa: S608
            f"FROM unnest({', '.join(lists)}) WITH ORDINALITY AS given({', '.join(places)}, place_) ORDER BY place_"
        )
        return sql + (f' RETURNING "{self._key.column}"' if self._key is not None else ""), single + several


def _all_alike(slot: _Slot, values: Sequence[Any]) -> bool:
    """Whether all rows hold the same; JSON's is not compared, for to Python 1 is true."""
    first = values[0]
    return all(one is first for one in values) or (
        not isinstance(slot.field, models.JSONField) and all(one == first for one in values)
    )


def _slots(model: type[models.Model], names: Iterable[str]) -> dict[str, RawSQL]:
    """Where each of the columns `names` (a lookup may follow) takes its value from."""
    return {name: _slot(model, name) for name in names}


def _slot(model: type[models.Model], name: str) -> RawSQL:
    column = name.partition("__")[0]
    field = model._meta.pk if column == "pk" else model._meta.get_field(column)
    assert isinstance(field, models.Field)
    return RawSQL("%s", (_Slot(name, field),), output_field=field)  # no word of the SQL is a value's


def _filled(parameters: Iterable[Any], values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> list[Any]:
    return [_value(one, values[one.name], connection) if isinstance(one, _Slot) else one for one in parameters]


def _value(slot: _Slot, value: Any, connection: BaseDatabaseWrapper) -> Any:
    return str(value) if isinstance(value, JsonText) else slot.field.get_db_prep_save(value, connection)


def _run_together(
    sql: str, parameters: Sequence[Any], rows: Sequence[Mapping[str, Any]], connection: BaseDatabaseWrapper
) -> int:
    """The UPDATE for all of `rows` as one: planned once, and the values travel as they are, not as SQL to be read."""
    slots = {one.name: one for one in parameters if isinstance(one, _Slot)}
    words = sql.split("%s")
    places = (f'given."{one.name}"' if isinstance(one, _Slot) else "%s" for one in parameters)
    change, _, condition = "".join(map("".join, zip(words, [*places, ""], strict=True))).partition(" WHERE ")
    lists = ", ".join(f"%b::{_element(slot.field, connection)}[]" for slot in slots.values())
    names = ", ".join(f'"{name}"' for name in slots)
    given = f"WITH given({names}) AS (SELECT * FROM unnest({lists}))"  # noqa: S608  # no word of it is a value's
    values = [[_elementary(slot, row[name], connection) for row in rows] for name, slot in slots.items()]
    values += [one for one in parameters if not isinstance(one, _Slot)]
    database: Any = connection
    with database.wrap_database_errors, database.Database.Cursor(database.connection) as cursor:
        cursor.execute(f"{given} {change} FROM given WHERE {condition}", values)
        return int(cursor.rowcount)


def _elementary(slot: _Slot, value: Any, connection: BaseDatabaseWrapper) -> Any:
    """An element of a list of nothing but such."""
    if isinstance(slot.field, models.JSONField) and value is not None:
        return str(value if isinstance(value, JsonText) else storable_json(value)[1])
    ready = slot.field.get_db_prep_save(value, connection)
    return str(ready) if isinstance(ready, str) else ready  # a choice's


def _element(field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> str:
    """Its type; text where the column has a length, which is held to as it is assigned."""
    kind = field.db_type(connection) or ""
    return "text" if kind.startswith("varchar") else kind
