"""Reading over the API what verbs are about and no dataset holds: requests, movements, cases, G-code forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import sqlalchemy as sa
from flask import Response, jsonify, request
from flask_appbuilder.api import BaseApi, expose, permission_name

from .. import access, kinds
from ..access import Action
from ..codes import (
    CivilAnswer,
    DuplicateKind,
    MovementKind,
    RecordState,
    RequestKind,
    RequestSide,
    RequestState,
    RequestStepKind,
)
from ..dataset import attachments
from ..dataset.api import entitled, refuse_other_parameters
from ..dataset.file_door import file_response
from ..dataset.query import BadQuery
from ..declaration import Field, db
from ..language import said
from ..models import Movement
from ..workflows import civil, duplicates, gcode_users, gcodes, movements, requests
from ..workflows.verbs.declaring import Listed, answered
from ..workflows.verbs.of_requests import OF_REQUESTS
from .verb_api import LANGUAGE

PAGE: Final = 100
BOXES: Final = ("waiting", "news", "mine", "below")


class Facts(kinds.Kind):
    """What a side's copy shows, label by label."""

    schema = {"type": "object"}


KEY: Final = answered("key", "เลขที่", "Number")
PARTY: Final = (
    KEY,
    answered("kind", "ประเภท", "Kind", kinds.Code(RequestKind)),
    answered("state", "สถานะ", "State", kinds.Code(RequestState)),
    answered("side", "ฝ่ายของท่าน", "Your side", kinds.Code(RequestSide)),
    answered("title", "เรื่อง", "Title", kinds.Kind()),
    answered("asked_by", "ผู้ขอ", "Asked by", kinds.Kind()),
    answered("shown", "ข้อมูลที่ฝ่ายของท่านทราบ", "What your side may know", Facts()),
    answered("waiting", "รอท่าน", "Waits for you", kinds.Flag()),
    answered("unread", "มีเรื่องใหม่", "Has news", kinds.Flag()),
    answered("opened_at", "ยื่นเมื่อ", "Asked at", kinds.Moment()),
    answered("changed_at", "เปลี่ยนเมื่อ", "Changed at", kinds.Moment()),
    answered("deadline", "ภายใน", "Deadline", kinds.Moment()),
)
STEP: Final = (
    KEY,
    answered("kind", "ขั้นตอน", "Step", kinds.Code(RequestStepKind)),
    answered("at", "เมื่อ", "At", kinds.Moment()),
    answered("actor", "ผู้ทำ", "Actor", kinds.Kind()),
    answered("place", "หน่วยงาน", "Place", kinds.Kind()),
    answered("text", "ข้อความ", "Text", kinds.Kind()),
    answered("has_file", "มีไฟล์", "Has a file", kinds.Flag()),
)
MOVEMENT: Final = (
    KEY,
    answered("student", "key ของนักเรียน", "Student's key"),
    answered("school_code", "โรงเรียน", "School", kinds.Kind()),
    answered("kind", "ประเภท", "Kind", kinds.Code(MovementKind)),
    answered("happened_on", "วันที่", "Happened on", kinds.ThaiDate()),
    answered("ground", "เหตุ", "Ground", kinds.Kind()),
    answered("note", "เหตุผล", "Note", kinds.Kind()),
    answered("request", "เลขคำขอ", "Request's number"),
    answered("done_at", "บันทึกเมื่อ", "Done at", kinds.Moment()),
    answered("done_by", "ผู้บันทึก", "Done by", kinds.Kind()),
    answered("undone_at", "ยกเลิกเมื่อ", "Undone at", kinds.Moment()),
)
RECORD: Final = (
    answered("position", "ลำดับ", "Position"),
    answered("kind", "ลักษณะ", "Kind", kinds.Code(DuplicateKind)),
    answered("state", "ผล", "State", kinds.Code(RecordState)),
    answered("is_own", "เป็นของท่าน", "Is yours", kinds.Flag()),
    answered("student", "key ของนักเรียน (เท่าที่ท่านทราบ)", "Student's key (as far as you may know)"),
    answered("shown", "ข้อมูลที่ฝ่ายของท่านทราบ", "What your side may know", Facts()),
)
G_CODE: Final = (
    KEY,
    answered("school_code", "โรงเรียน", "School", kinds.Kind()),
    answered("name", "ชื่อ", "Name", kinds.Kind()),
    answered("nationality", "สัญชาติ", "Nationality", kinds.Kind()),
    answered("request", "เลขคำขอ", "Request's number"),
    answered("state", "สถานะคำขอ", "State", kinds.Code(RequestState)),
    answered("number", "รหัส G", "G-code", kinds.Kind()),
    answered("student", "key ของนักเรียน", "Student's key"),
)
G_USER: Final = (
    KEY,
    answered("school_code", "โรงเรียน", "School", kinds.Kind()),
    answered("name", "ชื่อ", "Name", kinds.Kind()),
    answered("position", "ตำแหน่ง", "Position", kinds.Kind()),
    answered("approved_at", "รับรองเมื่อ", "Approved at", kinds.Moment()),
    answered("ended_at", "สิ้นสุดเมื่อ", "Ended at", kinds.Moment()),
)
CIVIL: Final = (
    KEY,
    answered("request", "เลขคำขอ", "Request's number"),
    answered("shown", "ข้อมูลของเด็กที่ถาม", "What is told of the child", Facts()),
    answered("found", "ผลการตรวจ", "What was found", kinds.Code(CivilAnswer)),
)
CAN: Final = answered("can", "ทำได้ในขณะนี้", "What you can do now", Listed("string"))
_STEP_OF: Final = {
    "comment": RequestStepKind.COMMENTED,
    "attach": RequestStepKind.ATTACHED,
    "approve": RequestStepKind.APPROVED,
    "refuse": RequestStepKind.REFUSED,
    "object": RequestStepKind.OBJECTED,
    "send_back": RequestStepKind.RETURNED,
    "resend": RequestStepKind.RESENT,
    "withdraw": RequestStepKind.WITHDRAWN,
}


class RequestApi(BaseApi):
    """Requests as the viewer's side knows them; foreign ones are 404."""

    resource_name = "request"
    class_permission_name = requests.SUBJECT
    csrf_exempt = False

    @expose("/", methods=["GET"])
    @entitled
    @permission_name("read")
    def get_list(self) -> Response:
        """A box of the inbox: what waits for the caller, what is new, what they have asked, what waits below."""
        refuse_other_parameters((*LANGUAGE, "box"))
        box = request.args.get("box", BOXES[0])
        if box not in BOXES:
            raise BadQuery(what=box[:40])
        return _listed(party_of(one) for one in getattr(requests.inbox(), box))

    @expose("/<int:key>", methods=["GET"])
    @entitled
    @permission_name("read")
    def get(self, key: int) -> Response:
        """One request with its steps, and the verbs that the caller can do now."""
        return jsonify(one_of(key))

    @expose("/<int:key>/files/<int:step>", methods=["GET"])
    @entitled
    @permission_name("read")
    def file(self, key: int, step: int) -> Response:
        """A document of a step, to the sides that have it."""
        stored = requests.file_of(key, step)
        return file_response(stored, attachments.content(stored), f"request-{key}-{step}")


class MovementApi(BaseApi):
    """Movements of the viewer's schools, with the keys by which they are undone."""

    resource_name = "movement"
    class_permission_name = movements.SUBJECT
    csrf_exempt = False

    @expose("/", methods=["GET"])
    @entitled
    @permission_name("read")
    def get_list(self) -> Response:
        """The latest movements, before the one with the key ``before``; of one student, when named."""
        refuse_other_parameters((*LANGUAGE, "student", "before"))
        query = sa.select(Movement).order_by(Movement.id.desc()).limit(PAGE)
        if (before := _number("before")) is not None:
            query = query.where(Movement.id < before)
        if (student := _number("student")) is not None:
            query = query.where(Movement.student_id == student)
        return _listed(
            told(MOVEMENT, one, key=one.id, student=one.student_id, request=one.request_id)
            for one in db.session.scalars(query)
        )


class DuplicateApi(BaseApi):
    """Cases of duplicates; the list of them is in the requests."""

    resource_name = "duplicate"
    class_permission_name = requests.SUBJECT
    csrf_exempt = False

    @expose("/<int:key>", methods=["GET"])
    @entitled
    @permission_name("read")
    def get(self, key: int) -> Response:
        """A case: the request, and its records side by side, as far as the caller may know them."""
        case = duplicates.case(key)
        records = [told(RECORD, one, student=one.student_id) for one in case.records]
        return jsonify(one_of(key) | {"records": records})


class GCodeApi(BaseApi):
    """Forms by which G-codes are asked for."""

    resource_name = "g_code"
    class_permission_name = requests.SUBJECT
    csrf_exempt = False

    @expose("/", methods=["GET"])
    @entitled
    @permission_name("read")
    def get_list(self) -> Response:
        """The latest forms with how far they are."""
        refuse_other_parameters(LANGUAGE)
        return _listed(
            told(
                G_CODE,
                one,
                key=one.id,
                name=str(one),
                request=one.request_id,
                state=state,
                student=one.student_id,
            )
            for one, state in gcodes.applications()
        )


class GUserApi(BaseApi):
    """Who is registered to hand in G-code requests."""

    resource_name = "g_user"
    class_permission_name = requests.SUBJECT
    csrf_exempt = False

    @expose("/", methods=["GET"])
    @entitled
    @permission_name("read")
    def get_list(self) -> Response:
        """The registrations within the caller's scope, those with force first."""
        refuse_other_parameters(LANGUAGE)
        return _listed(told(G_USER, one, key=one.id) for one in gcode_users.registrations())


class CivilApi(BaseApi):
    """Batches of questions to the civil register."""

    resource_name = "civil_inquiry"
    class_permission_name = requests.SUBJECT
    csrf_exempt = False

    @expose("/batches/<int:batch>", methods=["GET"])
    @entitled
    @permission_name("decide")
    def get_batch(self, batch: int) -> Response:
        """A batch's questions, with what the department is told of each child; leaves a trace as its file does."""
        refuse_other_parameters(LANGUAGE)
        asked = civil.questions(batch, "api.list")
        db.session.commit()
        return _listed(
            told(
                CIVIL,
                one,
                key=one.id,
                request=one.request_id,
                shown=dict(zip(civil.ASKED[1:], facts, strict=True)),
                found=one.answer,
            )
            for one, facts in asked
        )


def told(fields: Sequence[Field], row: Any, **given: Any) -> dict[str, Any]:
    """A row by the names of what is told of it, as JSON has it; ``given`` where the row calls it otherwise."""
    values = ((one, given[one.name] if one.name in given else getattr(row, one.name)) for one in fields)
    return {one.name: one.kind.json(value) for one, value in values}


def party_of(party: Any) -> dict[str, Any]:
    """A request as a line of a list."""
    return told(PARTY, party, key=party.request_id, asked_by=said(party.asker), shown=facts_of(party))


def facts_of(party: Any) -> dict[str, str]:
    """What a side may know: the Thai labels, which programs can rely on, with texts in the caller's language."""
    return {label[:]: said(text) for label, text in party.told.items()}


def one_of(key: int) -> dict[str, Any]:
    """A request with its steps and what can be done now."""
    access.viewer().require(Action.READ, requests.SUBJECT)
    seen = requests.seen(key)
    steps = [
        told(STEP, one, key=one.id, text=said(one.told), has_file=one.file is not None) for one in seen.steps
    ]
    can = [verb.name for verb in OF_REQUESTS if (of := _STEP_OF.get(verb.name)) and seen.can[of] is None]
    return party_of(seen.party) | {"steps": steps, CAN.name: can}


def _listed(rows: Iterable[dict[str, Any]]) -> Response:
    return jsonify(result=list(rows))


def _number(name: str) -> int | None:
    text = request.args.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadQuery(what=name)
    return int(text)


READINGS: Final = (RequestApi, MovementApi, DuplicateApi, GCodeApi, GUserApi, CivilApi)
