"""The round, the schools and the students of a movement, held in this order before it is looked at them (R12, §1.6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa

from ...access import CENTRE, Viewer
from ...bilingual import Sentence
from ...codes import DischargeGround, Grade, MovementKind, RoundSystem, StudentStatus
from ...dataset import lock
from ...declaration import db
from ...errors import GradeNotTaught, HasDied, NotThatDay, NotYours, RuleViolation, TooManyMoved
from ...models import Movement, School, Student
from ...thaidate import thai_date
from ...walls import SetWork, set_based

SUBJECT: Final = "movement"
MOST_AT_ONCE: Final = 2_000
END_OF_YEAR: Final = 3
"""The round in which who sat the final exam stays and grades change by promotion alone."""
_STUDENT, _MOVEMENT = Student.__table__, Movement.__table__


@contextmanager
def round_held(kind: MovementKind, scopes: Collection[str]) -> Iterator[int]:
    """The round and these schools kept open to the end; the round's number. Refuses when one is not (R12, §1.6)."""
    connection = db.session.connection()
    for scope in sorted(scopes):
        standing = lock.standing(connection, RoundSystem.DMC, scope, for_share=True, work=SetWork.MOVE)
        if standing.refusal is not None:
            raise standing.refusal
        refusal = window_refusal(standing.round_id or 0, standing.round_label, kind, scope)
        if refusal is not None:
            raise refusal
    yield int(standing.round_label.facts["number"])


def window_refusal(
    round_id: int, round_label: Sentence, kind: MovementKind, scope: str
) -> RuleViolation | None:
    """§1.6: why this movement is not open now by a window of its own, where one is set."""
    with set_based(SetWork.LOCK):
        window = lock.window_of(db.session.connection(), round_id, kind.window, scope)
    if window is None:
        return None
    return lock.time_refusal(window, kind.window, round_label, lock.now())


def present() -> lock.Standing:
    return lock.standing(db.session.connection(), RoundSystem.DMC, CENTRE)


def own_school(code: str, viewer: Viewer) -> School:
    school = db.session.get(School, code)
    if school is None or not viewer.looks_after(school.scope):
        raise NotYours
    return school


def school_of(code: str) -> School:
    return db.session.get_one(School, code)


def own_student(student_id: int, viewer: Viewer, *, held: bool = False) -> Any:
    row = held_student(student_id, held=held)
    if not viewer.looks_after(row.scope):
        raise NotYours
    return row


def scopes_of(student_ids: Collection[int]) -> dict[int, str]:
    """Whose these students are, of whatever schools, by key in one statement; those that there are not are left out."""
    query = sa.select(_STUDENT.c.id, _STUDENT.c.scope).where(_STUDENT.c.id.in_(student_ids))
    with set_based(SetWork.MOVE):
        return {row.id: row.scope for row in db.session.connection().execute(query)}


def held_student(student_id: int | None, *, held: bool = True) -> Any:
    query = sa.select(_STUDENT).where(_STUDENT.c.id == student_id)
    with set_based(SetWork.MOVE):
        found = db.session.connection().execute(query.with_for_update() if held else query)
        row = found.one_or_none()
    if row is None:
        raise NotYours
    return row


def held_students(
    student_ids: Collection[int], kind: MovementKind, viewer: Viewer
) -> Iterator[tuple[Any, int]]:
    """The viewer's own students, held in the order of their keys, each with the number of the round."""
    if len(student_ids) > MOST_AT_ONCE:
        raise TooManyMoved(most=f"{MOST_AT_ONCE:,}")
    wanted = sorted(set(student_ids))
    scopes = scopes_of(wanted)
    if len(scopes) < len(wanted) or not all(map(viewer.looks_after, scopes.values())):
        raise NotYours
    if not scopes:
        return
    with round_held(kind, set(scopes.values())) as round_number:
        for one in wanted:
            yield own_student(one, viewer, held=True), round_number


def must_live(row: Any) -> None:
    query = (
        sa.select(_MOVEMENT.c.ground)
        .where(_MOVEMENT.c.student_id == row.id, _MOVEMENT.c.undone_at.is_(None))
        .order_by(_MOVEMENT.c.id.desc())
        .limit(1)
    )
    if row.status is not StudentStatus.DISCHARGED:
        return
    with set_based(SetWork.MOVE):
        if db.session.connection().scalar(query) == DischargeGround.DIED.value:
            raise HasDied(name=name_of(row))


def must_teach(school: School, grade: Grade) -> None:
    if not school.lowest_grade <= grade <= school.highest_grade:
        raise GradeNotTaught(school=school.name, grade=grade.th)


def must_have_happened(day: dt.date) -> None:
    if day > lock.today():
        raise NotThatDay(day=thai_date(day))


def class_of(seat: Any) -> Sentence:
    """``ป.6/1`` of a student, or of where one is to sit."""
    return Sentence("{grade}/{room}", grade=seat.grade.short, room=seat.room)


def name_of(row: Any) -> str:
    return f"{row.title.th}{row.first_name} {row.last_name}"
