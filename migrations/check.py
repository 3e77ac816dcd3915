"""Do the revisions build what models.py and ddl.py declare? Prints what differs, and then exits with 1.

    python -m migrations.check

Asks an empty SQLite and an empty PostgreSQL of its own. With THABIAN_DATABASE_URL or THABIAN_INSTANCE set it
asks that database instead, which must be empty, too.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from difflib import unified_diff
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.pool import NullPool

import config
import migrations
from appbuilder_app import models
from appbuilder_app.dataset import ddl
from appbuilder_app.walls import SetWork, set_based
from scripts import services

Catalogue = Mapping[str, str]


def differences(url: str) -> list[str]:
    """Upgrade an empty database, and compare."""
    engine = sa.create_engine(url, poolclass=NullPool)
    if sa.inspect(engine).get_table_names():
        raise SystemExit(f"{engine.url!r} is not empty; the check upgrades an empty database")
    migrations.upgrade(url)
    return compare(url)


def compare(url: str) -> list[str]:
    """How a database differs from the declarations, in words; empty when it does not. Changes nothing."""
    engine = migrations.engine_of(url)
    with engine.connect() as connection, set_based(SetWork.MIGRATION):
        found = list(_tables(connection))
        # What hangs on tables is compared once the tables are there to make it anew on.
        if models.db.metadata.tables.keys() <= set(sa.inspect(connection).get_table_names()):
            found += _objects(connection)
        connection.rollback()
    return found


def _tables(connection: sa.Connection) -> Iterator[str]:
    options = migrations.options(connection)
    del options["connection"]
    context = MigrationContext.configure(connection, opts=options)
    for operation in compare_metadata(context, models.db.metadata):
        yield f"table: {operation!r}"


def _objects(connection: sa.Connection) -> Iterator[str]:
    """The catalogue as the revisions left it, beside the one that ddl.py makes in their stead."""
    built = catalogue(connection)
    for made in reversed(ddl.objects(connection.dialect.name)):
        if made.drop:
            connection.execute(sa.text(made.drop))
    standing = {f"function {made.name}" for made in ddl.before_tables(connection.dialect.name)}
    for name in catalogue(connection).keys() - standing:
        yield f"{name}: a revision makes it, ddl.py does not know it"
    ddl.install(connection)
    wanted = catalogue(connection)
    for name in sorted(built.keys() | wanted.keys()):
        lines = unified_diff(
            built.get(name, "").splitlines(),
            wanted.get(name, "").splitlines(),
            "revisions",
            "ddl.py",
            lineterm="",
        )
        if text := "\n".join(lines):
            yield f"{name}:\n{text}"


def catalogue(connection: sa.Connection) -> dict[str, str]:
    """Definitions of the triggers, functions, policies and indexes that the models' tables do not bring along."""
    query = {"postgresql": _POSTGRESQL, "sqlite": _SQLITE}[connection.dialect.name]
    declared = {
        f"index {index.name}" for table in models.db.metadata.tables.values() for index in table.indexes
    }
    found = connection.execute(sa.text(query)).all()
    return {name: definition for name, definition in found if name not in declared}


_SQLITE = """
SELECT type || ' ' || name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL
"""

_POSTGRESQL = """
SELECT 'trigger ' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function ' || proname, concat_ws(E'\n', pg_get_functiondef(p.oid), p.proacl::text) FROM pg_proc p
 WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p')
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT 'walls of ' || relname, format('enabled %s, forced %s', relrowsecurity, relforcerowsecurity)
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
   AND (relrowsecurity OR relforcerowsecurity)
UNION ALL
SELECT 'policy ' || policyname, concat_ws(E'\n', tablename, permissive, roles::text, cmd, qual, with_check)
  FROM pg_policies WHERE schemaname = 'public'
UNION ALL
SELECT 'index ' || c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE c.relnamespace = 'public'::regnamespace
   AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid)
"""


@contextmanager
def _databases() -> Iterator[list[str]]:
    if os.environ.keys() & {"THABIAN_DATABASE_URL", "THABIAN_INSTANCE"}:
        settings = config.settings()
        yield [str(settings["DATABASE_OWNER_URL"] or settings["SQLALCHEMY_DATABASE_URI"])]
        return
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(services.postgresql())
        yield [f"sqlite:///{Path(folder) / 'check.db'}", services.owner_url(server.fresh())]


def main() -> int:
    """Check, print, and say by the exit status whether anything differs."""
    with _databases() as urls:
        found = [difference for url in urls for difference in differences(url)]
    for difference in found:
        print(difference)
    if found:
        print("Until the first release: python -m migrations.regenerate. Later: a revision that makes it so.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
