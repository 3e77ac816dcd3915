"""The end of the year, class by class: who sat the exam, the three ordered steps of results, the admission plan.

A verb writes a whole class at once: it asks right, owner, round and lock once, then writes rows and their
history in a few statements. R37–R47; what becomes of the results when the round closes: ``promotion.py``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa

from .. import access, rules
from ..access import Action
from ..bilingual import Sentence
from ..codes import Absence, AfterFail, Destination, FailCriterion, Grade, Level, RoundSystem
from ..dataset import history, lock
from ..declaration import db
from ..errors import (
    AbsentAndFailed,
    AfterTheExam,
    ClassChanged,
    CriterionMissing,
    DestinationOfOther,
    DidNotFail,
    DidSit,
    DoesNotGraduate,
    ExamDateOutside,
    NotEndOfYear,
    NotYours,
    OnlySecondaryWaits,
    PastCompulsoryAge,
    PlanNotOpened,
    PlanOutside,
    RuleViolation,
    StepBefore,
    WishMissing,
)
from ..models import AdmissionPlan, Change, CollectionRound, School, Student, Submission, YearResult
from ..thaidate import thai_date
from ..walls import SetWork, set_based
from . import headcounts, submissions
from .checklist import school_looked_after

SUBJECT: Final = YearResult.__tablename__
PLAN: Final = AdmissionPlan.__tablename__
_RESULT, _STUDENT = YearResult.__table__, Student.__table__
_RECORDED: Final = ("sat", "criterion", "after_fail", "absence", "note", "destination")
OF_SECONDARY: Final = (Level.LOWER_SECONDARY, Level.UPPER_SECONDARY, Level.VOCATIONAL)


# ── What stands ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Pupil:
    """A student of a class with what is recorded of their year's end; ``sat`` is None while nothing is."""

    id: int
    number: str
    name: str
    national_id: str
    grade: Grade
    room: int
    birth_date: dt.date
    pending_discharge: bool
    sat_final_exam: bool | None
    result_id: int | None
    version: int
    sat: bool | None
    criterion: FailCriterion | None
    after_fail: AfterFail | None
    absence: Absence | None
    note: str | None
    destination: Destination | None

    @property
    def passed(self) -> bool:
        """True when they sat the exam and failed by no criterion."""
        return self.sat is True and self.criterion is None

    @property
    def needs_decision(self) -> bool:
        """True for a failure of which nothing has been decided yet (step 2)."""
        return self.criterion is not None and self.after_fail is None

    @property
    def needs_reason(self) -> bool:
        """True for an absence that nothing explains yet (R44, R47)."""
        return self.sat is False and self.absence is None

    @property
    def needs_destination(self) -> bool:
        """True for a graduate whose destination is not told yet (step 3)."""
        return self.passed and rules.graduates(self.grade) and self.destination is None


@dataclass(frozen=True)
class ClassRoom:
    """A class and how far its results are."""

    grade: Grade
    room: int
    pupils: tuple[Pupil, ...]

    @property
    def unrecorded(self) -> int:
        """Students of whom it is not told whether they sat the exam."""
        return sum(pupil.sat is None for pupil in self.pupils)

    @property
    def passed(self) -> int:
        """Students who passed."""
        return sum(pupil.passed for pupil in self.pupils)

    @property
    def failed(self) -> int:
        """Students who sat the exam and failed."""
        return sum(pupil.criterion is not None for pupil in self.pupils)

    @property
    def absent(self) -> int:
        """Students who did not sit the exam."""
        return sum(pupil.sat is False for pupil in self.pupils)

    @property
    def undecided(self) -> int:
        """Failures and absences that wait for a decision."""
        return sum(pupil.needs_decision or pupil.needs_reason for pupil in self.pupils)

    @property
    def without_destination(self) -> int:
        """Graduates of whom it is not told where they go."""
        return sum(pupil.needs_destination for pupil in self.pupils)

    @property
    def graduates(self) -> bool:
        """True for the classes whose passed students graduate."""
        return rules.graduates(self.grade)

    @property
    def is_done(self) -> bool:
        """True when nothing of the class is left to record."""
        return not (self.unrecorded or self.undecided or self.without_destination)

    @property
    def mark(self) -> str:
        """What the class is at this moment; a form sends it back, so that a stale one is told."""
        state = [(pupil.id, pupil.result_id, pupil.version) for pupil in self.pupils]
        return hashlib.sha256(repr(state).encode()).hexdigest()[:24]


def classes_of(school_code: str, one: CollectionRound) -> list[ClassRoom]:
    """All classes of a school with their results of a round, in two statements. NotYours (404) for a foreign one."""
    access.viewer().require(Action.READ, SUBJECT)
    school = school_looked_after(school_code)
    found = groupby(_pupils(school, one), key=lambda pupil: (pupil.grade, pupil.room))
    return [ClassRoom(grade, room, tuple(pupils)) for (grade, room), pupils in found]


def class_of(school_code: str, one: CollectionRound, grade: Grade, room: int) -> ClassRoom:
    """One class; NotYours (404) when the school has no such class."""
    access.viewer().require(Action.READ, SUBJECT)
    pupils = _pupils(school_looked_after(school_code), one, Student.grade == grade, Student.room == room)
    if not pupils:
        raise NotYours
    return ClassRoom(grade, room, tuple(pupils))


def _pupils(school: School, one: CollectionRound, *which: sa.ColumnElement[bool]) -> list[Pupil]:
    students = (
        sa.select(
            Student.id, Student.student_number, Student.title, Student.first_name, Student.last_name,
            Student.national_id, Student.grade, Student.room, Student.birth_date, Student.pending_discharge,
            Student.sat_final_exam,
        )
        .where(Student.scope == school.scope, Student.is_enrolled, *which)
        .order_by(Student.grade, Student.room, Student.student_number, Student.id)
    )  # fmt: skip
    results = sa.select(YearResult).where(YearResult.scope == school.scope, YearResult.round_id == one.id)
    recorded = {
        row.student_id: row for row in db.session.scalars(results.execution_options(populate_existing=True))
    }
    return [_pupil(row, recorded.get(row.id)) for row in db.session.execute(students)]


def _pupil(row: Any, result: YearResult | None) -> Pupil:
    # The exam of another grade says nothing of this one: after a correction the class is recorded anew.
    holds = result is not None and result.grade is row.grade
    said = {name: getattr(result, name) if holds else None for name in _RECORDED}
    return Pupil(
        id=row.id,
        number=row.student_number,
        name=f"{row.title.short}{row.first_name} {row.last_name}",
        national_id=row.national_id,
        grade=row.grade,
        room=row.room,
        birth_date=row.birth_date,
        pending_discharge=row.pending_discharge,
        sat_final_exam=row.sat_final_exam,
        result_id=result.id if result is not None else None,
        version=result.version if result is not None else 0,
        **said,
    )


# ── May it be recorded? ──────────────────────────────────────────────────────────────────────────────────


def refusal_of(school: School, subject: str = SUBJECT) -> RuleViolation | None:
    """Why the viewer cannot record the school's end of year now, or None: right, owner, round, lock and time."""
    viewer = access.viewer()
    try:
        viewer.require(Action.WRITE, subject)
    except RuleViolation as refusal:
        return refusal
    if not viewer.looks_after(school.scope):
        return NotYours()
    return _standing(school, for_share=False)[1]


def _standing(school: School, *, for_share: bool) -> tuple[CollectionRound | None, RuleViolation | None]:
    connection = db.session.connection()
    found = lock.standing(connection, RoundSystem.DMC, school.scope, for_share=for_share)
    if found.round_id is None:
        return None, found.refusal
    one = db.session.get_one(CollectionRound, found.round_id)
    if one.number != rules.END_OF_YEAR:
        return one, NotEndOfYear(what=YearResult.__dataset__.th, round=one.label)
    return one, found.refusal


def _held(school_code: str, subject: str = SUBJECT) -> tuple[School, CollectionRound]:
    """The school and the open end-of-year round, kept from closing and confirming until the transaction ends."""
    access.viewer().require(Action.WRITE, subject)
    school = school_looked_after(school_code)
    one, refusal = _standing(school, for_share=True)
    if refusal is not None:
        raise refusal
    assert one is not None, "no round is a refusal"  # noqa: S101 - as just asked
    return school, one


@dataclass(frozen=True)
class Place:
    """A class as a form names it: ``mark`` is that of the page, None for callers that have no page."""

    school_code: str
    grade: Grade
    room: int
    mark: str | None = None


def _opened(place: Place) -> tuple[School, CollectionRound, ClassRoom]:
    school, one = _held(place.school_code)
    found = class_of(place.school_code, one, place.grade, place.room)
    if place.mark is not None and place.mark != found.mark:
        raise ClassChanged
    return school, one, found


# ── Step 1: who sat, who passed, who failed by what ──────────────────────────────────────────────────────


def record_exam(place: Place, absent: Collection[int], failed: Mapping[int, FailCriterion | None]) -> int:
    """3.2.2: all of the class sat and passed, except these; how many rows changed (R40, R43, R46, §1.4).

    AbsentAndFailed, CriterionMissing name the student; NotYours for one of another class.
    """
    school, one, found = _opened(place)
    _must_be_of(found, [*absent, *failed])
    wanted = {
        pupil.id: _exam(pupil, pupil.id in absent, pupil.id in failed, failed.get(pupil.id))
        for pupil in found.pupils
    }
    return _write(school, one, found.pupils, wanted)


def pass_everybody(school_code: str) -> int:
    """All students of the school of whom nothing is recorded yet sat and passed; how many (exceptions follow)."""
    school, one = _held(school_code)
    open_ones = [pupil for pupil in _pupils(school, one) if pupil.sat is None]
    return _write(school, one, open_ones, {pupil.id: _blank(sat=True) for pupil in open_ones})


def _exam(pupil: Pupil, absent: bool, failed: bool, criterion: FailCriterion | None) -> dict[str, Any]:
    if absent and failed:
        raise AbsentAndFailed(name=pupil.name)
    if failed and criterion is None:
        raise CriterionMissing(name=pupil.name)
    # What was decided on the same ground stays; on another ground it has to be decided anew.
    if absent and pupil.sat is False:
        return _recorded(pupil)
    if failed and pupil.criterion is not None:
        return _recorded(pupil) | {"criterion": criterion}
    if not absent and not failed and pupil.passed:
        return _recorded(pupil)
    return _blank(sat=not absent) | {"criterion": criterion}


def _blank(*, sat: bool) -> dict[str, Any]:
    return dict.fromkeys(_RECORDED) | {"sat": sat}


def _recorded(pupil: Pupil) -> dict[str, Any]:
    return {name: getattr(pupil, name) for name in _RECORDED}


def _must_be_of(found: ClassRoom, ids: Iterable[int]) -> None:
    if not {pupil.id for pupil in found.pupils} >= set(ids):
        raise NotYours


# ── Step 2: what follows from failing, and from not having sat ───────────────────────────────────────────


@dataclass(frozen=True)
class Stay:
    """Why somebody who did not sit the exam is still there; a kept one with the guardian's wish as ``note``."""

    absence: Absence | None
    note: str = ""


def decide(place: Place, failed: Mapping[int, AfterFail | None], absent: Mapping[int, Stay]) -> int:
    """3.2.2.1 and 3.1.8: who failed repeats or waits; who did not sit is pending or kept; rows changed.

    R44, R46, R47: StepBefore until step 1 is complete; the refusals name the student.
    """
    school, one, found = _opened(place)
    _must_be_of(found, [*failed, *absent])
    _must_have_step_1(found)
    by_id = {pupil.id: pupil for pupil in found.pupils}
    wanted = {key: _after_fail(by_id[key], after) for key, after in failed.items()}
    wanted |= {key: _stay(by_id[key], stay, one) for key, stay in absent.items()}
    return _write(school, one, found.pupils, wanted)


def _after_fail(pupil: Pupil, after: AfterFail | None) -> dict[str, Any]:
    if pupil.criterion is None and after is not None:
        raise DidNotFail(name=pupil.name)
    if after is AfterFail.WAITS and pupil.grade.level not in OF_SECONDARY:
        raise OnlySecondaryWaits(name=pupil.name)
    return _recorded(pupil) | {"after_fail": after}


def _stay(pupil: Pupil, stay: Stay, one: CollectionRound) -> dict[str, Any]:
    if pupil.sat and stay.absence is not None:
        raise DidSit(name=pupil.name)
    if stay.absence is Absence.KEPT:
        until = one.setting(rules.COMPULSORY)
        if not rules.is_of_compulsory_age(pupil.birth_date, one.academic_year, until):
            raise PastCompulsoryAge(name=pupil.name)
        if not stay.note.strip():
            raise WishMissing(name=pupil.name)
    return _recorded(pupil) | {"absence": stay.absence, "note": stay.note.strip()[:200] or None}


def _must_have_step_1(found: ClassRoom) -> None:
    if found.unrecorded:
        raise StepBefore(missing=Sentence("ยังไม่ได้บันทึกการเข้าสอบและผลสอบ"), count=found.unrecorded)


# ── Step 3: graduates and where they go ──────────────────────────────────────────────────────────────────


def record_destinations(place: Place, destinations: Mapping[int, Destination | None]) -> int:
    """3.2.2.2: where the graduates of a class go; rows changed. StepBefore until steps 1 and 2 are complete."""
    school, one, found = _opened(place)
    _must_be_of(found, destinations)
    _must_have_step_1(found)
    if found.undecided:
        missing = Sentence("ยังไม่ได้บันทึกซ้ำชั้นหรือเหตุที่ไม่เข้าสอบ")
        raise StepBefore(missing=missing, count=found.undecided)
    by_id = {pupil.id: pupil for pupil in found.pupils}
    wanted = {key: _goes_on(by_id[key], destination) for key, destination in destinations.items()}
    return _write(school, one, found.pupils, wanted)


def _goes_on(pupil: Pupil, destination: Destination | None) -> dict[str, Any]:
    if destination is not None and not (pupil.passed and rules.graduates(pupil.grade)):
        raise DoesNotGraduate(name=pupil.name)
    if destination is not None and destination not in Destination.after(pupil.grade):
        raise DestinationOfOther(destination=destination.th, grade=pupil.grade.short)
    return _recorded(pupil) | {"destination": destination}


# ── Many students of a school at once, from a file ───────────────────────────────────────────────────────


def record_rows(
    school_code: str, rows: Mapping[int, Mapping[str, Any]]
) -> tuple[int, dict[int, RuleViolation]]:
    """What is told of each student, by the names of the result's fields; what is left out stays as it is.

    All rows or none: how many changed, and what refuses a row, by student. In a row the steps follow from one
    another, so the same rules hold as class by class.
    """
    school, one = _held(school_code)
    pupils = {pupil.id: pupil for pupil in _pupils(school, one)}
    wanted: dict[int, Mapping[str, Any]] = {}
    refused: dict[int, RuleViolation] = {}
    for key, told in rows.items():
        try:
            if key not in pupils:
                raise NotYours
            if (result := _told(pupils[key], told, one)) is not None:
                wanted[key] = result
        except RuleViolation as refusal:
            refused[key] = refusal
    return (0 if refused else _write(school, one, list(pupils.values()), wanted)), refused


def _told(pupil: Pupil, told: Mapping[str, Any], one: CollectionRound) -> dict[str, Any] | None:
    criterion = told.get("criterion")
    sat = told.get("sat", True if criterion is not None else pupil.sat)
    if sat is None:
        return None
    kept = pupil.criterion if criterion is None and sat else criterion
    result = _exam(pupil, not sat, kept is not None, kept)
    so_far = replace(pupil, **result)
    if "after_fail" in told:
        result = _after_fail(so_far, told["after_fail"])
    elif "absence" in told:
        result = _stay(so_far, Stay(told["absence"], told.get("note") or pupil.note or ""), one)
    elif "destination" in told:
        result = _goes_on(so_far, told["destination"])
    return result


# ── Writing a class ──────────────────────────────────────────────────────────────────────────────────────


def _write(
    school: School, one: CollectionRound, pupils: Sequence[Pupil], wanted: Mapping[int, Mapping[str, Any]]
) -> int:
    """Rows that differ from what stands, and their history, in at most three statements; how many."""
    changed = [
        pupil for pupil in pupils
        if pupil.id in wanted and (pupil.sat is None or dict(wanted[pupil.id]) != _recorded(pupil))
    ]  # fmt: skip
    if not changed:
        return 0
    with set_based(SetWork.RESULTS):
        connection = db.session.connection()
        new = [pupil for pupil in changed if pupil.result_id is None]
        told = _insert(connection, school, one, new, wanted) if new else []
        old = [pupil for pupil in changed if pupil.result_id is not None]
        told += _update(connection, old, wanted) if old else []
        common = history.stamp() | {"dataset": SUBJECT, "scope": school.scope}
        connection.execute(sa.insert(Change.__table__), [common | row for row in told])
    before = {pupil.id: pupil.sat_final_exam for pupil in changed}
    sat = {key: wanted[key]["sat"] for key in before if before[key] is not wanted[key]["sat"]}
    _mark(school, "sat_final_exam", before, sat)
    were = {pupil.id: pupil.pending_discharge for pupil in changed}
    _mark(school, "pending_discharge", were, {
        key: now for key, was in were.items() if (now := _pending(wanted[key], was)) is not was
    })  # fmt: skip
    return len(changed)


def _pending(result: Mapping[str, Any], was: bool) -> bool:
    """R47: menu 3.1.8 is for who did not sit; as long as nobody has said why they are there, the mark stays."""
    if result["sat"] or result["absence"] is Absence.KEPT:
        return False
    return result["absence"] is Absence.PENDING or was


def _mark(school: School, field: str, before: Mapping[int, Any], after: Mapping[int, Any]) -> None:
    """A mark on the students themselves that other verbs, counts and exports read, with its history."""
    if not after:
        return
    with set_based(SetWork.RESULTS):
        connection = db.session.connection()
        for value in set(after.values()):
            ids = [key for key, wanted in after.items() if wanted is value]
            mark = sa.update(_STUDENT).where(_STUDENT.c.id.in_(ids), _STUDENT.c.scope == school.scope)
            connection.execute(mark.values({field: value, "version": _STUDENT.c.version + 1}))
        common = history.stamp() | {"dataset": "student", "scope": school.scope, "action": "update"}
        rows = [
            common | {"row_key": str(key), "before": {field: before[key]}, "after": {field: value}}
            for key, value in after.items()
        ]
        connection.execute(sa.insert(Change.__table__), rows)
    db.session.expire_all()


def _insert(
    connection: sa.Connection,
    school: School,
    one: CollectionRound,
    pupils: Sequence[Pupil],
    wanted: Mapping[int, Mapping[str, Any]],
) -> list[dict[str, Any]]:
    whose = {
        "school_code": school.code,
        "scope": school.scope,
        "round_id": one.id,
        "academic_year": one.academic_year,
    }
    rows = [whose | {"version": 1, "student_id": p.id, "grade": p.grade, **wanted[p.id]} for p in pupils]
    made = connection.execute(sa.insert(_RESULT).returning(_RESULT.c.id, _RESULT.c.student_id), rows)
    keys = {student_id: key for key, student_id in made}
    return [
        {
            "row_key": str(keys[row["student_id"]]),
            "action": "insert",
            "before": None,
            "after": _plain(
                {n: v for n, v in row.items() if v is not None and n not in ("scope", "version")}
            ),
        }
        for row in rows
    ]


def _update(
    connection: sa.Connection, pupils: Sequence[Pupil], wanted: Mapping[int, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    statement = (
        sa.update(_RESULT)
        .where(_RESULT.c.id == sa.bindparam("key"), _RESULT.c.version == sa.bindparam("seen"))
        .values({name: sa.bindparam(f"new_{name}") for name in ("grade", *_RECORDED)})
        .values(version=_RESULT.c.version + 1)
    )
    rows = [
        {
            "key": p.result_id,
            "seen": p.version,
            "new_grade": p.grade,
            **{f"new_{n}": v for n, v in wanted[p.id].items()},
        }
        for p in pupils
    ]
    # One by one: of two officers who save one class at once, the second finds other versions and is told.
    for row in rows:
        if connection.execute(statement, row).rowcount != 1:
            raise ClassChanged
    return [
        {"row_key": str(p.result_id), "action": "update", **_difference(_recorded(p), wanted[p.id])}
        for p in pupils
    ]


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    names = [name for name in after if after[name] != before[name]]
    return {"before": _plain({n: before[n] for n in names}), "after": _plain({n: after[n] for n in names})}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: getattr(value, "value", value) for name, value in values.items()}


# ── The exam's day, and what it rules out ────────────────────────────────────────────────────────────────


def exam_date_of(school: School, one: CollectionRound) -> dt.date | None:
    """The last day of the school's final exam, when it is told."""
    query = sa.select(Submission.exam_date).where(
        Submission.round_id == one.id, Submission.school_code == school.code
    )
    return db.session.scalar(query)


def set_exam_date(school_code: str, day: dt.date) -> None:
    """R38: the last day of the final exam; what lies after it is of the next year (R39, R42)."""
    school, one = _held(school_code)
    first, last = rules.exam_days(one.academic_year)
    if not first <= day <= last:
        raise ExamDateOutside(first=thai_date(first), last=thai_date(last))
    submission = submissions.submission_of(school.code, one)
    with access.performing(Action.WRITE, SUBJECT):
        submission.exam_date = day
        db.session.flush()


def refuse_after_the_exam(school: School, day: dt.date) -> None:
    """R39: nothing that happened after the final exam is recorded in the end-of-year round (AfterTheExam)."""
    exam = exam_of_open_round(school)
    if exam is not None and day > exam:
        raise AfterTheExam(day=thai_date(day), exam=thai_date(exam))


def _end_of_year(scope: str) -> CollectionRound | None:
    found = lock.standing(db.session.connection(), RoundSystem.DMC, scope)
    one = db.session.get(CollectionRound, found.round_id) if found.round_id is not None else None
    return one if one is not None and one.number == rules.END_OF_YEAR else None


def exam_of_open_round(school: School) -> dt.date | None:
    """The last day of the school's final exam, when the end-of-year round is open and it is told."""
    one = _end_of_year(school.scope)
    return exam_date_of(school, one) if one is not None else None


# ── The admission plan ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Planned:
    """What a school plans for a grade: rooms, and students to be taken."""

    rooms: int
    seats: int


def plan_of(school_code: str, one: CollectionRound) -> dict[Grade, Planned | None]:
    """The plan for the year after a round, for each grade that the school opens."""
    access.viewer().require(Action.READ, PLAN)
    school = school_looked_after(school_code)
    rows = {row.grade: Planned(row.rooms, row.seats) for row in _planned(school, one)}
    return {grade: rows.get(grade) for grade in headcounts.opened_grades(school)}


def plan_admission(school_code: str, plan: Mapping[Grade, Planned | None]) -> int:
    """R37: how many are to be taken into each grade in the year to come; None takes a grade out; rows changed."""
    school, one = _held(school_code, PLAN)
    opened = headcounts.opened_grades(school)
    rows = {row.grade: row for row in _planned(school, one)}
    for grade, planned in plan.items():
        _must_be_a_plan(grade, planned, grade in opened)
    with access.performing(Action.WRITE, PLAN):
        changed = sum(_plan(school, one, rows.get(grade), grade, planned) for grade, planned in plan.items())
        db.session.flush()
    return changed


def _must_be_a_plan(grade: Grade, planned: Planned | None, is_opened: bool) -> None:
    if planned is None:
        return
    if not is_opened:
        raise PlanNotOpened(grade=grade.short)
    if not (0 <= planned.rooms <= 99 and 0 <= planned.seats <= 9_999):
        raise PlanOutside(grade=grade.short)


def _plan(
    school: School, one: CollectionRound, row: AdmissionPlan | None, grade: Grade, planned: Planned | None
) -> bool:
    if planned is None:
        if row is not None:
            db.session.delete(row)
        return row is not None
    if row is None:
        year = one.academic_year + 1
        row = AdmissionPlan(
            school_code=school.code,
            round_id=one.id,
            academic_year=year,
            grade=grade,
            rooms=planned.rooms,
            seats=planned.seats,
        )
        db.session.add(row)
        return True
    if (row.rooms, row.seats) == (planned.rooms, planned.seats):
        return False
    row.rooms, row.seats = planned.rooms, planned.seats
    return True


def _planned(school: School, one: CollectionRound) -> Sequence[AdmissionPlan]:
    query = sa.select(AdmissionPlan).where(
        AdmissionPlan.scope == school.scope, AdmissionPlan.academic_year == one.academic_year + 1
    )
    return db.session.scalars(query).all()
