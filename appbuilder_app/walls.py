"""The session that every statement passes, and the marks by which the scope walls know lawful work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Any

from flask_sqlalchemy.session import Session

from . import access


class SetWork(StrEnum):
    """Work that reads or writes scoped tables as sets, past the row walls. Each does its own checks first.

    A statement of this kind outside one of these is refused, so this list is all there is to review.
    """

    MIGRATION = "migration"
    DEMO = "demo data"
    BENCHMARK = "benchmark"
    LOCK = "reading rounds, windows and states for the lock"
    HISTORY = "recording that data was read"
    IMPORT = "import of a student file"
    FREEZE = "freezing a roster"
    OPEN_ROUND = "opening a round's submissions"
    WATCH = "counting submissions by area"
    NUMBER = "taking the next document number"
    DUPLICATES = "the same ID in another school"


_set_work: ContextVar[SetWork | None] = ContextVar("set_work", default=None)
_flushing: ContextVar[bool] = ContextVar("flushing", default=False)
writing: ContextVar[bool] = ContextVar("writing", default=True)
"""False while only reading is expected (a GET): SQLite then takes no write lock when a transaction starts."""


@contextmanager
def set_based(work: SetWork) -> Iterator[None]:
    """Statements inside go past the row walls. The caller has checked right, scope and lock for the set."""
    token = _set_work.set(work)
    try:
        yield
    finally:
        _set_work.reset(token)


def is_lawful() -> bool:
    """True inside named set-based work, or while the unit of work flushes rows checked one by one."""
    return _set_work.get() is not None or _flushing.get()


class WalledSession(Session):
    """A session whose flush is known to the walls; nothing else may write scoped tables."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        token = _flushing.set(True)
        try:
            super().flush(objects)
        finally:
            _flushing.reset(token)

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """The row with this key; what an earlier viewer loaded is still here, and is asked about again."""
        found = super().get(entity, ident, **options)
        if found is None or not getattr(found, "is_private", False) or is_lawful():
            return found
        viewer = access.viewer_or_none()
        return found if viewer is not None and viewer.looks_after(found.scope) else None
