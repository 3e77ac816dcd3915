"""Who comes: taken at once, asked for from another school, back again, or new (R21, R30, R34, R41, R45)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ... import access, identity
from ...access import CENTRE, Action
from ...bilingual import Sentence
from ...codes import Grade, MovementKind, RequestKind, RequestSide, StudentStatus
from ...dataset import lock
from ...declaration import db
from ...errors import (
    EnrolledAlready,
    EnrolledTwice,
    EvidenceMissing,
    IsEnrolled,
    NotYours,
    TakenMeanwhile,
    require_reason,
)
from ...models import School, Student
from ...schema import entering
from ...thaidate import thai_date
from .. import requests, results
from ..requests import Decision, Evidence, New, Side
from .finding import one_of, with_number
from .holding import (
    SUBJECT,
    class_of,
    held_student,
    must_have_happened,
    must_live,
    must_teach,
    name_of,
    own_school,
    own_student,
    round_held,
    school_of,
    scopes_of,
)
from .writing import Deed, move, record

_IN, _OUT = MovementKind.TRANSFER_IN, MovementKind.TRANSFER_OUT
_ENROLLED = StudentStatus.ENROLLED


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
        school = own_school(place.school_code, viewer)
        number = identity.normalise_identity(national_id)
        found = with_number(number)
        if len(enrolled := [row for row in found if row.status is _ENROLLED]) > 1:
            return Coming(enrolled[0].id, _claim(enrolled, place, school, reason, evidence))
        seen = one_of(found)
        with round_held(_IN, {school.scope, seen.scope}) as round_number:
            _may_come(round_number, place, school)
            row = one_of(with_number(number, held=True))
            if row.scope != seen.scope:
                raise TakenMeanwhile(name=name_of(row))
            if row.status is _ENROLLED and row.scope == school.scope:
                raise EnrolledAlready(name=name_of(row))
            if row.status is _ENROLLED:
                return Coming(row.id, _ask_for(row, place, school, reason, evidence))
            must_live(row)
            _take(row, place, school, _IN, reason, None)
            _tell_school_before(row, school)
            return Coming(row.id, None)


def _ask_for(row: Any, place: Place, school: School, reason: str, evidence: Sequence[Evidence]) -> int:
    losing, shown = school_of(row.school_code), _shown(row, place, school)
    # Which school has the child is not told to who asks, as nowhere in the register.
    whole = shown | {
        Sentence("โรงเรียนเดิม"): losing.name,
        Sentence("ชั้นเดิม"): class_of(row),
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
            title=name_of(row),
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
        Sentence("ชื่อนักเรียน"): name_of(row),
        Sentence("วันเกิด"): thai_date(row.birth_date),
        Sentence("โรงเรียนที่ขอรับ"): school.name,
        Sentence("เข้าชั้น"): class_of(place),
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
    school, losing = school_of(place.school_code), school_of(facts["from"])
    with round_held(_IN, {school.scope, losing.scope}) as round_number:
        _may_come(round_number, place, school)
        row = held_student(decision.student_id)
        if row.school_code != losing.code:
            raise TakenMeanwhile(name=name_of(row))
        must_live(row)
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
    ids, areas = [row.id for row in rows], {school_of(row.school_code).area_code for row in rows}
    decides = f"{CENTRE}/{school.area_code}" if areas == {school.area_code} else CENTRE
    with round_held(_IN, {school.scope}) as round_number:
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
                title=name_of(rows[0]),
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
    school, ids = school_of(place.school_code), sorted(decision.facts["twice"])
    with round_held(_IN, {school.scope, *scopes_of(ids).values()}) as round_number:
        _may_come(round_number, place, school)
        row = one_of([held_student(one) for one in ids])
        if row.scope == school.scope and row.status is _ENROLLED:
            raise EnrolledAlready(name=name_of(row))
        must_live(row)
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
        seen = own_student(student_id, viewer)
        with round_held(_IN, {seen.scope}):
            row = own_student(student_id, viewer, held=True)
            if row.status is _ENROLLED:
                raise IsEnrolled(name=name_of(row))
            must_live(row)
            move(row, {"status": _ENROLLED}, Deed(MovementKind.RETURN, lock.today(), reason))


def add(values: Mapping[str, Any], happened_on: dt.date, sat_final_exam: bool | None = None) -> Student:
    """R21, R34, R41: a child who is not in the register yet; ``values`` are those of the student's fields.

    InRegisterAlready when another school knows the number, in whatever state: such a child is transferred.
    """
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        school = own_school(str(values.get("school_code", "")), viewer)
        number = identity.normalise_identity(values.get("national_id"))
        with round_held(MovementKind.ADD, {school.scope}) as round_number:
            grade, room = values["grade"], values["room"]
            place = Place(school.code, grade, room, values["student_number"], happened_on, sat_final_exam)
            _may_come(round_number, place, school)
            told = {"national_id": number, "admission_date": happened_on, "sat_final_exam": sat_final_exam}
            student = Student(**{**values, **told})
            db.session.add(student)
            db.session.flush()
            row = held_student(student.id)
            record(row, {}, {"status": _ENROLLED}, Deed(MovementKind.ADD, happened_on, ""), school)
            return student


def _may_come(round_number: int, place: Place, school: School) -> None:
    """R38, R39, R41, R42 at the year's end; R24: the school teaches the class; the day has come."""
    must_have_happened(place.happened_on)
    arrival = entering.Arrival(place.sat_final_exam, place.happened_on)
    refusal = entering.year_end_refusal(round_number, arrival, results.exam_of_open_round(school))
    if refusal is not None:
        raise refusal
    must_teach(school, place.grade)


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
    losing = school_of(row.school_code)
    deed = Deed(kind, place.happened_on, reason, other_school=losing.code, request_id=request_id)
    changed = move(row, after, deed, school)
    if losing.code != school.code and row.status is _ENROLLED:
        # Who was moving out already has that on record there.
        gone = Deed(_OUT, place.happened_on, reason, other_school=school.code, request_id=request_id)
        record(row, *changed, gone, losing)


def _tell_school_before(row: Any, school: School) -> None:
    if row.school_code == school.code:
        return
    losing = school_of(row.school_code)
    said = Sentence("{school}รับ{name}เข้าเรียนแล้ว", school=school.name, name=name_of(row))
    requests.tell(
        New(
            RequestKind.TRANSFER,
            title=name_of(row),
            reason=said,
            sides=[Side(school.scope, RequestSide.ASKS), Side(losing.scope, RequestSide.INFORMED)],
            student_id=row.id,
        )
    )
