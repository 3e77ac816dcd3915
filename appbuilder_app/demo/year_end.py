"""The end of the demo's last academic year: everybody's results, and what the turn of the year made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from ..access import CENTRE
from ..codes import GRADUATING, AfterFail, FailCriterion, Grade, StudentStatus
from ..declaration import db
from ..models import CollectionRound, PromotionShare, School, Student, YearResult
from ..rules import END_OF_YEAR
from ..walls import SetWork, set_based
from . import calendar, load
from .calendar import Place
from .identities import national_id, running_numbers
from .load import Learners
from .people import Student as Learner
from .schools import School as MadeUp
from .words import seeded, words

_STUDENT, _SCHOOL, _RESULT = Student.__table__, School.__table__, YearResult.__table__
_REPEATS: Final = 97
"""One of so many had to repeat."""
_GRADUATES: Final = 8
# Graduates' numbers, above those of the leavers.
_FIRST_GRADUATE: Final = 995_000


def begin(academic_year: int) -> CollectionRound:
    """The end-of-year round of the year before, open: it has to be there before any of this year's is closed."""
    return calendar.create_open(Place(academic_year - 1, END_OF_YEAR))


def tell(one: CollectionRound, schools: Sequence[MadeUp], learners: Learners, seed: int) -> None:
    """The results of these schools' students in the round, which is closed then.

    Who is in a school's lowest grade has come since. Some graduates of the first two schools are in the register still.
    """
    place = Place(one.academic_year, END_OF_YEAR)
    _load_graduates(schools[:2], learners, seed)
    with set_based(SetWork.DEMO):
        connection = db.session.connection()
        connection.execute(_results(one, [school.code for school in schools]))
        figures = _figures(connection, one)
    # Windows are never taken away: of two of one place the newer decides.
    calendar.set_windows(one, place)
    calendar.close(one, place)
    share = {"closed_round_id": one.id, "area_code": schools[0].area_code, "doing": False, "version": 1}
    told = {"scope": f"{CENTRE}/{schools[0].area_code}", "done_at": one.closed_at, "done_by": one.closed_by}
    with set_based(SetWork.DEMO):
        db.session.connection().execute(sa.insert(PromotionShare.__table__).values(share | told | figures))


def _load_graduates(schools: Sequence[MadeUp], learners: Learners, seed: int) -> None:
    made = {school: _graduates(school, list(learners(school)), seed) for school in schools}
    load.load_learners([schools], lambda school: made[school], tell=lambda _: None)
    numbers = [one.national_id for some in made.values() for one in some]
    with set_based(SetWork.DEMO):
        gone = sa.update(_STUDENT).where(_STUDENT.c.national_id.in_(numbers))
        db.session.connection().execute(gone.values(status=StudentStatus.GRADUATED))


def _graduates(school: MadeUp, now: Sequence[Learner], seed: int) -> list[Learner]:
    """A few of the highest grade of the year before: like those of now, a year older and of other names."""
    rng = seeded("graduates", seed, school.code)
    models = [one for one in now if one.grade == school.highest_grade][:_GRADUATES]
    first = _FIRST_GRADUATE + school.first_serial % 4_000
    names = words("first_names_male"), words("first_names_female")
    return [
        one._replace(
            national_id=national_id("1", school.province_code, number),
            first_name=rng.choice(names[one.sex != "M"]),
            student_number=f"0{at:04}",
            birth_date=one.birth_date.replace(year=one.birth_date.year - 1, day=min(one.birth_date.day, 28)),
        )
        for at, (one, number) in enumerate(
            zip(models, running_numbers(school.slot, first, len(models)), strict=True), start=3_001
        )
    ]


def _results(one: CollectionRound, codes: Sequence[str]) -> sa.Insert:
    """Passed with few exceptions, in the grade of before; who repeats is in it still."""
    graduated = _STUDENT.c.status == StudentStatus.GRADUATED
    repeats = sa.and_(~graduated, sa.func.mod(_STUDENT.c.id, _REPEATS) == 0)
    before = {grade: _before(grade) for grade in Grade if _before(grade) is not None}
    moved = sa.case(
        *(
            (_STUDENT.c.grade == grade, sa.literal(earlier, _RESULT.c.grade.type))
            for grade, earlier in before.items()
        )
    )
    same = sa.or_(graduated, repeats)
    grade = sa.case((same, _STUDENT.c.grade), else_=moved)
    columns: dict[str, Any] = {
        "school_code": _STUDENT.c.school_code,
        "scope": _STUDENT.c.scope,
        "version": sa.literal(1),
        "round_id": sa.literal(one.id),
        "academic_year": sa.literal(one.academic_year),
        "student_id": _STUDENT.c.id,
        "grade": grade,
        "sat": sa.true(),
        "criterion": sa.case((repeats, FailCriterion.SUBJECTS.value)),
        "after_fail": sa.case((repeats, AfterFail.REPEAT.value)),
        "destination": sa.case(
            (
                graduated,
                sa.case((_STUDENT.c.grade == Grade.P6, "102"), (_STUDENT.c.grade == Grade.M3, "201")),
            ),
            (sa.and_(~repeats, _STUDENT.c.grade == Grade.M1), "101"),
            (sa.and_(~repeats, _STUDENT.c.grade == Grade.M4), "201"),
        ),
    }
    chosen = (
        sa.select(*columns.values())
        .join(_SCHOOL, _SCHOOL.c.code == _STUDENT.c.school_code)
        .where(_STUDENT.c.school_code.in_(codes))
        .where(sa.or_(same, _STUDENT.c.grade > _SCHOOL.c.lowest_grade), grade.is_not(None))
    )
    return sa.insert(_RESULT).from_select(list(columns), chosen)


def _before(grade: Grade) -> Grade | None:
    """The grade from which one comes into this one."""
    if grade is Grade.V1:
        return Grade.M3
    grades = list(Grade)
    return grades[grades.index(grade) - 1] if grade is not grades[0] else None


def _figures(connection: sa.Connection, one: CollectionRound) -> dict[str, Any]:
    """What the turn of the year counted."""
    found = dict.fromkeys(("promoted", "continued", "repeated", "graduated"), 0)
    joined = sa.join(_RESULT, _STUDENT, _STUDENT.c.id == _RESULT.c.student_id)
    columns = (_RESULT.c.grade, _RESULT.c.criterion, _STUDENT.c.status)
    query = sa.select(*columns, sa.func.count()).select_from(joined).where(_RESULT.c.round_id == one.id)
    for grade, criterion, status, number in connection.execute(query.group_by(*columns)):
        ended = "graduated" if status is StudentStatus.GRADUATED else "continued"
        name = "repeated" if criterion is not None else ended if grade in GRADUATING else "promoted"
        found[name] += number
    return found | {"left_over": 0, "why": {}}
