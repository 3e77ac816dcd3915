"""G-code requests (R31, R57): a school writes the form and brings the papers, its area checks each and decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from .. import access, identity, rules
from ..access import Action
from ..bilingual import Sentence
from ..codes import EvidenceRung, GDocument, RequestKind, RequestSide, RequestState, RoundSystem
from ..dataset import attachments, lock, validation
from ..declaration import db, fields_of
from ..errors import FileMissing, InvalidRow, NotYours, Problem, RuleViolation, StaleVersion
from ..kinds import Photo, StoredFile
from ..models import GCodeApplication, GCodePaper, Request, School, Student
from ..thaidate import thai_date
from ..walls import SetWork, set_based
from . import civil, gcode_numbers, gcode_users, requests
from .requests import Decision, New, Side

THAI: Final = frozenset({"ไทย", "ประเทศไทย", "thailand", "thai"})
_OF_RUNG: Final = {
    EvidenceRung.BIRTH: GDocument.BIRTH,
    EvidenceRung.CIVIL: GDocument.CIVIL,
    EvidenceRung.OFFICIAL: GDocument.OFFICIAL,
    EvidenceRung.STATEMENT: GDocument.STATEMENT,
    EvidenceRung.INTERVIEW: GDocument.INTERVIEW,
}


class HasANumber(RuleViolation):
    """Who was registered at birth in Thailand has a number on the birth certificate: that one is used, never G."""

    message = (
        "เด็กที่เกิดในประเทศไทยและมีสูติบัตรมีเลขประจำตัว 13 หลักในสูติบัตรแล้ว จึงขอรหัส G ไม่ได้ กรุณาเพิ่มนักเรียนด้วยเลขในสูติบัตร"
    )
    status = 409


class PapersMissing(RuleViolation):
    """Every document that the rung of the evidence asks for has to be there."""

    message = "ส่งคำขอยังไม่ได้ ยังขาดเอกสาร: {papers} กรุณาแนบให้ครบแล้วส่งอีกครั้ง"


class PapersUnchecked(RuleViolation):
    """The area looks at each document before it approves; incomplete papers are sent back."""

    message = "อนุมัติยังไม่ได้ เอกสารต่อไปนี้ยังไม่ได้ตรวจผ่าน: {papers} กรุณาตรวจทีละฉบับ หรือส่งกลับพร้อมเหตุผล"
    status = 409


class NotWritable(RuleViolation):
    """Form and papers are changed while the school has them: as a draft, or after the area has sent them back."""

    message = "แก้ไขไม่ได้ เพราะคำขอนี้ส่งแล้ว (สถานะ: {state}) หากต้องแก้ไข ให้ขอเขตพื้นที่ส่งกลับ"
    status = 409


class NotToBeChecked(RuleViolation):
    """Documents are checked while the request waits for the area."""

    message = "ตรวจเอกสารไม่ได้ เพราะคำขออยู่ในสถานะ “{state}” กรุณาดูสถานะล่าสุดที่หน้าคำขอ"
    status = 409


class NoCodeYet(RuleViolation):
    """A child is entered with the code that was approved."""

    message = "ยังเพิ่มเข้าทะเบียนนักเรียนไม่ได้ เพราะเขตพื้นที่ยังไม่ได้อนุมัติรหัส G"
    status = 409


class EnteredAlready(RuleViolation):
    """A child is entered once."""

    message = "เด็กคนนี้อยู่ในทะเบียนนักเรียนแล้ว จึงไม่ต้องเพิ่มอีก"
    status = 409


# ── The form ─────────────────────────────────────────────────────────────────────────────────────────────


def write(
    values: Mapping[str, Any], application_id: int | None = None, version: int | None = None
) -> GCodeApplication:
    """Write the form, or write it anew while it is a draft or was sent back; InvalidRow names what is wrong."""
    with access.performing(Action.WRITE, requests.SUBJECT) as viewer:
        gcode_users.require_registered()
        application = _to_write(application_id)
        if application_id is not None and version not in (None, application.version):
            raise StaleVersion
        row = {name: getattr(application, name) for name in fields_of(GCodeApplication)} | dict(values)
        if problems := [*validation.problems_of(GCodeApplication, row), *_problems(row)]:
            raise InvalidRow(problems)
        require_no_number(row)
        for name, value in values.items():
            setattr(application, name, value)
        application.written_at, application.written_by = lock.now(), viewer.name
        db.session.add(application)
        db.session.flush()
        return application


def _to_write(application_id: int | None) -> GCodeApplication:
    if application_id is None:
        return GCodeApplication(school_code=gcode_users.own_school().code)
    application = application_with(application_id)
    _require_with_the_school(application)
    return application


def _problems(row: Mapping[str, Any]) -> Iterator[Problem]:
    yield from rules.title_suits_sex(row)
    yield from rules.birth_date_is_of_a_pupil(row)
    if row.get("rung") not in (None, EvidenceRung.BIRTH) and not (row.get("rung_reason") or "").strip():
        yield Problem("rung_reason", "อธิบายว่าเหตุใดจึงไม่มีหลักฐานขั้นที่สูงกว่า")
    if not (row.get("guardian_first_name") or "").strip():
        yield Problem("guardian_first_name", "กรอกชื่อผู้ปกครอง หรือผู้ที่ดูแลเด็กอยู่ขณะนี้")


def require_no_number(row: Mapping[str, Any]) -> None:
    """Refuse (HasANumber) a child whose Thai birth certificate gives a number."""
    number = identity.normalise_identity(row.get("birth_certificate_number") or "")
    born_here = str(row.get("birth_country") or "").strip().lower() in THAI
    if identity.kind_of(number) == "national" or (born_here and row.get("rung") is EvidenceRung.BIRTH):
        raise HasANumber


def application_with(application_id: int) -> GCodeApplication:
    """The viewer's application; NotYours (404) otherwise."""
    access.viewer().require(Action.READ, requests.SUBJECT)
    found = db.session.scalar(sa.select(GCodeApplication).where(GCodeApplication.id == application_id))
    # A draft is the school's own until it is sent.
    if found is None or (found.request_id is None and found.scope != access.viewer().scope):
        raise NotYours
    return found


def applications() -> Sequence[tuple[GCodeApplication, RequestState | None]]:
    """Applications within the viewer's scope with how far they are, the newest first; drafts only one's own."""
    viewer = access.viewer()
    viewer.require(Action.READ, requests.SUBJECT)
    query = (
        sa.select(GCodeApplication, Request.state)
        .outerjoin(Request, Request.id == GCodeApplication.request_id)
        .where(sa.or_(GCodeApplication.request_id.is_not(None), GCodeApplication.scope == viewer.scope))
        .order_by(GCodeApplication.id.desc())
    )
    return [(one, state) for one, state in db.session.execute(query.limit(requests.MOST_SHOWN))]


def state_of(application: GCodeApplication) -> RequestState | None:
    """How far the request is; None for a draft."""
    if application.request_id is None:
        return None
    return db.session.scalar(sa.select(Request.state).where(Request.id == application.request_id))


def _require_with_the_school(application: GCodeApplication) -> None:
    state = state_of(application)
    if state is not None and state is not RequestState.RETURNED:
        raise NotWritable(state=state.th)


# ── The papers ───────────────────────────────────────────────────────────────────────────────────────────


def needed(application: GCodeApplication) -> list[GDocument]:
    """The documents that the request needs, by the rung of its evidence and what the parents have [public]."""
    of_parents = [] if application.parents_without_papers else [GDocument.PASSPORT, GDocument.EMPLOYER]
    return [GDocument.PHOTO, GDocument.FORM, _OF_RUNG[application.rung], *of_parents]


def papers_of(application: GCodeApplication) -> dict[GDocument, GCodePaper]:
    """The documents that are there, in the order of the list."""
    query = sa.select(GCodePaper).where(GCodePaper.application_id == application.id)
    found = {paper.document: paper for paper in db.session.scalars(query)}
    return {document: found[document] for document in GDocument if document in found}


def put_paper(application_id: int, document: GDocument, filename: str, data: bytes) -> GCodePaper:
    """Bring a document, or a better one in its place, which takes the area's finding away."""
    with access.performing(Action.WRITE, requests.SUBJECT) as viewer:
        gcode_users.require_registered()
        application = application_with(application_id)
        _require_with_the_school(application)
        kind = Photo() if document is GDocument.PHOTO else StoredFile()
        stored = attachments.take(kind, filename, data)
        paper = papers_of(application).get(document) or GCodePaper(
            application_id=application.id, school_code=application.school_code, document=document
        )
        paper.stored, paper.sent_at, paper.sent_by = stored, lock.now(), viewer.name
        paper.accepted = paper.note = paper.checked_at = paper.checked_by = None
        db.session.add(paper)
        db.session.flush()
        return paper


def check_paper(application_id: int, document: GDocument, accepted: bool, note: str = "") -> GCodePaper:
    """The area's finding of one document; what is not accepted says why, for the school to mend."""
    with access.performing(Action.DECIDE, requests.SUBJECT) as viewer:
        application = application_with(application_id)
        state = _held_state(application)
        if state is not RequestState.OPEN:
            raise NotToBeChecked(state=state.th if state else "")
        if not accepted and not note.strip():
            raise InvalidRow([Problem("note", "บอกว่าเอกสารนี้ต้องแก้อะไร")])
        paper = papers_of(application).get(document)
        if paper is None:
            raise FileMissing
        paper.accepted, paper.note = accepted, note.strip()[:300] or None
        paper.checked_at, paper.checked_by = lock.now(), viewer.name
        db.session.flush()
        return paper


def _held_state(application: GCodeApplication) -> RequestState | None:
    """The state of the request, which stays as it is until the transaction ends: approving waits."""
    if application.request_id is None:
        return None
    table = Request.__table__
    with set_based(SetWork.REQUEST):
        query = sa.select(table.c.state).where(table.c.id == application.request_id).with_for_update()
        return db.session.connection().scalar(query)


def paper_file(application_id: int, document: GDocument) -> str:
    """The stored name of a document, for who sees the application; FileMissing (404) when there is none."""
    paper = papers_of(application_with(application_id)).get(document)
    if paper is None:
        raise FileMissing
    return paper.stored


# ── Sending and deciding ─────────────────────────────────────────────────────────────────────────────────


def send(application_id: int, text: str = "") -> int:
    """Hand the form in, or hand it in again after the area has sent it back; the number of the request."""
    with access.performing(Action.WRITE, requests.SUBJECT):
        gcode_users.require_registered()
        application = application_with(application_id)
        _require_with_the_school(application)
        require_no_number({name: getattr(application, name) for name in fields_of(GCodeApplication)})
        there = papers_of(application)
        if missing := [one.th for one in needed(application) if one not in there]:
            raise PapersMissing(papers=missing)
        if application.request_id is not None:
            requests.resend(application.request_id, text)
            return application.request_id
        application.request_id = _open(application, text)
        db.session.flush()
        return application.request_id


def _open(application: GCodeApplication, text: str) -> int:
    school = db.session.get_one(School, application.school_code)
    about = {
        "ชื่อ": str(application),
        "วันเกิด": thai_date(application.birth_date),
        "สัญชาติ": application.nationality,
        "ชั้น": application.grade.short,
        "หลักฐาน": application.rung.short,
    }
    return requests.open_request(
        New(
            kind=RequestKind.G_CODE,
            title=str(application),
            reason=text.strip() or _PLAIN,
            topic=f"g_code:{application.id}",
            facts={"application_id": application.id},
            sides=[
                Side(school.scope, RequestSide.ASKS, about),
                Side(gcode_users.area_scope(school), RequestSide.DECIDES, about),
            ],
        )
    )


_PLAIN = Sentence("ขอรหัส G ให้เด็กที่ไม่มีเลขประจำตัวประชาชน")


@requests.handles(RequestKind.G_CODE)
def _issue(decision: Decision) -> None:
    """Issue the code once every needed document was found good, and enter the child while the round is open."""
    application = application_with(int(decision.facts["application_id"]))
    require_no_number({name: getattr(application, name) for name in fields_of(GCodeApplication)})
    civil.require_no_number(decision.id)
    there = papers_of(application)
    good = {document for document, paper in there.items() if paper.accepted}
    if unchecked := [one.th for one in needed(application) if one not in good]:
        raise PapersUnchecked(papers=unchecked)
    school = db.session.get_one(School, application.school_code)
    # Last of all: the series waits for nothing that could still be refused, and nobody waits for the series long.
    standing = lock.standing(db.session.connection(), RoundSystem.DMC, school.scope, for_share=True)
    issued = gcode_numbers.issue(
        school,
        application.first_name,
        application.last_name,
        application.nationality,
        application.grade,
        access.viewer().name,
        decision.id,
    )
    application.number = issued.number
    if standing.is_open:
        _enter(application)
    db.session.flush()


def same_children(application: GCodeApplication) -> int:
    """How many students of the country have the same name and birth date: the area looks twice."""
    table = Student.__table__
    same = (
        (table.c.first_name == application.first_name)
        & (table.c.last_name == application.last_name)
        & (table.c.birth_date == application.birth_date)
    )
    if application.student_id is not None:
        same &= table.c.id != application.student_id
    with set_based(SetWork.IDENTITY):
        return db.session.connection().scalar(sa.select(sa.func.count()).where(same)) or 0


# ── Into the register ────────────────────────────────────────────────────────────────────────────────────


def enter(application_id: int) -> Student:
    """Enter a child whose code was approved while the school's data were locked (menu 2.7.4)."""
    with access.performing(Action.WRITE, requests.SUBJECT):
        application = application_with(application_id)
        if application.number is None:
            raise NoCodeYet
        if application.student_id is not None:
            raise EnteredAlready
        student = _enter(application)
        db.session.flush()
        return student


def _enter(application: GCodeApplication) -> Student:
    told = fields_of(GCodeApplication)
    values = {name: getattr(application, name) for name in fields_of(Student) if name in told}
    student = Student(
        school_code=application.school_code,
        national_id=application.number,
        identity_type=rules.identity_type_of(application.number or ""),
        **values,
    )
    if (photo := papers_of(application).get(GDocument.PHOTO)) is not None:
        student.photo = photo.stored
    db.session.add(student)
    db.session.flush()
    application.student_id = student.id
    return student
