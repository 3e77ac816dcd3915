"""Verbs of requests: what each side can do about one, cases of duplicates, and G-codes from the form to the code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from ... import kinds
from ...access import Action, Right
from ...bilingual import Sentence
from ...codes import Agency, CivilAnswer, GDocument
from ...declaration import Field, fields_of
from ...errors import NoFileChosen
from ...models import GCodeApplication
from .. import civil, duplicates, gcode_users, gcodes, requests
from ..requests import Evidence
from .declaring import JOB, Verb, answered, given
from .of_students import REASON, REQUEST, STUDENT

_WRITE: Final[Right] = (Action.WRITE, requests.SUBJECT)
_DECIDE: Final[Right] = (Action.DECIDE, requests.SUBJECT)
_BOTH: Final = (_WRITE, _DECIDE)
_TEXT: Final = given("text", "ข้อความ", "Text", needed=False, length=requests.LONGEST_TEXT)
_SAID: Final = given("text", "ข้อความ", "Text", length=requests.LONGEST_TEXT)
_WHY: Final = given("reason", "เหตุผล", "Reason", length=requests.LONGEST_TEXT)


def _attach(request_id: int, evidence: list[Evidence], name: str = "") -> None:
    for one in evidence:
        requests.attach(request_id, Evidence(name or one.name, one.filename, one.data))


def _resend(request_id: int, text: str = "") -> None:
    requests.resend(request_id, text)


def _request(name: str, th: str, en: str, do: Any, *parameters: Field, **more: Any) -> Verb:
    return Verb(name, th, en, "request", more.pop("rights", _BOTH), do, parameters, **more)


OF_REQUESTS = (
    _request("comment", "แสดงความเห็น", "Comment", requests.comment, _SAID),
    _request(
        "attach", "แนบหลักฐาน", "Attach evidence", _attach,
        given("name", "เอกสารนี้คือ", "What it is", needed=False, length=120),
        papers=Sentence("ไฟล์ PDF หรือภาพถ่าย"), needs_papers=True,
    ),
    _request("approve", "อนุมัติ", "Approve", requests.approve, _TEXT),
    _request("refuse", "ไม่อนุมัติ", "Refuse", requests.refuse, _WHY, rights=(_DECIDE,)),
    _request("object", "คัดค้าน", "Object", requests.object_to, _WHY, rights=(_WRITE,)),
    _request("send_back", "ส่งกลับให้แก้ไข", "Send back", requests.send_back, _WHY, rights=(_DECIDE,)),
    _request("resend", "แก้ไขแล้วส่งอีกครั้ง", "Send again", _resend, _TEXT, rights=(_WRITE,)),
    _request("withdraw", "ถอนคำขอ", "Withdraw", requests.withdraw, _WHY, rights=(_WRITE,)),
    _request("note", "รับทราบ", "Take note", requests.take_note, rights=((Action.READ, requests.SUBJECT),)),
)  # fmt: skip


# ── Duplicates ───────────────────────────────────────────────────────────────────────────────────────────


_MANAGE: Final = ((Action.MANAGE, duplicates.SUBJECT),)


def _decide(request_id: int, reason: str, keep: int | None = None) -> None:
    duplicates.decide(request_id, keep, reason)


def _keep_list(agency: Agency, evidence: list[Evidence]) -> dict[str, Any]:
    kept = duplicates.keep_list(agency, *_one_file(evidence))
    return {"list": kept.id, "children": kept.children}


def _one_file(evidence: list[Evidence]) -> tuple[str, bytes]:
    if len(evidence) != 1:
        raise NoFileChosen
    return evidence[0].filename, evidence[0].data


OF_DUPLICATES = (
    Verb(
        "decide", "วินิจฉัย", "Decide", "duplicate", (_DECIDE,), _decide,
        (given("keep", "ลำดับของระเบียนที่คงไว้ (ไม่ส่งเมื่อเป็นคนละคน)",
               "Position of the record that stays (none: different children)", kinds.Whole(), needed=False,
               minimum=1), _WHY),
    ),
    Verb("undo", "ยกเลิกคำวินิจฉัย", "Take the decision back", "duplicate", (_DECIDE,), duplicates.undo, (_WHY,)),
    Verb(
        "search", "ค้นหานักเรียนซ้ำซ้อนเป็นงานเบื้องหลัง", "Search for duplicates in the background", "duplicate", _MANAGE,
        lambda: duplicates.order().id, gives=(JOB,), keyed=False,
    ),
    Verb(
        "keep_list", "เก็บรายชื่อของสังกัดอื่น", "Keep another agency's list", "agency_list", _MANAGE, _keep_list,
        (given("agency", "สังกัด", "Agency", kinds.Code(Agency)),),
        gives=(answered("list", "เลขรายชื่อ", "List's number"), answered("children", "จำนวนเด็ก", "Children")),
        keyed=False, papers=Sentence("ไฟล์รายชื่อ xlsx หรือ csv"), needs_papers=True,
    ),
    Verb("remove_list", "ลบรายชื่อ", "Remove the list", "agency_list", _MANAGE, duplicates.remove_list),
)  # fmt: skip


# ── G-codes ──────────────────────────────────────────────────────────────────────────────────────────────

_APPLICATION: Final = answered("application", "เลขแบบคำขอ", "Application's number")
_DOCUMENT: Final = given("document", "เอกสาร", "Document", kinds.Code(GDocument))
# Whose an application is, and what becomes of it, is nobody's to say.
_OF_THE_FORM: Final = tuple(
    replace(one, dataset="")
    for name, one in fields_of(GCodeApplication).items()
    if name != "school_code" and one.editable
)


def _put_paper(application_id: int, document: GDocument, evidence: list[Evidence]) -> None:
    gcodes.put_paper(application_id, document, *_one_file(evidence))


def _g_code(name: str, th: str, en: str, do: Any, *parameters: Field, **more: Any) -> Verb:
    return Verb(name, th, en, "g_code", more.pop("rights", (_WRITE,)), do, parameters, **more)


OF_G_CODES = (
    _g_code(
        "register", "ขอลงทะเบียนผู้ใช้งานรหัส G", "Register for G-codes", gcode_users.register,
        given("phone", "โทรศัพท์", "Telephone", length=40), REASON, gives=(REQUEST,), keyed=False,
    ),
    _g_code(
        "write", "เขียนแบบคำขอรหัส G", "Write the form", lambda **values: gcodes.write(values).id,
        *_OF_THE_FORM, gives=(_APPLICATION,), keyed=False,
    ),
    _g_code(
        "put_paper", "แนบเอกสาร", "Bring a document", _put_paper, _DOCUMENT,
        papers=Sentence("ไฟล์ PDF หรือภาพถ่าย"), needs_papers=True,
    ),
    _g_code("send", "ส่งคำขอ", "Send", gcodes.send, _TEXT, gives=(REQUEST,)),
    _g_code(
        "check_paper", "ตรวจเอกสาร", "Check a document",
        lambda application_id, document, accepted, note="": _nothing(
            gcodes.check_paper(application_id, document, accepted, note)
        ),
        _DOCUMENT, given("accepted", "ผ่าน", "Accepted", kinds.Flag()),
        given("note", "สิ่งที่ต้องแก้", "What to mend", needed=False, length=300), rights=(_DECIDE,),
    ),
    _g_code(
        "enter", "เพิ่มเข้าทะเบียนนักเรียน", "Enter into the register",
        lambda application_id: gcodes.enter(application_id).id, gives=(STUDENT,),
    ),
)  # fmt: skip


def _nothing(_done: object) -> None:
    """What the workflow gave is not for the door."""


OF_G_USERS = (
    Verb("end", "สิ้นสุดการลงทะเบียนผู้ใช้งานรหัส G", "End a registration for G-codes", "g_user", (_DECIDE,),
         gcode_users.end, (_WHY,)),
)  # fmt: skip


# ── The civil register ───────────────────────────────────────────────────────────────────────────────────

OF_CIVIL = (
    Verb(
        "ask", "สร้างชุดคำถาม", "Make a batch of questions", "civil_inquiry", (_DECIDE,), civil.ask,
        gives=(answered("batch", "ชุดคำถามที่", "Number of the batch"),), keyed=False,
    ),
    Verb(
        "answer", "บันทึกคำตอบ", "Note an answer", "civil_inquiry", (_DECIDE,), civil.answer,
        (given("found", "ผลการตรวจ", "What was found", kinds.Code(CivilAnswer)),
         given("number", "เลขประจำตัวที่พบ", "Number that was found", needed=False, length=30),
         given("note", "หมายเหตุ", "Note", needed=False, length=300),
         given("name", "ชื่อ–นามสกุลของเด็ก เพื่อสอบทาน", "Child's name and surname, to make sure", needed=False, length=160)),
        gives=(REQUEST,),
    ),
)  # fmt: skip

VERBS = (*OF_REQUESTS, *OF_DUPLICATES, *OF_G_CODES, *OF_G_USERS, *OF_CIVIL)
