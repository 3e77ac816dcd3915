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
    SETUP = "noting which rights a role has been offered"
    DEMO = "demo data"
    BENCHMARK = "benchmark"
    LOCK = "reading rounds, windows and states for the lock"
    HISTORY = "recording that data was read"
    SEAL = "sealing the history, and verifying the seals"
    IMPORT = "import of a student file"
    FREEZE = "freezing a roster"
    OPEN_ROUND = "opening a round's submissions"
    WATCH = "counting submissions by area"
    NUMBER = "taking the next document number"
    DUPLICATES = "the same child in another school"
    COURT = "handing the records of a case to its sides"
    AGENCY_LIST = "the children of an agency's list"
    IDENTITY = "whether a number is known anywhere in the country, and whose it is"
    RENUMBER = "another identity number in place of a student's"
    FILE_MOVES = "class, student number and grown-up title of students, as their school's file has them"
    EXPORT = "a list written by the database itself"
    RECOGNISE = "who sends a request, and which rights they have"
    PAGE = "a page of a list whose statement is kept"
    RESULTS = "results of a class at the end of the year"
    PROMOTION = "the turn of the year"
    JOBS = "keeping the books of background jobs"
    MOVE = "a student between schools"
    VERIFY = "telling a stranger whether a document is genuine"
    REQUEST = "handing a request to its sides"
    LEFT_FILES = "files of records that were deleted long ago"
    KEY_USE = "noting that an API key was used"


_BEYOND = frozenset(
    {
        SetWork.MIGRATION,
        SetWork.DEMO,
        SetWork.BENCHMARK,
        SetWork.DUPLICATES,
        SetWork.COURT,
        SetWork.MOVE,
        SetWork.IDENTITY,
        SetWork.REQUEST,
        SetWork.JOBS,
        SetWork.SEAL,
        SetWork.VERIFY,
        SetWork.LEFT_FILES,
    }
)
"""Work that needs rows outside the viewer's own scope. All other work stays inside it, and where the database
has walls of its own (``dataset/policies.py``) they hold it there."""

_CHANGES_BY_VERB = frozenset(
    {
        SetWork.MIGRATION,
        SetWork.DEMO,
        SetWork.BENCHMARK,
        SetWork.MOVE,
        SetWork.FILE_MOVES,
        SetWork.RENUMBER,
        SetWork.RESULTS,
        SetWork.PROMOTION,
    }
)
"""Work of the verbs for which fields are kept (``field(by_verb=...)``): inside it alone such a field of a stored row
changes, at the mapper and, by triggers, in the database itself."""

_AS_IT_WAS = frozenset({SetWork.MIGRATION, SetWork.DEMO, SetWork.BENCHMARK})

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


@contextmanager
def reading() -> Iterator[None]:
    """A transaction begun inside takes no write lock, so that others write meanwhile (SQLite)."""
    token = writing.set(False)
    try:
        yield
    finally:
        writing.reset(token)


def is_lawful() -> bool:
    """True inside named set-based work, or while the unit of work flushes rows checked one by one."""
    return _set_work.get() is not None or _flushing.get()


def looks_beyond() -> bool:
    """True inside set-based work that needs other rows than the viewer's own."""
    return _set_work.get() in _BEYOND


def changes_by_verb() -> bool:
    """True inside the work of a verb that may change the fields that are kept for verbs."""
    return _set_work.get() in _CHANGES_BY_VERB


def brings_what_was() -> bool:
    """True inside work that puts in rows as they were elsewhere: whether they might be entered today is not asked."""
    return _set_work.get() in _AS_IT_WAS


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
