"""Asking the Department of Provincial Administration about children of requests (R58): a file goes out, one comes back.

A connection over the net is not there: who decides takes a batch of their waiting requests out as a workbook, the
department fills in three columns of it, and each row that comes back is noted at its request. Columns:
docs/operators/civil-register.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, Final, NamedTuple

import sqlalchemy as sa

from .. import access, identity
from ..access import Action
from ..bilingual import Bilingual, Sentence
from ..codes import CivilAnswer, RequestKind, RequestSide, RequestState, RequestStepKind
from ..dataset import history, lock
from ..dataset.export import write_xlsx
from ..dataset.sheet import read_sheet
from ..declaration import db
from ..errors import FileTooLarge, NoHeaderRow, NotYours, RuleViolation
from ..models import CivilInquiry, GCodeApplication, Request, RequestParty, Student
from ..thaidate import slash_date
from ..thaitext import folded
from . import requests

SUBJECT: Final = "civil_inquiry"
MOST: Final = 5_000
KINDS: Final = (RequestKind.G_CODE, RequestKind.SUCCESSION, RequestKind.ID_CORRECTION)
ASKED: Final = (
    "เลขอ้างอิง", "เรื่อง", "คำนำหน้าชื่อ", "ชื่อ", "นามสกุล", "เพศ", "วันเกิด", "สัญชาติ", "ชื่อบิดา", "นามสกุลบิดา", "ชื่อมารดา",
    "นามสกุลมารดา", "เลขที่ขอให้ตรวจ",
)  # fmt: skip
REFERENCE, NAME, FAMILY_NAME = ASKED[0], ASKED[3], ASKED[4]
ANSWER, NUMBER, NOTE = "ผลการตรวจ", "เลขประจำตัวที่พบ", "หมายเหตุ"


class NothingToAsk(RuleViolation):
    """No request waits that has not been asked about."""

    message = "ไม่มีคำขอที่รอท่านพิจารณาและยังไม่ได้ส่งถามกรมการปกครอง"
    status = 409


class NoSuchQuestion(RuleViolation):
    """The row's reference is none of the viewer's questions that wait for an answer."""

    message = "ไม่พบเรื่องที่ถามไว้ตามเลขอ้างอิงนี้ หรือบันทึกคำตอบไปแล้ว กรุณาตรวจเลขอ้างอิงในไฟล์ที่ส่งถาม"
    status = 404


class AnotherChild(RuleViolation):
    """The row's name is not that of the child who was asked about: rows were moved."""

    message = "ชื่อในแถวนี้ไม่ตรงกับเด็กที่ถามไว้ กรุณาตรวจว่าแถวในไฟล์ไม่สลับกัน"
    status = 409


class NumberNeeded(RuleViolation):
    """Who has a number already: it is told, whole and valid."""

    message = "ตอบว่ามีเลขประจำตัวประชาชนแล้ว ต้องมีเลข 13 หลักที่ถูกต้องในช่อง “เลขประจำตัวที่พบ”"


class RegisteredElsewhere(RuleViolation):
    """A child with a national ID gets no G-code (P)."""

    message = "กรมการปกครองตอบว่าเด็กคนนี้มีเลขประจำตัวประชาชนแล้ว จึงออกรหัส G ไม่ได้ กรุณาไม่อนุมัติ และให้โรงเรียนเพิ่มนักเรียนด้วยเลขนั้น"
    status = 409


# ── Asking ───────────────────────────────────────────────────────────────────────────────────────────────


def waiting() -> Sequence[RequestParty]:
    """Requests that wait for the viewer's decision and about which nobody has asked yet, the pressing first."""
    viewer = access.viewer()
    viewer.require(Action.DECIDE, requests.SUBJECT)
    asked = sa.select(CivilInquiry.id).where(CivilInquiry.request_id == RequestParty.request_id)
    query = sa.select(RequestParty).where(
        RequestParty.scope == viewer.scope,
        RequestParty.side == RequestSide.DECIDES,
        RequestParty.kind.in_(KINDS),
        RequestParty.state.in_([state for state in RequestState if not state.is_settled]),
        ~asked.exists(),
    )
    return db.session.scalars(query.order_by(RequestParty.deadline, RequestParty.id).limit(MOST)).all()


def ask() -> int:
    """Put all that waits into a batch; its number. NothingToAsk."""
    found = waiting()
    if not found:
        raise NothingToAsk
    with access.performing(Action.DECIDE, requests.SUBJECT) as viewer:
        made = [
            CivilInquiry(
                request_id=one.request_id, scope=viewer.scope, asked_at=lock.now(), asked_by=viewer.name
            )
            for one in found
        ]
        db.session.add_all(made)
        db.session.flush()
        batch = min(one.id for one in made)
        for one in made:
            one.batch = batch
        db.session.flush()
        for one in found:
            requests.note(one.request_id, RequestStepKind.INQUIRED, "")
        return batch


def workbook(batch: int) -> IO[bytes]:
    """A batch as the department gets it, once more if need be; leaves a trace. NotYours (404)."""
    rows = [[one.id, *facts, None, None, None] for one, facts in questions(batch, "export.xlsx")]
    return write_xlsx([*ASKED, ANSWER, NUMBER, NOTE], rows, "ถามกรมการปกครอง")


def questions(batch: int, through: str) -> list[tuple[CivilInquiry, list[Any]]]:
    """A batch's questions, each with what is told of its child; the trace says ``through`` what. NotYours (404)."""
    access.viewer().require(Action.DECIDE, requests.SUBJECT)
    asked = db.session.scalars(
        sa.select(CivilInquiry)
        .where(CivilInquiry.batch == batch, CivilInquiry.scope == access.viewer().scope)
        .order_by(CivilInquiry.id)
    ).all()
    if not asked:
        raise NotYours
    facts = _facts([one.request_id for one in asked])
    told = [(one, facts[one.request_id]) for one in asked if one.request_id in facts]
    history.record_reading(db.session.connection(), SUBJECT, through, {"batch": batch, "rows": len(told)})
    return told


def _facts(request_ids: Sequence[int]) -> dict[int, list[Any]]:
    """What is told of the child of each request; nothing of who left the viewer's area meanwhile."""
    found: dict[int, list[Any]] = {}
    forms = sa.select(GCodeApplication).where(GCodeApplication.request_id.in_(request_ids))
    for form in db.session.scalars(forms):
        found[form.request_id or 0] = [
            RequestKind.G_CODE.short[:],
            *_person(form),
            form.birth_certificate_number,
        ]
    with requests.reading_facts():
        whole = db.session.connection().execute(
            sa.select(_REQUEST.c.id, _REQUEST.c.kind, _REQUEST.c.student_id, _REQUEST.c.facts).where(
                _REQUEST.c.id.in_(request_ids), _REQUEST.c.student_id.is_not(None)
            )
        )
        of_student = {row.student_id: row for row in whole}
    for pupil in db.session.scalars(sa.select(Student).where(Student.id.in_(of_student))):
        row = of_student[pupil.id]
        found[row.id] = [row.kind.short[:], *_person(pupil), str(row.facts["new"])]
    return found


_REQUEST = Request.__table__


def _person(one: Any) -> list[Any]:
    parents = (one.father_first_name, one.father_last_name, one.mother_first_name, one.mother_last_name)
    born = slash_date(one.birth_date)
    return [one.title.th[:], one.first_name, one.last_name, one.sex.th[:], born, one.nationality, *parents]


# ── The answers ──────────────────────────────────────────────────────────────────────────────────────────


class Row(NamedTuple):
    """What became of a row of answers: noted at the request, or what refused it."""

    number: int
    name: str
    answer: CivilAnswer | None
    request_id: int | None
    refusal: Bilingual | None


def take_in(data: bytes, filename: str) -> list[Row]:
    """Note the answers of a filled-in file at their requests; each row stands or falls by itself and is committed.

    Rows without an answer wait on. FileTooLarge above MOST rows, NoHeaderRow without reference or answer column.
    """
    access.viewer().require(Action.DECIDE, requests.SUBJECT)
    known = [*ASKED, ANSWER, NUMBER, NOTE]
    sheet = read_sheet(data, filename, known)
    places = {
        label: at for at, head in enumerate(sheet.headers) for label in known if folded(label) == folded(head)
    }
    if missing := [label for label in (REFERENCE, ANSWER) if label not in places]:
        raise NoHeaderRow(rows=10, file=filename[:80], labels=", ".join(missing))
    if len(sheet.rows) > MOST:
        raise FileTooLarge(file=filename[:80], limit=Sentence("{most} แถว", most=MOST))
    return [*_taken(sheet.rows, places)]


def _taken(rows: Any, places: Mapping[str, int]) -> Iterator[Row]:
    for number, cells in rows:
        told = {label: cells[at] for label, at in places.items() if at < len(cells)}
        if not str(told.get(ANSWER) or "").strip():
            continue
        name = f"{told.get(NAME) or ''} {told.get(FAMILY_NAME) or ''}".strip()
        found, request_id, refusal = None, None, None
        try:
            found = CivilAnswer.parse(told[ANSWER])
            request_id = _keep(told, found, name)
            db.session.commit()
        except RuleViolation as refused:
            db.session.rollback()
            refusal = refused.args[0]
        yield Row(number, name, found, request_id, refusal)


def _keep(told: Mapping[str, Any], found: CivilAnswer, name: str) -> int:
    reference = str(told.get(REFERENCE) or "").partition(".")[0].strip()
    question = int(reference) if reference.isdecimal() and len(reference) < 16 else 0
    return answer(question, found, told.get(NUMBER) or "", str(told.get(NOTE) or ""), name)


def answer(question: int, found: CivilAnswer, number: Any = "", note: str = "", name: str = "") -> int:
    """Note what the department found at the request that was asked about; its number. Not committed.

    NoSuchQuestion for another's question and one that is answered, NumberNeeded, AnotherChild where ``name`` is not
    that of the child.
    """
    with access.performing(Action.DECIDE, requests.SUBJECT) as viewer:
        query = sa.select(CivilInquiry).where(
            CivilInquiry.id == question,
            CivilInquiry.scope == viewer.scope,
            CivilInquiry.answer.is_(None),
        )
        # FOR UPDATE: of two who take in one file at once the second finds it answered.
        one = db.session.scalar(query.with_for_update())
        if one is None:
            raise NoSuchQuestion
        asked = _facts([one.request_id]).get(one.request_id)
        if name and (asked is None or folded(name) != folded(f"{asked[2]} {asked[3]}")):
            raise AnotherChild
        told = identity.normalise_identity(number, restore_zeros=True) if number else ""
        if found is CivilAnswer.HAS_NUMBER and identity.kind_of(told) != "national":
            raise NumberNeeded
        one.answer, one.number = found, told[:13] or None
        one.note = note.strip()[:300] or None
        one.answered_at, one.answered_by = lock.now(), viewer.name
        db.session.flush()
        requests.note(one.request_id, RequestStepKind.ANSWERED, _said(one))
        return one.request_id


def _said(one: CivilInquiry) -> Sentence:
    facts = [one.answer.th if one.answer else "", identity.format_identity(one.number or ""), one.note or ""]
    return Sentence("{facts}", facts=[fact for fact in facts if fact])


def answer_to(request_id: int) -> CivilInquiry | None:
    """The newest answer about a request that the viewer may see."""
    query = sa.select(CivilInquiry).where(
        CivilInquiry.request_id == request_id, CivilInquiry.answer.is_not(None)
    )
    return db.session.scalar(query.order_by(CivilInquiry.id.desc()).limit(1))


def require_no_number(request_id: int) -> None:
    """RegisteredElsewhere where the civil register has answered that the child of a request has a number."""
    found = answer_to(request_id)
    if found is not None and found.answer is CivilAnswer.HAS_NUMBER:
        raise RegisteredElsewhere


# ── What was asked ───────────────────────────────────────────────────────────────────────────────────────


class Batch(NamedTuple):
    """A batch: when and by whom, how many questions, and how many answers."""

    number: int
    asked_at: Any
    asked_by: str
    questions: int
    answers: int


def batches() -> list[Batch]:
    """The viewer's own batches, the newest first."""
    access.viewer().require(Action.DECIDE, requests.SUBJECT)
    count = sa.func.count
    query = (
        sa.select(
            CivilInquiry.batch, sa.func.min(CivilInquiry.asked_at), sa.func.min(CivilInquiry.asked_by),
            count(CivilInquiry.id), count(CivilInquiry.answer),
        )
        .where(CivilInquiry.scope == access.viewer().scope)
        .group_by(CivilInquiry.batch)
        .order_by(CivilInquiry.batch.desc())
    )  # fmt: skip
    return [Batch._make(row) for row in db.session.execute(query.limit(100))]
