"""Verbs of movements: a child comes, leaves, changes class, name or number, or an entry is taken back (R19–R49)."""

from __future__ import annotations

from typing import Any, Final

from ... import access, kinds
from ...access import Action, Level, Right
from ...bilingual import Sentence
from ...codes import DischargeGround, DropoutCause, Grade, MovementKind, Sex, StudentStatus, Title
from ...declaration import Field, fields_of
from ...models import Student
from .. import identities, movements, number_requests
from ..movements import Identity, Leaving, Names, Place
from .declaring import Key, Rows, Verb, answered, given

MOVE: Final[tuple[Right, ...]] = ((Action.MOVE, movements.SUBJECT),)
_ASK: Final[tuple[Right, ...]] = ((Action.WRITE, "request"),)

STUDENT: Final = answered("student", "key ของนักเรียน", "Student's key")
REQUEST: Final = answered("request", "เลขคำขอ", "Request's number")
COUNT: Final = answered("count", "จำนวนที่เปลี่ยน", "How many changed")

REASON: Final = given("reason", "เหตุผล", "Reason", kinds.Memo(), length=500)
_REASON_IF_ANY: Final = given("reason", "เหตุผล", "Reason", needed=False, length=500)
_GRADE: Final = given("grade", "ชั้น", "Grade", kinds.Code(Grade))
_ROOM: Final = given("room", "ห้อง", "Room", kinds.Whole(), minimum=1, maximum=99)
_NUMBER: Final = given("student_number", "เลขประจำตัวนักเรียน", "Student number", length=20)
_IDENTITY: Final = given("national_id", "เลขประจำตัวประชาชน หรือรหัส G", "National ID or G-code", length=30)
_SINCE: Final = given("happened_on", "มาเรียนตั้งแต่วันที่", "First day here", kinds.ThaiDate())
_LEFT: Final = given("happened_on", "ย้ายออกเมื่อวันที่", "Left on", kinds.ThaiDate())
_SINCE_WHEN: Final = given("happened_on", "ตั้งแต่วันที่", "Since", kinds.ThaiDate())
_SAT_HERE: Final = given(
    "sat_final_exam",
    "มาเรียนและเข้าสอบปลายภาคของปีนี้ (เฉพาะรอบสิ้นปี)",
    "Was here and sat this year's final exam (end of year only)",
    kinds.Flag(),
    needed=False,
)
_SCHOOL: Final = given(
    "school_code",
    "รหัสโรงเรียน (ผู้ใช้ของโรงเรียนไม่ต้องส่ง)",
    "School (not needed for a school's user)",
    needed=False,
    length=8,
)


def _own_school(code: str | None) -> str:
    """A school's user acts for their school; others name it."""
    viewer = access.viewer()
    return code or (viewer.school_code if viewer.level is Level.SCHOOL else "")


# ── Coming ───────────────────────────────────────────────────────────────────────────────────────────────


def _find(national_id: str) -> dict[str, Any]:
    return dict(vars(movements.find(national_id)))


def _transfer_in(
    national_id: str, reason: str, evidence: Any = (), school_code: str | None = None, **seat: Any
) -> dict[str, Any]:
    place = Place(school_code=_own_school(school_code), **seat)
    coming = movements.transfer_in(national_id, place, reason, evidence)
    return {"student": coming.student_id, "request": coming.request_id}


# What is given of a child that is added: all that a school writes of a student, and no mark that other verbs make.
_NOT_TOLD: Final = {"school_code", "admission_date", "pending_discharge", "sat_final_exam"}


def _of_a_child() -> tuple[Field, ...]:
    declared = (one for name, one in fields_of(Student).items() if name not in _NOT_TOLD)
    return tuple(one for one in declared if one.editable)


def _add(happened_on: Any, sat_final_exam: bool | None = None, **child: Any) -> int:
    values = child | {"school_code": _own_school(child.get("school_code"))}
    return movements.add(values, happened_on, sat_final_exam).id


FIND = Verb(
    "find", "ค้นหานักเรียนทั้งประเทศ", "Find a child in the whole country", "student", MOVE, _find, (_IDENTITY,),
    gives=(
        answered("name", "ชื่อ", "Name", kinds.Kind()),
        answered("sex", "เพศ", "Sex", kinds.Kind()),
        answered("born", "วันเกิด", "Birth date", kinds.ThaiDate()),
        answered("grade", "ชั้น", "Grade", kinds.Kind()),
        answered("status", "สถานภาพ", "Status", kinds.Code(StudentStatus)),
        answered("is_here", "อยู่ในความดูแลของท่านแล้ว", "In your care already", kinds.Flag()),
    ),
    keyed=False,
)  # fmt: skip
TRANSFER_IN = Verb(
    "transfer_in", "ย้ายเข้า", "Transfer in", "student", MOVE, _transfer_in,
    (_IDENTITY, _SCHOOL, _GRADE, _ROOM, _NUMBER, _SINCE, REASON, _SAT_HERE),
    gives=(STUDENT, REQUEST), keyed=False, papers=Sentence("หลักฐาน เช่น ใบส่งตัว (ถ้ามี)"),
)  # fmt: skip
ADD = Verb(
    "add", "เพิ่มนักเรียน", "Add a child", "student", MOVE, _add,
    (_SCHOOL, _SINCE, *_of_a_child(), _SAT_HERE), gives=(STUDENT,), keyed=False,
)  # fmt: skip
TAKE_BACK = Verb("take_back", "รับกลับเข้าเรียน", "Take back", "student", MOVE, movements.take_back, (REASON,))


# ── Leaving ──────────────────────────────────────────────────────────────────────────────────────────────


def _leave(kind: MovementKind) -> Any:
    def ask(
        student_id: int, ground: Any, happened_on: Any, reason: str, evidence: Any = (), **more: Any
    ) -> int:
        leaving = Leaving(kind, ground.value, happened_on, reason)
        return movements.ask_to_leave(student_id, leaving, evidence, **more)

    return ask


FOLLOWS: Final = given(
    "evidence_follows",
    "จะแนบหลักฐานภายหลัง (คำขอรออยู่ที่โรงเรียนจนกว่าจะแนบ)",
    "The evidence follows (the request waits at the school until it is attached)",
    kinds.Flag(),
    needed=False,
)
_WHERE_TO: Final = given(
    "reason",
    "เหตุผล และโรงเรียนปลายทางถ้าทราบ",
    "Reason, and the school they go to if known",
    kinds.Memo(),
    length=500,
)
_LEAVING_PAPERS: Final = Sentence("หลักฐานการออกกลางคันหรือจำหน่าย")
TRANSFER_OUT = Verb(
    "transfer_out", "ย้ายออก", "Transfer out", "student", MOVE, movements.transfer_out, (_LEFT, _WHERE_TO)
)
DROPOUT = Verb(
    "dropout", "ขออนุญาตบันทึกออกกลางคัน", "Ask leave to record a dropout", "student", MOVE,
    _leave(MovementKind.DROPOUT),
    (given("ground", "สาเหตุ", "Cause", kinds.Code(DropoutCause)), _SINCE_WHEN, REASON, FOLLOWS),
    gives=(REQUEST,), papers=_LEAVING_PAPERS,
)  # fmt: skip
DISCHARGE = Verb(
    "discharge", "ขออนุญาตจำหน่าย", "Ask leave to discharge", "student", MOVE, _leave(MovementKind.DISCHARGE),
    (given("ground", "เหตุที่จำหน่าย", "Ground", kinds.Code(DischargeGround)), _SINCE_WHEN, REASON, FOLLOWS),
    gives=(REQUEST,), papers=_LEAVING_PAPERS,
)  # fmt: skip


# ── Staying, but otherwise ───────────────────────────────────────────────────────────────────────────────


def _change_class(student_id: int, grade: Grade, room: int, reason: str = "") -> int:
    return movements.change_class([student_id], grade, room, reason)


def _seat(rows: list[dict[str, Any]], reason: str = "") -> int:
    return movements.change_classes({row["student"]: (row["grade"], row["room"]) for row in rows}, reason)


def _rename(student_id: int, reason: str, evidence: Any, **names: Any) -> None:
    movements.rename(student_id, Names(**names), reason, evidence)


def _correct(student_id: int, reason: str, evidence: Any, **right: Any) -> None:
    movements.correct_identity(student_id, Identity(**right), reason, evidence)


CHANGE_CLASS = Verb(
    "change_class", "จัดชั้นและห้อง", "Class and room", "student", MOVE, _change_class,
    (_GRADE, _ROOM, _REASON_IF_ANY), gives=(COUNT,),
)  # fmt: skip
CHANGE_CLASSES = Verb(
    "change_classes", "จัดชั้นและห้องหลายคน", "Classes and rooms of several", "student", MOVE, _seat,
    (given("rows", "นักเรียนกับชั้นและห้อง", "Students with grade and room",
           Rows(given("student", "key ของนักเรียน", "Student's key", Key()), _GRADE, _ROOM)), _REASON_IF_ANY),
    gives=(COUNT,), keyed=False,
)  # fmt: skip
RENAME = Verb(
    "rename", "แก้ไขชื่อ-สกุล", "Change the name", "student", MOVE, _rename,
    (given("title", "คำนำหน้าชื่อ", "Title", kinds.Code(Title)), given("first_name", "ชื่อ", "First name", length=80),
     given("middle_name", "ชื่อกลาง", "Middle name", needed=False, length=80),
     given("last_name", "นามสกุล", "Surname", length=80), REASON),
    papers=Sentence("หลักฐานการเปลี่ยนชื่อหรือนามสกุล"), needs_papers=True,
)  # fmt: skip
CORRECT_IDENTITY = Verb(
    "correct_identity", "แก้ไขเพศ วันเกิด", "Correct sex or birth date", "student", MOVE, _correct,
    (given("title", "คำนำหน้าชื่อ", "Title", kinds.Code(Title)), given("sex", "เพศ", "Sex", kinds.Code(Sex)),
     given("birth_date", "วันเกิด", "Birth date", kinds.ThaiDate()), REASON),
    papers=Sentence("สูติบัตร ทะเบียนบ้าน หรือบัตรประจำตัวประชาชน"), needs_papers=True,
)  # fmt: skip
RENUMBER = Verb(
    "renumber", "แก้เลขประจำตัวนักเรียน", "Change the student number", "student", MOVE, movements.renumber,
    (_NUMBER, _REASON_IF_ANY),
)  # fmt: skip
UNDO = Verb("undo", "ยกเลิกรายการ", "Undo", "movement", MOVE, movements.undo, (REASON,))


# ── Another identity number ──────────────────────────────────────────────────────────────────────────────

_NEW: Final = given("new", "เลขประจำตัวประชาชนใหม่", "New national ID", length=30)
ASK_SUCCESSION = Verb(
    "ask_succession", "ขอแทนรหัส G ด้วยเลขจริง", "Ask for a real ID in place of a G-code", "student", _ASK,
    number_requests.ask_succession, (_NEW, REASON), gives=(REQUEST,),
    papers=Sentence(number_requests.SUCCESSION_EVIDENCE), needs_papers=True,
)  # fmt: skip
ASK_CORRECTION = Verb(
    "ask_correction", "ขอแก้เลขประจำตัวประชาชน", "Ask for a corrected ID", "student", _ASK,
    number_requests.ask_correction,
    (_NEW, REASON, given("contact", "ผู้ติดต่อและโทรศัพท์", "Who can be asked", needed=False, length=160)),
    gives=(REQUEST,), papers=Sentence(number_requests.CORRECTION_EVIDENCE),
)  # fmt: skip


def _find_by_number(national_id: str) -> int:
    return identities.student_by_number(national_id).id


FIND_BY_NUMBER = Verb(
    "find_by_number", "นักเรียนที่ใช้หรือเคยใช้เลขนี้", "Who has or had this number", "student",
    ((Action.READ, "student"),), _find_by_number, (_IDENTITY,), gives=(STUDENT,), keyed=False,
)  # fmt: skip

VERBS = (
    FIND, FIND_BY_NUMBER, TRANSFER_IN, ADD, TAKE_BACK, TRANSFER_OUT, DROPOUT, DISCHARGE, CHANGE_CLASS,
    CHANGE_CLASSES, RENAME, RENUMBER, CORRECT_IDENTITY, UNDO, ASK_SUCCESSION, ASK_CORRECTION,
)  # fmt: skip
