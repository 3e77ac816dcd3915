"""How many students: by grade, sex and room, with totals, and who falls out of the counted ages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple, Self

import sqlalchemy as sa

from .. import rules
from ..bilingual import Label
from ..codes import Disability, Disadvantage, Grade, Level, Living, Sex
from ..dataset import lock
from ..declaration import db
from ..models import CollectionRound, DuplicateRecord, Headcount, Roster, School, Student, Submission
from ..thaidate import to_ce


class Ages(NamedTuple):
    """The youngest and the oldest age that the budget's statistics count."""

    youngest: int
    oldest: int


def ages_of(one: CollectionRound | None) -> Ages:
    """The counted ages that a round has fixed; the usual ones where there is no round."""
    fixed = one.judged_by if one is not None else {}
    return Ages(rules.given(fixed, rules.COUNTED_FROM), rules.given(fixed, rules.COUNTED_TO))


class GradeCount(NamedTuple):
    """Students of one grade and their rooms."""

    grade: Grade
    male: int
    female: int
    rooms: int

    @property
    def total(self) -> int:
        """Students of both sexes."""
        return self.male + self.female


@dataclass(frozen=True)
class Totals:
    """Figures of a whole school that money or follow-up hangs on; each counts students.

    ``boarding`` are ประจำพักนอน, ``g_code`` students without a national ID, ``pending`` those of menu 3.1.8;
    ``under_age`` and ``over_age`` fall out of the counted ages; ``uncounted`` are in no other figure,
    because a case of duplicates about them is open past its deadline.
    """

    disadvantaged: int = 0
    poor: int = 0
    disabled: int = 0
    boarding: int = 0
    g_code: int = 0
    pending: int = 0
    under_age: int = 0
    over_age: int = 0
    uncounted: int = 0

    def __add__(self, other: Self) -> Totals:
        theirs = asdict(other)
        return Totals(**{name: value + theirs[name] for name, value in asdict(self).items()})


TOTALS: Final[dict[str, Any]] = {
    "disadvantaged": Label("ด้อยโอกาส", "Disadvantaged"),
    "poor": Label("ในจำนวนนี้ยากจน", "of these poor"),
    "disabled": Label("พิการ", "With a disability"),
    "boarding": Label("ประจำพักนอน", "Boarding"),
    "g_code": Label("ติด G (ไม่มีเลขประจำตัวประชาชน)", "G-code (no national ID)"),
    "pending": Label("ยังไม่สามารถจำหน่ายได้ (3.1.8)", "Pending discharge (3.1.8)"),
    "under_age": Label("อายุไม่ถึงเกณฑ์ที่นับ", "Younger than is counted"),
    "over_age": Label("อายุเกินเกณฑ์ที่นับ", "Older than is counted"),
    "uncounted": Label("ยังไม่นับ เพราะเรื่องซ้ำซ้อนยังไม่ยุติ", "Not counted: a case of duplicates is open"),
}
"""Of each total its label."""


@dataclass(frozen=True)
class Headcounts:
    """A school's figures, live or frozen; ``grades`` in their order, opened but empty ones included."""

    grades: tuple[GradeCount, ...] = ()
    totals: Totals = field(default_factory=Totals)

    @property
    def male(self) -> int:
        """Boys of all grades."""
        return sum(row.male for row in self.grades)

    @property
    def female(self) -> int:
        """Girls of all grades."""
        return sum(row.female for row in self.grades)

    @property
    def rooms(self) -> int:
        """Rooms of all grades."""
        return sum(row.rooms for row in self.grades)

    @property
    def students(self) -> int:
        """All students."""
        return self.male + self.female

    def of_grade(self, grade: Grade) -> GradeCount:
        """One grade's row; zeros when the grade is not there."""
        return next((row for row in self.grades if row.grade is grade), GradeCount(grade, 0, 0, 0))


# ── Counted ages (§ statistics used for the budget) ──────────────────────────────────────────────────────


def counted_births(level: Level, academic_year: int, ages: Ages) -> tuple[dt.date, dt.date]:
    """First and last birth date that the budget's statistics count, for a Buddhist Era academic year.

    Kindergarten by completed years on 16 May, primary and up by birth year.
    """
    year = to_ce(academic_year)
    if level is Level.KINDERGARTEN:
        return dt.date(year - ages.oldest - 1, 5, 17), dt.date(year - ages.youngest, 5, 16)
    return dt.date(year - ages.oldest, 1, 1), dt.date(year - ages.youngest, 12, 31)


def is_under_age(grade: Grade, born: dt.date, academic_year: int, ages: Ages) -> bool:
    """True when the budget does not count this student yet."""
    return born > _births_by_grade(academic_year, ages)[grade][1]


def is_over_age(grade: Grade, born: dt.date, academic_year: int, ages: Ages) -> bool:
    """True when the budget no longer counts this student."""
    return born < _births_by_grade(academic_year, ages)[grade][0]


@lru_cache(maxsize=8)
def _births_by_grade(academic_year: int, ages: Ages) -> dict[Grade, tuple[dt.date, dt.date]]:
    return {grade: counted_births(grade.level, academic_year, ages) for grade in Grade}


def _outside_ages_sql(academic_year: int, ages: Ages, *, over: bool) -> sa.ColumnElement[bool]:
    kindergarten = Student.grade.in_(Level.KINDERGARTEN.grades)
    levels = (Level.KINDERGARTEN, Level.PRIMARY)
    small, big = (counted_births(level, academic_year, ages) for level in levels)
    bound = sa.case((kindergarten, small[0 if over else 1]), else_=big[0 if over else 1])
    return Student.birth_date < bound if over else Student.birth_date > bound


# ── Live ─────────────────────────────────────────────────────────────────────────────────────────────────


def opened_grades(school: School) -> tuple[Grade, ...]:
    """The grades a school opens, lowest first."""
    return tuple(grade for grade in Grade if school.lowest_grade <= grade <= school.highest_grade)


def live(school: School, one: CollectionRound) -> Headcounts:
    """The school's figures as of now, in two statements. The round decides which ages are counted."""
    rows = {row.grade: row for row in db.session.execute(_by_grade(school, one))}
    grades = sorted({*opened_grades(school), *rows})
    counts = (
        GradeCount(grade, rows[grade].male, rows[grade].female, rows[grade].rooms)
        if grade in rows
        else GradeCount(grade, 0, 0, 0)
        for grade in grades
    )
    totals = sum((_totals_of(row) for row in rows.values()), Totals(uncounted=uncounted(school)))
    return Headcounts(tuple(counts), totals)


def uncounted(school: School) -> int:
    """Students who count for nobody, because a case of duplicates about them is open past its deadline."""
    query = sa.select(sa.func.count()).select_from(Student)
    return db.session.scalar(query.where(_of(school), held_back())) or 0


def _of(school: School) -> sa.ColumnElement[bool]:
    return sa.and_(Student.scope == school.scope, Student.is_enrolled)


def held_back() -> sa.ColumnElement[bool]:
    """For a query on students: who counts for nobody just now."""
    return DuplicateRecord.counts_for_nobody(Student.scope, Student.id, lock.now())


def _by_grade(school: School, one: CollectionRound) -> sa.Select[*tuple[Any, ...]]:
    year, ages = one.academic_year, ages_of(one)
    return (
        sa.select(
            Student.grade,
            _count(Student.sex == Sex.MALE).label("male"),
            _count(Student.sex == Sex.FEMALE).label("female"),
            sa.func.count(Student.room.distinct()).label("rooms"),
            _count(Student.disadvantage != Disadvantage.NONE).label("disadvantaged"),
            _count(Student.disadvantage == Disadvantage.POOR).label("poor"),
            _count(Student.disability != Disability.NONE).label("disabled"),
            _count(Student.living == Living.DORMITORY).label("boarding"),
            _count(Student.national_id.startswith("G")).label("g_code"),
            _count(Student.pending_discharge).label("pending"),
            _count(_outside_ages_sql(year, ages, over=False)).label("under_age"),
            _count(_outside_ages_sql(year, ages, over=True)).label("over_age"),
        )
        .where(_of(school), ~held_back())
        .group_by(Student.grade)
    )


def _count(predicate: Any) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((predicate, 1), else_=0)), 0)


def _totals_of(row: Any) -> Totals:
    counted = Totals.__dataclass_fields__.keys() - {"uncounted"}
    return Totals(**{name: int(getattr(row, name)) for name in counted})


# ── Frozen ───────────────────────────────────────────────────────────────────────────────────────────────


def totals_json(totals: Totals) -> dict[str, Any]:
    """The totals as a roster keeps them."""
    return asdict(totals)


def frozen(roster: Roster) -> Headcounts:
    """The figures frozen with a roster."""
    query = sa.select(Headcount).where(Headcount.roster_id == roster.id)
    rows = sorted(db.session.scalars(query), key=lambda row: row.grade)
    grades = tuple(GradeCount(row.grade, row.male, row.female, row.rooms) for row in rows)
    return Headcounts(grades, _totals_from(roster.counts["totals"]))


def _totals_from(kept: Mapping[str, Any]) -> Totals:
    # A total that was not yet known when the roster was frozen reads as zero.
    return Totals(**{name: kept.get(name, 0) for name in Totals.__dataclass_fields__})


class LastRound(NamedTuple):
    """The round before and what the school confirmed in it."""

    round: CollectionRound
    counts: Headcounts


def last_round(school: School, before: CollectionRound) -> LastRound | None:
    """The school's frozen figures of the latest earlier round that it confirmed, to compare with; or None."""
    found = last_roster(school, before)
    return LastRound(found[1], frozen(found[0])) if found else None


def last_roster(school: School, before: CollectionRound) -> tuple[Roster, CollectionRound] | None:
    """What stands frozen of the latest earlier round of the same system that the school confirmed, if any."""
    place = sa.tuple_(CollectionRound.academic_year, CollectionRound.number)
    here = sa.tuple_(sa.literal(before.academic_year), sa.literal(before.number))
    query = (
        sa.select(Roster, CollectionRound)
        .join(Submission, Submission.round_id == CollectionRound.id)
        # The roster that stands: what was returned and never confirmed again is nothing to compare with.
        .join(Roster, Roster.id == Submission.roster_id)
        .where(Submission.school_code == school.code, CollectionRound.system == before.system, place < here)
        .order_by(CollectionRound.academic_year.desc(), CollectionRound.number.desc())
        .limit(1)
    )
    found = db.session.execute(query).one_or_none()
    return (found[0], found[1]) if found else None
