"""The turn of the year: after the end-of-year round is closed, everybody moves up, repeats or graduates.

The country's areas are shares. Each is done in one transaction of a few set-based statements, once: its row is
claimed, written and marked done together. A worker that is killed in the middle has done nothing of its share;
whoever runs it again does what is left. R45–R47, §1.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from .. import access, rules
from ..access import CENTRE, Action
from ..bilingual import Sentence
from ..codes import Absence, AfterFail, Destination, Grade, RoundSystem, StudentStatus, Turn
from ..dataset import history, lock
from ..declaration import db
from ..errors import NothingToPromote, NotYours
from ..models import Area, Change, CollectionRound, Job, LeftOver, PromotionShare, School, Student, YearResult
from ..walls import SetWork, set_based
from . import rounds
from .jobs import Context, Result, job, start

KIND: Final = "promotion"
_RIGHT: Final = (Action.CLOSE, "round")
_STUDENT, _SCHOOL, _RESULT = Student.__table__, School.__table__, YearResult.__table__
_SHARE, _LEFT, _CHANGE, _AREA = PromotionShare.__table__, LeftOver.__table__, Change.__table__, Area.__table__

_MOVED: Final = (Turn.PROMOTED, Turn.CONTINUED)
_TOLD: Final = {
    Turn.PROMOTED: "promote",
    Turn.CONTINUED: "continue",
    Turn.REPEATED: "repeat",
    Turn.GRADUATED: "graduate",
}
"""Who gets an entry in the history, and what it says was done."""


# ── Ordering ─────────────────────────────────────────────────────────────────────────────────────────────


def ends_the_year(one: CollectionRound) -> bool:
    """True for the round whose closing turns the year."""
    return one.system is RoundSystem.DMC and one.number == rules.END_OF_YEAR


def order(one: CollectionRound) -> Job:
    """Have the turn of the year done in the background; again, when something was left. NothingToPromote before."""
    _must_be_due(one)
    title = Sentence("เลื่อนชั้น ซ้ำชั้น และจบการศึกษา ปีการศึกษา {year}", year=one.academic_year)
    return start(KIND, title, needs=_RIGHT, round_id=one.id)


def close_round(one: CollectionRound) -> rounds.Closing:
    """R15: close a round for good; the end-of-year round orders the turn of the year in the same transaction."""
    closing = rounds.close_round(one)
    if ends_the_year(closing.round) and access.viewer().id is not None:
        order(closing.round)
    return closing


@job(KIND)
def promote(context: Context, round_id: int) -> Result:
    """Do all shares that are not done, one a step; says what became of the country's students."""
    one = db.session.get_one(CollectionRound, round_id)
    waiting = prepare(one)
    for done, area in enumerate(waiting, 1):
        with context.step(done, len(waiting), Sentence("เขตที่ {n} จาก {total}", n=done, total=len(waiting))):
            promote_area(one, area)
    found = report(one)
    said = Sentence(
        "เลื่อนชั้น {promoted} คน ซ้ำชั้น {repeated} คน จบการศึกษา {graduated} คน ค้าง {left} คน",
        promoted=f"{found.total.promoted + found.total.continued:,}",
        repeated=f"{found.total.repeated:,}",
        graduated=f"{found.total.graduated + found.total.continued:,}",
        left=f"{found.total.left_over:,}",
    )
    return Result(said=said, url=f"/rounds/{one.id}/promotion")


def run(one: CollectionRound) -> Iterator[tuple[str, Done | None]]:
    """The same without the books of the jobs: each share committed as it is done, with what became of it."""
    for area in prepare(one):
        done = promote_area(one, area)
        db.session.commit()
        yield area, done


def prepare(one: CollectionRound) -> list[str]:
    """A share for each area, and which are not done yet, by the areas' codes."""
    with access.performing(*_RIGHT) as viewer:
        if not viewer.looks_after(CENTRE):
            raise NotYours
        _must_be_due(one)
        with set_based(SetWork.PROMOTION):
            connection = db.session.connection()
            areas = sa.select(sa.literal(one.id), _AREA.c.code, _AREA.c.scope, sa.literal(1))
            # The WHERE keeps SQLite from reading ON CONFLICT as a join's ON.
            wanted = (
                _dialect(connection)
                .insert(_SHARE)
                .from_select(["closed_round_id", "area_code", "scope", "version"], areas.where(sa.true()))
            )
            connection.execute(wanted.on_conflict_do_nothing())
            waiting = sa.select(_SHARE.c.area_code).where(
                _SHARE.c.closed_round_id == one.id, _SHARE.c.done_at.is_(None)
            )
            found = list(connection.scalars(waiting.order_by(_SHARE.c.area_code)))
        db.session.commit()
    return found


def _must_be_due(one: CollectionRound) -> None:
    if not ends_the_year(one) or not one.is_closed:
        raise NothingToPromote(round=one.label)


def _dialect(connection: sa.Connection) -> Any:
    return postgresql if connection.dialect.name == "postgresql" else sqlite


# ── One share ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Done:
    """What became of an area's students; ``why`` counts those left over by reason."""

    promoted: int = 0
    continued: int = 0
    repeated: int = 0
    graduated: int = 0
    left_over: int = 0
    why: dict[Turn, int] = field(default_factory=dict)

    def __add__(self, other: Done) -> Done:
        reasons = {turn: self.why.get(turn, 0) + other.why.get(turn, 0) for turn in Turn if turn.is_left}
        return Done(
            self.promoted + other.promoted,
            self.continued + other.continued,
            self.repeated + other.repeated,
            self.graduated + other.graduated,
            self.left_over + other.left_over,
            {turn: number for turn, number in reasons.items() if number},
        )


def promote_area(one: CollectionRound, area_code: str) -> Done | None:
    """The turn of the year of one area, once: None when it is done already. The caller commits.

    Two workers at one share: the second waits for the first and then finds it done.
    """
    with access.performing(*_RIGHT), set_based(SetWork.PROMOTION):
        connection = db.session.connection()
        _keep_writers_away(connection)
        mine = (_SHARE.c.closed_round_id == one.id) & (_SHARE.c.area_code == area_code)
        claim = sa.update(_SHARE).where(mine, _SHARE.c.done_at.is_(None)).values(doing=True)
        if connection.execute(claim).rowcount != 1:
            return None
        scope = f"{CENTRE}/{area_code}"
        judged = _judged(one, scope)
        done = _counted(connection, judged)
        _tell_history(connection, judged)
        _note_left_over(connection, one, judged)
        _move(connection, judged)
        figures = {name: getattr(done, name) for name in FIGURES}
        why = {turn.value: number for turn, number in done.why.items()}
        finished = (
            sa.update(_SHARE)
            .where(mine)
            .values(
                doing=False,
                done_at=lock.now(),
                done_by=access.viewer().name,
                version=_SHARE.c.version + 1,
                why=why,
                **figures,
            )
        )
        connection.execute(finished)
        return done


FIGURES: Final = ("promoted", "continued", "repeated", "graduated", "left_over")


def _keep_writers_away(connection: sa.Connection) -> None:
    # FOR UPDATE on the next round: whoever writes students holds it FOR SHARE, so nobody changes a grade
    # between the judging here and the writing, and writes under way are waited for.
    opened = lock.governing_round(connection, RoundSystem.DMC)
    if opened is not None:
        held = sa.select(CollectionRound.__table__.c.id).where(CollectionRound.__table__.c.id == opened.id)
        connection.execute(held.with_for_update())


def _judged(one: CollectionRound, scope: str) -> sa.Subquery:
    """Each enrolled student of an area with what the turn of the year does with them, and their next grade.

    A result counts only for the grade in which the exam was sat: who has been moved up already stays there.
    """
    s, c, r = _STUDENT, _SCHOOL, _RESULT
    lo, hi = access.scope_bounds(scope)
    its_result = sa.and_(
        r.c.student_id == s.c.id,
        r.c.round_id == one.id,
        r.c.grade == s.c.grade,
        r.c.school_code == s.c.school_code,
        r.c.scope >= lo,
        r.c.scope < hi,
    )
    following = _next_grade(s.c.grade)
    return (
        sa.select(
            s.c.id, s.c.school_code, s.c.scope, s.c.grade, following.label("following"),
            _turn(r, s.c.grade, following, c.c.highest_grade).label("turn"),
        )
        .select_from(s.join(c, c.c.code == s.c.school_code).outerjoin(r, its_result))
        .where(s.c.scope >= lo, s.c.scope < hi, s.c.status == StudentStatus.ENROLLED)
        .subquery("judged")
    )  # fmt: skip


def _next_grade(grade: Any) -> sa.ColumnElement[Any]:
    pairs = [(before, after) for before in Grade if (after := rules.next_grade(before)) is not None]
    return sa.case(
        *((grade == before, sa.literal(after, grade.type)) for before, after in pairs), else_=sa.null()
    )


def _turn(r: Any, grade: Any, following: Any, highest: Any) -> sa.ColumnElement[Any]:
    final = grade.in_([one for one in Grade if rules.graduates(one)])
    taught = sa.and_(following.is_not(None), following <= highest)
    stays = r.c.destination.in_([one for one in Destination if one.stays])
    verdicts = (
        (r.c.id.is_(None), Turn.NO_RESULT),
        (r.c.absence == Absence.PENDING, Turn.PENDING),
        (r.c.absence == Absence.KEPT, Turn.KEPT),
        (~r.c.sat, Turn.ABSENT),
        (r.c.after_fail == AfterFail.REPEAT, Turn.REPEATED),
        (r.c.after_fail == AfterFail.WAITS, Turn.WAITS),
        (r.c.criterion.is_not(None), Turn.UNDECIDED),
        (sa.and_(final, r.c.destination.is_(None)), Turn.NO_DESTINATION),
        (sa.and_(final, stays, taught), Turn.CONTINUED),
        (final, Turn.GRADUATED),
        (taught, Turn.PROMOTED),
        # Kindergarten of a school without primary grades: there is nothing more to be asked (§1.4).
        (grade == Grade.K3, Turn.GRADUATED),
    )
    kind = _LEFT.c.reason.type
    return sa.case(
        *((when, sa.literal(turn, kind)) for when, turn in verdicts),
        else_=sa.literal(Turn.NO_NEXT_GRADE, kind),
    )


def _counted(connection: sa.Connection, judged: Any) -> Done:
    query = sa.select(judged.c.turn, sa.func.count()).group_by(judged.c.turn)
    counts: dict[Turn, int] = dict(connection.execute(query).all())
    why = {turn: number for turn, number in counts.items() if turn.is_left}
    figures = {turn.value: counts.get(turn, 0) for turn in _TOLD}
    return Done(**figures, left_over=sum(why.values()), why=why)


def _tell_history(connection: sa.Connection, judged: Any) -> None:
    """An entry for everybody who moved up, repeats or graduated, in one statement."""
    stamp = history.stamp() | {"dataset": "student"}
    pair = sa.func.json_build_object if connection.dialect.name == "postgresql" else sa.func.json_object
    moved, leaves = judged.c.turn.in_(_MOVED), judged.c.turn == Turn.GRADUATED
    status = (StudentStatus.ENROLLED.value, StudentStatus.GRADUATED.value)
    before = sa.case(
        (moved, pair("grade", judged.c.grade)), (leaves, pair("status", status[0])), else_=sa.null()
    )
    after = sa.case(
        (moved, pair("grade", judged.c.following)),
        (leaves, pair("status", status[1])),
        else_=pair("grade", judged.c.grade),
    )
    done = sa.case(*((judged.c.turn == turn, sa.literal(said)) for turn, said in _TOLD.items()))
    fixed = {name: sa.literal(value, _CHANGE.c[name].type) for name, value in stamp.items()}
    rows = sa.select(
        *fixed.values(), sa.cast(judged.c.id, sa.String), judged.c.scope, done, before, after
    ).where(judged.c.turn.in_(list(_TOLD)))
    columns = [*fixed, "row_key", "scope", "action", "before", "after"]
    connection.execute(sa.insert(_CHANGE).from_select(columns, rows, include_defaults=False))


def _note_left_over(connection: sa.Connection, one: CollectionRound, judged: Any) -> None:
    rows = sa.select(
        sa.literal(one.id), judged.c.school_code, judged.c.scope, judged.c.id, judged.c.grade, judged.c.turn
    ).where(judged.c.turn.in_([turn for turn in Turn if turn.is_left]))
    columns = ["closed_round_id", "school_code", "scope", "student_id", "grade", "reason"]
    connection.execute(sa.insert(_LEFT).from_select(columns, rows, include_defaults=False))


def _move(connection: sa.Connection, judged: Any) -> None:
    """Grade and status of who moved up or graduated, in one statement; nobody has sat the next year's exam."""
    moved = judged.c.turn.in_(_MOVED)
    graduated = sa.literal(StudentStatus.GRADUATED, _STUDENT.c.status.type)
    connection.execute(
        sa.update(_STUDENT)
        .where(
            _STUDENT.c.id == judged.c.id,
            sa.or_(judged.c.turn.in_((*_MOVED, Turn.GRADUATED)), _STUDENT.c.sat_final_exam.is_not(None)),
        )
        .values(
            grade=sa.case((moved, judged.c.following), else_=_STUDENT.c.grade),
            status=sa.case((judged.c.turn == Turn.GRADUATED, graduated), else_=_STUDENT.c.status),
            sat_final_exam=sa.null(),
            version=_STUDENT.c.version + 1,
        )
    )


# ── The report ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class AreaTurn:
    """What became of an area's students; ``done`` is None while its share waits."""

    code: str
    name: str
    done: Done | None


@dataclass(frozen=True)
class Report:
    """The turn of a year, by area."""

    areas: list[AreaTurn]

    @property
    def total(self) -> Done:
        """All areas that are done, together."""
        return sum((area.done for area in self.areas if area.done is not None), Done())

    @property
    def waiting(self) -> int:
        """Areas whose share is not done."""
        return sum(area.done is None for area in self.areas)


def report(one: CollectionRound) -> Report:
    """What the turn of the year did in each of the viewer's areas; without areas while nothing has begun."""
    access.viewer().require(Action.READ, "round")
    query = (
        sa.select(PromotionShare, Area.short_name)
        .join(Area, Area.code == PromotionShare.area_code)
        .where(PromotionShare.closed_round_id == one.id)
        .order_by(PromotionShare.area_code)
        .execution_options(populate_existing=True)
    )
    return Report(
        [AreaTurn(share.area_code, name, _done(share)) for share, name in db.session.execute(query)]
    )


def _done(share: PromotionShare) -> Done | None:
    if share.done_at is None:
        return None
    why = {Turn(code): number for code, number in (share.why or {}).items()}
    return Done(**{name: getattr(share, name) for name in FIGURES}, why=why)


@dataclass(frozen=True)
class Left:
    """A student whom the turn of a year left where they were."""

    student_id: int
    name: str
    school_code: str
    school: str
    grade: Grade
    reason: Turn


MOST_LEFT: Final = 500


def left_over(one: CollectionRound) -> Sequence[Left]:
    """Those of the viewer's students whom the turn of the year left, and why; at most MOST_LEFT."""
    access.viewer().require(Action.READ, "student")
    query = (
        sa.select(LeftOver, Student.title, Student.first_name, Student.last_name, School.name)
        .join(Student, Student.id == LeftOver.student_id)
        .join(School, School.code == LeftOver.school_code)
        .where(LeftOver.closed_round_id == one.id)
        .order_by(LeftOver.school_code, LeftOver.grade, LeftOver.id)
        .limit(MOST_LEFT)
    )
    return [
        Left(row.student_id, f"{title.short}{first} {last}", row.school_code, school, row.grade, row.reason)
        for row, title, first, last, school in db.session.execute(query)
    ]


def last_turn() -> CollectionRound | None:
    """The latest end-of-year round that is closed; None when no year has ended yet."""
    query = sa.select(CollectionRound).where(
        CollectionRound.system == RoundSystem.DMC,
        CollectionRound.number == rules.END_OF_YEAR,
        CollectionRound.is_closed,
    )
    return db.session.scalar(query.order_by(CollectionRound.academic_year.desc()).limit(1))
