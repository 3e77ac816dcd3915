"""Many rows at once, on both databases: what goes in comes out, and what is there already stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app import bulk
from appbuilder_app.codes import Grade
from appbuilder_app.declaration import Instant
from scripts.services import owner_url

METADATA = sa.MetaData()
GRADE = sa.Enum(
    Grade, native_enum=False, length=16, values_callable=lambda codes: [one.value for one in codes]
)
PUPIL = sa.Table(
    "pupil",
    METADATA,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    sa.Column("name", sa.String(80), nullable=False, unique=True),
    sa.Column("grade", GRADE),
    sa.Column("born", sa.Date),
    sa.Column("weight", sa.Numeric(5, 1)),
    sa.Column("boards", sa.Boolean),
    sa.Column("seen", Instant()),
    sa.Column("facts", sa.JSON(none_as_null=True)),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)
NAMES = ["id", "name", "grade", "born", "weight", "boards", "seen", "facts"]
NOON = dt.datetime(2026, 6, 10, 12, tzinfo=dt.UTC)


def row(number: int, name: str | None = None) -> tuple[Any, ...]:
    born = dt.date(2018, 2, 28)
    return number, name or f"ชื่อ{number}", Grade.P1, born, Decimal("21.5"), True, NOON, {"ก": [1, None]}


@pytest.fixture
def connection(database_url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(owner_url(database_url))
    METADATA.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def stored(connection: sa.Connection) -> list[tuple[Any, ...]]:
    return [tuple(found) for found in connection.execute(sa.select(PUPIL).order_by(PUPIL.c.id))]


def test_values_of_every_kind_come_out_as_they_went_in(connection: sa.Connection) -> None:
    empty = (2, "ว่าง", None, None, None, None, None, None)
    assert bulk.copy_rows(connection, PUPIL, NAMES, iter([row(1), empty])) == 2
    assert stored(connection) == [(*row(1), 1), (*empty, 1)]


@pytest.mark.parametrize("name", ["tab\tในชื่อ", "\\N", "\\.", "quote\"'", "บรรทัด\nใหม่", "", "NULL", "=1+1"])
def test_texts_that_mean_something_to_copy_stay_texts(connection: sa.Connection, name: str) -> None:
    bulk.copy_rows(connection, PUPIL, ["id", "name"], [(1, name)])
    assert connection.scalar(sa.select(PUPIL.c.name)) == name


def test_more_rows_than_one_batch_all_go_in(connection: sa.Connection) -> None:
    assert bulk.copy_rows(connection, PUPIL, ["id", "name"], ((n, str(n)) for n in range(5_000))) == 5_000
    assert connection.scalar(sa.select(sa.func.count()).select_from(PUPIL)) == 5_000


def test_no_rows_are_no_error(connection: sa.Connection) -> None:
    assert bulk.copy_rows(connection, PUPIL, NAMES, []) == 0


def test_of_new_rows_those_that_are_there_already_are_left_out(connection: sa.Connection) -> None:
    bulk.copy_rows(connection, PUPIL, NAMES, [row(1, "ก")])
    rows = [{"id": 11, "name": "ก"}, {"id": 12, "name": "ข"}]
    connection.execute(bulk.insert_unless_there(connection, PUPIL), rows)
    assert [found[:2] for found in stored(connection)] == [(1, "ก"), (12, "ข")]


def test_an_update_changes_only_its_columns_and_raises_the_version(connection: sa.Connection) -> None:
    bulk.copy_rows(connection, PUPIL, NAMES, [row(1), row(2), row(3)])
    bulk.update_rows(
        connection, PUPIL, ["id", "grade", "weight"], [(1, Grade.P2, None), (3, None, Decimal(30))]
    )
    first, second, third = stored(connection)
    assert (first[2], first[4], first[8]) == (Grade.P2, None, 2)
    assert second == (*row(2), 1)
    assert (third[2], third[4], third[8]) == (None, Decimal(30), 2)
    assert first[5:8] == row(1)[5:8]


def test_two_pieces_of_work_in_one_transaction_do_not_meet(connection: sa.Connection) -> None:
    bulk.copy_rows(connection, PUPIL, ["id", "name"], [(1, "ก"), (2, "ข")])
    bulk.update_rows(connection, PUPIL, ["id", "name"], [(1, "ค")])
    bulk.update_rows(connection, PUPIL, ["id", "grade"], [(2, Grade.P3)])
    assert [found[:3] for found in stored(connection)] == [(1, "ค", None), (2, "ข", Grade.P3)]


def test_row_level_security_is_met_not_gone_around(postgres_url: str) -> None:
    engine = sa.create_engine(owner_url(postgres_url))
    METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE pupil ENABLE ROW LEVEL SECURITY")
        connection.exec_driver_sql("ALTER TABLE pupil FORCE ROW LEVEL SECURITY")
        connection.exec_driver_sql("CREATE POLICY small ON pupil USING (id < 10)")
    with engine.begin() as connection:
        assert bulk.copy_rows(connection, PUPIL, NAMES, [row(1)]) == 1
        assert stored(connection) == [(*row(1), 1)]
    with pytest.raises(sa.exc.ProgrammingError, match="row-level security"), engine.begin() as connection:
        bulk.copy_rows(connection, PUPIL, NAMES, [row(11)])
    engine.dispose()
