"""PostgreSQL's own wall: raw SQL as the application's role, past every wall of the application's.

The attacks are made from the metadata: every table whose rows have an owner is attacked in every way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from appbuilder_app import access, create_app, setup
from appbuilder_app.dataset import policies, refusals
from appbuilder_app.declaration import Base, Private, db
from appbuilder_app.errors import RoleTooStrong, RoundClosed, SubmissionLocked
from appbuilder_app.models import Student
from appbuilder_app.walls import SetWork, set_based
from scripts import services
from tests.app_fixtures import FOREIGN, PERSONAS, SCHOOL, SCOPES, World, app_settings, dispose
from tests.attack_fixtures import an_attacked_world

ONLY_ON = "postgresql"

SCOPED = policies.scoped()
PRIVATE = [model for model in SCOPED if issubclass(model, Private)]
NOBODY, MINE, THEIRS = "", SCOPES[SCHOOL], SCOPES[FOREIGN]
DENIED = "42501"  # insufficient_privilege: of a role, and of a row under a policy


def named(model: type[Base]) -> str:
    """How a test names the table that it attacks."""
    return model.__tablename__


@dataclass
class Intruder:
    """Somebody who got hold of the application's connection, and says who they are."""

    world: World
    engine: sa.Engine
    owner: sa.Engine
    server: services.PostgreSQL

    @contextmanager
    def as_viewer(self, scope: str) -> Iterator[sa.Connection]:
        """A transaction in the name of a scope, taken back at the end."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("SELECT set_config('thabian.scope', %s, true)", (scope,))
            yield connection
            connection.rollback()

    def refusal(self, statement: str, scope: str = MINE) -> str:
        """The SQLSTATE of the refusal that a statement meets; fails when it goes through."""
        with self.as_viewer(scope) as connection, pytest.raises(DBAPIError) as caught:
            connection.exec_driver_sql(statement)
        return str(getattr(caught.value.orig, "sqlstate", None))

    def touched(self, statement: str, scope: str = MINE) -> int:
        """How many rows a statement touched; 0 when the role may not give it at all."""
        with self.as_viewer(scope) as connection:
            try:
                return connection.exec_driver_sql(statement).rowcount
            except DBAPIError as refused:
                if getattr(refused.orig, "sqlstate", None) != DENIED:
                    raise
                return 0

    @contextmanager
    def after(self, *statements: str) -> Iterator[None]:
        """Inside, the owner has changed something; triggers and policies are as ever, and all is put back."""
        with self.owner.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        try:
            yield
        finally:
            with self.owner.begin() as connection:
                connection.exec_driver_sql("ALTER TABLE collection_round DISABLE TRIGGER USER")
                connection.exec_driver_sql("UPDATE collection_round SET closed_at = NULL")
                connection.exec_driver_sql("ALTER TABLE collection_round ENABLE TRIGGER USER")
                connection.exec_driver_sql("UPDATE submission SET state = 'open'")


@pytest.fixture(scope="module")
def intruder(
    databases: services.PostgreSQL, world_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Intruder]:
    """The small world with a row in every scoped table for every school."""
    with an_attacked_world(databases, world_template, tmp_path_factory) as attacked:
        url = str(attacked.world.app.config["SQLALCHEMY_DATABASE_URI"])
        _fill(databases.url(url.rpartition("/")[2], "postgres"))
        engine = sa.create_engine(url)
        yield Intruder(attacked.world, engine, attacked.oracle, databases)
        engine.dispose()


# ── A row in every table ─────────────────────────────────────────────────────────────────────────────────


def _fill(superuser_url: str) -> None:
    """Rows of no sense, past foreign keys and checks: only whose they are matters here."""
    superuser = sa.create_engine(superuser_url)
    with superuser.begin() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        for model in SCOPED:
            there = set(connection.scalars(sa.select(model.__table__.c.scope)))
            for number, (school, scope) in enumerate(SCOPES.items(), 1):
                if not any(access.covers(scope, one) or access.covers(one, scope) for one in there):
                    _drop_checks(connection, model.__tablename__)
                    connection.execute(
                        sa.insert(model.__table__).values(_values(model.__table__, number, school, scope))
                    )
    superuser.dispose()


def _drop_checks(connection: sa.Connection, table: str) -> None:
    for check in sa.inspect(connection).get_check_constraints(table):
        connection.exec_driver_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT "{check["name"]}"')


def _values(table: sa.Table, number: int, school: str, scope: str) -> dict[str, Any]:
    known: dict[str, Any] = {"scope": scope, "school_code": school, "id": 1_000_000 + number}
    needed = [c.name for c in table.c if not c.nullable and c.server_default is None and c.name not in known]
    return {name: _value(table.c[name].type, number) for name in needed} | {
        name: value for name, value in known.items() if name in table.c
    }


def _value(kind: Any, number: int) -> Any:
    if isinstance(kind, sa.Enum):
        return next(iter(kind.enum_class or ()))
    if isinstance(kind, sa.types.TypeDecorator):
        return dt.datetime(2026, 6, 10, tzinfo=dt.UTC)
    by_type: dict[type, Any] = {
        int: number, str: str(number), bool: False, dt.date: dt.date(2026, 6, 10), bytes: b"1", dict: {}, list: [],
    }  # fmt: skip
    return by_type.get(kind.python_type, number)


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("model", PRIVATE, ids=named)
def test_where_nobody_acts_there_are_no_rows(intruder: Intruder, model: type[Base]) -> None:
    with intruder.as_viewer(NOBODY) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(model.__table__)) == 0
    with intruder.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(model.__table__)) == 0


@pytest.mark.parametrize("scope", [MINE, THEIRS, "C/1602", "C/160", "C/16020", "C"])
@pytest.mark.parametrize("model", PRIVATE, ids=named)
def test_a_viewer_sees_the_rows_of_their_own_subtree_and_no_others(
    intruder: Intruder, model: type[Base], scope: str
) -> None:
    query = sa.select(model.__table__.c.scope).order_by(model.__table__.c.scope)
    with intruder.owner.connect() as connection:
        wanted = [
            row
            for row in connection.scalars(query)
            if row.split("/")[: len(scope.split("/"))] == scope.split("/")
        ]
    with intruder.as_viewer(scope) as connection:
        assert list(connection.scalars(query)) == wanted
    assert wanted or scope in {"C/160", "C/16020"}, "no row to see: the test would prove nothing"


@pytest.mark.parametrize("model", [m for m in SCOPED if m not in PRIVATE], ids=named)
def test_places_are_read_by_all(intruder: Intruder, model: type[Base]) -> None:
    with intruder.as_viewer(MINE) as connection:
        seen = set(connection.scalars(sa.select(model.__table__.c.scope)))
    assert any(access.covers("C/1601", scope) for scope in seen)


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────


def _copied(table: sa.Table, **changed: str) -> str:
    """An INSERT of a copy of one's own row (or anybody's, where nobody acts), with other values in places."""
    numbered = {c.name for c in table.c if c.primary_key and c.autoincrement is not False and c.name == "id"}
    columns = [c for c in table.c if c.name not in numbered and c.computed is None]
    chosen = ", ".join(f'"{c.name}"' for c in columns)
    values = ", ".join(f"'{changed[c.name]}'" if c.name in changed else f'mine."{c.name}"' for c in columns)
    return f'INSERT INTO "{table.name}" ({chosen}) SELECT {values} FROM "{table.name}" AS mine LIMIT 1'


@pytest.mark.parametrize("scope", [NOBODY, MINE], ids=["nobody", "a-school"])
@pytest.mark.parametrize("model", SCOPED, ids=named)
def test_no_write_reaches_a_foreign_row(intruder: Intruder, model: type[Base], scope: str) -> None:
    table = f'"{model.__tablename__}"'
    for statement in (
        f"UPDATE {table} SET scope = scope WHERE scope = '{THEIRS}'",
        f"UPDATE {table} SET scope = '{MINE}' WHERE scope = '{THEIRS}'",
        f"DELETE FROM {table} WHERE scope = '{THEIRS}'",
    ):
        assert intruder.touched(statement, scope) == 0, statement


@pytest.mark.parametrize("model", PRIVATE, ids=named)
def test_no_row_is_given_to_or_put_under_a_foreign_owner(intruder: Intruder, model: type[Base]) -> None:
    table = model.__table__
    assert intruder.refusal(f"UPDATE \"{table.name}\" SET scope = '{THEIRS}'") == DENIED
    assert intruder.refusal(_copied(table, scope=THEIRS)) == DENIED
    assert intruder.refusal(_copied(table, scope="C/1602")) == DENIED
    if "school_code" in table.c:
        # The lock asks for the school, the wall for the scope: they may not part.
        assert intruder.refusal(_copied(table, school_code=FOREIGN)) == DENIED


def test_a_neighbours_place_is_not_changed_and_ones_own_is(intruder: Intruder) -> None:
    change = "UPDATE school SET phone = '02' WHERE code = '{}'"
    assert intruder.touched(change.format(FOREIGN)) == 0
    assert intruder.touched(change.format(SCHOOL)) == 1
    assert intruder.touched(change.format(SCHOOL), "C/1602") == 1


def test_rows_are_not_copied_in_past_the_policies(intruder: Intruder) -> None:
    with intruder.as_viewer(MINE) as connection:
        driver: Any = connection.connection.driver_connection
        with (
            pytest.raises(Exception, match="COPY FROM not supported with row-level security"),
            driver.cursor() as one,
        ):
            one.execute("COPY student (school_code) FROM STDIN")


@pytest.mark.parametrize("model", policies.NEVER_CHANGED, ids=named)
def test_what_is_written_once_is_for_the_role_to_add_alone(intruder: Intruder, model: type[Base]) -> None:
    table = model.__tablename__
    column = model.__table__.columns.values()[-1].name
    assert intruder.refusal(f"UPDATE {table} SET {column} = {column}") == DENIED
    assert intruder.refusal(f"DELETE FROM {table}") == DENIED
    assert intruder.refusal(f"SELECT 1 FROM {table} FOR UPDATE") == DENIED


@pytest.mark.parametrize("model", policies.NEVER_DELETED, ids=named)
def test_what_never_goes_is_not_deleted(intruder: Intruder, model: type[Base]) -> None:
    assert intruder.refusal(f'DELETE FROM "{model.__tablename__}"', "C") == DENIED


def test_of_a_certificate_only_its_voiding_is_written(intruder: Intruder) -> None:
    assert intruder.refusal("UPDATE certificate SET number = '7'") == DENIED
    assert (
        intruder.touched("UPDATE certificate SET void_reason = 'x', voided_by = 'x', voided_at = now()") == 1
    )


# ── The lock ─────────────────────────────────────────────────────────────────────────────────────────────

WRITE = "UPDATE student SET weight_kg = 40"


def test_in_time_a_school_writes_its_own_rows(intruder: Intruder) -> None:
    assert intruder.touched(WRITE) == 4
    with intruder.as_viewer(MINE) as connection:
        connection.exec_driver_sql(WRITE)
        query = sa.select(sa.func.count()).select_from(Student).where(Student.weight_kg == 40)
        assert connection.scalar(query) == 4


@pytest.mark.parametrize(
    ("before", "refusal"),
    [
        (f"UPDATE submission SET state = 'confirmed' WHERE school_code = '{SCHOOL}'", SubmissionLocked),
        ("UPDATE collection_round SET closed_at = now()", RoundClosed),
    ],
    ids=["confirmed", "closed"],
)
def test_the_lock_holds_for_the_role_too(intruder: Intruder, before: str, refusal: type[Exception]) -> None:
    with intruder.after(before), intruder.as_viewer(MINE) as connection:
        with pytest.raises(DBAPIError) as caught:
            connection.exec_driver_sql(WRITE)
        assert isinstance(refusals.from_database(caught.value), refusal)


def test_the_lock_needs_no_right_of_the_role_to_what_it_holds(intruder: Intruder) -> None:
    """It holds round and submission FOR SHARE by the owner's right to update them, not by the writer's."""
    rights = f"INSERT, UPDATE ON submission, collection_round {{}} {services.APPLICATION_ROLE}"
    with intruder.after(f"REVOKE {rights.format('FROM')}"):
        assert intruder.refusal("SELECT 1 FROM submission FOR SHARE") == DENIED
        assert intruder.touched(WRITE) == 4
    with intruder.owner.begin() as connection:
        connection.exec_driver_sql(f"GRANT {rights.format('TO')}")


# ── What the role cannot do ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE student",
        "TRUNCATE document_counter",
        "DROP TABLE student",
        "DROP POLICY student_owned ON student",
        "CREATE POLICY mine ON student USING (true)",
        "ALTER POLICY student_owned ON student USING (true)",
        "ALTER TABLE student DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE student NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE student DISABLE TRIGGER ALL",
        "ALTER TABLE student ADD COLUMN x int",
        "ALTER TABLE student OWNER TO CURRENT_USER",
        "DROP TRIGGER student_round_lock_update ON student",
        "CREATE TRIGGER mine BEFORE INSERT ON student EXECUTE FUNCTION thabian_round_lock('dmc')",
        "DROP FUNCTION thabian_scope() CASCADE",
        "CREATE OR REPLACE FUNCTION thabian_scope() RETURNS text LANGUAGE sql RETURN 'C'",
        "CREATE TABLE mine (x int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine SUPERUSER",
        "ALTER ROLE thabian BYPASSRLS",
        "SET ROLE thabian_owner",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION thabian_owner",
        "SET session_replication_role = replica",
        "SELECT set_config('role', 'thabian_owner', true)",
        "UPDATE alembic_version SET version_num = '0'",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_the_role_can_do_nothing_else(intruder: Intruder, statement: str) -> None:
    assert intruder.refusal(statement) == DENIED


def test_switching_row_security_off_shows_an_error_and_no_rows(intruder: Intruder) -> None:
    assert intruder.refusal("SET LOCAL row_security = off; SELECT * FROM student") == DENIED


def test_the_owners_functions_are_not_hung_on_tables_of_ones_own(intruder: Intruder) -> None:
    with intruder.as_viewer(MINE) as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE mine (school_code text)")
        with pytest.raises(DBAPIError, match="permission denied for function"):
            connection.exec_driver_sql(
                "CREATE TRIGGER t AFTER INSERT ON mine REFERENCING NEW TABLE AS new_rows"
                " FOR EACH STATEMENT EXECUTE FUNCTION thabian_round_lock('dmc')"
            )


def test_nobody_was_given_more_than_reading_and_writing(intruder: Intruder) -> None:
    query = """SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants
                WHERE table_schema = 'public' AND grantee <> 'thabian_owner'
                  AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')"""
    with intruder.owner.connect() as connection:
        assert connection.exec_driver_sql(query).all() == []


# ── The application tells who acts ───────────────────────────────────────────────────────────────────────


def schools_seen(connection: sa.Connection) -> set[str]:
    """Whose pupils the database shows, asked of the driver, past every wall of the application."""
    driver: Any = connection.connection.driver_connection
    return {row[0] for row in driver.execute("SELECT DISTINCT school_code FROM student")}


def test_a_forgotten_filter_finds_own_rows_only(intruder: Intruder) -> None:
    with intruder.world.acting("alice"), set_based(SetWork.IMPORT):
        found = db.session.connection().scalars(sa.select(Student.__table__.c.school_code)).all()
    assert set(found) == {SCHOOL}


def test_work_that_looks_beyond_says_so_and_sees_it(intruder: Intruder) -> None:
    with intruder.world.acting("alice"):
        connection = db.session.connection()
        with set_based(SetWork.DUPLICATES):
            beyond = connection.scalars(sa.select(Student.__table__.c.school_code)).all()
        assert set(beyond) == set(SCOPES)
        connection.exec_driver_sql("SELECT 1")
        assert schools_seen(connection) == {SCHOOL}


def test_a_viewer_that_changes_within_a_transaction_is_told_anew(intruder: Intruder) -> None:
    with intruder.world.acting("alice"):
        connection = db.session.connection()
        charlie = access.Viewer(None, "charlie", "Charlie", "", THEIRS, frozenset())
        with access.acting_as(charlie, through="shell"):
            connection.exec_driver_sql("SELECT 1")
            assert schools_seen(connection) == {FOREIGN}
        connection.exec_driver_sql("SELECT 1")
        assert schools_seen(connection) == {SCHOOL}


def test_a_savepoint_that_is_taken_back_takes_no_viewer_along(intruder: Intruder) -> None:
    with intruder.world.acting("alice"):
        connection = db.session.connection()
        savepoint = connection.begin_nested()
        cee = access.Viewer(None, "cee", "Cee", "", "C", frozenset())
        with access.acting_as(cee, through="shell"):
            connection.exec_driver_sql("SELECT 1")
            assert schools_seen(connection) == set(SCOPES)
            savepoint.rollback()
            connection.exec_driver_sql("SELECT 1")
            assert schools_seen(connection) == set(SCOPES)


@pytest.mark.parametrize("end", ["commit", "rollback"])
@pytest.mark.parametrize("persona", ["alice", "dan", "cee"])
def test_a_connection_that_goes_back_to_the_pool_knows_of_nobody(
    intruder: Intruder, persona: str, end: str
) -> None:
    with intruder.world.acting(persona):
        session_connection = db.session.connection()
        session_connection.exec_driver_sql("SELECT 1")
        driver: Any = session_connection.connection.driver_connection
        assert schools_seen(session_connection)
        getattr(db.session, end)()
        db.session.remove()
        assert driver.execute("SELECT count(*) FROM student").fetchone() == (0,)
        assert driver.execute("SELECT current_user").fetchone() == (services.APPLICATION_ROLE,)
        driver.rollback()


def test_requests_of_different_people_on_one_connection_see_their_own(intruder: Intruder) -> None:
    for persona in ("cee", "charlie", "alice", "dan", "charlie"):
        page = intruder.world.client(persona).get("/data/student/").get_data(as_text=True)
        scope = PERSONAS[persona][1]
        assert ("ชื่อ300" in page) == access.covers(scope, THEIRS)
        assert ("ชื่อ100" in page) == access.covers(scope, MINE)


# ── Speed ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def crowded(intruder: Intruder) -> Iterator[sa.Connection]:
    """20,000 pupils of a hundred schools, in a transaction of the superuser's that is taken back."""
    url = intruder.server.url(str(intruder.engine.url.database), "postgres")
    superuser = sa.create_engine(url)
    with superuser.connect() as connection, connection.begin() as taken_back:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        columns = [c.name for c in Student.__table__.c if c.name != "id" and c.computed is None]
        made = {
            "school_code": "lpad((mod(n, 100))::text, 8, '16020101')",
            "scope": "'C/1602/' || lpad((mod(n, 100))::text, 8, '16020101')",
            "national_id": "'2' || lpad(n::text, 12, '0')",
            "first_name": "md5(n::text)",
            "last_name": "md5((-n)::text)",
        }
        values = ", ".join(made.get(name, f'one."{name}"') for name in columns)
        chosen = ", ".join(f'"{name}"' for name in columns)
        connection.exec_driver_sql(
            f"INSERT INTO student ({chosen}) SELECT {values} FROM (SELECT * FROM student LIMIT 1) one,"
            " generate_series(1, 20000) n"
        )
        connection.exec_driver_sql("ANALYZE student")
        yield connection
        taken_back.rollback()
    superuser.dispose()


A_SCHOOL_OF_MANY = "C/1602/16020142"


@pytest.mark.parametrize(
    ("role", "scope", "query", "index"),
    [
        (services.COUNTRY_ROLE, "C", "SELECT * FROM student WHERE first_name ILIKE '%abcde%'", "first_name_part"),
        (services.COUNTRY_ROLE, "C", "SELECT * FROM student WHERE national_id LIKE '20000001%'", "national_id"),
        (services.COUNTRY_ROLE, "C", "SELECT * FROM student ORDER BY scope, grade, room, id LIMIT 25", "order"),
        (services.APPLICATION_ROLE, A_SCHOOL_OF_MANY, "SELECT count(*) FROM student", "order"),
        (services.APPLICATION_ROLE, A_SCHOOL_OF_MANY, "SELECT * FROM student WHERE first_name ILIKE '%abc%'", "order"),
        (services.APPLICATION_ROLE, A_SCHOOL_OF_MANY, "SELECT * FROM student WHERE national_id = '2000000000042'",
         "national_id"),
        (services.APPLICATION_ROLE, A_SCHOOL_OF_MANY,
         "SELECT * FROM student ORDER BY scope, grade, room, id LIMIT 25", "order"),
    ],
)  # fmt: skip
def test_the_policies_leave_the_indexes_their_work(
    crowded: sa.Connection, role: str, scope: str, query: str, index: str
) -> None:
    with crowded.begin_nested() as told:
        crowded.exec_driver_sql("SELECT set_config('thabian.scope', %s, true)", (scope,))
        crowded.exec_driver_sql(f"SET LOCAL ROLE {role}")
        plan = "\n".join(crowded.execute(sa.text(f"EXPLAIN {query}")).scalars())
        told.rollback()
    assert f"ix_student_{index}" in plan
    assert "Seq Scan" not in plan


def test_who_looks_after_the_country_acts_in_its_role(intruder: Intruder) -> None:
    for persona, role in (("cee", services.COUNTRY_ROLE), ("dan", services.APPLICATION_ROLE)):
        with intruder.world.acting(persona):
            assert db.session.scalar(sa.text("SELECT current_user")) == role


# ── Installations of one role, and of a role too strong ──────────────────────────────────────────────────


@pytest.fixture
def alone(
    databases: services.PostgreSQL, world_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A small installation: the one role that the application has owns the tables."""
    url = databases.fresh(world_template)
    name = url.rpartition("/")[2]
    own = databases.url(name, services.OWNER_ROLE)
    folder = tmp_path_factory.mktemp("alone")
    app = create_app(app_settings(url, folder) | {"SQLALCHEMY_DATABASE_URI": own, "DATABASE_OWNER_URL": ""})
    yield World(app)
    dispose(app)
    databases.drop(url)


def test_one_role_for_all_serves_and_meets_the_wall_all_the_same(alone: World) -> None:
    with alone.app.app_context():
        setup.migrate()
        setup.prepare()
    client = alone.client("alice")
    assert "ชื่อ100" in client.get("/data/student/").get_data(as_text=True)
    assert client.get(f"/data/student/{alone.pupil(FOREIGN)}").status_code == 404
    with alone.acting("alice"), set_based(SetWork.IMPORT):
        connection = db.session.connection()
        assert set(connection.scalars(sa.select(Student.__table__.c.school_code))) == {SCHOOL}
    with alone.app.app_context(), db.engine.connect() as connection:
        assert schools_seen(connection) == set()


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ("ALTER ROLE too_strong BYPASSRLS", "ALTER ROLE too_strong NOBYPASSRLS"),
        ("GRANT thabian_owner TO too_strong", "REVOKE thabian_owner FROM too_strong"),
        ("ALTER ROLE too_strong INHERIT", "ALTER ROLE too_strong NOINHERIT"),
    ],
)
def test_a_role_that_walks_through_the_wall_is_refused(
    intruder: Intruder, make_app: Callable[..., Flask], stronger: str, weaker: str
) -> None:
    name = str(intruder.engine.url.database)
    with intruder.server.connect() as superuser:
        superuser.execute("CREATE ROLE too_strong LOGIN NOINHERIT")
        superuser.execute("GRANT thabian_country TO too_strong")
        app = make_app(
            intruder.server.url(name), SQLALCHEMY_DATABASE_URI=intruder.server.url(name, "too_strong")
        )
        try:
            superuser.execute(stronger.encode())
            with app.app_context(), pytest.raises(RoleTooStrong):
                setup.grant()
        finally:
            superuser.execute(weaker.encode())
            dispose(app)
            superuser.execute("DROP ROLE too_strong")
