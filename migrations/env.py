"""Alembic runs this for every command: which database, and in what frame the revisions run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import context

from appbuilder_app.walls import SetWork, set_based
from migrations import engine_of, options

# One number for "migrating this database": of two processes that start together the second waits, then
# finds nothing left to do.
_ONE_AT_A_TIME = 0x7AB1A7


def run() -> None:
    """Run the revisions in one transaction."""
    if context.is_offline_mode():
        raise SystemExit("Revisions are run on a database; there is no --sql mode.")
    with _engine().connect() as connection, _without_foreign_keys(connection), set_based(SetWork.MIGRATION):
        context.configure(**options(connection))
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
                # Row-level security holds for the owner, too: a revision that changes rows means all of them.
                connection.execute(sa.text("SELECT set_config('thabian.scope', 'C', true)"))
            context.run_migrations()
            _require_whole(connection)


def _engine() -> sa.Engine:
    """The one handed over, or the application's (its tables' owner's) when Flask-Migrate runs us."""
    given = context.config.attributes.get("engine")
    if isinstance(given, sa.Engine):
        return given
    from flask import current_app

    if owner := current_app.config["DATABASE_OWNER_URL"]:
        return engine_of(owner)
    engine: sa.Engine = current_app.extensions["migrate"].db.engine
    return engine


@contextmanager
def _without_foreign_keys(connection: sa.Connection) -> Iterator[None]:
    """SQLite changes a table by building it anew; with foreign keys on, dropping the old one deletes rows."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # Past SQLAlchemy, which would begin a transaction first, and inside one the switch does nothing.
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]  # an open connection has a driver's
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")  # type: ignore[union-attr]


def _require_whole(connection: sa.Connection) -> None:
    """Rows that point nowhere stop the migration: SQLite itself looked away while the tables were rebuilt."""
    if connection.dialect.name == "sqlite":
        astray = connection.execute(sa.text("PRAGMA foreign_key_check")).all()
        if astray:
            raise RuntimeError(f"the migration would leave rows without what they refer to: {astray[:5]}")


run()
