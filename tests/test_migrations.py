"""The revisions build what the models and ddl.py declare, on both databases; the check notices when not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

import migrations
from appbuilder_app import models
from appbuilder_app.dataset import ddl
from migrations import check, regenerate
from scripts.services import PostgreSQL, SQLite, owner_url

INSTANT = "2026-06-10 08:30:00"


@pytest.fixture
def database_url(database_url: str) -> str:
    """An empty database, as its owner reaches it: nobody else migrates."""
    return owner_url(database_url)


def upgrade(url: str) -> None:
    """All revisions, on an empty database: what most tests begin with is built once."""
    migrations.upgrade(owner_url(url))


@pytest.fixture
def migrated(databases: SQLite | PostgreSQL) -> Iterator[str]:
    """An empty database at the newest revision."""
    url = databases.fresh(databases.template("at the newest revision", upgrade))
    yield owner_url(url)
    databases.drop(url)


@pytest.fixture
def walled(postgresql_server: PostgreSQL) -> Iterator[str]:
    """The same on PostgreSQL, which has walls of its own."""
    url = postgresql_server.fresh(postgresql_server.template("at the newest revision", upgrade))
    yield owner_url(url)
    postgresql_server.drop(url)


def change(url: str, *statements: str) -> None:
    """What somebody did to the schema by hand."""
    engine = migrations.engine_of(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_the_revisions_build_what_is_declared(database_url: str) -> None:
    assert check.differences(database_url) == []


def test_upgrading_again_does_nothing(migrated: str) -> None:
    migrations.upgrade(migrated)
    assert check.compare(migrated) == []


def test_comparing_changes_nothing(migrated: str) -> None:
    with migrations.engine_of(migrated).connect() as connection:
        before = check.catalogue(connection)
    check.compare(migrated)
    with migrations.engine_of(migrated).connect() as connection:
        assert check.catalogue(connection) == before


def test_going_back_leaves_nothing_and_up_again_everything(migrated: str) -> None:
    migrations.downgrade(migrated, "base")
    assert sa.inspect(migrations.engine_of(migrated)).get_table_names() == ["alembic_version"]
    with migrations.engine_of(migrated).connect() as connection:
        assert check.catalogue(connection) == {}
    migrations.upgrade(migrated)
    assert check.compare(migrated) == []


def test_the_check_wants_an_empty_database(migrated: str) -> None:
    with pytest.raises(SystemExit, match="not empty"):
        check.differences(migrated)


def test_the_check_notices_changed_tables(migrated: str) -> None:
    changes = {
        "motto": "ALTER TABLE area ADD COLUMN motto VARCHAR(20)",
        "ix_student_national_id": "DROP INDEX ix_student_national_id",
        "import_row": "DROP TABLE import_row",
        "ix_extra": "CREATE INDEX ix_extra ON student (room)",
    }
    change(migrated, *changes.values())
    assert unnamed(changes, check.compare(migrated)) == []


def unnamed(changes: dict[str, str], differences: list[str]) -> list[str]:
    """Changes of which no difference tells."""
    return [
        one for named, one in changes.items() if not any(named in difference for difference in differences)
    ]


def test_the_check_notices_a_lost_trigger(migrated: str) -> None:
    lost = [made for made in ddl.objects(_dialect(migrated)) if made.name == "student_round_lock_update"]
    change(migrated, lost[0].drop)
    assert [found.split(":")[0] for found in check.compare(migrated)] == ["trigger student_round_lock_update"]


def test_the_check_notices_a_weakened_trigger(migrated: str) -> None:
    name = "thabian_round_lock" if _dialect(migrated) == "postgresql" else "student_round_lock_delete"
    (made,) = [made for made in ddl.objects(_dialect(migrated)) if made.name == name]
    weaker = made.create.replace("<> 'open'", "= 'never'")
    change(migrated, *([made.drop] if _dialect(migrated) == "sqlite" else []), weaker)
    (found,) = check.compare(migrated)
    assert name in found
    assert "= 'never'" in found


def test_the_check_notices_a_trigger_that_nobody_declared(migrated: str) -> None:
    if _dialect(migrated) == "postgresql":
        extra = "CREATE TRIGGER extra AFTER DELETE ON area EXECUTE FUNCTION thabian_refuse('TH007', '')"
    else:
        extra = "CREATE TRIGGER extra AFTER DELETE ON area BEGIN SELECT 1; END"
    change(migrated, extra)
    assert any("trigger extra" in found for found in check.compare(migrated))


def test_the_check_notices_holes_in_the_databases_own_wall(walled: str) -> None:
    changes = {
        "policy student_owned": "DROP POLICY student_owned ON student",
        "policy roster_owned": "ALTER POLICY roster_owned ON roster USING (true)",
        "policy extra": "CREATE POLICY extra ON change USING (true)",
        "walls of submission": "ALTER TABLE submission NO FORCE ROW LEVEL SECURITY",
        "walls of headcount": "ALTER TABLE headcount DISABLE ROW LEVEL SECURITY",
        "function thabian_round_lock": "ALTER FUNCTION thabian_round_lock() SECURITY INVOKER",
        "function thabian_stays_closed": "GRANT EXECUTE ON FUNCTION thabian_stays_closed() TO PUBLIC",
    }
    change(walled, *changes.values())
    assert unnamed(changes, check.compare(walled)) == []


def _dialect(url: str) -> str:
    return sa.make_url(url).get_backend_name()


def test_two_that_start_together_migrate_once(database_url: str) -> None:
    program = f"import migrations; migrations.upgrade({database_url!r})"
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", program], cwd=migrations.FOLDER.parent, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for one in starting:
        _, said = one.communicate(timeout=60)
        assert one.returncode == 0, said.decode()
    assert check.compare(database_url) == []


def test_every_constraint_has_a_name() -> None:
    """Without one, SQLite's tables cannot be changed by a later revision."""
    unnamed = [
        constraint
        for table in models.db.metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert unnamed == []


def test_the_first_revision_is_what_would_be_written_now() -> None:
    """Until the first release: python -m migrations.regenerate."""
    assert regenerate.FILE.read_text(encoding="utf-8") == regenerate.text()


def test_the_first_revision_imports_nothing_of_ours() -> None:
    assert "appbuilder_app" not in regenerate.text()


def test_generated_statements_hold_no_parameters() -> None:
    """text() takes ``:name`` for one, and would send the statement with a hole in it."""
    for dialect in ("postgresql", "sqlite"):
        for made in ddl.objects(dialect):
            for statement in (made.create, made.drop):
                assert not sa.text(statement)._bindparams


def test_a_row_that_points_nowhere_stops_the_migration(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/astray.db"
    migrations.upgrade(url)
    change(
        url,
        "PRAGMA foreign_keys = OFF",
        "UPDATE alembic_version SET version_num = version_num",
    )
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            'INSERT INTO "window" (round_id, action, scope, opens_at, closes_at, granted_at)'
            f" VALUES (77, 'edit', 'C', '{INSTANT}', '2026-06-11 08:30:00', '{INSTANT}')"
        )
    engine.dispose()
    with pytest.raises(RuntimeError, match="without what they refer to"):
        migrations.upgrade(url)
