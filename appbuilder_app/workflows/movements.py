"""Movements: who is where, in which class, under which name; nothing else changes that (R19–R25, R33–R49).

Every verb holds the round open, the schools unlocked and the student's row alone, in this order, before it looks;
so of two who move one student exactly one does. What moves is written past the mapper, because a transfer
belongs to two schools, with its history and a ``Movement`` for each school concerned.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from .. import access, bulk, identity, rules
from ..access import CENTRE, Action, Viewer
from ..bilingual import Sentence
from ..codes import (
    DischargeGround,
    DropoutCause,
    Grade,
    MovementKind,
    RequestKind,
    RequestSide,
    RoundSystem,
    Sex,
    StudentStatus,
    Title,
)
from ..dataset import attachments, history, lock, validation
from ..declaration import db, fields_of
from ..errors import (
    CannotUndo,
    EnrolledAlready,
    EnrolledTwice,
    EvidenceMissing,
    ExamNotRecorded,
    GradeNotTaught,
    GroundMissing,
    HasDied,
    InvalidRow,
    IsEnrolled,
    NotEnrolled,
    NotThatDay,
    NotYours,
    RuleViolation,
    SatFinalExam,
    StudentUnknown,
    TakenMeanwhile,
    TooManyMoved,
    require_reason,
)
from ..kinds import StoredFile
from ..models import Movement, NumberChange, School, Student
from ..schema import entering
from ..thaidate import thai_date
from ..walls import SetWork, set_based
from . import requests, results
from .requests import Decision, Evidence, New, Side

SUBJECT: Final = "movement"
MOST_AT_ONCE: Final = 2_000
_STUDENT, _MOVEMENT = Student.__table__, Movement.__table__
_IN, _OUT = MovementKind.TRANSFER_IN, MovementKind.TRANSFER_OUT
_ENROLLED = StudentStatus.ENROLLED
_NAMES: Final = frozenset({"title", "first_name", "middle_name", "last_name"})
_ON_THE_CARD: Final = _NAMES | {"sex", "birth_date", "identity_type"}
_LEAVING: Final = {
    MovementKind.DROPOUT: (StudentStatus.DROPPED, DropoutCause),
    MovementKind.DISCHARGE: (StudentStatus.DISCHARGED, DischargeGround),
}
END_OF_YEAR: Final = 3


# ── Finding a child in the whole country ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Child:
    """What is needed to recognise a child and nothing more: not where they live, nor which school has them."""

    name: str
    sex: str
    born: dt.date
    grade: str
    status: StudentStatus
    is_here: bool
    is_twice: bool = False
    """R30: enrolled in two schools; to take the child needs documents, and the case of duplicates comes first."""


def find(national_id: str) -> Child:
    """R21: the child with this number, anywhere. StudentUnknown (404). Leaves a trace."""
    with access.performing(Action.MOVE, SUBJECT):
        child = recognise(national_id)
        number = identity.normalise_identity(national_id)
        asked = {"national_id": fields_of(Student)["national_id"].kind.mask(number)}
        history.record_reading(db.session.connection(), "student", "looked up", asked)
        return child


def recognise(national_id: str) -> Child:
    """The same, for a caller who has left the trace already."""
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        found = _with_number(identity.normalise_identity(national_id))
        enrolled = [row for row in found if row.status is _ENROLLED]
        row = enrolled[0] if enrolled else _one_of(found)
        return Child(
            _name_of(row),
            str(row.sex.th),
            row.birth_date,
            row.grade.th,
            row.status,
            any(viewer.looks_after(one.scope) for one in enrolled or [row]),
            len(enrolled) > 1,
        )


def _with_number(number: str, *, held: bool = False) -> Sequence[Any]:
    """The rows of who has this number, or, where nobody has, of who had it before it was replaced."""
    query = sa.select(_STUDENT).where(_STUDENT.c.national_id == number).order_by(_STUDENT.c.id)
    with set_based(SetWork.MOVE):
        connection = db.session.connection()
        if found := connection.execute(query.with_for_update() if held else query).all():
            return found
    former = [*NumberChange.students_who_had(connection, number)]
    return [_held_student(one, held=held) for one in former[:1]]


def _one_of(rows: Sequence[Any]) -> Any:
    """The row that can be moved: the one enrolled, or the one that left last."""
    if not rows:
        raise StudentUnknown
    enrolled = [row for row in rows if row.status is _ENROLLED]
    if len(enrolled) > 1:
        raise EnrolledTwice
    return enrolled[0] if enrolled else rows[-1]


def _class(seat: Any) -> Sentence:
    """``ป.6/1`` of a student, or of where one is to sit."""
    return Sentence("{grade}/{room}", grade=seat.grade.short, room=seat.room)


def _name_of(row: Any) -> str:
    return f"{row.title.th}{row.first_name} {row.last_name}"


# ── Coming ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Place:
    """Where a student is to sit: school, class, and under which number; ``happened_on`` is the first day there.

    ``sat_final_exam`` is stated in round 3 alone (R41).
    """

    school_code: str
    grade: Grade
    room: int
    student_number: str
    happened_on: dt.date
    sat_final_exam: bool | None = None


@dataclass(frozen=True)
class Coming:
    """What came of asking for a child: taken at once, or a request that the losing school answers."""

    student_id: int
    request_id: int | None

    @property
    def is_taken(self) -> bool:
        """True when the child is enrolled here now."""
        return self.request_id is None


def transfer_in(national_id: str, place: Place, reason: str, evidence: Sequence[Evidence] = ()) -> Coming:
    """R21, R34, R41: take a child. Who is enrolled nowhere is taken at once; of another school it is asked for.

    The losing school is told, and can object until the deadline. Of two schools that take one child at once
    one does (TakenMeanwhile, AskedAlready). Of a child who is in two schools the documents go to the case of
    duplicates, and the transfer waits for its decision (R30).
    """
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        school = _own_school(place.school_code, viewer)
        number = identity.normalise_identity(national_id)
        found = _with_number(number)
        if len(enrolled := [row for row in found if row.status is _ENROLLED]) > 1:
            return Coming(enrolled[0].id, _claim(enrolled, place, school, reason, evidence))
        seen = _one_of(found)
        with _round_held(_IN, {school.scope, seen.scope}) as round_number:
            _may_come(round_number, place, school)
            row = _one_of(_with_number(number, held=True))
            if row.scope != seen.scope:
                raise TakenMeanwhile(name=_name_of(row))
            if row.status is _ENROLLED and row.scope == school.scope:
                raise EnrolledAlready(name=_name_of(row))
            if row.status is _ENROLLED:
                return Coming(row.id, _ask_for(row, place, school, reason, evidence))
            _must_live(row)
            _take(row, place, school, _IN, reason, None)
            _tell_school_before(row, school)
            return Coming(row.id, None)


def _ask_for(row: Any, place: Place, school: School, reason: str, evidence: Sequence[Evidence]) -> int:
    losing, shown = _school_of(row.school_code), _shown(row, place, school)
    # Which school has the child is not told to who asks, as nowhere in the register.
    whole = shown | {
        Sentence("โรงเรียนเดิม"): losing.name,
        Sentence("ชั้นเดิม"): _class(row),
    }
    facts = _facts_of(place) | {"from": row.school_code}
    sides = [
        Side(school.scope, RequestSide.ASKS, shown),
        Side(losing.scope, RequestSide.ANSWERS, whole),
        Side(_above_both(school, losing), RequestSide.DECIDES, whole),
    ]
    return requests.open_request(
        New(
            RequestKind.TRANSFER,
            title=_name_of(row),
            reason=reason,
            sides=sides,
            facts=facts,
            student_id=row.id,
            topic=f"student:{row.id}",
            evidence=evidence,
        )
    )


def _shown(row: Any, place: Place, school: School) -> dict[str, str]:
    return {
        Sentence("ชื่อนักเรียน"): _name_of(row),
        Sentence("วันเกิด"): thai_date(row.birth_date),
        Sentence("โรงเรียนที่ขอรับ"): school.name,
        Sentence("เข้าชั้น"): _class(place),
        Sentence("มาเรียนตั้งแต่"): thai_date(place.happened_on),
    }


def _facts_of(place: Place) -> dict[str, Any]:
    return {
        "school_code": place.school_code,
        "grade": place.grade.value,
        "room": place.room,
        "student_number": place.student_number,
        "happened_on": place.happened_on.isoformat(),
        "sat_final_exam": place.sat_final_exam,
    }


def _above_both(one: School, other: School) -> str:
    """The area of two schools of one area, the centre of others."""
    return f"{CENTRE}/{one.area_code}" if one.area_code == other.area_code else CENTRE


@requests.handles(RequestKind.TRANSFER, silence_is_consent=True)
def _carry_transfer(decision: Decision) -> None:
    facts = decision.facts
    place = Place(
        facts["school_code"],
        Grade(facts["grade"]),
        facts["room"],
        facts["student_number"],
        dt.date.fromisoformat(facts["happened_on"]),
        facts["sat_final_exam"],
    )
    if "twice" in facts:
        _carry_claim(decision, place)
        return
    school, losing = _school_of(place.school_code), _school_of(facts["from"])
    with _round_held(_IN, {school.scope, losing.scope}) as round_number:
        _may_come(round_number, place, school)
        row = _held_student(decision.student_id)
        if row.school_code != losing.code:
            raise TakenMeanwhile(name=_name_of(row))
        _must_live(row)
        _take(row, place, school, _IN, decision.text, decision.id)


# A child who is in two schools already (R30)

Court = Callable[[Sequence[int]], int | None]
_courts: list[Court] = []


def doubles_go_to(court: Court) -> Court:
    """Register what opens the case of one child's records, by their keys; its number, None when there is none."""
    _courts.append(court)
    return court


def _claim(
    rows: Sequence[Any], place: Place, school: School, reason: str, evidence: Sequence[Evidence]
) -> int:
    """R30: the documents go to the case of duplicates; the transfer waits until it is decided, and then follows."""
    if any(row.scope == school.scope for row in rows):
        raise EnrolledTwice
    if not evidence:
        raise EvidenceMissing(what=Sentence("เอกสารยืนยันตัวตนของนักเรียน (ข้อ R30)"))
    ids, areas = [row.id for row in rows], {_school_of(row.school_code).area_code for row in rows}
    decides = f"{CENTRE}/{school.area_code}" if areas == {school.area_code} else CENTRE
    with _round_held(_IN, {school.scope}) as round_number:
        _may_come(round_number, place, school)
        shown = _shown(rows[0], place, school)
        cases = [case for court in _courts if (case := court(ids)) is not None]
        its_case = {str(Sentence("รอผลเรื่องซ้ำซ้อนที่")): ", ".join(map(str, cases))} if cases else {}
        sides = [
            Side(school.scope, RequestSide.ASKS, shown),
            Side(decides, RequestSide.DECIDES, shown | its_case),
        ]
        request_id = requests.open_request(
            New(
                RequestKind.TRANSFER,
                title=_name_of(rows[0]),
                reason=reason,
                sides=sides,
                facts=_facts_of(place) | {"twice": ids, "decides": decides},
                student_id=rows[0].id,
                topic=f"student:{rows[0].id}",
                evidence=evidence,
            )
        )
        for case in cases:
            requests.bring(case, Sentence("โรงเรียนอีกแห่งขอรับนักเรียนคนนี้ พร้อมเอกสารยืนยันตัวตน"), evidence)
        return request_id


def _carry_claim(decision: Decision, place: Place) -> None:
    """As any transfer, once one record alone is enrolled; only who decides says so, whatever time has passed."""
    if not access.viewer().looks_after(decision.facts["decides"]):
        raise NotYours
    school, ids = _school_of(place.school_code), sorted(decision.facts["twice"])
    with _round_held(_IN, {school.scope, *_scopes_of(ids).values()}) as round_number:
        _may_come(round_number, place, school)
        row = _one_of([_held_student(one) for one in ids])
        if row.scope == school.scope and row.status is _ENROLLED:
            raise EnrolledAlready(name=_name_of(row))
        _must_live(row)
        _take(row, place, school, _IN, decision.text, decision.id)
        _tell_school_before(row, school)


def case_is_decided(student_ids: Collection[int]) -> None:
    """R30: the transfers that wait for a case of these records can go on: their sides have news."""
    for request_id in requests.unsettled_about(f"student:{one}" for one in student_ids):
        requests.bring(request_id, Sentence("เรื่องซ้ำซ้อนของนักเรียนคนนี้วินิจฉัยแล้ว พิจารณาคำขอนี้ต่อได้"))


def take_back(student_id: int, reason: str) -> None:
    """R45: who has left by mistake or comes back is enrolled again at once, in the class of before."""
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        require_reason(reason)
        seen = _own_student(student_id, viewer)
        with _round_held(_IN, {seen.scope}):
            row = _own_student(student_id, viewer, held=True)
            if row.status is _ENROLLED:
                raise IsEnrolled(name=_name_of(row))
            _must_live(row)
            _move(row, {"status": _ENROLLED}, _Deed(MovementKind.RETURN, lock.today(), reason))


def add(values: Mapping[str, Any], happened_on: dt.date, sat_final_exam: bool | None = None) -> Student:
    """R21, R34, R41: a child who is not in the register yet; ``values`` are those of the student's fields.

    InRegisterAlready when another school knows the number, in whatever state: such a child is transferred.
    """
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        school = _own_school(str(values.get("school_code", "")), viewer)
        number = identity.normalise_identity(values.get("national_id"))
        with _round_held(MovementKind.ADD, {school.scope}) as round_number:
            grade, room = values["grade"], values["room"]
            place = Place(school.code, grade, room, values["student_number"], happened_on, sat_final_exam)
            _may_come(round_number, place, school)
            told = {"national_id": number, "admission_date": happened_on, "sat_final_exam": sat_final_exam}
            student = Student(**{**values, **told})
            db.session.add(student)
            db.session.flush()
            row = _held_student(student.id)
            _record(row, {}, {"status": _ENROLLED}, _Deed(MovementKind.ADD, happened_on, ""), school)
            return student


def _may_come(round_number: int, place: Place, school: School) -> None:
    """R38, R39, R41, R42 at the year's end; R24: the school teaches the class; the day has come."""
    _must_have_happened(place.happened_on)
    arrival = entering.Arrival(place.sat_final_exam, place.happened_on)
    refusal = entering.year_end_refusal(round_number, arrival, results.exam_of_open_round(school))
    if refusal is not None:
        raise refusal
    _must_teach(school, place.grade)


def _take(
    row: Any, place: Place, school: School, kind: MovementKind, reason: str, request_id: int | None
) -> None:
    """The child is this school's from now on; both schools have it on record."""
    after = {
        "school_code": school.code,
        "grade": place.grade,
        "room": place.room,
        "student_number": place.student_number,
        "status": _ENROLLED,
        "admission_date": place.happened_on,
    }
    if place.sat_final_exam is not None:
        after["sat_final_exam"] = place.sat_final_exam
    losing = _school_of(row.school_code)
    deed = _Deed(kind, place.happened_on, reason, other_school=losing.code, request_id=request_id)
    changed = _move(row, after, deed, school)
    if losing.code != school.code and row.status is _ENROLLED:
        # Who was moving out already has that on record there.
        gone = _Deed(_OUT, place.happened_on, reason, other_school=school.code, request_id=request_id)
        _record(row, *changed, gone, losing)


def _tell_school_before(row: Any, school: School) -> None:
    if row.school_code == school.code:
        return
    losing = _school_of(row.school_code)
    said = Sentence("{school}รับ{name}เข้าเรียนแล้ว", school=school.name, name=_name_of(row))
    requests.tell(
        New(
            RequestKind.TRANSFER,
            title=_name_of(row),
            reason=said,
            sides=[Side(school.scope, RequestSide.ASKS), Side(losing.scope, RequestSide.INFORMED)],
            student_id=row.id,
        )
    )


# ── Leaving ──────────────────────────────────────────────────────────────────────────────────────────────


def transfer_out(student_id: int, happened_on: dt.date, reason: str) -> None:
    """R22, R43: the child leaves for another school, and is nowhere until one takes them."""
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        require_reason(reason)
        seen = _own_student(student_id, viewer)
        with _round_held(_OUT, {seen.scope}) as round_number:
            row = _own_student(student_id, viewer, held=True)
            _may_leave(round_number, row, happened_on)
            _move(row, {"status": StudentStatus.MOVING}, _Deed(_OUT, happened_on, reason))


@dataclass(frozen=True)
class Leaving:
    """A dropout or discharge: ``ground`` is a code of DropoutCause or DischargeGround."""

    kind: MovementKind
    ground: str
    happened_on: dt.date
    reason: str


def ask_to_leave(
    student_id: int, leaving: Leaving, evidence: Sequence[Evidence], *, evidence_follows: bool = False
) -> int:
    """R22, R48: ask the area for leave to record a dropout or discharge; the request's number.

    The area's approval is the recorded permission, and records it in the same moment. ``evidence_follows``: the
    request waits with the school until the evidence is attached.
    """
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        _, grounds = _LEAVING[leaving.kind]
        if leaving.ground not in {one.value for one in grounds}:
            raise GroundMissing(kind=leaving.kind.th, allowed=", ".join(one.th for one in grounds))
        seen = _own_student(student_id, viewer)
        with _round_held(leaving.kind, {seen.scope}) as round_number:
            row = _own_student(student_id, viewer, held=True)
            _may_leave(round_number, row, leaving.happened_on)
            return _ask_leave(row, leaving, evidence, follows=evidence_follows)


def _ask_leave(row: Any, leaving: Leaving, evidence: Sequence[Evidence], *, follows: bool) -> int:
    _, grounds = _LEAVING[leaving.kind]
    school = _school_of(row.school_code)
    shown: dict[str, str] = {
        Sentence("ชื่อนักเรียน"): _name_of(row),
        Sentence("โรงเรียน"): school.name,
        Sentence("ชั้น"): _class(row),
        Sentence("ขอ"): leaving.kind.th,
        Sentence("เหตุ"): grounds(leaving.ground).th,
        Sentence("ตั้งแต่วันที่"): thai_date(leaving.happened_on),
    }
    sides = [
        Side(school.scope, RequestSide.ASKS, shown),
        Side(f"{CENTRE}/{school.area_code}", RequestSide.DECIDES, shown),
    ]
    facts = {
        "kind": leaving.kind.value,
        "ground": leaving.ground,
        "happened_on": leaving.happened_on.isoformat(),
        "reason": leaving.reason,
    }
    return requests.open_request(
        New(
            RequestKind.LEAVING,
            title=_name_of(row),
            reason=leaving.reason,
            sides=sides,
            facts=facts,
            student_id=row.id,
            topic=f"student:{row.id}",
            evidence=evidence,
            evidence_follows=follows,
        )
    )


@requests.handles(RequestKind.LEAVING, evidence="หลักฐานการออกกลางคันหรือจำหน่าย")
def _carry_leaving(decision: Decision) -> None:
    facts = decision.facts
    kind, happened_on = MovementKind(facts["kind"]), dt.date.fromisoformat(facts["happened_on"])
    status, _ = _LEAVING[kind]
    with _round_held(kind, {decision.asked_by}) as round_number:
        row = _held_student(decision.student_id)
        if row.scope != decision.asked_by:
            raise TakenMeanwhile(name=_name_of(row))
        _may_leave(round_number, row, happened_on)
        deed = _Deed(kind, happened_on, facts["reason"], ground=facts["ground"], request_id=decision.id)
        _move(row, {"status": status}, deed)


def _may_leave(round_number: int, row: Any, happened_on: dt.date) -> None:
    """R43, R45: in round 3 only who did not sit the final exam; R22: only who is enrolled; R34: not yet to come."""
    if row.status is not _ENROLLED:
        raise NotEnrolled(name=_name_of(row), status=row.status.th)
    _must_have_happened(happened_on)
    if round_number != END_OF_YEAR:
        return
    if row.sat_final_exam:
        raise SatFinalExam(name=_name_of(row))
    if row.sat_final_exam is None:
        raise ExamNotRecorded(name=_name_of(row))
    results.refuse_after_the_exam(_school_of(row.school_code), happened_on)


def enrolled_nowhere() -> Sequence[Student]:
    """Students of the viewer's schools who left for another school and whom none has taken, longest first."""
    access.viewer().require(Action.READ, SUBJECT)
    query = sa.select(Student).where(Student.status == StudentStatus.MOVING)
    return db.session.scalars(query.order_by(Student.scope, Student.id).limit(MOST_AT_ONCE)).all()


# ── Staying, but otherwise ───────────────────────────────────────────────────────────────────────────────


def change_class(student_ids: Collection[int], grade: Grade, room: int, reason: str) -> int:
    """R24, R49: one student or many into another class or room; how many moved. All or none.

    In round 3 only to correct a wrong class, with the reason: promotion is no change of class.
    """
    return change_classes(dict.fromkeys(student_ids, (grade, room)), reason)


def change_classes(seats: Mapping[int, tuple[Grade, int]], reason: str) -> int:
    """The same for students who go into different classes: grade and room by student."""
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        moved = 0
        for row, round_number in _held_students(seats, MovementKind.CLASS, viewer):
            grade, room = seats[row.id]
            require_class(row, grade, _school_of(row.school_code), round_number, reason)
            deed = _Deed(MovementKind.CLASS, lock.today(), reason)
            moved += _move(row, {"grade": grade, "room": room}, deed) != ({}, {})
        return moved


def require_class(row: Any, grade: Grade, school: School, round_number: int, reason: str) -> None:
    """R24, R49: who is enrolled sits in a class that the school teaches; in round 3 another grade needs its reason."""
    if row.status is not _ENROLLED:
        raise NotEnrolled(name=_name_of(row), status=row.status.th)
    if row.grade is not grade and round_number == END_OF_YEAR:
        require_reason(reason)
    _must_teach(school, grade)


@dataclass(frozen=True)
class Names:
    """What a student is called from now on."""

    title: Title
    first_name: str
    last_name: str
    middle_name: str | None = None


def rename(student_id: int, names: Names, reason: str, evidence: Sequence[Evidence]) -> None:
    """R25, R49: another title, name or surname, with the document that says so; the school does it itself.

    A title that changes with age alone needs none.
    """
    after = {
        "title": names.title,
        "first_name": names.first_name.strip(),
        "last_name": names.last_name.strip(),
        "middle_name": (names.middle_name or "").strip() or None,
    }
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        for row, _ in _held_students([student_id], MovementKind.NAME, viewer):
            if not evidence and not _grows_up(row, after):
                raise EvidenceMissing(what=Sentence("หลักฐานการเปลี่ยนชื่อหรือนามสกุล"))
            deed = _Deed(MovementKind.NAME, lock.today(), reason, evidence=_kept(evidence))
            _move(row, after, deed)


def _grows_up(row: Any, after: Mapping[str, Any]) -> bool:
    """The title alone changes, and only as it does with age."""
    others = {name: value for name, value in after.items() if name != "title"}
    same = all(getattr(row, name) == value for name, value in others.items())
    return same and rules.title_of_age(row.title, after["title"], row.birth_date, lock.today())


def _kept(evidence: Sequence[Evidence]) -> str | None:
    """The document, in the register's own store."""
    return attachments.take(StoredFile(), evidence[0].filename, evidence[0].data) if evidence else None


@dataclass(frozen=True)
class Identity:
    """Who a student is, as the document of the civil registration says it; the title goes with the sex."""

    title: Title
    sex: Sex
    birth_date: dt.date


def correct_identity(student_id: int, right: Identity, reason: str, evidence: Sequence[Evidence]) -> None:
    """R49: a wrong sex or date of birth is corrected, with the reason and the document that says so."""
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        require_reason(reason)
        if not evidence:
            raise EvidenceMissing(what=Sentence("สูติบัตร ทะเบียนบ้าน หรือบัตรประจำตัวประชาชน"))
        for row, _ in _held_students([student_id], MovementKind.IDENTITY, viewer):
            deed = _Deed(MovementKind.IDENTITY, lock.today(), reason, evidence=_kept(evidence))
            _move(row, vars(right), deed)


def take_from_card(student_id: int, read: Mapping[str, Any]) -> None:
    """R25, R49: names, sex and birth date as the ID card in the reader has them: the card is the document."""
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        if others := validation.kept_by_verbs(Student, read.keys() - _ON_THE_CARD):
            raise InvalidRow(others)
        names = {name: value for name, value in read.items() if name in _NAMES}
        kind = MovementKind.NAME if len(names) == len(read) else MovementKind.IDENTITY
        for row, _ in _held_students([student_id], kind, viewer):
            _move(row, read, _Deed(kind, lock.today(), "อ่านจากบัตรประจำตัวประชาชน"))


def renumber(student_id: int, student_number: str, reason: str = "") -> None:
    """R49: another student number of the school."""
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        for row, _ in _held_students([student_id], MovementKind.NUMBER, viewer):
            deed = _Deed(MovementKind.NUMBER, lock.today(), reason)
            _move(row, {"student_number": student_number.strip()}, deed)


# ── Undoing ──────────────────────────────────────────────────────────────────────────────────────────────


def undo(movement_id: int, reason: str) -> None:
    """R45: take a movement back within its round, as long as nothing has followed it.

    The school that made it does; after a transfer the child is where it was before, and that school is told.
    """
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        require_reason(reason)
        movement = db.session.get(Movement, movement_id)
        if movement is None:
            raise NotYours
        before = _values_before(movement)
        back_to = _school_of(str(before.get("school_code", movement.school_code)))
        here = _school_of(movement.school_code)
        with _round_held(movement.kind, {here.scope, back_to.scope}):
            row = _held_student(movement.student_id)
            if not viewer.looks_after(row.scope):
                raise NotYours
            held = _held_movement(movement_id)
            _may_undo(held, row)
            with access.because(reason.strip()):
                _write(row, before, back_to)
            _mark_undone(held)
        if back_to.code != here.code:
            said = Sentence(
                "{school}ยกเลิกการย้ายเข้าของ{name} นักเรียนกลับมาอยู่ที่โรงเรียนของท่าน",
                school=here.name,
                name=_name_of(row),
            )
            sides = [Side(here.scope, RequestSide.ASKS), Side(back_to.scope, RequestSide.INFORMED)]
            requests.tell(New(RequestKind.TRANSFER, _name_of(row), str(said), sides, student_id=row.id))


def _values_before(movement: Any) -> dict[str, Any]:
    return {name: fields_of(Student)[name].kind.read(value) for name, value in movement.before.items()}


def _held_movement(movement_id: int) -> Any:
    query = sa.select(_MOVEMENT).where(_MOVEMENT.c.id == movement_id).with_for_update()
    with set_based(SetWork.MOVE):
        return db.session.connection().execute(query).one()


def _may_undo(movement: Any, row: Any) -> None:
    def refuse(why: Sentence) -> None:
        raise CannotUndo(kind=movement.kind.th, why=why)

    if movement.undone_at is not None:
        refuse(Sentence("ยกเลิกไปแล้ว"))
    if movement.kind is MovementKind.ADD or not movement.before:
        refuse(Sentence("เป็นรายการเพิ่มนักเรียน ถ้าเพิ่มผิดให้ย้ายออกหรือจำหน่าย"))
    if movement.round_id != _present().round_id:
        refuse(Sentence("เป็นรายการของรอบที่ปิดแล้ว"))
    now = {name: history.plain(Student(), name, getattr(row, name)) for name in movement.after}
    if now != movement.after:
        refuse(Sentence("มีการเปลี่ยนแปลงหลังจากนั้น"))


def _mark_undone(movement: Any) -> None:
    viewer = access.viewer()
    undone = {"undone_at": lock.now(), "undone_by": viewer.name}
    same = (_MOVEMENT.c.student_id == movement.student_id) & (_MOVEMENT.c.undone_at.is_(None))
    pair = _MOVEMENT.c.id == movement.id
    if movement.request_id is not None:
        pair = pair | (same & (_MOVEMENT.c.request_id == movement.request_id))
    with set_based(SetWork.MOVE):
        db.session.connection().execute(sa.update(_MOVEMENT).where(pair).values(undone))


# ── Decided elsewhere ────────────────────────────────────────────────────────────────────────────────────


def held_together(student_ids: Collection[int]) -> dict[int, Any]:
    """Students of whatever schools, held alone to the end with their schools' rounds; refused when one is locked."""
    wanted = sorted(set(student_ids))
    scopes = _scopes_of(wanted)
    if len(scopes) < len(wanted):
        raise NotYours
    with _round_held(MovementKind.DUPLICATE, set(scopes.values())):
        return {one: _held_student(one) for one in wanted}


def decided(row: Any, kind: MovementKind, after: Mapping[str, Any], note: str, request_id: int) -> None:
    """What the decision of a request changes of a student that is held (``held_together``)."""
    _move(row, after, _Deed(kind, lock.today(), note, request_id=request_id))


def take_decided_back(request_id: int, reason: str) -> None:
    """Undo all that the decision of a request has changed, as long as nothing has followed (CannotUndo)."""
    query = sa.select(_MOVEMENT).where(_MOVEMENT.c.request_id == request_id, _MOVEMENT.c.undone_at.is_(None))
    with set_based(SetWork.MOVE):
        made = db.session.connection().execute(query.order_by(_MOVEMENT.c.id.desc())).all()
    rows = held_together([one.student_id for one in made])
    for movement in made:
        row = rows[movement.student_id]
        _may_undo(movement, row)
        before = _values_before(movement)
        with access.because(reason.strip()):
            _write(row, before, _school_of(row.school_code))
        _mark_undone(movement)


# ── Holding ──────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _round_held(kind: MovementKind, scopes: Collection[str]) -> Iterator[int]:
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


def _present() -> lock.Standing:
    return lock.standing(db.session.connection(), RoundSystem.DMC, CENTRE)


def _own_school(code: str, viewer: Viewer) -> School:
    school = db.session.get(School, code)
    if school is None or not viewer.looks_after(school.scope):
        raise NotYours
    return school


def _school_of(code: str) -> School:
    return db.session.get_one(School, code)


def _own_student(student_id: int, viewer: Viewer, *, held: bool = False) -> Any:
    row = _held_student(student_id, held=held)
    if not viewer.looks_after(row.scope):
        raise NotYours
    return row


def _scopes_of(student_ids: Collection[int]) -> dict[int, str]:
    """Whose these students are, of whatever schools, by key in one statement; those that there are not are left out."""
    query = sa.select(_STUDENT.c.id, _STUDENT.c.scope).where(_STUDENT.c.id.in_(student_ids))
    with set_based(SetWork.MOVE):
        return {row.id: row.scope for row in db.session.connection().execute(query)}


def _held_student(student_id: int | None, *, held: bool = True) -> Any:
    query = sa.select(_STUDENT).where(_STUDENT.c.id == student_id)
    with set_based(SetWork.MOVE):
        found = db.session.connection().execute(query.with_for_update() if held else query)
        row = found.one_or_none()
    if row is None:
        raise NotYours
    return row


def _held_students(
    student_ids: Collection[int], kind: MovementKind, viewer: Viewer
) -> Iterator[tuple[Any, int]]:
    """The viewer's own students, held in the order of their keys, each with the number of the round."""
    if len(student_ids) > MOST_AT_ONCE:
        raise TooManyMoved(most=f"{MOST_AT_ONCE:,}")
    wanted = sorted(set(student_ids))
    scopes = _scopes_of(wanted)
    if len(scopes) < len(wanted) or not all(map(viewer.looks_after, scopes.values())):
        raise NotYours
    if not scopes:
        return
    with _round_held(kind, set(scopes.values())) as round_number:
        for one in wanted:
            yield _own_student(one, viewer, held=True), round_number


def _must_live(row: Any) -> None:
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
            raise HasDied(name=_name_of(row))


def _must_teach(school: School, grade: Grade) -> None:
    if not school.lowest_grade <= grade <= school.highest_grade:
        raise GradeNotTaught(school=school.name, grade=grade.th)


def _must_have_happened(day: dt.date) -> None:
    if day > lock.today():
        raise NotThatDay(day=thai_date(day))


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Deed:
    """What a movement's record says beside the values that changed."""

    kind: MovementKind
    happened_on: dt.date
    note: str
    ground: str | None = None
    other_school: str | None = None
    evidence: str | None = None
    request_id: int | None = None


Changed = tuple[dict[str, Any], dict[str, Any]]


def _move(row: Any, after: Mapping[str, Any], deed: _Deed, to: School | None = None) -> Changed:
    """Write the values that differ and the record of it; what was changed, before and after."""
    school = to or _school_of(row.school_code)
    with access.because(deed.note.strip() or None):
        before, different = _write(row, after, school)
    if different:
        _record(row, before, different, deed, school)
    return before, different


def _write(row: Any, after: Mapping[str, Any], school: School) -> Changed:
    """The student's row with other values, judged as everywhere, and the history of each school concerned."""
    different = {name: value for name, value in after.items() if getattr(row, name) != value}
    if not different:
        return {}, {}
    whole = {name: getattr(row, name) for name in fields_of(Student)} | different
    if problems := list(validation.problems_of(Student, whole)):
        raise InvalidRow(problems)
    before = {name: getattr(row, name) for name in different}
    with set_based(SetWork.MOVE):
        connection = db.session.connection()
        values = different | {"scope": school.scope, "version": row.version + 1}
        connection.execute(sa.update(_STUDENT).where(_STUDENT.c.id == row.id).values(values))
        for scope in {row.scope, school.scope}:
            history.record_of(connection, "student", row.id, scope, _plain(before), _plain(different))
    _forget(row.id)
    return before, different


def _record(row: Any, before: Mapping[str, Any], after: Mapping[str, Any], deed: _Deed, at: School) -> None:
    values = _who_and_when() | {
        "scope": at.scope,
        "school_code": at.code,
        "student_id": row.id,
        "kind": deed.kind,
        "happened_on": deed.happened_on,
        "ground": deed.ground,
        "note": deed.note.strip()[:500],
        "other_school": deed.other_school if deed.other_school != at.code else None,
        "evidence": deed.evidence,
        "request_id": deed.request_id,
        "before": _plain(before),
        "after": _plain(after),
    }
    with set_based(SetWork.MOVE):
        db.session.connection().execute(sa.insert(_MOVEMENT).values(values))


Told = tuple[int, str, MovementKind, Mapping[str, Any], Mapping[str, Any]]
"""A movement of many: student, the school's scope, kind, and the values before and after."""


def record_many(told: Iterable[Told], note: str) -> None:
    """The records of many movements within schools, for set-based work that has made them by the same rules."""
    common = _who_and_when() | {"happened_on": lock.today(), "note": note.strip()[:500]}
    own = ("student_id", "scope", "school_code", "kind", "before", "after")
    rows = (
        (*common.values(), student, scope, scope.rsplit("/", 1)[1], kind, _plain(before), _plain(after))
        for student, scope, kind, before, after in told
    )
    bulk.copy_rows(db.session.connection(), _MOVEMENT, [*common, *own], rows)


def _who_and_when() -> dict[str, Any]:
    viewer = access.viewer()
    return {
        "round_id": _present().round_id,
        "done_at": lock.now(),
        "done_by_id": viewer.id,
        "done_by": viewer.name,
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    fields = fields_of(Student)
    return {name: fields[name].kind.json(value) for name, value in values.items()}


def _forget(student_id: int) -> None:
    """What this session remembers of the row is no longer so."""
    for one in [one for one in db.session if isinstance(one, Student) and one.id == student_id]:
        db.session.expire(one)
