"""What a file is about to write meets the guard that single rows meet at the mapper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from ...declaration import Base, Scoped, db


def guard_changes(
    connection: sa.Connection, model: type[Base], changes: Iterable[tuple[Any, Mapping[str, Any]]]
) -> None:
    """Refuse what the dataset's guard refuses of rows (by primary key) that get other values, or are to go."""
    with db.session.no_autoflush:
        for key, values in changes:
            row = db.session.get(model, key, populate_existing=True)
            if row is None:
                continue
            for name, value in values.items():
                setattr(row, name, value)
            row.guard(connection)
            db.session.expunge(row)


def is_guarded(model: type[Base], *, deleting: bool = False) -> bool:
    """Whether a dataset has a guard of its own, for what is written or for what is deleted."""
    # The guards of big datasets would be asked a hundred thousand times; those that have one are small.
    if not issubclass(model, Scoped) or model.guard is Scoped.guard:
        return False
    return deleting or model.guards_every_write
