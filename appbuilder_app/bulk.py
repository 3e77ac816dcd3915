"""Many rows at once: COPY on PostgreSQL, executemany elsewhere. Knows tables, not what they mean.

Nothing here checks right, scope or lock, and none of it writes history: callers are set-based workflows,
inside ``walls.set_based(...)``, that have done so for the whole set.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

_BATCH = 2_000
encode: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A value as JSON text, as COPY takes it."""


class Encoded(str):
    """JSON text that goes into a JSON column of ``copy_rows`` as it stands."""

    __slots__ = ()


def copy_rows(
    connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Append rows, each a sequence of Python values in the order of ``columns``; how many there were.

    Columns that are not named get their server default; Python-side defaults do not run.
    """
    if connection.dialect.name != "postgresql":
        plain = ([json.loads(one) if type(one) is Encoded else one for one in row] for row in rows)
        return _execute_many(connection, sa.insert(table), columns, plain)
    if _walled_by_rows(connection, table):
        staged, count = _staged(connection, table, columns, rows)
        chosen = sa.select(*(staged.c[name] for name in columns))
        connection.execute(sa.insert(table).from_select(list(columns), chosen, include_defaults=False))
        return count
    return _copy(connection, table.name, table, columns, rows)


def among(connection: sa.Connection, column: Any, values: Iterable[Any]) -> sa.ColumnElement[bool]:
    """The column is one of many values."""
    wanted = list(values)
    if connection.dialect.name == "postgresql":
        # One parameter, whatever their number: ten thousand take longer to write down than to find.
        return column == sa.any_(sa.literal(wanted, postgresql.ARRAY(column.type)))
    return column.in_(wanted)


@contextmanager
def without_nested_loops(connection: sa.Connection) -> Iterator[None]:
    """Inside, PostgreSQL does not compare each row with each.

    That is what it plans where it knows no figures: after a first load, and of rows that are made in the statement.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.exec_driver_sql("SET LOCAL enable_nestloop = off")
    yield
    connection.exec_driver_sql("SET LOCAL enable_nestloop TO DEFAULT")


def insert_unless_there(connection: sa.Connection, table: sa.Table) -> Any:
    """An INSERT that leaves out the rows whose key somebody else has inserted already."""
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing()


def update_rows(
    connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Set ``columns[1:]`` of the rows found by ``columns[0]``, and raise ``version`` where there is one."""
    key, *changed = columns
    raised = {"version": table.c.version + 1} if "version" in table.c else {}
    if connection.dialect.name == "postgresql":
        staged, _ = _staged(connection, table, columns, rows)
        connection.exec_driver_sql(f"ANALYZE {staged.name}")
        values = {name: staged.c[name] for name in changed} | raised
        connection.execute(sa.update(table).where(table.c[key] == staged.c[key]).values(values))
        return
    # Bound names must differ from the columns' own, which SQLAlchemy keeps for SET.
    values = {name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in changed} | raised
    statement = sa.update(table).where(table.c[key] == sa.bindparam("row_key")).values(values)
    _execute_many(connection, statement, ["row_key", *(f"new_{name}" for name in changed)], rows)


def _execute_many(
    connection: sa.Connection, statement: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    count, batch = 0, []
    for row in rows:
        batch.append(dict(zip(columns, row, strict=True)))
        if len(batch) == _BATCH:
            connection.execute(statement, batch)
            count, batch = count + len(batch), []
    if batch:
        connection.execute(statement, batch)
    return count + len(batch)


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────────────────


def _walled_by_rows(connection: sa.Connection, table: sa.Table) -> bool:
    """True when row-level security holds for this table and role: COPY FROM would be refused."""
    return bool(connection.scalar(sa.select(sa.func.row_security_active(table.name))))


def _staged(
    connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> tuple[sa.Table, int]:
    """The rows in a temporary table that ends with the transaction, and how many there are."""
    name = f"staged_{table.name}"
    chosen = ", ".join(f'"{column}"' for column in columns)
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{name}")
    shape = f'SELECT {chosen} FROM "{table.name}" WITH NO DATA'  # noqa: S608 - names of our own schema
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {shape}")
    staged = sa.Table(name, sa.MetaData(), *(sa.Column(column, table.c[column].type) for column in columns))
    return staged, _copy(connection, name, table, columns, rows)


def _copy(
    connection: sa.Connection,
    name: str,
    table: sa.Table,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> int:
    wire = [_wire_form(table.c[column]) for column in columns]
    converted = [(position, form) for position, form in enumerate(wire) if form is not None]
    chosen = ", ".join(f'"{column}"' for column in columns)
    driver: Any = connection.connection.driver_connection
    count = 0
    with driver.cursor() as cursor, cursor.copy(f'COPY "{name}" ({chosen}) FROM STDIN') as copy:
        for row in rows:
            values = list(row)
            for position, form in converted:
                values[position] = form(values[position])
            copy.write_row(values)
            count += 1
    return count


def _wire_form(column: sa.Column[Any]) -> Callable[[Any], Any] | None:
    """How a value of this column goes into COPY, where psycopg would not write what SQLAlchemy stores."""
    if isinstance(column.type, sa.Enum):
        return _code
    return _json if isinstance(column.type, sa.JSON) else None


def _code(value: Any) -> Any:
    return getattr(value, "_value_", value)  # not .value, which is ten times as slow


def _json(value: Any) -> str | None:
    return value if value is None or type(value) is Encoded else encode(value)
