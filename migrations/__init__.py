"""The schema's revisions, and how they are applied: ``flask db upgrade``, or ``upgrade(url)`` without an app.

python -m migrations.check        # do the revisions build what the models and ddl.py declare?
python -m migrations.regenerate   # rewrite the first revision; only until the first release
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.pool import NullPool

FOLDER = Path(__file__).resolve().parent
FIRST = "0001"


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at this URL to a revision. Leaves no connection open."""
    command.upgrade(_configuration(engine_of(url)), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database at this URL back to a revision, ``base`` for empty."""
    command.downgrade(_configuration(engine_of(url)), revision)


def _configuration(engine: sa.Engine) -> Config:
    configuration = Config(FOLDER / "alembic.ini")
    configuration.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    configuration.attributes["engine"] = engine
    return configuration


def engine_of(url: str) -> sa.Engine:
    """An engine for scripts on the schema: it keeps no connection open."""
    from appbuilder_app import sqlite

    engine = sa.create_engine(url, poolclass=NullPool)
    sqlite.install(engine)
    return engine


def options(connection: sa.Connection) -> dict[str, Any]:
    """How Alembic compares models and database and runs revisions; for ``context.configure``."""
    from appbuilder_app import models

    return {
        "connection": connection,
        "target_metadata": models.db.metadata,
        "include_object": _is_of_the_models,
        "compare_type": True,
        # SQLite spells defaults its own way ('' and 0), so they are compared on PostgreSQL alone.
        "compare_server_default": connection.dialect.name == "postgresql",
        "render_as_batch": connection.dialect.name == "sqlite",
        # SQLite can take DDL back as PostgreSQL can: a revision that fails leaves nothing half built.
        "transactional_ddl": True,
    }


def _is_of_the_models(_thing: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """False for indexes that ddl.py makes: the models do not know them, so Alembic would drop them."""
    from appbuilder_app.dataset import ddl

    if kind != "index" or not reflected or compared is not None:
        return True
    return name not in {made.name for made in ddl.objects("postgresql")}
