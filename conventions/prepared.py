"""Statements that are put together once: the hottest ones spend more time in making their SQL than in asking it.

    row_for = Prepared(lambda who, id: visible_to(Account(pk=who)).filter(pk=id))
    row_for.first("4f…", "9a…")

The query is built with stand-ins for its values, and their places among the parameters are kept. So what is asked is
still said in the ORM alone, and each value must reach the query as it is: an id, a digest; nothing that a lookup would
change or that decides which query it is. A `Crowd` is looked for by `…__in`; its SQL is made for 1, 2, 4, 8 … of them,
and the last is named again until it fits. A large one is looked for in parts, and the order of the query holds within
each of them. What is written goes by `add`, `change` and `remove`, which prepare values
as the fields of the models say. What they gain is measured by `bench commands` and `bench http`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    AutoField,
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    QuerySet,
    TextField,
)
from django.db.models.base import ModelState

from conventions.line import line as here

M = TypeVar("M", bound=Model)
Crowd = Collection[str]
Value = str | int | Crowd
PART = 1024  # of a crowd that is looked for at once: SQLite takes 32,766 values in one statement, PostgreSQL 65,535
KEPT = "rondo_cursor"  # the name under which a connection keeps it


class Told(NamedTuple):
    """What is kept of a query: the stand-ins in the order of its values, its model, its SQL, its parameters with
    stand-ins among them, the attributes that its first columns are, by position what makes a value of the database one
    of Python, and the rows that `select_related` adds: the field that names each, its model, the places and the
    attributes of its columns."""

    stand_ins: list[StandIn | NumberStandIn]
    model: type[Any]
    sql: str
    parameters: tuple[Any, ...]
    names: tuple[str, ...]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]
    related: list[tuple[str, type[Model], list[int], list[str]]]


class StandIn(str):
    """The place of a text that comes later."""

    __slots__ = ()


class NumberStandIn(int):
    """The place of a whole number that comes later: one that no query of ours names."""


STAND_INS = (StandIn, NumberStandIn)


class Asked(Generic[M]):
    """`build` takes one string for each of its parameters; a whole number or a crowd where it says so."""

    def __init__(self, build: Callable[..., QuerySet[M, Any]]) -> None:
        self._build = build
        self._parameters = list(inspect.signature(build).parameters.values())
        self._crowds = [at for at, one in enumerate(self._parameters) if one.annotation in (Crowd, "Crowd")]
        self._told: dict[tuple[str, int | None, tuple[int, ...]], Told] = {}

    def _ask(
        self, values: tuple[Value, ...], most: int | None = None
    ) -> tuple[BaseDatabaseWrapper, Told, list[list[Any]]]:
        """At most so many rows, with what is known of the query. A crowd of nobody is not looked for."""
        for at in self._crowds:
            if len(values[at]) > PART:  # type: ignore[arg-type]  # its parameter says that it is a crowd
                return self._ask_in_parts(values, at, most)
        line = here()
        sizes, single = self._spread(values) if self._crowds else ((), values)
        told = self._told.get((line.vendor, most, sizes)) or self._tell(most, sizes)
        if 0 in sizes:
            return line, told, []
        given = dict(zip(told.stand_ins, single, strict=True))
        cursor = _cursor(line)
        cursor.execute(told.sql, [given[one] if type(one) in STAND_INS else one for one in told.parameters])
        rows = [list(row) for row in cursor.fetchall()]
        for place, (convert, column) in told.converters.items():
            for row in rows:
                for one in convert:
                    row[place] = one(row[place], column, line)
        return line, told, rows

    def _ask_in_parts(
        self, values: tuple[Value, ...], at: int, most: int | None
    ) -> tuple[BaseDatabaseWrapper, Told, list[list[Any]]]:
        crowd = list(dict.fromkeys(values[at]))  # type: ignore[arg-type]
        parts = [crowd[start : start + PART] for start in range(0, len(crowd), PART)]
        found = [self._ask((*values[:at], part, *values[at + 1 :]), most) for part in parts]
        return found[0][0], found[0][1], [row for _, _, rows in found for row in rows][:most]

    def _spread(self, values: tuple[Value, ...]) -> tuple[tuple[int, ...], list[str | int]]:
        """How many each crowd is made, and all values one by one."""
        sizes: list[int] = []
        single: list[Any] = []
        for at, value in enumerate(values):
            if at in self._crowds:
                crowd = list(value)  # type: ignore[arg-type]  # its parameter says that it is one
                sizes.append(1 << (len(crowd) - 1).bit_length() if crowd else 0)
                single += crowd + crowd[-1:] * (sizes[-1] - len(crowd))
            else:
                single.append(value)
        return tuple(sizes), single

    def _stand_ins(self, sizes: tuple[int, ...]) -> list[Any]:
        """What is handed to `build`: a stand-in for each value, a list of them for each crowd."""
        made: list[Any] = []
        wanted = iter(sizes)
        for at, parameter in enumerate(self._parameters):
            name = f"\N{WHITE SQUARE}{parameter.name}"
            if at in self._crowds:
                made.append([StandIn(f"{name} {number}") for number in range(next(wanted) or 1)])
            elif parameter.annotation in (int, "int"):
                made.append(NumberStandIn(31_900 + at))  # within every kind of column
            else:
                made.append(StandIn(name))
        return made

    def _tell(self, most: int | None, sizes: tuple[int, ...]) -> Told:
        handed = self._stand_ins(sizes)
        stand_ins = [one for each in handed for one in (each if isinstance(each, list) else [each])]
        rows = self._build(*handed)[:most]
        compiler = rows.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        known: dict[Any, Any] = {one: one for one in stand_ins}
        columns = [column for column, _, _ in compiler.select]
        attributes = [column.target.attname for column in columns]
        shape = compiler.klass_info or {"select_fields": range(len(columns))}
        told = Told(
            stand_ins,
            rows.model,
            sql,
            tuple(known.get(one, one) if isinstance(one, str | int) else one for one in parameters),
            tuple(attributes[place] for place in shape["select_fields"]),
            compiler.get_converters(columns),
            [
                (one["field"].name, one["model"], one["select_fields"], [attributes[at] for at in one["select_fields"]])
                for one in shape.get("related_klass_infos", ())
            ],
        )
        missing = known.keys() - {one for one in parameters if isinstance(one, str | int)}
        if missing:
            raise ValueError(f"This query does not ask for {', '.join(sorted(map(str, missing)))}.")
        self._told[connection.vendor, most, sizes] = told
        return told


class Prepared(Asked[M]):
    """Rows of a model, with those that `select_related` adds by keys that are never empty."""

    def first(self, *values: Value) -> M | None:
        """The first row that there is."""
        found = self._made(*self._ask(values, 1))
        return found[0] if found else None

    def all(self, *values: Value) -> list[M]:
        """All rows, in the order of the query."""
        return self._made(*self._ask(values))

    def _made(self, line: BaseDatabaseWrapper, told: Told, found: list[list[Any]]) -> list[M]:
        made: list[M] = []
        for row in found:
            one: M = _row(told.model, told.names, row[: len(told.names)], line)
            for field, model, places, names in told.related:
                setattr(one, field, _row(model, names, [row[place] for place in places], line))
            made.append(one)
        return made


def _row(model: type[M], names: Iterable[str], values: Iterable[Any], line: BaseDatabaseWrapper) -> M:
    """As from the database, in the way in which a row comes back from a pickle: all its columns are there."""
    one = model.__new__(model)
    one.__dict__.update(zip(names, values, strict=True))
    one._state = ModelState()
    one._state.adding, one._state.db = False, line.alias
    return one


class PreparedRows(Asked[M]):
    """All rows of a query by `values_list`, in its order."""

    def all(self, *values: Value) -> list[list[Any]]:
        return self._ask(values)[2]


def add(model: type[Model], values: Mapping[str, Any]) -> Any:
    """Inserts a row with these values, and the defaults of its fields for the others; its key."""
    line = here()
    sql, columns, key = _insert(model, tuple(values), line.vendor)
    left_out = [column.default() for column in columns[len(values) :]]
    given = zip(columns, [*values.values(), *left_out], strict=True)
    cursor = _cursor(line)
    cursor.execute(sql, [column.ready(value, line) for column, value in given])
    return values[key] if key else cursor.fetchall()[0][0]


def change(model: type[Model], which: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Sets these columns of the rows that have those values. Columns are named as the attributes of a row."""
    if values:
        line = here()
        _run(line, _update(model, tuple(which), tuple(values), line.vendor), [*values.values(), *which.values()])


def remove(model: type[Model], which: Mapping[str, Any]) -> None:
    """Deletes the rows that have those values, of a model on which no other hangs. Raises TypeError for any other."""
    line = here()
    _run(line, _delete(model, tuple(which), line.vendor), [*which.values()])


def _run(line: BaseDatabaseWrapper, statement: tuple[str, list[Column]], given: list[Any]) -> None:
    sql, columns = statement
    _cursor(line).execute(sql, [column.ready(value, line) for column, value in zip(columns, given, strict=True)])


def _cursor(line: BaseDatabaseWrapper) -> Any:
    """One cursor for all that is asked here over a connection, as long as this is the same; one that remembers, where
    there is such. Where what is asked is looked on at, it gets a cursor of its own, by which it is seen."""
    if line.force_debug_cursor:
        return line.cursor()
    line.close_if_health_check_failed()  # as Django does before it makes a cursor
    kept: tuple[Any, Any] | None = line.__dict__.get(KEPT)
    if kept is None or kept[0] is not line.connection:
        cursor = getattr(line, "remembering_cursor", line.cursor)()
        kept = line.__dict__[KEPT] = (line.connection, cursor)
    return kept[1]


class Column:
    """A field, as what is written goes through it."""

    __slots__ = ("_as_it_is", "_field", "_tells_time", "default")

    def __init__(self, field: Field[Any, Any]) -> None:
        self._field, self.default = field, field.get_default
        end = field.target_field if isinstance(field, ForeignKey) else field
        self._as_it_is = next((kind for known, kind in AS_IT_IS if isinstance(end, known)), None)
        self._tells_time = isinstance(end, DateTimeField)

    def ready(self, value: Any, line: BaseDatabaseWrapper) -> Any:
        """The value as the driver takes it; as it is, where the field would only hand it on."""
        if value is None or type(value) is self._as_it_is:
            return value
        if self._tells_time and type(value) is datetime and value.tzinfo is not None:
            return line.ops.adapt_datetimefield_value(value)
        return self._field.get_db_prep_save(value, line)


AS_IT_IS: tuple[tuple[type[Field[Any, Any]], type], ...] = (
    (CharField, str),
    (TextField, str),
    (BooleanField, bool),
    (IntegerField, int),
)


@cache
def _insert(model: type[Model], values: tuple[str, ...], _vendor: str) -> tuple[str, list[Column], str | None]:
    """… and which of the values is the row's key; None where the database makes it."""
    meta, name = model._meta, connection.ops.quote_name
    assert meta.pk is not None
    makes_key = isinstance(meta.pk, AutoField)
    left_out = [one.attname for one in meta.local_concrete_fields if one.attname not in values]
    columns = [*values, *(one for one in left_out if not (makes_key and one == meta.pk.attname))]
    places = ", ".join(["%s"] * len(columns))
    returning = f" RETURNING {name(_column(meta.pk))}" if makes_key else ""
    names = ", ".join(_names(model, tuple(columns)))
    sql = f"INSERT INTO {name(meta.db_table)} ({names}) VALUES ({places}){returning}"  # noqa: S608 - names alone
    return sql, _columns(model, tuple(columns)), None if makes_key else meta.pk.attname


@cache
def _update(
    model: type[Model], which: tuple[str, ...], values: tuple[str, ...], _vendor: str
) -> tuple[str, list[Column]]:
    sets = ", ".join(f"{one} = %s" for one in _names(model, values))
    where = " AND ".join(f"{one} = %s" for one in _names(model, which))
    sql = f"UPDATE {connection.ops.quote_name(model._meta.db_table)} SET {sets} WHERE {where}"  # noqa: S608 - names alone
    return sql, _columns(model, (*values, *which))


@cache
def _delete(model: type[Model], which: tuple[str, ...], _vendor: str) -> tuple[str, list[Column]]:
    if model._meta.related_objects:
        raise TypeError(f"Others hang on {model.__name__}: the ORM knows what becomes of them.")
    where = " AND ".join(f"{one} = %s" for one in _names(model, which))
    sql = f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)} WHERE {where}"  # noqa: S608 - names alone
    return sql, _columns(model, which)


def _names(model: type[Model], attributes: tuple[str, ...]) -> list[str]:
    known = {one.attname: _column(one) for one in model._meta.local_concrete_fields}
    return [connection.ops.quote_name(known[one]) for one in attributes]


def _columns(model: type[Model], attributes: tuple[str, ...]) -> list[Column]:
    known = {one.attname: one for one in model._meta.local_concrete_fields}
    return [Column(known[one]) for one in attributes]


def _column(field: Field[Any, Any]) -> str:
    assert field.column is not None
    return field.column
