"""How each rule of ``rules/judging.py`` finds what it looks for in a school, in a number of statements that does

not grow with the school: its students' few columns in one, the IDs that are elsewhere, too, in another, the last
round's figures in two; the rest is arithmetic.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import sqlalchemy as sa

from .. import identity, rules
from ..bilingual import Sentence
from ..codes import Check, Disadvantage, Grade, Living, RoundSystem, StudentStatus
from ..dataset import lock
from ..dataset.sight import is_shown
from ..declaration import db
from ..models import (
    AdmissionPlan,
    CollectionRound,
    DuplicateRecord,
    School,
    Student,
    Submission,
    YearResult,
)
from ..rules import JudgingRule
from ..thaidate import thai_date, to_ce
from ..walls import SetWork, set_based
from . import collected, headcounts
from .headcounts import Ages

Bounds = Mapping[str, int]
THE_SCHOOL: Final = "school"
"""The subject of a rule that points at the school as a whole."""
_YEAR_BEGINS: Final = (5, 16)
_ADDRESS: Final = ("house_no", "village_no", "street", "subdistrict", "district", "province")


@dataclass(frozen=True)
class Found:
    """What a rule points at. ``subject`` is its name within the school, ``student:12``; ``fact`` tells more of it.

    ``pupils`` are the students concerned, one where the subject is a student.
    """

    subject: str
    label: str
    fact: Sentence | str = ""
    pupils: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Seen:
    """The school as the rules see it."""

    school: School
    round: CollectionRound | None
    academic_year: int

    @cached_property
    def pupils(self) -> Sequence[Any]:
        """Its students, by class; only what the rules ask for."""
        columns = [getattr(Student, name) for name in _COLUMNS]
        query = sa.select(*columns).where(Student.scope == self.school.scope, Student.is_enrolled)
        return db.session.execute(query.order_by(Student.grade, Student.room, Student.id)).all()

    @cached_property
    def elsewhere(self) -> frozenset[str]:
        """Those of its students' IDs that another school has, too."""
        return _ids_elsewhere(self.school, [pupil.national_id for pupil in self.pupils if pupil.national_id])

    @cached_property
    def uncounted(self) -> frozenset[int]:
        """Those of its students who count for nobody, because a case of duplicates is open past its deadline."""
        held_back = DuplicateRecord.counts_for_nobody(Student.scope, Student.id, lock.now())
        query = sa.select(Student.id).where(
            Student.scope == self.school.scope, Student.is_enrolled, held_back
        )
        return frozenset(db.session.scalars(query))

    @cached_property
    def results(self) -> Mapping[int, Any]:
        """What is recorded of their year's end, by student; only for the grade in which they are."""
        if self.round is None:
            return {}
        columns = (YearResult.student_id, YearResult.grade, YearResult.sat, YearResult.criterion,
                   YearResult.after_fail, YearResult.absence, YearResult.destination)  # fmt: skip
        query = sa.select(*columns).where(
            YearResult.scope == self.school.scope, YearResult.round_id == self.round.id
        )
        grades = {pupil.id: pupil.grade for pupil in self.pupils}
        return {
            row.student_id: row
            for row in db.session.execute(query)
            if grades.get(row.student_id) is row.grade
        }

    @cached_property
    def newcomers(self) -> frozenset[int]:
        """R20: its students who are new this year: who came in it, and of whom it has no result of the year before.

        Files of the national system do not tell when somebody came; then last year's results do, once there are any.
        """
        begins = dt.date(to_ce(self.academic_year), *_YEAR_BEGINS)
        last_year = YearResult.academic_year == self.academic_year - 1
        query = sa.select(YearResult.student_id).where(YearResult.scope == self.school.scope, last_year)
        known = frozenset(db.session.scalars(query))
        came = {pupil.id for pupil in self.pupils if pupil.admission_date and pupil.admission_date >= begins}
        if known:
            came |= {pupil.id for pupil in self.pupils if not pupil.admission_date} - known
        return frozenset(came)

    @cached_property
    def exam_date(self) -> dt.date | None:
        """The last day of its final exam, when it is told."""
        if self.round is None:
            return None
        mine = (Submission.round_id == self.round.id, Submission.school_code == self.school.code)
        return db.session.scalar(sa.select(Submission.exam_date).where(*mine))

    @cached_property
    def grades(self) -> frozenset[Grade]:
        """The grades it opens."""
        return frozenset(headcounts.opened_grades(self.school))

    @cached_property
    def top_grade(self) -> Grade:
        """The highest of them."""
        return max(self.grades)

    @cached_property
    def last(self) -> headcounts.LastRound | None:
        """What it confirmed in the round before, if anything."""
        return headcounts.last_round(self.school, self.round) if self.round is not None else None

    @cached_property
    def tables(self) -> tuple[collected.Counted, ...]:
        """How many rows it has in each dataset of another system."""
        return collected.counts_of(self.school, self.round.system) if self.round is not None else ()

    @property
    def amount(self) -> int:
        """Students, or rows of another system."""
        if self.round is None or self.round.system is RoundSystem.DMC:
            return len(self.pupils)
        return sum(table.number for table in self.tables)


_COLUMNS: Final = (
    "id", "national_id", "title", "first_name", "last_name", "grade", "room", "birth_date", "weight_kg",
    "height_cm", "living", "admission_date", "disadvantage", *_ADDRESS,
)  # fmt: skip


def found_by(rule: JudgingRule, seen: Seen) -> list[Found]:
    """All that a rule points at in a school."""
    return list(_FINDERS[rule.check](seen, rule.bounds))


def name_of(pupil: Any) -> str:
    """``ด.ช.ชื่อ สกุล``."""
    return f"{pupil.title.short}{pupil.first_name} {pupil.last_name}"


def room_of(pupil: Any) -> str:
    """``ป.6/1``."""
    return Sentence("{grade}/{room}", grade=pupil.grade.short, room=pupil.room)


# ── Students ─────────────────────────────────────────────────────────────────────────────────────────────

Fact = Sentence | str
Finder = Callable[[Seen, Bounds], Iterator[Found]]


def _each(wrong: Callable[[Any, Seen, Bounds], Fact | None]) -> Finder:
    """A rule of single students: ``wrong`` gives None where nothing is wrong, otherwise what there is to tell."""

    def find(seen: Seen, bounds: Bounds) -> Iterator[Found]:
        for pupil in seen.pupils:
            fact = wrong(pupil, seen, bounds)
            if fact is not None:
                yield Found(f"student:{pupil.id}", name_of(pupil), fact, (pupil,))

    return find


def _unmeasured(pupil: Any, *_: Any) -> Fact | None:
    return "" if pupil.weight_kg is None or pupil.height_cm is None else None


def _misnumbered(pupil: Any, *_: Any) -> Fact | None:
    return "" if identity.kind_of(pupil.national_id) == "other" else None


def _elsewhere_too(pupil: Any, seen: Seen, _: Bounds) -> Fact | None:
    """Not who counts for nobody any more: nothing is counted twice, and the area has the case before it."""
    return "" if pupil.national_id in seen.elsewhere and pupil.id not in seen.uncounted else None


def _uncounted(pupil: Any, seen: Seen, _: Bounds) -> Fact | None:
    return "" if pupil.id in seen.uncounted else None


def _in_unopened_grade(pupil: Any, seen: Seen, _: Bounds) -> Fact | None:
    return "" if pupil.grade not in seen.grades else None


def _counted(bounds: Bounds) -> Ages:
    return Ages(bounds["youngest"], bounds["oldest"])


def _under_age(pupil: Any, seen: Seen, bounds: Bounds) -> Fact | None:
    young = headcounts.is_under_age(pupil.grade, pupil.birth_date, seen.academic_year, _counted(bounds))
    return _age(pupil, seen) if young else None


def _over_age(pupil: Any, seen: Seen, bounds: Bounds) -> Fact | None:
    old = headcounts.is_over_age(pupil.grade, pupil.birth_date, seen.academic_year, _counted(bounds))
    return _age(pupil, seen) if old else None


def _odd_age(pupil: Any, seen: Seen, bounds: Bounds) -> Fact | None:
    """Who falls out of the counted ages is asked about once, by that rule."""
    ahead = completed_years(pupil.birth_date, seen.academic_year) - pupil.grade.standard_age
    if -bounds["younger"] <= ahead <= bounds["older"]:
        return None
    if _under_age(pupil, seen, bounds) is not None or _over_age(pupil, seen, bounds) is not None:
        return None
    return _age(pupil, seen)


def completed_years(born: dt.date, academic_year: int) -> int:
    """Age on 16 May, the first day of an academic year (Buddhist Era)."""
    year = to_ce(academic_year)
    return year - born.year - ((born.month, born.day) > _YEAR_BEGINS)


def _age(pupil: Any, seen: Seen) -> Fact:
    return Sentence("อายุ {years} ปี", years=completed_years(pupil.birth_date, seen.academic_year))


def _odd_weight(pupil: Any, _: Seen, bounds: Bounds) -> Fact | None:
    if pupil.weight_kg is None or not pupil.height_cm:
        return None
    bmi = float(pupil.weight_kg) / (float(pupil.height_cm) / 100) ** 2
    if bounds["low"] <= bmi <= bounds["high"]:
        return None
    if not is_shown(Student, "weight_kg"):
        return ""
    facts = {"weight": _plain(pupil.weight_kg), "height": _plain(pupil.height_cm), "bmi": f"{bmi:.1f}"}
    return Sentence("หนัก {weight} กก. สูง {height} ซม. ดัชนีมวลกาย {bmi}", **facts)


def _plain(number: Decimal) -> str:
    return f"{float(number):g}"


def _poverty_untold(pupil: Any, seen: Seen, _: Bounds) -> Fact | None:
    return "" if pupil.id in seen.newcomers and pupil.disadvantage is Disadvantage.NONE else None


def _twice(seen: Seen, _: Bounds) -> Iterator[Found]:
    def key(pupil: Any) -> tuple[str, str, dt.date]:
        return pupil.first_name, pupil.last_name, pupil.birth_date

    times = Counter(map(key, seen.pupils))
    for pupil in seen.pupils:
        if times[key(pupil)] > 1:
            yield Found(f"student:{pupil.id}", name_of(pupil), "", (pupil,))


def _one_address(seen: Seen, bounds: Bounds) -> Iterator[Found]:
    """Boarders are registered where their dormitory stands; a missing house number is no address."""
    living: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for pupil in seen.pupils:
        if pupil.house_no and pupil.house_no != "-" and pupil.living is not Living.DORMITORY:
            living[tuple((getattr(pupil, name) or "").strip() for name in _ADDRESS)].append(pupil)
    for address, pupils in living.items():
        if len(pupils) >= bounds["least"]:
            named = hashlib.sha256("\x1f".join(address).encode()).hexdigest()[:32]
            label = Sentence("บ้านเลขที่ {address}", address=" ".join(filter(None, address)))
            yield Found(f"address:{named}", label, Sentence("{n} คน", n=len(pupils)), tuple(pupils))


# ── The end of the year ──────────────────────────────────────────────────────────────────────────────────


def _without_result(pupil: Any, seen: Seen, _: Bounds) -> Fact | None:
    return "" if pupil.id not in seen.results else None


def _undecided(pupil: Any, seen: Seen, _: Bounds) -> Fact | None:
    result = seen.results.get(pupil.id)
    if result is None or result.criterion is None or result.after_fail is not None:
        return None
    return str(result.criterion.th)


def _absent(pupil: Any, seen: Seen, _: Bounds) -> Fact | None:
    result = seen.results.get(pupil.id)
    return "" if result is not None and not result.sat and result.absence is None else None


def _going_nowhere(pupil: Any, seen: Seen, _: Bounds) -> Fact | None:
    result = seen.results.get(pupil.id)
    if result is None or not result.sat or result.criterion is not None or result.destination is not None:
        return None
    return "" if rules.graduates(pupil.grade) else None


def _of_next_year(pupil: Any, seen: Seen, _: Bounds) -> Fact | None:
    if seen.exam_date is None or pupil.admission_date is None or pupil.admission_date <= seen.exam_date:
        return None
    return Sentence("เข้าเรียน {day}", day=thai_date(pupil.admission_date))


def _no_exam_day(seen: Seen, _: Bounds) -> Iterator[Found]:
    if seen.pupils and seen.exam_date is None:
        yield _the_school(seen)


def _no_plan(seen: Seen, _: Bounds) -> Iterator[Found]:
    year = AdmissionPlan.academic_year == seen.academic_year + 1
    query = sa.select(AdmissionPlan.id).where(AdmissionPlan.scope == seen.school.scope, year).limit(1)
    if db.session.scalar(query) is None:
        yield _the_school(seen)


# ── The school ───────────────────────────────────────────────────────────────────────────────────────────


def _no_students(seen: Seen, _: Bounds) -> Iterator[Found]:
    if not seen.pupils:
        yield _the_school(seen)


def _top_grade_empty(seen: Seen, _: Bounds) -> Iterator[Found]:
    if seen.pupils and all(pupil.grade is not seen.top_grade for pupil in seen.pupils):
        yield _the_school(seen)


def _count_far(seen: Seen, bounds: Bounds) -> Iterator[Found]:
    if seen.last is None or not seen.pupils:
        return
    now, before = len(seen.pupils), seen.last.counts.students
    if abs(now - before) >= bounds["least"] and abs(now - before) * 100 > before * bounds["percent"]:
        yield _the_school(
            seen,
            Sentence(
                "{label} {before} คน ขณะนี้ {now} คน", label=seen.last.round.label, before=before, now=now
            ),
        )


def _class_doubled(seen: Seen, bounds: Bounds) -> Iterator[Found]:
    if seen.last is None:
        return
    pupils: dict[Grade, list[Any]] = defaultdict(list)
    for pupil in seen.pupils:
        pupils[pupil.grade].append(pupil)
    for grade, there in pupils.items():
        before = _grade_before(grade, seen.last, seen.academic_year)
        if before is None or not before.rooms:
            continue
        now = len(there) / len({pupil.room for pupil in there})
        if now >= bounds["least"] and now >= bounds["times"] * before.total / before.rooms:
            fact = Sentence(
                "เฉลี่ยห้องละ {now} คน รอบก่อนห้องละ {before} คน",
                now=round(now),
                before=round(before.total / before.rooms),
            )
            yield Found(f"grade:{grade.value}", grade.short, fact, tuple(there))


def _grade_before(
    grade: Grade, last: headcounts.LastRound, academic_year: int
) -> headcounts.GradeCount | None:
    """Where these students were in the last round: after a new year one grade lower, if the school had it."""
    if last.round.academic_year != academic_year:
        lower = grade.position - 1
        if lower < 0 or list(Grade)[lower].level is not grade.level:
            return None
        grade = list(Grade)[lower]
    found = last.counts.of_grade(grade)
    return found if found.total else None


def _nothing(seen: Seen, _: Bounds) -> Iterator[Found]:
    """R53: what is not recorded is not budgeted for; a school that confirms nothing has forgotten it."""
    if not seen.amount:
        yield _the_school(seen)


def _empty_tables(seen: Seen, _: Bounds) -> Iterator[Found]:
    """R55: a table without rows may be right (a school without a network), and may be forgotten."""
    for table in seen.tables if seen.amount else ():
        if not table.number:
            yield Found(f"dataset:{table.name}", table.label)


def _the_school(seen: Seen, fact: Fact = "") -> Found:
    return Found(THE_SCHOOL, seen.school.name, fact)


_FINDERS: Final[dict[Check, Finder]] = {
    Check.NO_STUDENTS: _no_students,
    Check.WEIGHT_HEIGHT: _each(_unmeasured),
    Check.IDENTITY: _each(_misnumbered),
    Check.DUPLICATE: _each(_elsewhere_too),
    Check.UNCOUNTED: _each(_uncounted),
    Check.TOP_GRADE: _top_grade_empty,
    Check.UNOPENED_GRADE: _each(_in_unopened_grade),
    Check.UNDER_AGE: _each(_under_age),
    Check.OVER_AGE: _each(_over_age),
    Check.AGE_FOR_GRADE: _each(_odd_age),
    Check.BMI: _each(_odd_weight),
    Check.NEW_POVERTY: _each(_poverty_untold),
    Check.TWICE: _twice,
    Check.ONE_ADDRESS: _one_address,
    Check.CLASS_DOUBLED: _class_doubled,
    Check.COUNT_FAR: _count_far,
    Check.EXAM_DAY: _no_exam_day,
    Check.EXAM: _each(_without_result),
    Check.AFTER_FAIL: _each(_undecided),
    Check.ABSENT: _each(_absent),
    Check.DESTINATION: _each(_going_nowhere),
    Check.ENTRANT: _each(_of_next_year),
    Check.PLAN: _no_plan,
    Check.NOTHING: _nothing,
    Check.EMPTY_TABLE: _empty_tables,
}


def _ids_elsewhere(school: School, ids: Collection[str]) -> frozenset[str]:
    """Which of these IDs another school has, too. Only that it has them: nothing of its rows is read.

    The IDs are written out: a self-join is planned as a nested loop over the whole table where the planner
    knows no figures of it yet, as after a first load, and then takes seconds for one school.
    """
    there = Student.__table__
    query = sa.select(there.c.national_id).where(
        there.c.national_id.in_(ids),
        there.c.scope != school.scope,
        there.c.status == StudentStatus.ENROLLED,
    )
    with set_based(SetWork.DUPLICATES):
        return frozenset(db.session.connection().scalars(query))
