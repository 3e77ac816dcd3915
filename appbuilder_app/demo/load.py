"""Loads synthetic schools and learners as sets, at any size up to the nation: areas, one COPY each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from .. import models
from ..access import CENTRE
from ..bulk import copy_rows
from ..codes import Living, Relation, SchoolStatus, SchoolType
from ..declaration import db
from ..reference import service_areas
from ..walls import SetWork, set_based
from . import details
from .people import COLUMNS, Student, students
from .schools import SAMPLE_SCHOOL, School, counts_by_area, schools

AREA: Final = SAMPLE_SCHOOL[:4]
AREA_SCHOOLS: Final = 139
# From here on building the indexes afterwards is quicker than keeping them up to date row by row.
_LARGE: Final = 200_000

Tell = Callable[[str], None]
Learners = Callable[[School], Iterable[Student]]

_SCHOOL_COLUMNS: Final = (
    "code", "scope", "moe_code", "obec_code", "name", "english_name", "area_code", "director_name",
    "lowest_grade", "highest_grade", "subdistrict", "district", "province", "school_type", "status",
)  # fmt: skip
_STUDENT_COLUMNS: Final = (
    "school_code", "scope", *COLUMNS[:-2], "living", "pending_discharge", *details.COLUMNS,
)  # fmt: skip


class Size(NamedTuple):
    """How much is loaded: at most so many areas, and none once so many schools or learners are there.

    The first area, the demo's own, is always loaded whole.
    """

    areas: int = 1
    schools: int | None = None
    learners: int | None = None


NATION: Final = Size(areas=len(service_areas()))


class Loaded(NamedTuple):
    """What a load has put in, and how long the learners took."""

    areas: int
    schools: int
    learners: int
    seconds: float

    @property
    def rows_per_second(self) -> int:
        """Learners written in a second."""
        return round(self.learners / self.seconds) if self.seconds else 0


def planned(size: Size, seed: int) -> Iterator[list[School]]:
    """The schools of each area, the demo's own area first, until the size is reached."""
    usual = {**counts_by_area(), AREA: AREA_SCHOOLS}
    codes = [AREA, *(code for code in usual if code != AREA)][: size.areas]
    reached = learners = 0
    for code in codes:
        made = schools(code, usual[code], seed)
        if size.schools is not None and reached:
            made = made[: size.schools - reached]
        yield made
        reached, learners = reached + len(made), learners + sum(school.students for school in made)
        if reached >= (size.schools or sys.maxsize) or learners >= (size.learners or sys.maxsize):
            return


def absent(areas: Iterable[list[School]]) -> list[list[School]]:
    """Those areas of which no school is there yet: a load can be repeated, and a larger one adds to it."""
    with set_based(SetWork.DEMO):
        query = sa.select(models.School.__table__.c.area_code).distinct()
        there = set(db.session.connection().scalars(query))
    return [made for made in areas if made and made[0].area_code not in there]


def load_schools(areas: Sequence[Sequence[School]]) -> None:
    """The schools' rows."""
    rows = (_school_row(school) for made in areas for school in made)
    with set_based(SetWork.DEMO):
        copy_rows(db.session.connection(), models.School.__table__, _SCHOOL_COLUMNS, rows)


def load_learners(areas: Sequence[Sequence[School]], learners: Learners, tell: Tell) -> Loaded:
    """The learners' rows, area by area, so that memory does not grow with the nation.

    The open round's lock is asked by the database for every statement: there must be an open edit window.
    """
    connection = db.session.connection()
    expected = sum(school.students for made in areas for school in made)
    count, started = 0, perf_counter()
    with set_based(SetWork.DEMO), indexed_afterwards(connection, expected):
        for made in areas:
            area_started = perf_counter()
            rows = (row for school in made for row in _student_rows(school, list(learners(school))))
            added = copy_rows(connection, models.Student.__table__, _STUDENT_COLUMNS, rows)
            count += added
            if len(areas) > 1:
                rate = added / (perf_counter() - area_started)
                tell(f"{made[0].area_code}: {len(made):,} โรงเรียน {added:,} คน ({rate:,.0f} แถว/วินาที)")
    seconds = perf_counter() - started
    return Loaded(len(areas), sum(map(len, areas)), count, seconds)


def of_year(academic_year: int, seed: int, incomplete: float = 0.005) -> Learners:
    """The generator for an academic year."""
    return lambda school: students(school, seed, academic_year=academic_year, incomplete=incomplete)


def scope_of(school: School) -> str:
    """The scope path of a school."""
    return f"{CENTRE}/{school.area_code}/{school.code}"


_TYPES: Final = {kind.value: kind.value for kind in SchoolType}


def _school_row(school: School) -> tuple[Any, ...]:
    return (
        school.code, scope_of(school), school.moe_code, school.obec_code, school.name, school.english_name,
        school.area_code, school.director_name, school.lowest_grade, school.highest_grade,
        school.subdistrict, school.district, school.province, _TYPES[school.code[4]], SchoolStatus.OPEN.value,
    )  # fmt: skip


def _student_rows(school: School, learners: Sequence[Student]) -> Iterator[tuple[Any, ...]]:
    scope = scope_of(school)
    for learner, more in zip(learners, details.details(school, learners), strict=True):
        *facts, boarding, pending = learner
        living = _DORMITORY if boarding else _OF_GUARDIAN.get(learner.guardian_relation, _RELATIVES)
        yield (school.code, scope, *facts, living, pending, *more)


_DORMITORY: Final = Living.DORMITORY.value
_RELATIVES: Final = Living.RELATIVES.value
_OF_GUARDIAN: Final = dict.fromkeys((Relation.FATHER.value, Relation.MOTHER.value), Living.PARENTS.value)


# ── A large load on PostgreSQL ───────────────────────────────────────────────────────────────────────────


@contextmanager
def indexed_afterwards(connection: sa.Connection, expected: int) -> Iterator[None]:
    """Without the learners' secondary indexes and foreign keys meanwhile, which cost ten times the COPY.

    In the load's own transaction: when it fails, they are as before. The triggers stay.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    if expected < _LARGE or not connection.scalar(_IS_OWNER):
        yield
        # Otherwise the planner reads through a table that it takes for empty, school after school.
        connection.exec_driver_sql("ANALYZE student")
        return
    constraints = list(connection.execute(_CONSTRAINTS))
    indexes = list(connection.execute(_INDEXES))
    for name, _ in constraints:
        connection.exec_driver_sql(f'ALTER TABLE student DROP CONSTRAINT "{name}"')
    for name, _ in indexes:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    yield
    connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
    for _, definition in indexes:
        connection.exec_driver_sql(definition)
    for name, definition in constraints:
        connection.exec_driver_sql(f'ALTER TABLE student ADD CONSTRAINT "{name}" {definition}')
    connection.exec_driver_sql("ANALYZE student")


_IS_OWNER: Final = sa.text(
    "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'student'::regclass"
)
_CONSTRAINTS: Final = sa.text(
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE conrelid = 'student'::regclass AND contype IN ('f', 'u') ORDER BY contype, conname"
)
_INDEXES: Final = sa.text(
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = 'student'"
    " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname) ORDER BY indexname"
)
