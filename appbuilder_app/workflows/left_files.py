"""Photos and documents that nobody can get back: those of records that were deleted long ago leave the store."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa

from ..dataset import attachments, lock
from ..declaration import Base, datasets, db, fields_of
from ..kinds import StoredFile
from ..models import Change
from ..walls import SetWork, set_based

KEPT: Final = dt.timedelta(days=90)
"""So long a record that was deleted by mistake can be entered again from its history, with its files."""
LOOKED_BACK: Final = dt.timedelta(days=30)
EVERY_SECONDS: Final = 24 * 60 * 60
_CHANGE: Final = Change.__table__

_last = 0.0


def forget_when_due() -> int:
    """For who passes by every minute: once a day, what has come of age within the last month; how many files."""
    global _last  # noqa: PLW0603 - one clock for each process
    if _last and time.monotonic() - _last < EVERY_SECONDS:
        return 0
    _last = time.monotonic()
    return forget(LOOKED_BACK)


def forget(within: dt.timedelta | None = None) -> int:
    """Delete the files of records deleted more than KEPT ago (``within``: no earlier than that before); how many.

    Files of an earlier version of the record go with it. Repeating it does nothing more.
    """
    with set_based(SetWork.LEFT_FILES):
        names = {name for model in datasets() for name in _left_of(model, within)}
        db.session.rollback()
    return sum(attachments.forget(name) for name in sorted(names))


def _left_of(model: type[Base], within: dt.timedelta | None) -> Iterable[str]:
    """Names that the history has of a dataset's deleted records and that no record has now."""
    columns = [name for name, one in fields_of(model).items() if isinstance(one.kind, StoredFile)]
    if not columns:
        return set()
    before = lock.now() - KEPT
    gone = sa.select(_CHANGE.c.row_key).where(
        _CHANGE.c.dataset == model.__tablename__, _CHANGE.c.action == "delete", _CHANGE.c.at < before
    )
    if within is not None:
        gone = gone.where(_CHANGE.c.at >= before - within)
    entries = sa.select(_CHANGE.c.before, _CHANGE.c.after).where(
        _CHANGE.c.dataset == model.__tablename__, _CHANGE.c.row_key.in_(gone)
    )
    connection = db.session.connection()
    told = {
        name for one in connection.execute(entries) for side in one for name in _names_in(side or {}, columns)
    }
    return told - _in_use(connection, model, columns, told)


def _names_in(values: dict[str, Any], columns: list[str]) -> list[str]:
    return [values[name] for name in columns if values.get(name)]


def _in_use(connection: sa.Connection, model: type[Base], columns: list[str], names: set[str]) -> set[str]:
    """A key may have been given to another record since: its files are its own."""
    table = model.__table__
    found = (sa.select(table.c[name]).where(table.c[name].in_(names)) for name in columns)
    return {name for query in found for name in connection.scalars(query)} if names else set()
