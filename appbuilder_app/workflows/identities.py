"""Identity numbers over time: whose a number is or was, and the one verb by which a student's number is replaced."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa

from .. import access, identity, rules
from ..codes import NumberGround
from ..dataset import lock
from ..declaration import db
from ..errors import NotYours, RuleViolation
from ..models import GCode, NumberChange, Student
from ..schema import entering
from ..walls import SetWork, set_based

_STUDENT, _CHANGE, _G = Student.__table__, NumberChange.__table__, GCode.__table__


class NumberTaken(RuleViolation):
    """The new number is another student's, here or in another school: that is a case of duplicates."""

    message = (
        "เลข {number} เป็นของนักเรียนที่มีอยู่ในระบบแล้ว จึงใช้แทนไม่ได้"
        " กรุณาตรวจหลักฐานอีกครั้ง หากเป็นเลขของเด็กคนนี้จริง ให้เปิดเรื่องนักเรียนซ้ำซ้อน"
    )
    status = 409


class NumberNotReal(RuleViolation):
    """Only a number of the civil registration takes another's place."""

    message = "เลขใหม่ต้องเป็นเลขประจำตัวประชาชน 13 หลักที่หลักตรวจสอบถูกต้อง กรุณาเทียบกับบัตรหรือสูติบัตร"


class NumberAsBefore(RuleViolation):
    """Nothing would change."""

    message = "เลขใหม่เหมือนเลขเดิม จึงไม่มีอะไรให้แก้ กรุณาตรวจเลขที่กรอก"


class NumberChangedMeanwhile(RuleViolation):
    """The student has another number now than when it was asked for."""

    message = "เลขประจำตัวของนักเรียนคนนี้เปลี่ยนไปแล้วหลังจากยื่นคำขอ กรุณาตรวจสอบแล้วยื่นคำขอใหม่"
    status = 409


class NumberOverTime(NamedTuple):
    """One number of a student: until when it held, and what took its place, why and by whom; the present one is open."""

    number: str
    until: dt.datetime | None = None
    ground: NumberGround | None = None
    by: str = ""


# ── Whose it is ──────────────────────────────────────────────────────────────────────────────────────────


def student_by_number(number: str) -> Student:
    """The viewer's student who has this number or had it before; NotYours (404) otherwise.

    Of several (the same number in two schools of an area) the one who has it now, the newest record first.
    """
    access.viewer().require(access.Action.READ, "student")
    number = identity.normalise_identity(number)
    found = db.session.scalar(
        sa.select(Student).where(Student.national_id == number).order_by(Student.id.desc()).limit(1)
    )
    if found is None:
        former = NumberChange.students_who_had(db.session.connection(), number)
        query = sa.select(Student).where(Student.id.in_(former)).order_by(Student.id.desc())
        found = db.session.scalar(query.limit(1))
    if found is None:
        raise NotYours
    return found


def numbers_of(student: Student) -> list[NumberOverTime]:
    """All numbers of a student the viewer may see, the first one first and the present one last."""
    with set_based(SetWork.IDENTITY):
        query = sa.select(_CHANGE).where(_CHANGE.c.student_id == student.id).order_by(_CHANGE.c.id)
        rows = db.session.connection().execute(query).all()
    former = [NumberOverTime(row.old_number, row.changed_at, row.ground, row.changed_by) for row in rows]
    return [*former, NumberOverTime(student.national_id)]


# ── Replacing ────────────────────────────────────────────────────────────────────────────────────────────


def require_free(number: str, student_id: int | None = None) -> None:
    """Refuse a number that another student of the country has (NumberTaken) or had (rules.NumberUsedBefore)."""
    masked = identity.mask_identity(number)
    with set_based(SetWork.IDENTITY):
        connection = db.session.connection()
        holders = set(connection.scalars(sa.select(_STUDENT.c.id).where(_STUDENT.c.national_id == number)))
        if holders - {student_id}:
            raise NumberTaken(number=masked)
        former = sa.select(_CHANGE.c.student_id).where(_CHANGE.c.old_number == number)
        if set(connection.scalars(former)) - {student_id}:
            raise rules.NumberUsedBefore(number=masked)


def require_replaceable(student: Student, old: str, new: str) -> None:
    """Refuse what could not be done anyway, when it is asked for and once more when it is decided."""
    if student.national_id != old:
        raise NumberChangedMeanwhile
    if old == new:
        raise NumberAsBefore
    if identity.kind_of(new) != "national":
        raise NumberNotReal
    require_free(new, student.id)


def replace_number(
    student: Student, old: str, new: str, ground: NumberGround, request_id: int | None = None
) -> NumberChange:
    """Give a student another number and keep both. Called by the verbs that decide a request, and no others.

    Of two that ask for one number at once the second waits and is refused. ``new`` is a number of the civil
    registration, or a G-code that was issued for the student.
    """
    with set_based(SetWork.IDENTITY):
        entering.hold_numbers(db.session.connection(), [new])
    locked = db.session.scalar(sa.select(Student).where(Student.id == student.id).with_for_update())
    if locked is None or locked.national_id != old:
        raise NumberChangedMeanwhile
    if ground is not NumberGround.ISSUED:
        require_replaceable(student, old, new)
    viewer = access.viewer()
    change = NumberChange(
        student_id=student.id,
        school_code=student.school_code,
        old_number=old,
        new_number=new,
        ground=ground,
        request_id=request_id,
        changed_at=lock.now(),
        changed_by=viewer.name,
        changed_by_id=viewer.id,
    )
    db.session.flush()
    with set_based(SetWork.RENUMBER):
        student.national_id, student.identity_type = new, rules.identity_type_of(new)
        db.session.add(change)
        db.session.flush()
    return change


def known_numbers(numbers: list[str]) -> Iterator[str]:
    """Of these numbers those that some student of the country has or had, or that were issued."""
    with set_based(SetWork.IDENTITY):
        connection = db.session.connection()
        for column in (_STUDENT.c.national_id, _CHANGE.c.old_number, _G.c.number):
            yield from connection.scalars(sa.select(column).where(column.in_(numbers)))
