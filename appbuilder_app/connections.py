"""Connections to PostgreSQL: whether a pooled one still stands, and which statements it keeps planned."""

from __future__ import annotations

import select
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from psycopg._preparing import PrepareManager
from sqlalchemy import event

PLANNED: Final = "thabian_planned"
"""An execution option: the database plans this statement once for a connection.

Only for what has one good plan whatever is asked: a search may need its index for one word and not for another.
"""


def install(engine: sa.Engine) -> None:
    """Hang both on an engine of PostgreSQL; safe to call for each application made."""
    if engine.dialect.name != "postgresql":
        return
    for name, listener in (
        ("connect", _keep_planned),
        ("checkout", _require_standing),
        ("do_execute", _execute),
    ):
        if not event.contains(engine, name, listener):
            event.listen(engine, name, listener)


class _Kept(PrepareManager):
    """What is planned stays so after a ROLLBACK, with which each request ends that has only read.

    The driver forgets it then, since a schema that was changed in the transaction is changed back; ours is
    changed by migrations alone, which are no requests.
    """

    def clear(self) -> bool:
        """Forget nothing."""
        return False


def _keep_planned(connection: psycopg.Connection[Any], _record: Any) -> None:
    kept = _Kept()
    kept.prepare_threshold = connection.prepare_threshold
    connection._prepared = kept


def _require_standing(connection: psycopg.Connection[Any], *_given: Any) -> None:
    """Have a connection replaced that the server has closed meanwhile, as when it was restarted.

    A server that goes says so: there is something to read where nothing was asked. A question to the server
    would tell the same, at the price of one more round trip for each request.
    """
    if connection.closed or _has_word(connection):
        raise sa.exc.InvalidatePoolError("the server has closed this connection")


def _has_word(connection: psycopg.Connection[Any]) -> bool:
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def _execute(cursor: psycopg.Cursor[Any], statement: Any, given: Any, context: Any) -> bool:
    if context is None or not context.execution_options.get(PLANNED):
        return False
    cursor.execute(statement, given, prepare=True)
    return True
