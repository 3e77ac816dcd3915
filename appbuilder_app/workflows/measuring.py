"""Weighing and measuring a class: its pupils with what is known, and recording what was measured, cell by cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from .. import access
from ..access import Action
from ..bilingual import Sentence
from ..codes import Grade
from ..dataset import validation
from ..dataset.sight import require_shown
from ..declaration import db, fields_of
from ..errors import InvalidRow, NotYours
from ..kinds import NotReadable
from ..models import School, Student
from ..rules import Reference, Status
from . import nutrition
from .checklist import school_looked_after

CELLS: Final = ("weight_kg", "height_cm")
MOST_AT_ONCE: Final = 500
"""So many pupils no class has; a request with more is no grid's."""


class Room(NamedTuple):
    """A class and how many of it are measured."""

    grade: Grade
    room: int
    students: int
    measured: int

    @property
    def name(self) -> str:
        """``ป.6/1``."""
        return Sentence("{grade}/{room}", grade=self.grade.short, room=self.room)


@dataclass(frozen=True)
class Cell:
    """What somebody has typed for a pupil. ``seen`` is what the screen showed before, by cell.

    A cell that is not in ``typed`` is left alone; an empty text takes the value away.
    """

    student_id: int
    typed: Mapping[str, str]
    seen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recorded:
    """What became of a pupil's cells: the values that stand now, the status, and what was refused, by cell."""

    student_id: int
    values: Mapping[str, str]
    status: Status
    measured_on: dt.date | None
    problems: Mapping[str, str]


def rooms_of(school_code: str) -> list[Room]:
    """The classes of a school in their order, in one statement."""
    _may_look()
    school = school_looked_after(school_code)
    both = sa.and_(Student.weight_kg.is_not(None), Student.height_cm.is_not(None))
    query = (
        sa.select(Student.grade, Student.room, sa.func.count(), sa.func.sum(sa.case((both, 1), else_=0)))
        .where(Student.scope == school.scope)
        .group_by(Student.grade, Student.room)
    )
    return sorted(Room(*row) for row in db.session.execute(query))


def pupils_of(school_code: str, grade: Grade, room: int) -> tuple[School, Sequence[Student]]:
    """The pupils of a class by their numbers; NotYours (404) when there is no such class."""
    _may_look()
    school = school_looked_after(school_code)
    query = sa.select(Student).filter_by(school_code=school.code, grade=grade, room=room)
    pupils = db.session.scalars(query.order_by(Student.student_number, Student.id)).all()
    if not pupils:
        raise NotYours
    return school, pupils


def record(school_code: str, cells: Iterable[Cell], on: dt.date) -> list[Recorded]:
    """Write what was measured on a day; each cell that is wrong is told, the others are kept.

    Right, scope, lock and history are those of every write of a student. A value that somebody else has written since
    the screen showed it is not overwritten: the cell tells what stands there now.
    """
    _may_look()
    access.viewer().require(Action.WRITE, Student.__tablename__)
    school = school_looked_after(school_code)
    given = {cell.student_id: cell for cell in [*cells][:MOST_AT_ONCE]}
    query = (
        sa.select(Student).where(Student.scope == school.scope, Student.id.in_(given)).order_by(Student.id)
    )
    found = {pupil.id: pupil for pupil in db.session.scalars(query)}
    if len(found) != len(given):
        raise NotYours
    by = nutrition.reference()
    told = [_write(found[key], given[key], on, by) for key in sorted(given)]
    db.session.flush()
    return told


def date_the_undated(school_code: str, grade: Grade, room: int, on: dt.date) -> int:
    """Give this day to pupils of a class who have measures without one, as imported files leave them."""
    access.viewer().require(Action.WRITE, Student.__tablename__)
    _school, pupils = pupils_of(school_code, grade, room)
    undated = [pupil for pupil in pupils if pupil.measured_on is None and _is_measured(pupil)]
    for pupil in undated:
        pupil.measured_on = on
    db.session.flush()
    return len(undated)


def shown(pupil: Any, name: str) -> str:
    """A value as the grid shows it and sends it back: ``33.5``, ``141``; empty for none."""
    return plain(getattr(pupil, name))


def plain(value: Any) -> str:
    """A measure without needless zeros."""
    return "" if value is None else f"{Decimal(value).normalize():f}"


def _write(pupil: Student, cell: Cell, on: dt.date, by: Reference) -> Recorded:
    problems: dict[str, str] = {}
    before = {name: getattr(pupil, name) for name in nutrition.MEASURES}
    for name in CELLS:
        if name in cell.typed:
            _take(pupil, name, cell, problems)
    if any(getattr(pupil, name) != before[name] for name in CELLS):
        pupil.measured_on = on if _is_measured(pupil) else None
        if wrong := _what_is_wrong(pupil, on):
            for name, value in before.items():
                setattr(pupil, name, value)
            problems |= dict.fromkeys(cell.typed, wrong)
    values = {name: shown(pupil, name) for name in CELLS}
    return Recorded(pupil.id, values, nutrition.status_of(pupil, by), pupil.measured_on, problems)


def _what_is_wrong(pupil: Student, on: dt.date) -> str | None:
    if on < pupil.birth_date:
        return Sentence("วันที่ชั่งวัดต้องไม่อยู่ก่อนวันเกิด กรุณาตรวจปี พ.ศ.")
    try:
        validation.require_valid(pupil)
    except InvalidRow as wrong:
        return wrong.problems[0].message
    return None


def _take(pupil: Student, name: str, cell: Cell, problems: dict[str, str]) -> None:
    try:
        value = validation.read_field(fields_of(Student)[name], cell.typed[name])
    except NotReadable as wrong:
        problems[name] = wrong.args[0]
        return
    value = None if value is None else Decimal(value).quantize(_TENTH)
    if value == getattr(pupil, name):
        return
    if name in cell.seen and cell.seen[name] != shown(pupil, name):
        now = shown(pupil, name) or "–"
        problems[name] = Sentence("มีผู้อื่นบันทึกเป็น {now} แล้ว กรุณาตรวจก่อนพิมพ์ทับ", now=now)
        return
    setattr(pupil, name, value)


_TENTH: Final = Decimal("0.1")


def _is_measured(pupil: Student) -> bool:
    return pupil.weight_kg is not None or pupil.height_cm is not None


def _may_look() -> None:
    access.viewer().require(Action.READ, Student.__tablename__)
    require_shown(Student, nutrition.MEASURES)
