"""Raw SQL, as a script sends it, meets the same lock as the screens: confirmed, closed, out of time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from appbuilder_app import errors
from appbuilder_app.dataset import ddl, refusals
from appbuilder_app.models import Student
from tests.app_fixtures import FOREIGN, SCHOOL, SCOPES, SIBLING, World, national_id
from tests.script_fixtures import Script

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)

INSERT = f"""
INSERT INTO student (school_code, scope, national_id, identity_type, title, first_name, last_name, sex,
                     birth_date, grade, room, student_number, disadvantage, disability, pending_discharge)
SELECT school_code, scope, '{national_id(900)}', identity_type, title, first_name, last_name, sex, birth_date,
       grade, room, student_number, disadvantage, disability, pending_discharge
  FROM student WHERE school_code = '{SCHOOL}' ORDER BY id LIMIT 1
"""
UPDATE = f"UPDATE student SET weight_kg = 40 WHERE school_code = '{SCHOOL}'"
DELETE = f"DELETE FROM student WHERE school_code = '{SCHOOL}'"
MOVE = "UPDATE student SET school_code = '{to}', scope = '{scope}' WHERE school_code = '{school}'"
MOVED_AWAY = MOVE.format(to=SIBLING, scope=SCOPES[SIBLING], school=SCHOOL)
MOVED_IN = MOVE.format(to=SCHOOL, scope=SCOPES[SCHOOL], school=SIBLING)
UPSERT = f"{INSERT} ON CONFLICT (school_code, national_id) DO UPDATE SET weight_kg = 40"
WRITES = {
    "insert": INSERT, "update": UPDATE, "delete": DELETE, "move away": MOVED_AWAY, "move in": MOVED_IN,
    "upsert": UPSERT, "of all": "UPDATE student SET weight_kg = 40", "delete all": "DELETE FROM student",
}  # fmt: skip


@pytest.fixture(params=WRITES, ids=lambda name: name.replace(" ", "-"))
def write(request: pytest.FixtureRequest) -> str:
    """A statement that changes the school's roster."""
    return WRITES[request.param]


# ── The lock of a school's rows ──────────────────────────────────────────────────────────────────────────


def test_while_the_school_is_open_its_rows_can_be_written(script: Script, write: str) -> None:
    assert script.run(write) > 0


def test_after_confirming_no_statement_changes_the_school(script: Script, write: str) -> None:
    script.confirm()
    before = script.rows("SELECT * FROM student ORDER BY id")
    assert isinstance(script.refusal(write), errors.SubmissionLocked)
    assert script.rows("SELECT * FROM student ORDER BY id") == before


def test_after_closing_no_statement_changes_the_school(script: Script, write: str) -> None:
    script.close()
    assert isinstance(script.refusal(write), errors.RoundClosed)


@pytest.mark.parametrize(
    ("opens", "closes", "refusal"),
    [(HOUR, DAY, errors.WindowNotYet), (-DAY, -HOUR, errors.WindowOver)],
    ids=["before", "after"],
)
def test_outside_the_window_no_statement_changes_the_school(
    script: Script, write: str, opens: dt.timedelta, closes: dt.timedelta, refusal: type[errors.RuleViolation]
) -> None:
    script.time(opens, closes)
    assert isinstance(script.refusal(write), refusal)


def test_without_a_window_nothing_is_written(script: Script, write: str) -> None:
    script.run("DELETE FROM \"window\" WHERE action = 'edit'")
    assert isinstance(script.refusal(write), errors.WindowMissing)


def test_without_a_round_nothing_is_written(script: Script) -> None:
    script.run('DELETE FROM "window"')
    script.run("DELETE FROM submission")
    script.run("DELETE FROM collection_round")
    assert isinstance(script.refusal(UPDATE), errors.NoOpenRound)


def test_other_schools_go_on_while_one_has_confirmed(script: Script) -> None:
    script.confirm(SCHOOL)
    for school in (SIBLING, FOREIGN):
        assert script.run("UPDATE student SET weight_kg = 40 WHERE school_code = :school", school=school) == 4


def test_a_return_unlocks_the_school(script: Script) -> None:
    script.confirm()
    script.run("UPDATE submission SET state = 'open'")
    assert script.run(UPDATE) == 4


def test_a_statement_that_touches_no_row_is_harmless(script: Script) -> None:
    script.close()
    assert script.run("UPDATE student SET weight_kg = 40 WHERE school_code = 'nowhere'") == 0


def test_the_next_round_takes_over_when_its_time_has_come(script: Script) -> None:
    script.close()
    script.run("""INSERT INTO collection_round (id, system, academic_year, number, snapshot_date, judged_by)
                  VALUES (2, 'dmc', 2569, 3, '2027-03-31', '{}')""")
    assert isinstance(script.refusal(UPDATE), errors.WindowMissing)
    script.run("""INSERT INTO "window" (round_id, action, scope, opens_at, closes_at, granted_at)
                  VALUES (2, 'edit', 'C', '2000-01-01 00:00', '2100-01-01 00:00', '2000-01-01 00:00')""")
    assert script.run(UPDATE) == 4
    assert script.value("SELECT count(*) FROM submission WHERE round_id = 2 AND state <> 'open'") == 0


@pytest.mark.parametrize("scope", ["C/1602", SCOPES[SCHOOL]], ids=["district", "school"])
def test_an_exception_opens_for_its_place_alone(script: Script, scope: str) -> None:
    script.time(-DAY, -HOUR)
    script.time(-DAY, DAY, scope=scope)
    assert script.run(UPDATE) == 4
    foreign = "UPDATE student SET weight_kg = 40 WHERE school_code = :school"
    assert isinstance(script.refusal(foreign, school=FOREIGN), errors.WindowOver)


def test_the_narrowest_window_decides_also_when_it_is_the_shorter(script: Script) -> None:
    script.time(-DAY, DAY)
    script.time(-DAY, DAY, scope="C/1602")
    script.time(-DAY, -HOUR, scope=SCOPES[SCHOOL])
    assert isinstance(script.refusal(UPDATE), errors.WindowOver)


def test_of_two_windows_of_a_place_the_newer_decides(script: Script) -> None:
    script.run("""INSERT INTO "window" (round_id, action, scope, opens_at, closes_at, granted_at)
                  VALUES (1, 'edit', 'C', '2000-01-01 00:00', '2001-01-01 00:00', '2100-01-01 00:00')""")
    assert isinstance(script.refusal(UPDATE), errors.WindowOver)


def test_the_refusal_names_round_and_state_on_postgresql(script: Script) -> None:
    script.confirm()
    said = str(script.refusal(UPDATE))
    if script.engine.dialect.name == "postgresql":
        assert "รอบที่ 2 ปีการศึกษา 2569" in said
    assert "ยืนยันแล้ว" in said


def test_a_school_without_a_submission_gets_one_to_lock(script: Script) -> None:
    script.run("DELETE FROM submission")
    assert script.run(UPDATE) == 4
    if script.engine.dialect.name == "postgresql":
        assert script.rows("SELECT school_code, scope, state FROM submission") == [
            (SCHOOL, SCOPES[SCHOOL], "open")
        ]


# ── A closed round ───────────────────────────────────────────────────────────────────────────────────────

OF_A_ROUND = [table.name for table in ddl.of_a_round()]


def test_every_table_of_a_round_is_held(world: World) -> None:
    frozen = {"submission", "roster", "headcount", "certificate"}
    assert set(OF_A_ROUND) == frozen | {"window", "agency_list", "movement", "year_result", "admission_plan"}


@pytest.mark.parametrize("table", OF_A_ROUND)
def test_nothing_of_a_closed_round_is_written(script: Script, table: str) -> None:
    script.everything_of_a_round()
    script.run("DELETE FROM submission WHERE school_code = :school", school=SIBLING)
    script.close()
    columns = [row[1] for row in script.rows(_COLUMNS[script.engine.dialect.name].format(table=table))]
    copied = ", ".join(f'"{name}"' for name in columns if name != "id")
    insert = f'INSERT INTO "{table}" ({copied}) SELECT {copied} FROM "{table}" LIMIT 1'
    unlike = {
        "submission": {"school_code": f"'{SIBLING}'", "scope": f"'{SCOPES[SIBLING]}'"},
        "headcount": {"grade": "'01'"},
        "certificate": {"number": "'9'", "code": "'3'"},
        "year_result": {"student_id": "(SELECT max(id) FROM student)"},
        "admission_plan": {"grade": "'01'"},
    }
    for column, value in unlike.get(table, {}).items():
        insert = _in_the_select(insert, column, value)
    kept = {errors.RoundClosed, errors.KeptForever}
    # No other row points to this school's.
    delete = f'DELETE FROM "{table}"' + f" WHERE school_code = '{FOREIGN}'" * (table == "submission")
    for statement in (insert, f'UPDATE "{table}" SET scope = scope', delete):
        assert type(script.refusal(statement)) in kept
    assert isinstance(script.refusal(insert), errors.RoundClosed)


_COLUMNS = {
    "postgresql": "SELECT 0, column_name FROM information_schema.columns WHERE table_name = '{table}'",
    "sqlite": 'PRAGMA table_info("{table}")',
}


def _in_the_select(insert: str, column: str, value: str) -> str:
    head, select = insert.split(" SELECT ")
    return f"{head} SELECT {select.replace(chr(34) + column + chr(34), value)}"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE collection_round SET closed_at = NULL",
        "UPDATE collection_round SET closed_at = '2030-01-01 00:00:00'",
        "UPDATE collection_round SET academic_year = 2570",
        "UPDATE collection_round SET system = 'asset'",
        "DELETE FROM collection_round",
    ],
)
def test_a_closed_round_stays_as_it_is(script: Script, change: str) -> None:
    script.run('DELETE FROM "window"')
    script.run("DELETE FROM submission")
    script.close()
    assert isinstance(script.refusal(change), errors.RoundClosed)


def test_an_open_round_can_be_put_right_and_removed(script: Script) -> None:
    script.run('DELETE FROM "window"')
    script.run("DELETE FROM submission")
    assert script.run("UPDATE collection_round SET snapshot_date = '2026-11-11'") == 1
    assert script.run("DELETE FROM collection_round") == 1


# ── What is written once ─────────────────────────────────────────────────────────────────────────────────

PERMANENT = ["change", "roster", "headcount", "certificate"]


@pytest.mark.parametrize("table", PERMANENT)
def test_what_is_written_once_is_never_deleted(script: Script, table: str) -> None:
    script.certified()
    assert script.value(f"SELECT count(*) FROM {table}") > 0
    assert isinstance(script.refusal(f"DELETE FROM {table}"), errors.KeptForever)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE change SET actor = 'somebody else'",
        "UPDATE change SET reason = NULL WHERE id = 1",
        "UPDATE roster SET content = '...'",
        "UPDATE roster SET root = '1'",
        "UPDATE headcount SET male = male + 1",
        "UPDATE certificate SET number = '7'",
        "UPDATE certificate SET content = '{}'",
        "UPDATE certificate SET roster_id = roster_id",
    ],
)
def test_what_is_written_once_is_never_changed(script: Script, change: str) -> None:
    script.certified()
    assert isinstance(script.refusal(change), errors.KeptForever)


def test_a_certificate_is_voided_once_and_stays_void(script: Script) -> None:
    script.certified()
    void = (
        "UPDATE certificate SET voided_at = '2026-11-12 08:00:00', voided_by = 'Dan', void_reason = 'ตัวเลขผิด'"
    )
    assert script.run(void) == 1
    for change in (
        void,
        "UPDATE certificate SET voided_at = NULL",
        "UPDATE certificate SET void_reason = 'อื่น'",
    ):
        assert isinstance(script.refusal(change), errors.KeptForever)


def test_history_goes_on_being_written_after_closing(script: Script) -> None:
    script.close()
    added = script.run("""INSERT INTO change (at, actor, path, dataset, row_key, action, scope)
                          VALUES ('2026-11-12 08:00:00', 'Cee', 'shell', 'area', '1602', 'update', 'C')""")
    assert added == 1


# ── Ways around ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def on_postgresql(script: Script) -> Script:
    """Raw SQL that only PostgreSQL understands."""
    if script.engine.dialect.name != "postgresql":
        pytest.skip("SQLite knows neither TRUNCATE nor COPY")
    return script


TRUNCATED = ["student", "change", "collection_round", *OF_A_ROUND]


@pytest.mark.parametrize("table", TRUNCATED)
def test_no_guarded_table_is_emptied_as_a_whole(on_postgresql: Script, table: str) -> None:
    assert isinstance(on_postgresql.refusal(f'TRUNCATE "{table}" CASCADE'), errors.KeptForever)


def test_emptying_the_schools_does_not_take_the_pupils_along(script: Script) -> None:
    statement = (
        "TRUNCATE school CASCADE" if script.engine.dialect.name == "postgresql" else "DELETE FROM school"
    )
    assert isinstance(script.refusal(statement), errors.KeptForever | errors.StillReferenced)


def test_copying_in_meets_the_lock(on_postgresql: Script) -> None:
    """Row-level security refuses COPY to whom it holds for; the lock holds for a superuser, too."""
    pupil = on_postgresql.rows(INSERT[INSERT.index("SELECT") :])[0]
    on_postgresql.confirm()
    columns = INSERT[INSERT.index("(") : INSERT.index(")") + 1]
    superuser = sa.create_engine(on_postgresql.engine.url.set(username="postgres"))
    with superuser.connect() as connection:
        cursor: psycopg.Cursor = connection.connection.cursor()  # type: ignore[assignment]  # psycopg's own
        with (
            pytest.raises(psycopg.Error) as caught,
            cursor.copy(f"COPY student {columns} FROM STDIN") as copy,
        ):
            copy.write_row(pupil)
    superuser.dispose()
    assert caught.value.sqlstate == ddl.SUBMISSION_LOCKED[0]


def test_a_temporary_table_cannot_stand_in_for_the_rounds(script: Script) -> None:
    script.close()
    with script.engine.connect() as connection:
        connection.exec_driver_sql(
            "CREATE TEMPORARY TABLE collection_round AS SELECT * FROM collection_round"
        )
        connection.exec_driver_sql("UPDATE collection_round SET closed_at = NULL")
        with pytest.raises(DBAPIError) as caught:
            connection.exec_driver_sql(UPDATE)
        assert isinstance(refusals.from_database(caught.value), errors.RoundClosed)
        connection.rollback()


@pytest.fixture
def on_sqlite(script: Script) -> Script:
    """REPLACE takes the row in its way without a delete trigger; PostgreSQL knows no such thing."""
    if script.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    return script


def test_replacing_does_not_rewrite_history(on_sqlite: Script) -> None:
    replace = """INSERT OR REPLACE INTO change (id, at, actor, path, dataset, row_key, action, scope)
                 VALUES (1, '2026-11-12 08:00:00', 'nobody', 'shell', 'area', '1602', 'update', 'C')"""
    assert isinstance(on_sqlite.refusal(replace), errors.KeptForever)


def test_replacing_does_not_reopen_a_round(on_sqlite: Script) -> None:
    on_sqlite.close()
    by_key = "INSERT OR REPLACE INTO collection_round (id, system, academic_year, number, snapshot_date)"
    for values in ("(1, 'dmc', 2570, 1, '2027-06-10')", "(NULL, 'dmc', 2569, 2, '2026-11-10')"):
        assert isinstance(on_sqlite.refusal(f"{by_key} VALUES {values}"), errors.RoundClosed)


def test_replacing_does_not_take_a_pupil_out_of_a_locked_school(on_sqlite: Script, world: World) -> None:
    on_sqlite.confirm()
    mine, other = world.pupil(SCHOOL), world.pupil(SIBLING)
    statement = "UPDATE OR REPLACE student SET id = :mine WHERE id = :other"
    assert isinstance(on_sqlite.refusal(statement, mine=mine, other=other), errors.SubmissionLocked)


def test_replacing_does_not_swap_a_certificate(on_sqlite: Script) -> None:
    on_sqlite.certified()
    columns = "submission_id, round_id, school_code, scope, roster_id, number, issued_at, content"
    replace = f"INSERT OR REPLACE INTO certificate ({columns}) SELECT {columns} FROM certificate"
    assert isinstance(on_sqlite.refusal(replace), errors.KeptForever)


# ── What only verbs change ───────────────────────────────────────────────────────────────────────────────

_KEPT = [(table, name) for table, names in ddl.kept_for_verbs() for name in names]


def _another_value(column: sa.Column[Any]) -> str:
    if isinstance(column.type, sa.Boolean):
        return "true"
    if isinstance(column.type, sa.Integer):
        return "77"
    return "'2001-01-01'" if isinstance(column.type, sa.Date) else "'7'"


@pytest.mark.parametrize(("table", "name"), _KEPT, ids=lambda one: getattr(one, "name", one))
def test_no_statement_changes_what_is_kept_for_verbs(script: Script, table: sa.Table, name: str) -> None:
    script = replace(script, verb=False)
    before = script.rows(f'SELECT * FROM "{table.name}" ORDER BY 1')
    change = f'UPDATE "{table.name}" SET "{name}" = {_another_value(table.c[name])}'
    assert isinstance(script.refusal(change), errors.KeptForVerbs)
    assert script.rows(f'SELECT * FROM "{table.name}" ORDER BY 1') == before
    assert script.run(f'UPDATE "{table.name}" SET "{name}" = "{name}", version = version + 1') == len(before)


def test_no_row_is_put_in_the_place_of_one_with_another_name(script: Script) -> None:
    names = [column.name for column in Student.__table__.columns if column.computed is None]
    others = ", ".join("'อื่น'" if name == "first_name" else f'"{name}"' for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    row = f"SELECT {others} FROM student ORDER BY id LIMIT 1"
    statement = f"INSERT INTO student ({columns}) {row} ON CONFLICT (id) DO UPDATE SET first_name = 'อื่น'"
    if script.engine.dialect.name == "sqlite":
        statement = f"INSERT OR REPLACE INTO student ({columns}) {row}"
    assert isinstance(replace(script, verb=False).refusal(statement), errors.KeptForVerbs)
    assert script.run(statement) == 1
