"""Who is how far: a district's schools and the country's districts, in a fixed number of statements."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from .. import access
from ..access import ROLES, Action, Viewer
from ..bilingual import Label
from ..codes import RoundSystem, StudentStatus, SubmissionState
from ..dataset import lock
from ..dataset import scope as scope_wall
from ..declaration import db
from ..errors import NotYours
from ..models import Area, CollectionRound, School, Student, Submission
from ..walls import SetWork, set_based
from . import collected
from .submissions import SUBJECT, next_step
from .timetable import Timetable, timetable_of

_AREA, _SCHOOL, _SUBMISSION = Area.__table__, School.__table__, Submission.__table__


# ── One district ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class WatchedSchool:
    """One school in a round: its state, who has to act next (Thai), until when, and its rows.

    ``rows`` are those confirmed, or, as long as nothing is confirmed, those in the register now: students, or
    rows of all datasets of another system.
    """

    code: str
    name: str
    state: SubmissionState
    next_actor: str
    opens_at: dt.datetime | None
    deadline: dt.datetime | None
    rows: int
    returned_at: dt.datetime | None = None
    returned_reason: str | None = None

    @property
    def time_left(self) -> dt.timedelta | None:
        """Until the deadline, never less than nothing; None when no time is set or no step is left."""
        return max(self.deadline - lock.now(), dt.timedelta()) if self.deadline else None

    @property
    def is_late(self) -> bool:
        """True when the next step's time is over."""
        return self.deadline is not None and self.deadline <= lock.now()


@dataclass(frozen=True)
class DistrictWatch:
    """All schools of a district in a round, in the order of their codes."""

    area_code: str
    area: str
    round: str
    schools: tuple[WatchedSchool, ...]

    @cached_property
    def counts(self) -> dict[SubmissionState, int]:
        """Schools in each state."""
        found = Counter(school.state for school in self.schools)
        return {state: found[state] for state in SubmissionState}

    @property
    def rows(self) -> int:
        """Rows of all schools."""
        return sum(school.rows for school in self.schools)


def district(collection_round: CollectionRound, area_code: str | None = None) -> DistrictWatch:
    """An area's schools, of the viewer's own area when none is named; NotYours (404) for another's."""
    viewer = access.viewer()
    viewer.require(Action.READ, SUBJECT)
    area = _area_looked_after(viewer, area_code or _own_area(viewer))
    timetable = timetable_of(collection_round)
    with set_based(SetWork.WATCH):
        connection = db.session.connection()
        rows = connection.execute(_schools_of(collection_round, area)).all()
        live = dict(connection.execute(_rows_by_school(area, collection_round.system)).all())
    schools = tuple(_watched(row, live, timetable) for row in rows)
    return DistrictWatch(area.code, area.short_name, collection_round.label, schools)


def actor_of(state: SubmissionState) -> str:
    """Who acts next, in Thai: the first role with the right to the next step; empty when none is left."""
    step = next_step(state)
    if step is None:
        return ""
    return next(Label(role.th, role.en) for role in ROLES if (step.action, SUBJECT) in role.rights)


def _own_area(viewer: Viewer) -> str:
    parts = viewer.scope.split("/")
    if len(parts) < 2:
        raise NotYours
    return parts[1]


def _area_looked_after(viewer: Viewer, code: str) -> Area:
    area = db.session.get(Area, code)
    if area is None or not viewer.looks_after(area.scope):
        raise NotYours
    return area


def _schools_of(collection_round: CollectionRound, area: Area) -> sa.Select[*tuple[Any, ...]]:
    in_round = sa.and_(
        _SUBMISSION.c.school_code == _SCHOOL.c.code, _SUBMISSION.c.round_id == collection_round.id
    )
    return (
        sa.select(
            _SCHOOL.c.code,
            _SCHOOL.c.name,
            _SCHOOL.c.scope,
            _SUBMISSION.c.state,
            _SUBMISSION.c.rows,
            _SUBMISSION.c.returned_at,
            _SUBMISSION.c.returned_reason,
        )
        .select_from(_SCHOOL.outerjoin(_SUBMISSION, in_round))
        .where(_SCHOOL.c.area_code == area.code)
        .order_by(_SCHOOL.c.code)
    )


def _rows_by_school(area: Area, system: RoundSystem) -> sa.Select[*tuple[Any, ...]]:
    """How much each school has recorded: students, or rows of the system's datasets together."""
    lo, hi = access.scope_bounds(area.scope)
    models = [Student] if system is RoundSystem.DMC else collected.datasets_of(system)
    each = [
        sa.select(table.c.scope, sa.func.count().label("rows"))
        .where(table.c.scope >= lo, table.c.scope < hi, *_counted(table))
        .group_by(table.c.scope)
        for table in (model.__table__ for model in models)
    ]
    together = sa.union_all(*each).subquery()
    return sa.select(together.c.scope, sa.cast(sa.func.sum(together.c.rows), sa.Integer)).group_by(
        together.c.scope
    )


def _counted(table: sa.Table) -> list[sa.ColumnElement[bool]]:
    """Who has left a school is not one of its students."""
    return [table.c.status == StudentStatus.ENROLLED] if table is Student.__table__ else []


def _watched(row: Any, live: Mapping[str, int], timetable: Timetable) -> WatchedSchool:
    state = row.state or SubmissionState.OPEN
    step = next_step(state)
    window = timetable.window(step.window, row.scope) if step else None
    return WatchedSchool(
        code=row.code,
        name=row.name,
        state=state,
        next_actor=actor_of(state),
        opens_at=window.opens_at if window else None,
        deadline=window.closes_at if window else None,
        rows=live.get(row.scope, 0) if row.rows is None else row.rows,
        returned_at=row.returned_at,
        returned_reason=row.returned_reason,
    )


# ── The country ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class AreaCounts:
    """How many schools of an area are in each state, and how many rows they have confirmed."""

    code: str
    name: str
    counts: dict[SubmissionState, int]
    rows: int

    @property
    def schools(self) -> int:
        """All schools of the area."""
        return sum(self.counts.values())

    @property
    def is_finished(self) -> bool:
        """True when every school is acknowledged."""
        return self.counts[SubmissionState.ACKNOWLEDGED] == self.schools


@dataclass(frozen=True)
class CountryWatch:
    """The viewer's areas in the order of their codes; those without schools are left out."""

    round: str
    areas: tuple[AreaCounts, ...]

    @cached_property
    def total(self) -> AreaCounts:
        """All areas together."""
        counts = {state: sum(area.counts[state] for area in self.areas) for state in SubmissionState}
        return AreaCounts("", Label("รวมทั้งสิ้น", "Total"), counts, sum(area.rows for area in self.areas))


def country(collection_round: CollectionRound) -> CountryWatch:
    """How far each area is in a round, in one statement: schools by state, and rows confirmed."""
    viewer = access.viewer()
    viewer.require(Action.READ, SUBJECT)
    with set_based(SetWork.WATCH):
        rows = db.session.connection().execute(_states_by_area(collection_round, viewer)).all()
    by_area: dict[str, list[Any]] = {}
    for row in rows:
        by_area.setdefault(row.code, []).append(row)
    return CountryWatch(collection_round.label, tuple(_area_counts(group) for group in by_area.values()))


def _states_by_area(collection_round: CollectionRound, viewer: Viewer) -> sa.Select[*tuple[Any, ...]]:
    in_round = sa.and_(
        _SUBMISSION.c.school_code == _SCHOOL.c.code, _SUBMISSION.c.round_id == collection_round.id
    )
    states = (
        sa.select(
            _SCHOOL.c.area_code,
            _SUBMISSION.c.state,
            sa.func.count().label("schools"),
            sa.func.coalesce(sa.func.sum(_SUBMISSION.c.rows), 0).label("rows"),
        )
        .select_from(_SCHOOL.outerjoin(_SUBMISSION, in_round))
        .where(scope_wall.within(viewer, _SCHOOL.c.scope))
        .group_by(_SCHOOL.c.area_code, _SUBMISSION.c.state)
        .subquery()
    )
    return (
        sa.select(_AREA.c.code, _AREA.c.short_name, states.c.state, states.c.schools, states.c.rows)
        .join(states, states.c.area_code == _AREA.c.code)
        .order_by(_AREA.c.code)
    )


def _area_counts(rows: Sequence[Any]) -> AreaCounts:
    counts = dict.fromkeys(SubmissionState, 0)
    for row in rows:
        counts[row.state or SubmissionState.OPEN] += row.schools
    return AreaCounts(rows[0].code, rows[0].short_name, counts, sum(int(row.rows) for row in rows))
