"""The round lock: which round governs a system's rows now, and whether a school may write in it.

One predicate answers the guard of every write, the workflow verbs and the screens, so that a hidden
button and a refused write can never disagree. The triggers in ``ddl.py`` repeat it for raw SQL.
"""

from __future__ import annotations

import datetime as dt
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from .. import access
from ..bilingual import Sentence
from ..codes import RoundSystem, SubmissionState, WindowAction
from ..errors import (
    NoOpenRound,
    RoundClosed,
    RuleViolation,
    SubmissionLocked,
    WindowMissing,
    WindowNotYet,
    WindowOver,
)
from ..models import CollectionRound, Submission, Window, round_label
from ..thaidate import bangkok, thai_datetime
from ..walls import SetWork, set_based

_ROUND = CollectionRound.__table__
_WINDOW = Window.__table__
_SUBMISSION = Submission.__table__

# Built once: every page and every write asks these, and putting them together took longer than asking.
_GOVERNING = (
    sa.select(_ROUND)
    .where(_ROUND.c.system == sa.bindparam("system"), _ROUND.c.closed_at.is_(None))
    .order_by(_ROUND.c.academic_year, _ROUND.c.number)
    .limit(1)
)
_DECIDING = (
    sa.select(_WINDOW)
    .where(
        _WINDOW.c.round_id == sa.bindparam("round_id"),
        _WINDOW.c.action == sa.bindparam("action"),
        _WINDOW.c.scope.in_(sa.bindparam("scopes", expanding=True)),
    )
    .order_by(sa.func.length(_WINDOW.c.scope).desc(), _WINDOW.c.granted_at.desc(), _WINDOW.c.id.desc())
    .limit(1)
)
_STATE = sa.select(_SUBMISSION.c.state).where(
    _SUBMISSION.c.round_id == sa.bindparam("round_id"),
    _SUBMISSION.c.school_code == sa.bindparam("school_code"),
)


def _standing() -> sa.Select[Any]:
    earliest, other = _ROUND.alias("earliest"), _WINDOW.alias("other")
    governing = (
        sa.select(earliest.c.id)
        .where(earliest.c.system == sa.bindparam("system"), earliest.c.closed_at.is_(None))
        .order_by(earliest.c.academic_year, earliest.c.number)
        .limit(1)
        .scalar_subquery()
    )
    deciding = (
        sa.select(other.c.id)
        .where(
            other.c.round_id == _ROUND.c.id,
            other.c.action == sa.bindparam("action"),
            other.c.scope.in_(sa.bindparam("scopes", expanding=True)),
        )
        .order_by(sa.func.length(other.c.scope).desc(), other.c.granted_at.desc(), other.c.id.desc())
        .limit(1)
        .correlate(_ROUND)
        .scalar_subquery()
    )
    its_school = sa.and_(
        _SUBMISSION.c.round_id == _ROUND.c.id, _SUBMISSION.c.school_code == sa.bindparam("school_code")
    )
    return (
        sa.select(_ROUND, _WINDOW.c.opens_at, _WINDOW.c.closes_at, _SUBMISSION.c.state)
        .select_from(_ROUND.outerjoin(_WINDOW, _WINDOW.c.id == deciding).outerjoin(_SUBMISSION, its_school))
        .where(_ROUND.c.id == governing)
    )


_STANDING = _standing()


@dataclass(frozen=True)
class Standing:
    """Where a scope stands in the governing round: what it may do, until when, or why not."""

    round_id: int | None
    round_label: Sentence
    state: SubmissionState | None
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    refusal: RuleViolation | None

    @property
    def is_open(self) -> bool:
        """True when the action may be done now."""
        return self.refusal is None


def now() -> dt.datetime:
    """The server's clock, by which every deadline is judged."""
    return dt.datetime.now(dt.UTC)


_received: ContextVar[dt.datetime | None] = ContextVar("received", default=None)

SIGNATURES = frozenset({WindowAction.CONFIRM, WindowAction.CERTIFY, WindowAction.ACKNOWLEDGE})


def received() -> dt.datetime:
    """When the server received what is being done now: the moment by which a signature is in time.

    Who pressed the button before the end is not late because others stood in the queue before them. Doors set
    it from the server's clock; where there is no request it is now.
    """
    return _received.get() or now()


def moment_for(action: WindowAction) -> dt.datetime:
    """By which moment an action is judged: signatures by when they were received, writes by when they are made.

    Rows have triggers behind them, which know the moment of the write alone.
    """
    return received() if action in SIGNATURES else now()


def today() -> dt.date:
    """The day in Thailand by that clock."""
    return bangkok(now()).date()


def label_of(row: Any) -> Sentence:
    """``รอบที่ 2 ปีการศึกษา 2569`` of a round row, with the system where it is not the learners'."""
    return round_label(row.number, row.academic_year, row.system)


def governing_round(connection: sa.Connection, system: RoundSystem, *, for_share: bool = False) -> Any:
    """The earliest round of the system that is not closed: today's rows belong to it. None when there is none."""
    # FOR SHARE: closing takes FOR UPDATE and so waits for this write; without it a write begun before
    # closing would land after it.
    query = _GOVERNING.with_for_update(read=True) if for_share else _GOVERNING
    return connection.execute(query, {"system": system}).one_or_none()


def window_of(connection: sa.Connection, round_id: int, action: WindowAction, scope: str) -> Any:
    """The window that decides for this scope: the narrowest; of two, the newer. None when none is set."""
    asked = {"round_id": round_id, "action": action, "scopes": access.ancestors(scope)}
    return connection.execute(_DECIDING, asked).one_or_none()


def time_refusal(window: Any, action: WindowAction, label: str, at: dt.datetime) -> RuleViolation | None:
    """Why the action is not open at this moment (R12, R27), or None."""
    if window is None:
        return WindowMissing(action=action.th, round=label)
    if at < window.opens_at:
        return WindowNotYet(action=action.th, round=label, opens=thai_datetime(window.opens_at))
    if at >= window.closes_at:
        return WindowOver(action=action.th, round=label, closes=thai_datetime(window.closes_at))
    return None


def standing(
    connection: sa.Connection,
    system: RoundSystem,
    scope: str,
    action: WindowAction = WindowAction.EDIT,
    *,
    for_share: bool = False,
    work: SetWork = SetWork.LOCK,
) -> Standing:
    """Whether rows of this scope may be edited (or another action done) now, and why not.

    ``work`` is another than the lock's where the scope is not the viewer's own: a school that loses a student.
    """
    with set_based(work):
        seen = (_held if for_share else _looked_up)(connection, system, scope, action)
        if seen is None:
            return Standing(None, Sentence(""), None, None, None, _no_round(connection, system))
    found, window, state = seen
    label = label_of(found)
    refusal = time_refusal(window, action, label, moment_for(action))
    if action is WindowAction.EDIT and state is not None and state is not SubmissionState.OPEN:
        refusal = SubmissionLocked(round=label, state=state.th)
    opens, closes = (window.opens_at, window.closes_at) if window else (None, None)
    return Standing(found.id, label, state, opens, closes, refusal)


Seen = tuple[Any, Any, SubmissionState | None]
"""The governing round, the deciding window (or None), and a school's state (None above a school)."""


def _held(connection: sa.Connection, system: RoundSystem, scope: str, action: WindowAction) -> Seen | None:
    """What stands, kept from changing until the transaction ends; in this order, as every verb takes them."""
    found = governing_round(connection, system, for_share=True)
    if found is None:
        return None
    window = window_of(connection, found.id, action, scope)
    return found, window, _state_of(connection, found.id, scope) if scope.count("/") == 2 else None


def _looked_up(
    connection: sa.Connection, system: RoundSystem, scope: str, action: WindowAction
) -> Seen | None:
    """The same in one question, for screens, which only show it; tests/test_lock.py holds the two equal."""
    is_school = scope.count("/") == 2
    asked = {
        "system": system,
        "action": action,
        "scopes": access.ancestors(scope),
        "school_code": scope.rsplit("/", 1)[1] if is_school else "",
    }
    found = connection.execute(_STANDING, asked).one_or_none()
    if found is None:
        return None
    state = (found.state or SubmissionState.OPEN) if is_school else None
    return found, found if found.opens_at is not None else None, state


def _no_round(connection: sa.Connection, system: RoundSystem) -> RuleViolation:
    last = connection.execute(
        sa.select(_ROUND)
        .where(_ROUND.c.system == system)
        .order_by(_ROUND.c.academic_year.desc(), _ROUND.c.number.desc())
        .limit(1)
    ).one_or_none()
    return NoOpenRound(system=system.th) if last is None else RoundClosed(round=label_of(last))


def _state_of(connection: sa.Connection, round_id: int, scope: str) -> SubmissionState:
    school_code = scope.rsplit("/", 1)[1]
    asked = {"round_id": round_id, "school_code": school_code}
    # FOR SHARE: confirming takes FOR UPDATE on this row, so no write slips in beside the freezing.
    query = _STATE.with_for_update(read=True)
    state = connection.scalar(query, asked)
    if state is None:
        ensure_submission(connection, round_id, school_code, scope)
        state = connection.scalar(query, asked)
    return state or SubmissionState.OPEN


def ensure_submission(connection: sa.Connection, round_id: int, school_code: str, scope: str) -> None:
    """A school that joined after the round was opened gets its row, so that there is something to lock."""
    row = {"round_id": round_id, "school_code": school_code, "scope": scope, "version": 1}
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(_SUBMISSION).values(**row).on_conflict_do_nothing())


def require_open(connection: sa.Connection, target: Any, scope: str) -> None:
    """Refuse to write a row whose round is closed, or whose school has confirmed or has no time (R12, R15)."""
    declared = type(target).__dataset__
    if declared is not None and declared.round is not None:
        refusal = standing(connection, declared.round, scope, for_share=True).refusal
        if refusal is not None:
            raise refusal
    elif hasattr(target, "round_id"):
        require_not_closed(connection, target.round_id)


def require_not_closed(connection: sa.Connection, round_id: int) -> None:
    """R15: rows of a closed round are never written again. Holds the round against closing meanwhile."""
    found = connection.execute(
        sa.select(_ROUND).where(_ROUND.c.id == round_id).with_for_update(read=True)
    ).one_or_none()
    if found is not None and found.closed_at is not None:
        raise RoundClosed(round=label_of(found))
