"""Rounds and their times: a year's plan, windows, exceptions, and the closing that ends all writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from .. import access, thaidate
from ..access import CENTRE, Action
from ..bilingual import Label
from ..codes import RoundSystem, SubmissionState, WindowAction
from ..dataset import history, lock
from ..dataset import scope as scope_wall
from ..declaration import db
from ..errors import (
    AlreadyThere,
    ClosesInThePast,
    EarlierRoundOpen,
    NotAnException,
    NothingWidened,
    NotYours,
    PlaceUnknown,
    RoundAlreadyClosed,
    RoundClosed,
    RoundNotBegun,
    RoundTooEarly,
    RoundUnknown,
    SourceMissing,
    WindowUpsideDown,
    require_reason,
)
from ..models import Area, Change, CollectionRound, School, Submission, Window
from ..walls import SetWork, set_based
from .round_plans import PLANS

# ── Finding ──────────────────────────────────────────────────────────────────────────────────────────────


def round_of(academic_year: int, number: int, system: RoundSystem = RoundSystem.DMC) -> CollectionRound:
    """The round of a year and number; RoundUnknown (404) when there is none."""
    found = _round_or_none(academic_year, number, system)
    if found is None:
        raise RoundUnknown(year=academic_year, number=number)
    return found


def current_round(system: RoundSystem = RoundSystem.DMC) -> CollectionRound | None:
    """The round that today's data belong to: the earliest that is not closed; None when there is none."""
    with set_based(SetWork.LOCK):
        found = lock.governing_round(db.session.connection(), system)
    return db.session.get(CollectionRound, found.id) if found else None


def current_rounds() -> dict[RoundSystem, CollectionRound]:
    """The present round of each system that has one, in the order of the systems, in one statement."""
    query = sa.select(CollectionRound).where(~CollectionRound.is_closed)
    latest_first = (CollectionRound.academic_year.desc(), CollectionRound.number.desc())
    earliest = {one.system: one for one in db.session.scalars(query.order_by(*latest_first))}
    return {system: earliest[system] for system in RoundSystem if system in earliest}


def all_rounds(system: RoundSystem = RoundSystem.DMC) -> Sequence[CollectionRound]:
    """Every round of a system, the newest first."""
    query = sa.select(CollectionRound).where(CollectionRound.system == system)
    newest_first = (CollectionRound.academic_year.desc(), CollectionRound.number.desc())
    return db.session.scalars(query.order_by(*newest_first)).all()


def windows_of(collection_round: CollectionRound) -> Sequence[Window]:
    """All windows ever set for a round, national ones first, each scope's newest first."""
    query = sa.select(Window).where(Window.round_id == collection_round.id)
    return db.session.scalars(query.order_by(Window.scope, Window.action, Window.granted_at.desc())).all()


def scope_of_place(code: str) -> str:
    """The scope path of an area's or a school's code; PlaceUnknown (404) when nothing has it."""
    place = db.session.get(Area, code) or db.session.get(School, code)
    if place is None:
        raise PlaceUnknown(code=code)
    return place.scope


def name_of_scope(scope: str) -> str:
    """``ทั้งประเทศ``, or the name of the area or school at the end of a scope path."""
    if scope == CENTRE:
        return Label("ทั้งประเทศ", "The whole country")
    code = scope.rsplit("/", 1)[1]
    place = db.session.get(Area if scope.count("/") == 1 else School, code)
    if place is None or place.scope != scope:
        raise PlaceUnknown(code=code)
    return str(place)


def _round_or_none(academic_year: int, number: int, system: RoundSystem) -> CollectionRound | None:
    wanted = {"academic_year": academic_year, "number": number, "system": system}
    return db.session.scalar(sa.select(CollectionRound).filter_by(**wanted))


# ── Opening ──────────────────────────────────────────────────────────────────────────────────────────────


def create_year(
    academic_year: int, source: str, system: RoundSystem = RoundSystem.DMC
) -> list[CollectionRound]:
    """The year's rounds of a system with the windows of their plans, and a submission for each school.

    ``source`` is the letter that sets them (R10–R15). All or none: AlreadyThere when one of them exists.
    """
    created = []
    for plan in PLANS[system]:
        snapshot = plan.snapshot.of(academic_year)
        made = create_round(academic_year, plan.number, snapshot, source, system)
        for window in plan.windows:
            opens, closes = window.span(academic_year)
            set_window(made, window.action, CENTRE, opens, closes, source=source)
        open_submissions(made)
        created.append(made)
    return created


def create_round(
    academic_year: int,
    number: int,
    snapshot_date: dt.date,
    source: str,
    system: RoundSystem = RoundSystem.DMC,
) -> CollectionRound:
    """A round without windows. AlreadyThere when it exists, RoundTooEarly when a later one is closed."""
    with access.performing(Action.MANAGE, "round"):
        _must_be_central()
        _must_have_source(source)
        made = CollectionRound(
            system=system,
            academic_year=academic_year,
            number=number,
            snapshot_date=snapshot_date,
            source=source.strip(),
        )
        if _round_or_none(academic_year, number, system) is not None:
            raise AlreadyThere(what=made.label)
        if (later := _neighbour(made, earlier=False, closed=True)) is not None:
            raise RoundTooEarly(round=made.label, later=later.label)
        db.session.add(made)
        db.session.flush()
        return made


def open_submissions(collection_round: CollectionRound) -> int:
    """One submission for each school that has none yet, in one statement; how many were made."""
    with access.performing(Action.MANAGE, "round"):
        _must_be_central()
        _held(collection_round)
        with set_based(SetWork.OPEN_ROUND):
            wanted = _missing_submissions(collection_round.id).execution_options(preserve_rowcount=True)
            made: int = db.session.connection().execute(wanted).rowcount
            _remember_opening(collection_round, made)
        return made


def _missing_submissions(round_id: int) -> sa.Insert:
    school, submission = School.__table__, Submission.__table__
    has_one = sa.exists().where(submission.c.round_id == round_id, submission.c.school_code == school.c.code)
    schools = sa.select(sa.literal(round_id), school.c.code, school.c.scope, sa.literal(1)).where(~has_one)
    return sa.insert(submission).from_select(["round_id", "school_code", "scope", "version"], schools)


def _remember_opening(collection_round: CollectionRound, made: int) -> None:
    # One entry for the whole: a row for each school would say thirty thousand times the same.
    entry = history.entry(collection_round, "open", None, {"submissions": made})
    db.session.connection().execute(sa.insert(Change.__table__).values(entry))


# ── Times ────────────────────────────────────────────────────────────────────────────────────────────────


def set_window(
    collection_round: CollectionRound,
    action: WindowAction,
    scope: str,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    reason: str = "",
    source: str = "",
) -> Window:
    """When an action is open for a scope from now on; ``source`` is the letter that says so (R12, R27).

    Windows are never changed or removed, so what was announced when stays readable: the newer decides.
    """
    with access.performing(Action.MANAGE, "round"):
        _must_have_source(source)
        return _add_window(_Terms(collection_round, closes_at, reason, source), action, scope, opens_at)


def grant_exception(
    collection_round: CollectionRound,
    scope: str,
    actions: Iterable[WindowAction],
    closes_at: dt.datetime,
    reason: str,
    source: str = "",
) -> list[Window]:
    """More time for one district or school (R35): each action stays open until ``closes_at``.

    Only widens: NothingWidened when one of them is open as long already. Schools of the district that hold
    a shorter exception of their own get the longer time, too, since the narrower window would decide.
    Returns the windows added.
    """
    with access.performing(Action.GRANT, "round"), access.because(reason.strip()):
        require_reason(reason)
        if scope.count("/") == 0:
            raise NotAnException
        if closes_at <= lock.now():
            raise ClosesInThePast(closes=thaidate.thai_datetime(closes_at))
        terms = _Terms(collection_round, closes_at, reason, source)
        return [window for action in actions for window in _widen(terms, action, scope)]


@dataclass(frozen=True)
class _Terms:
    """What the windows of one decision have in common."""

    round: CollectionRound
    closes_at: dt.datetime
    reason: str
    source: str


def _widen(terms: _Terms, action: WindowAction, scope: str) -> list[Window]:
    connection = db.session.connection()
    present = lock.window_of(connection, terms.round.id, action, scope)
    if present is not None and present.closes_at >= terms.closes_at:
        closes = thaidate.thai_datetime(present.closes_at)
        raise NothingWidened(action=action.th, place=name_of_scope(scope), closes=closes)
    inside = _narrower_scopes(terms.round.id, action, scope)
    deciding = [lock.window_of(connection, terms.round.id, action, narrower) for narrower in inside]
    shorter = [(one.scope, one.opens_at) for one in deciding if one.closes_at < terms.closes_at]
    own = (scope, present.opens_at if present else lock.now())
    return [_add_window(terms, action, place, opens_at) for place, opens_at in [own, *shorter]]


def _narrower_scopes(round_id: int, action: WindowAction, scope: str) -> list[str]:
    query = sa.select(Window.scope).where(
        Window.round_id == round_id,
        Window.action == action,
        Window.scope.startswith(scope + "/", autoescape=True),
    )
    return sorted(set(db.session.scalars(query)))


def _add_window(terms: _Terms, action: WindowAction, scope: str, opens_at: dt.datetime) -> Window:
    viewer = access.viewer()
    if not viewer.looks_after(scope):
        raise NotYours
    name_of_scope(scope)
    if opens_at >= terms.closes_at:
        raise WindowUpsideDown
    _held(terms.round)
    window = Window(
        round_id=terms.round.id,
        action=action,
        scope=scope,
        opens_at=opens_at,
        closes_at=terms.closes_at,
        reason=terms.reason.strip(),
        source=terms.source.strip(),
        granted_by=viewer.name,
        granted_at=lock.now(),
    )
    db.session.add(window)
    db.session.flush()
    return window


# ── Closing ──────────────────────────────────────────────────────────────────────────────────────────────


class Closing(NamedTuple):
    """A closed round and how far its schools had come; schools without a submission count as open."""

    round: CollectionRound
    counts: dict[SubmissionState, int]

    @property
    def unfinished(self) -> int:
        """Schools whose data nobody at the district has acknowledged."""
        return sum(self.counts.values()) - self.counts[SubmissionState.ACKNOWLEDGED]


def close_round(collection_round: CollectionRound) -> Closing:
    """R15: end the round for good. Waits for writes under way; afterwards nothing of it can be written.

    RoundAlreadyClosed for a second time, EarlierRoundOpen while a round before it is open, RoundNotBegun
    before the country's window to edit has opened.
    """
    with access.performing(Action.CLOSE, "round") as viewer:
        _must_be_central()
        held = _for_update(collection_round)
        if held.is_closed:
            raise _already_closed(held)
        if (earlier := _neighbour(held, earlier=True, closed=False)) is not None:
            raise EarlierRoundOpen(round=held.label, earlier=earlier.label)
        _must_have_begun(held)
        held.closed_at, held.closed_by = lock.now(), viewer.name
        db.session.flush()
        return Closing(held, counts_by_state(held))


def counts_by_state(collection_round: CollectionRound) -> dict[SubmissionState, int]:
    """How many of the viewer's schools are in each state of a round."""
    submission, school = Submission.__table__, School.__table__
    viewer = access.viewer()
    mine = scope_wall.within(viewer, submission.c.scope)
    query = (
        sa.select(submission.c.state, sa.func.count())
        .where(submission.c.round_id == collection_round.id, mine)
        .group_by(submission.c.state)
    )
    with set_based(SetWork.WATCH):
        connection = db.session.connection()
        found: dict[SubmissionState, int] = dict(connection.execute(query).all())
        schools = connection.scalar(
            sa.select(sa.func.count()).select_from(school).where(scope_wall.within(viewer, school.c.scope))
        )
    counts = {state: found.get(state, 0) for state in SubmissionState}
    counts[SubmissionState.OPEN] += max(0, (schools or 0) - sum(counts.values()))
    return counts


def _for_update(collection_round: CollectionRound) -> CollectionRound:
    # FOR UPDATE: every write of the round's data holds the row FOR SHARE, so this waits until those have
    # committed and keeps later ones out; without it a write begun before closing would land after it.
    query = sa.select(CollectionRound).where(CollectionRound.id == collection_round.id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _held(collection_round: CollectionRound) -> None:
    """The round stays open until this transaction ends; RoundClosed when it is not (R15)."""
    query = sa.select(CollectionRound.closed_at).where(CollectionRound.id == collection_round.id)
    if db.session.scalar(query.with_for_update(read=True)) is not None:
        raise RoundClosed(round=collection_round.label)


def _neighbour(one: CollectionRound, *, earlier: bool, closed: bool) -> CollectionRound | None:
    """A round of the same system before or after this one that is closed, or is not."""
    place = sa.tuple_(CollectionRound.academic_year, CollectionRound.number)
    here = sa.tuple_(sa.literal(one.academic_year), sa.literal(one.number))
    query = (
        sa.select(CollectionRound)
        .where(CollectionRound.system == one.system, place < here if earlier else place > here)
        .where(CollectionRound.is_closed if closed else ~CollectionRound.is_closed)
        .order_by(CollectionRound.academic_year, CollectionRound.number)
        .limit(1)
    )
    with db.session.no_autoflush:
        return db.session.scalar(query)


def _already_closed(one: CollectionRound) -> RoundAlreadyClosed:
    closed_at: Any = one.closed_at
    return RoundAlreadyClosed(round=one.label, closed=thaidate.thai_datetime(closed_at), by=one.closed_by)


def _must_have_begun(one: CollectionRound) -> None:
    """A round without any window was made by mistake, and closing is the way to be rid of it."""
    window = lock.window_of(db.session.connection(), one.id, WindowAction.EDIT, CENTRE)
    if window is not None and lock.now() < window.opens_at:
        raise RoundNotBegun(round=one.label, opens=thaidate.thai_datetime(window.opens_at))


def _must_be_central() -> None:
    # Rounds are the whole country's: a district role that was given the right must not move all others'.
    if not access.viewer().looks_after(CENTRE):
        raise NotYours


def _must_have_source(source: str) -> None:
    if not source.strip():
        raise SourceMissing
