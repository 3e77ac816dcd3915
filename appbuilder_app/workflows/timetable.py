"""When each action of a round is open for whom: the round's windows read once and asked for many schools."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .. import access
from ..codes import WindowAction
from ..dataset import lock
from ..declaration import db
from ..errors import RuleViolation
from ..models import CollectionRound, Window

_COLUMNS = (Window.id, Window.action, Window.scope, Window.opens_at, Window.closes_at, Window.granted_at)


@dataclass(frozen=True)
class Timetable:
    """The deciding window of each (action, scope) of one round.

    ``lock.window_of`` asks the same of the database for one scope; tests/test_rounds.py holds them equal.
    """

    label: str
    deciding: dict[tuple[WindowAction, str], Any]

    def window(self, action: WindowAction, scope: str) -> Any:
        """The window that decides for this scope, the narrowest; None when none is set."""
        found = (self.deciding.get((action, owner)) for owner in access.ancestors(scope))
        return next((window for window in found if window is not None), None)

    def closes_at(self, action: WindowAction, scope: str) -> dt.datetime | None:
        """When the action ends for this scope."""
        window = self.window(action, scope)
        return window.closes_at if window else None

    def refusal(self, action: WindowAction, scope: str) -> RuleViolation | None:
        """Why the action is not open now for this scope (R12, R27), or None."""
        return lock.time_refusal(self.window(action, scope), action, self.label, lock.moment_for(action))


def timetables_of(rounds: Iterable[CollectionRound]) -> dict[int, Timetable]:
    """The deciding windows of several rounds by their keys, in one statement; the windows as objects."""
    labels = {one.id: one.label for one in rounds}
    windows = db.session.scalars(
        sa.select(Window).where(Window.round_id.in_(labels)).order_by(Window.granted_at, Window.id)
    )
    deciding: dict[int, dict[tuple[WindowAction, str], Any]] = {key: {} for key in labels}
    for window in windows:
        deciding[window.round_id][window.action, window.scope] = window
    return {key: Timetable(label, deciding[key]) for key, label in labels.items()}


def timetable_of(collection_round: Any) -> Timetable:
    """All windows of a round, in one statement. Of two of one scope the newer decides."""
    rows = db.session.execute(
        sa.select(*_COLUMNS)
        .where(Window.round_id == collection_round.id)
        .order_by(Window.granted_at, Window.id)
    )
    deciding = {(row.action, row.scope): row for row in rows}
    return Timetable(lock.label_of(collection_round), deciding)
