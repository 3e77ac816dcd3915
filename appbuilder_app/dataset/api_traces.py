"""What programs read of persons leaves a trace in the history: each question once an hour, however many its pages."""

from __future__ import annotations

import threading
import time
from typing import Any, Final

from .. import access
from ..access import Privacy
from ..declaration import Base, db, privacies_of
from . import history

AGAIN_SECONDS: Final = 60 * 60
_PERSONAL: Final = {Privacy.IDENTITY, Privacy.HEALTH, Privacy.FAMILY}
_OF_THE_PAGE: Final = {"after", "before", "size"}
_MOST: Final = 10_000
"""Questions that one process remembers. Who asks more has the oldest written down once more, not left out."""

_noted: dict[tuple[Any, ...], float] = {}
_holding = threading.Lock()


def note(model: type[Base], action: str, arguments: Any, rows: int | None = None) -> None:
    """Record that the viewer has read a list (``arguments`` is a MultiDict) or a record of persons, and commit.

    Not each page: a program that walks through a list asks one question. Other datasets leave no trace.
    """
    if _PERSONAL.isdisjoint(privacies_of(model)):
        return
    asked = {n: ", ".join(arguments.getlist(n)) for n in arguments if n not in _OF_THE_PAGE}
    viewer = access.viewer()
    question = (str(db.engine.url), viewer.id, model.__tablename__, action, *sorted(asked.items()))
    if not _is_new(question):
        return
    db.session.rollback()  # what was read in is over: recording it begins a transaction that may write
    what = asked if rows is None else asked | {"rows": rows}
    history.record_reading(db.session.connection(), model.__tablename__, action, what)
    db.session.commit()


def _is_new(question: tuple[Any, ...]) -> bool:
    now = time.monotonic()
    with _holding:
        if _noted.get(question, now - AGAIN_SECONDS) > now - AGAIN_SECONDS:
            return False
        _noted.pop(question, None)  # the newest stand last
        _noted[question] = now
        if len(_noted) > _MOST:
            del _noted[next(iter(_noted))]
    return True
