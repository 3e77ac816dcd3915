"""What is wrong with the demo's data, on purpose: so that checklists have something to show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa

from ..bulk import update_rows
from ..codes import Level
from ..declaration import db
from ..models import Student
from ..walls import SetWork, set_based
from ..workflows.headcounts import ages_of, counted_births
from .schools import School

CLEAN: Final = 40
"""So many schools after the two to try with are without fault, so that they can go on in the round."""

_TABLE: Final = Student.__table__
_Flaw = tuple[tuple[str, ...], tuple[Any, ...]]
"""Columns beginning with ``id``, and their values."""


def put_in(schools: Sequence[School], academic_year: int) -> None:
    """Spoil the learners of the first school a little, of the second more, of the last ones variously."""
    first, second, *others = schools
    faulty = others[CLEAN:]
    with set_based(SetWork.DEMO):
        pupils = _pupils([first, second, *faulty])
        flaws = [*_of_first(pupils[first.code], academic_year)]
        flaws += _of_second(pupils[second.code], pupils[faulty[0].code], academic_year) if faulty else []
        for at, school in enumerate(faulty):
            flaws += _of_other(at, pupils[school.code], pupils[faulty[at - 1].code], academic_year)
        _write(flaws)
        if faulty:
            _empty_top_grade(min(faulty, key=lambda school: school.students))


def _pupils(schools: Sequence[School]) -> dict[str, list[Any]]:
    query = (
        sa.select(_TABLE)
        .where(_TABLE.c.school_code.in_([school.code for school in schools]))
        .order_by(_TABLE.c.school_code, _TABLE.c.grade, _TABLE.c.room, _TABLE.c.id)
    )
    found = db.session.connection().execute(query)
    by_school = {code: list(rows) for code, rows in groupby(found, key=lambda row: row.school_code)}
    return {school.code: by_school.get(school.code, []) for school in schools}


def _of_first(pupils: Sequence[Any], academic_year: int) -> Iterator[_Flaw]:
    """Two things to mend, in a minute, and one to look at."""
    yield _weightless(pupils[30])
    yield _unmeasured(pupils[100])
    yield _too_young(pupils[0], academic_year)


def _of_second(pupils: Sequence[Any], neighbours: Sequence[Any], academic_year: int) -> Iterator[_Flaw]:
    yield from (_unmeasured(pupils[at]) for at in (4, 23, 71, 72))
    yield _misnumbered(pupils[50])
    yield _too_old(pupils[-1], academic_year)
    if neighbours:
        yield _same_child(pupils[90], neighbours[0])


def _of_other(
    at: int, pupils: Sequence[Any], neighbours: Sequence[Any], academic_year: int
) -> Iterator[_Flaw]:
    """Every fifth school is without fault, too, but has not confirmed yet."""
    if at % 5 == 0:
        return
    step = max(1, len(pupils) // 7)
    for number, pupil in enumerate(pupils[::step][: 1 + at * 7 % 6]):
        yield _weightless(pupil) if number % 2 else _unmeasured(pupil)
    if at % 9 == 1:
        yield _misnumbered(pupils[-2])
    if at % 11 == 2:
        yield _same_child(pupils[-3], neighbours[-4])
    if at % 13 == 3:
        yield _too_old(pupils[-1], academic_year)


def _weightless(pupil: Any) -> _Flaw:
    return ("id", "weight_kg"), (pupil.id, None)


def _unmeasured(pupil: Any) -> _Flaw:
    return ("id", "weight_kg", "height_cm", "measured_on"), (pupil.id, None, None, None)


def _misnumbered(pupil: Any) -> _Flaw:
    """A check digit that does not match, as older systems let pass."""
    number = pupil.national_id
    return ("id", "national_id"), (pupil.id, number[:-1] + str((int(number[-1]) + 1) % 10))


def _same_child(pupil: Any, there: Any) -> _Flaw:
    """The pupil becomes one who is enrolled at another school, too."""
    names = ("national_id", "identity_type", "title", "first_name", "last_name", "sex", "birth_date")
    return ("id", *names), (pupil.id, *(getattr(there, name) for name in names))


def _too_young(pupil: Any, academic_year: int) -> _Flaw:
    last = counted_births(Level.KINDERGARTEN, academic_year, ages_of(None))[1]
    return ("id", "birth_date"), (pupil.id, last + dt.timedelta(days=66))


def _too_old(pupil: Any, academic_year: int) -> _Flaw:
    first = counted_births(Level.PRIMARY, academic_year, ages_of(None))[0]
    return ("id", "birth_date"), (pupil.id, first - dt.timedelta(days=100))


def _write(flaws: Sequence[_Flaw]) -> None:
    ordered = sorted(flaws, key=lambda flaw: flaw[0])
    for columns, rows in groupby(ordered, key=lambda flaw: flaw[0]):
        update_rows(db.session.connection(), _TABLE, columns, [values for _, values in rows])


def _empty_top_grade(school: School) -> None:
    """The leavers of the highest grade were taken out too early, as §1.4 warns."""
    gone = (_TABLE.c.school_code == school.code, _TABLE.c.grade == school.highest_grade)
    db.session.connection().execute(sa.delete(_TABLE).where(*gone))
