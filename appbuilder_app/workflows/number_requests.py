"""Requests for another number: a real ID in the place of a G-code, and the correction of a wrong one (R26, R50).

A succession is reviewed by the school's area, which has issued the G-code; a correction by the centre, within a
cut-off of its own. Both keep the old number and the new.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import sqlalchemy as sa

from .. import access, identity
from ..access import CENTRE
from ..bilingual import Sentence
from ..codes import (
    NumberGround,
    RequestKind,
    RequestSide,
    RequestState,
    RequestStepKind,
    RoundSystem,
    WindowAction,
)
from ..dataset import lock
from ..declaration import db
from ..errors import NotYours, RuleViolation, WindowMissing
from ..identity import format_identity
from ..models import Request, RequestParty, RequestStep, School, Student
from . import identities, requests
from .gcode_users import area_scope
from .requests import Decision, Evidence, New, Side

SUCCESSION_EVIDENCE: Final = "สำเนาบัตรประชาชน สูติบัตร หรือทะเบียนบ้านที่มีเลขใหม่"
OLD, NEW_NUMBER = "เลขเดิม", "เลขใหม่"
"""Under which labels each side's copy shows the two numbers."""
CORRECTION_EVIDENCE: Final = "สำเนาบัตรประชาชน สูติบัตร หรือทะเบียนบ้านที่มีเลขที่ถูกต้อง"


class NotAGCode(RuleViolation):
    """A succession ends a G-code; another number that is wrong is corrected."""

    message = "นักเรียนคนนี้ไม่ได้ใช้รหัส G หากเลขประจำตัวผิด ให้ยื่น “ขอแก้ไขเลขประจำตัวประชาชน”"
    status = 409


class IsAGCode(RuleViolation):
    """A G-code is not wrong: a real number takes its place."""

    message = "นักเรียนคนนี้ใช้รหัส G หากได้เลขประจำตัวประชาชนแล้ว ให้ยื่น “แทนรหัส G ด้วยเลขจริง”"
    status = 409


class ProofMissing(RuleViolation):
    """Nothing is corrected without a document that shows the right number."""

    message = "อนุมัติยังไม่ได้ เพราะยังไม่มีหลักฐานแนบ กรุณาขอให้โรงเรียนแนบ{what} หรือส่งกลับพร้อมเหตุผล"
    status = 409


# ── Asking ───────────────────────────────────────────────────────────────────────────────────────────────


def ask_succession(student_id: int, new: str, reason: str, evidence: Sequence[Evidence]) -> int:
    """Ask the area to put a real ID in the place of a student's G-code; the number of the request."""
    student, school = _student(student_id)
    if not identity.is_g_code(student.national_id):
        raise NotAGCode
    new = identity.normalise_identity(new)
    identities.require_replaceable(student, student.national_id, new)
    return _open(RequestKind.SUCCESSION, student, school, new, reason, evidence, area_scope(school))


def ask_correction(
    student_id: int, new: str, reason: str, evidence: Sequence[Evidence], contact: str = ""
) -> int:
    """Ask the centre to correct a student's ID, until the cut-off (R26); the number of the request.

    ``contact`` is who can be asked, with telephone, as the form of before had it (R50). The document may
    follow, but without one nothing is approved.
    """
    student, school = _student(student_id)
    if identity.is_g_code(student.national_id):
        raise IsAGCode
    new = identity.normalise_identity(new)
    require_open(school)
    identities.require_replaceable(student, student.national_id, new)
    return _open(RequestKind.ID_CORRECTION, student, school, new, reason, evidence, CENTRE, contact)


def require_open(school: School) -> None:
    """R26: corrections are taken until their own cut-off; where none is set, as long as data are edited."""
    if (refusal := correction_standing(school).refusal) is not None:
        raise refusal


def correction_standing(school: School) -> lock.Standing:
    """Whether, and until when, a school may ask for corrections."""
    connection = db.session.connection()
    standing = lock.standing(connection, RoundSystem.DMC, school.scope, WindowAction.ID_CORRECTION)
    if isinstance(standing.refusal, WindowMissing):
        return lock.standing(connection, RoundSystem.DMC, school.scope)
    return standing


def _student(student_id: int) -> tuple[Student, School]:
    access.viewer().require(access.Action.WRITE, requests.SUBJECT)
    student = db.session.scalar(sa.select(Student).where(Student.id == student_id))
    if student is None:
        raise NotYours
    return student, db.session.get_one(School, student.school_code)


def _open(
    kind: RequestKind,
    student: Student,
    school: School,
    new: str,
    reason: str,
    evidence: Sequence[Evidence],
    decides: str,
    contact: str = "",
) -> int:
    about = {
        Sentence("ชื่อนักเรียน"): str(student),
        "โรงเรียน": f"{school.name} ({school.code})",
        "ชั้น": Sentence("{grade}/{room}", grade=student.grade.short, room=student.room),
        OLD: format_identity(student.national_id),
        NEW_NUMBER: format_identity(new),
    }
    if contact.strip():
        about["ผู้ติดต่อ"] = contact.strip()[:160]
    sides = [Side(school.scope, RequestSide.ASKS, about), Side(decides, RequestSide.DECIDES, about)]
    if decides == CENTRE:
        sides.append(Side(area_scope(school), RequestSide.INFORMED, about))
    return requests.open_request(
        New(
            kind=kind,
            title=str(student),
            reason=reason,
            student_id=student.id,
            # One topic for both kinds: of a student's number there is one question at a time.
            topic=f"number:{student.id}",
            facts={"old": student.national_id, "new": new},
            sides=sides,
            evidence=evidence,
        )
    )


# ── Deciding ─────────────────────────────────────────────────────────────────────────────────────────────


@requests.handles(RequestKind.SUCCESSION, evidence=SUCCESSION_EVIDENCE)
def _succeed(decision: Decision) -> None:
    _replace(decision, NumberGround.SUCCESSION)


@requests.handles(RequestKind.ID_CORRECTION)
def _correct(decision: Decision) -> None:
    papers = sa.select(RequestStep.id).where(
        RequestStep.request_id == decision.id,
        RequestStep.kind == RequestStepKind.ATTACHED,
        RequestStep.file.is_not(None),
    )
    if db.session.scalar(papers.limit(1)) is None:
        raise ProofMissing(what=Sentence(CORRECTION_EVIDENCE))
    _replace(decision, NumberGround.CORRECTION)


def _replace(decision: Decision, ground: NumberGround) -> None:
    student = db.session.scalar(sa.select(Student).where(Student.id == decision.student_id))
    # A student who moved out of the decider's area meanwhile is somebody else's to decide about.
    if student is None:
        raise identities.NumberChangedMeanwhile
    old, new = str(decision.facts["old"]), str(decision.facts["new"])
    identities.replace_number(student, old, new, ground, decision.id)


def decided_one_by_one(
    request_ids: Sequence[int], verb: Callable[[int], Any]
) -> list[tuple[int, RuleViolation | None]]:
    """A verb for each of several requests of the queue, each committed or refused by itself."""
    outcomes: list[tuple[int, RuleViolation | None]] = []
    for request_id in request_ids:
        try:
            verb(request_id)
            db.session.commit()
            outcomes.append((request_id, None))
        except RuleViolation as refusal:
            db.session.rollback()
            outcomes.append((request_id, refusal))
    return outcomes


# ── The queue ────────────────────────────────────────────────────────────────────────────────────────────

KINDS: Final = (RequestKind.SUCCESSION, RequestKind.ID_CORRECTION)
_UNSETTLED: Final = [state for state in RequestState if not state.is_settled]


def queue() -> Sequence[RequestParty]:
    """Requests for other numbers that are not settled, the pressing first, each in the copy nearest to the viewer."""
    viewer = access.viewer()
    viewer.require(access.Action.READ, requests.SUBJECT)
    query = sa.select(RequestParty).where(RequestParty.kind.in_(KINDS), RequestParty.state.in_(_UNSETTLED))
    late_first = (RequestParty.deadline, RequestParty.request_id)
    found: dict[int, RequestParty] = {}
    for one in db.session.scalars(query.order_by(*late_first).limit(2 * requests.MOST_SHOWN)):
        before = found.setdefault(one.request_id, one)
        if len(one.scope) < len(before.scope):
            found[one.request_id] = one
    return [*found.values()][: requests.MOST_SHOWN]


def unsettled_of(student_id: int) -> RequestParty | None:
    """The request about a student's number that waits, in a copy that the viewer may see."""
    query = (
        sa.select(RequestParty)
        .join(Request, Request.id == RequestParty.request_id)
        .where(Request.student_id == student_id, RequestParty.kind.in_(KINDS))
        .where(RequestParty.state.in_(_UNSETTLED))
    )
    return db.session.scalar(query.limit(1))


def with_papers(request_ids: Sequence[int]) -> dict[int, int]:
    """Of these requests those with a document that the viewer may see, each with the step that brought the last."""
    query = sa.select(RequestStep.request_id, sa.func.max(RequestStep.id)).where(
        RequestStep.request_id.in_(request_ids), RequestStep.file.is_not(None)
    )
    rows = db.session.execute(query.group_by(RequestStep.request_id))
    return {row[0]: row[1] for row in rows}


def national_cut_off() -> Any:
    """The window that sets until when the whole country may ask for corrections; None when none is set."""
    connection = db.session.connection()
    governing = lock.governing_round(connection, RoundSystem.DMC)
    if governing is None:
        return None
    return lock.window_of(connection, governing.id, WindowAction.ID_CORRECTION, CENTRE)
