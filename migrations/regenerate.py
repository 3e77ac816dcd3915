"""Rewrite the first revision from the models and ddl.py: for developers, and only until the first release.

    python -m migrations.regenerate

Until then nobody has data to keep, and one revision reads better than twenty. Afterwards revisions are added
with ``flask db revision --autogenerate`` and never rewritten; this command then refuses.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate import render_python_code
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import postgresql

from appbuilder_app import models
from appbuilder_app.dataset import ddl
from appbuilder_app.dataset.made import Made
from appbuilder_app.declaration import Instant
from migrations import FIRST, FOLDER

FILE = FOLDER / "versions" / f"{FIRST}_first_schema.py"

_TEMPLATE = '''"""Tables with their triggers, functions and indexes. Written by ``migrations.regenerate``."""

import sqlalchemy as sa
from alembic import op

revision = {revision!r}
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    for statement in STOOD_ON[op.get_context().dialect.name]:
        op.execute(statement)
    {tables}
    for statement in MADE[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade():
    for statement in reversed(DROPPED[op.get_context().dialect.name]):
        op.execute(statement)
    {dropped}
    for statement in reversed(NO_LONGER_STOOD_ON[op.get_context().dialect.name]):
        op.execute(statement)


# What ddl.py generated when this was written. A revision must not change when the code does.
MADE = {made}

DROPPED = {drops}

# What the tables stand on.
STOOD_ON = {before}

NO_LONGER_STOOD_ON = {after}
'''


def text() -> str:
    """The first revision as the declarations would have it now."""
    tables = models.db.metadata.sorted_tables
    indexes = [index for table in tables for index in sorted(table.indexes, key=lambda one: str(one.name))]
    build: list[ops.MigrateOperation] = [ops.CreateTableOp.from_table(table) for table in tables]
    build += [ops.CreateIndexOp.from_index(index) for index in indexes]
    take_down: list[ops.MigrateOperation] = [ops.DropTableOp.from_table(table) for table in reversed(tables)]
    return _TEMPLATE.format(
        revision=FIRST,
        tables=_rendered(ops.UpgradeOps(build)),
        dropped=_rendered(ops.UpgradeOps(take_down)),
        made=_dialects(ddl.objects, lambda made: made.create),
        drops=_dialects(ddl.objects, lambda made: made.drop),
        before=_dialects(ddl.before_tables, lambda made: made.create),
        after=_dialects(ddl.before_tables, lambda made: made.drop),
    )


def _rendered(operations: ops.UpgradeOps) -> str:
    # PostgreSQL's way of writing defaults (false, not 0) is understood by SQLite too, but not the reverse.
    context = MigrationContext.configure(
        dialect=postgresql.dialect(), opts={"target_metadata": models.db.metadata}
    )
    lines = render_python_code(operations, migration_context=context, render_item=_type).splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("# ###")).strip()


def _type(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Our types as the plain ones they are in the database, so that a revision imports nothing of ours."""
    if kind != "type":
        return False
    if isinstance(thing, Instant):
        return "sa.DateTime(timezone=True)"
    if isinstance(thing, sa.Enum):
        return f"sa.String(length={thing.length})"
    return False


def _dialects(of: Any, part: Any) -> str:
    lines = "".join(
        f"    {name!r}: [\n{''.join(_quoted(of(name), part))}    ],\n" for name in ("postgresql", "sqlite")
    )
    return f"{{\n{lines}}}"


def _quoted(objects: list[Made], part: Any) -> Iterator[str]:
    for made in objects:
        if statement := part(made):
            yield f'        r"""{statement}\n""",\n'


def main() -> int:
    """Write the file; refuse once other revisions build on it."""
    others = [file.name for file in FILE.parent.glob("*.py") if file != FILE]
    if others:
        print(
            f"The first revision is history: {', '.join(others)} build on it. Add a revision.",
            file=sys.stderr,
        )
        return 1
    FILE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
