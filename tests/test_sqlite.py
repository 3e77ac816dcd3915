"""The embedded database: ready for several writers, and in the same Thai order as PostgreSQL."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from appbuilder_app import sqlite, walls
from scripts.services import PostgreSQL

WORDLISTS = Path(sqlite.__file__).parent / "demo" / "wordlists"


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    """An embedded database with one table."""
    made = sa.create_engine(f"sqlite:///{tmp_path}/test.db", connect_args={"timeout": 30})
    sqlite.install(made)
    sqlite.install(made)
    with made.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE counter (value INTEGER)")
        connection.exec_driver_sql("INSERT INTO counter VALUES (0)")
    return made


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 1), ("busy_timeout", 30_000)],
)
def test_each_connection_is_prepared(engine: sa.Engine, pragma: str, value: object) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    engine.dispose()


def test_who_reads_first_and_writes_then_waits_for_the_other(engine: sa.Engine) -> None:
    def increment() -> None:
        for _ in range(20):
            with engine.begin() as connection:
                value = connection.exec_driver_sql("SELECT value FROM counter").scalar_one()
                connection.exec_driver_sql("UPDATE counter SET value = ?", (value + 1,))

    writers = [threading.Thread(target=increment) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT value FROM counter").scalar() == 80
    engine.dispose()


def test_who_only_reads_does_not_wait_for_a_writer(engine: sa.Engine) -> None:
    with engine.begin() as writer:
        writer.exec_driver_sql("UPDATE counter SET value = 7")
        token = walls.writing.set(False)
        with engine.connect() as reader:
            assert reader.exec_driver_sql("SELECT value FROM counter").scalar() == 0
        walls.writing.reset(token)
    engine.dispose()


def test_ddl_is_taken_back_with_its_transaction(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE half_done (value INTEGER)")
        connection.rollback()
    assert "half_done" not in sa.inspect(engine).get_table_names()
    engine.dispose()


# ── Thai order ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "ordered",
    [
        ["กนก", "เกษม", "ขวัญ", "แขก", "ฮะ"],
        ["กา", "ก่า", "ก้า", "ก๊า", "ก๋า"],
        ["กก", "กะ", "กัน", "กา", "กำ", "กิน", "เก", "เก่ง", "เกม", "แก", "โก", "ใก", "ไก่"],
        ["เพชร", "เพ็ชร", "เพ็ญ"],
        ["วัดป่า 1", "วัดป่า ๒", "วัดป่า 3"],
        ["1", "ก", "a", "B", "c"],
        ["รร", "ฤทธิ์", "ฤๅษี", "ล"],
    ],
)
def test_names_stand_as_in_a_dictionary(ordered: list[str]) -> None:
    shuffled = random.Random(7).sample(ordered, len(ordered))
    assert sorted(shuffled, key=sqlite.thai_key) == ordered


def test_the_collation_orders_pages_and_compares_marks(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE person (name TEXT)")
        connection.exec_driver_sql("INSERT INTO person VALUES ('ฮะ'), ('เกษม'), ('กนก'), ('ขวัญ')")
        ordered = "SELECT name FROM person WHERE name COLLATE thai > 'กนก' ORDER BY name COLLATE thai"
        assert [name for (name,) in connection.exec_driver_sql(ordered)] == ["เกษม", "ขวัญ", "ฮะ"]
    engine.dispose()


def _words() -> list[str]:
    listed = sorted(word for file in WORDLISTS.glob("*.txt") for word in file.read_text("utf-8").split())
    chosen = random.Random(1)
    pairs = [chosen.choice(("", " ", "-", ".")).join(chosen.sample(listed, 2)) for _ in range(1_000)]
    return sorted(
        {*chosen.sample(listed, 500), *pairs, "โรงเรียนบ้านหนอง 2", "โรงเรียนบ้านหนอง ๑๐", "A", "a", "ฤๅ", "ๆ"}
    )


def test_the_order_is_that_of_postgresql(postgresql_server: PostgreSQL) -> None:
    words = _words()
    with postgresql_server.connect() as connection:
        query = 'SELECT word FROM unnest(%s::text[]) word ORDER BY word COLLATE "th-x-icu"'
        expected = [word for (word,) in connection.execute(query, (words,))]
    assert sorted(words, key=sqlite.thai_key) == expected
