"""Who leaves: to another school, or for good with ground, evidence and the district's permission (R22, R40, R46–R48)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from ... import access
from ...access import CENTRE, Action
from ...bilingual import Sentence
from ...codes import DischargeGround, DropoutCause, MovementKind, RequestKind, RequestSide, StudentStatus
from ...declaration import db
from ...errors import (
    ExamNotRecorded,
    GroundMissing,
    NotEnrolled,
    SatFinalExam,
    TakenMeanwhile,
    require_reason,
)
from ...models import Student
from ...thaidate import thai_date
from .. import requests, results
from ..requests import Decision, Evidence, New, Side
from .holding import (
    END_OF_YEAR,
    MOST_AT_ONCE,
    SUBJECT,
    class_of,
    held_student,
    must_have_happened,
    name_of,
    own_student,
    round_held,
    school_of,
)
from .writing import Deed, move

_OUT = MovementKind.TRANSFER_OUT
_ENROLLED = StudentStatus.ENROLLED
_LEAVING: Final = {
    MovementKind.DROPOUT: (StudentStatus.DROPPED, DropoutCause),
    MovementKind.DISCHARGE: (StudentStatus.DISCHARGED, DischargeGround),
}


def transfer_out(student_id: int, happened_on: dt.date, reason: str) -> None:
    """R22, R43: the child leaves for another school, and is nowhere until one takes them."""
    with access.performing(Action.MOVE, SUBJECT) as viewer:
        require_reason(reason)
        seen = own_student(student_id, viewer)
        with round_held(_OUT, {seen.scope}) as round_number:
            row = own_student(student_id, viewer, held=True)
            _may_leave(round_number, row, happened_on)
            move(row, {"status": StudentStatus.MOVING}, Deed(_OUT, happened_on, reason))


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
        seen = own_student(student_id, viewer)
        with round_held(leaving.kind, {seen.scope}) as round_number:
            row = own_student(student_id, viewer, held=True)
            _may_leave(round_number, row, leaving.happened_on)
            return _ask_leave(row, leaving, evidence, follows=evidence_follows)


def _ask_leave(row: Any, leaving: Leaving, evidence: Sequence[Evidence], *, follows: bool) -> int:
    _, grounds = _LEAVING[leaving.kind]
    school = school_of(row.school_code)
    shown: dict[str, str] = {
        Sentence("ชื่อนักเรียน"): name_of(row),
        Sentence("โรงเรียน"): school.name,
        Sentence("ชั้น"): class_of(row),
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
            title=name_of(row),
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
    with round_held(kind, {decision.asked_by}) as round_number:
        row = held_student(decision.student_id)
        if row.scope != decision.asked_by:
            raise TakenMeanwhile(name=name_of(row))
        _may_leave(round_number, row, happened_on)
        deed = Deed(kind, happened_on, facts["reason"], ground=facts["ground"], request_id=decision.id)
        move(row, {"status": status}, deed)


def _may_leave(round_number: int, row: Any, happened_on: dt.date) -> None:
    """R43, R45: in round 3 only who did not sit the final exam; R22: only who is enrolled; R34: not yet to come."""
    if row.status is not _ENROLLED:
        raise NotEnrolled(name=name_of(row), status=row.status.th)
    must_have_happened(happened_on)
    if round_number != END_OF_YEAR:
        return
    if row.sat_final_exam:
        raise SatFinalExam(name=name_of(row))
    if row.sat_final_exam is None:
        raise ExamNotRecorded(name=name_of(row))
    results.refuse_after_the_exam(school_of(row.school_code), happened_on)


def enrolled_nowhere() -> Sequence[Student]:
    """Students of the viewer's schools who left for another school and whom none has taken, longest first."""
    access.viewer().require(Action.READ, SUBJECT)
    query = sa.select(Student).where(Student.status == StudentStatus.MOVING)
    return db.session.scalars(query.order_by(Student.scope, Student.id).limit(MOST_AT_ONCE)).all()
