"""Running numbers without gaps: each is taken inside the transaction that uses it, and given back with it."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from ..declaration import db
from ..models import DocumentCounter
from ..walls import SetWork, set_based

_COUNTER = DocumentCounter.__table__


def next_in(series: str, last_before: Callable[[], int] | None = None) -> int:
    """The next number of a series, from 1, or from one past ``last_before`` where a series was begun elsewhere.

    The series' row stays locked until the transaction ends, so the next to ask waits, and a number taken by
    work that rolls back is the next one's: no gaps, no number twice.
    """
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as upsert
    else:
        from sqlalchemy.dialects.sqlite import insert as upsert  # type: ignore[assignment]  # same methods
    # Two who begin a series at once count on from one another.
    first = 1 if last_before is None or _is_begun(connection, series) else last_before() + 1
    taking = upsert(_COUNTER).values(series=series, last=first)
    taken = taking.on_conflict_do_update(index_elements=["series"], set_={"last": _COUNTER.c.last + 1})
    with set_based(SetWork.NUMBER):
        last: int = connection.scalar(taken.returning(_COUNTER.c.last)) or 0
    return last


def _is_begun(connection: sa.Connection, series: str) -> bool:
    with set_based(SetWork.NUMBER):
        return connection.scalar(sa.select(_COUNTER.c.last).where(_COUNTER.c.series == series)) is not None
