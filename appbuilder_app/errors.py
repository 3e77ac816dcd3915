"""The RuleViolation family: each refusal is a type with a Thai sentence that says what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple


class Problem(NamedTuple):
    """One thing wrong with one field of a row; ``field`` is None when it concerns the whole row."""

    field: str | None
    message: str


class RuleViolation(Exception):
    """A rule of the register said no.

    ``message`` is a Thai sentence, formatted with the constructor's keyword arguments;
    ``status`` is the HTTP status every door (screen, API) answers with.
    """

    message: ClassVar[str] = "ทำรายการนี้ไม่ได้"
    status: ClassVar[int] = 422

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.message.format(**facts))


class InvalidRow(RuleViolation):
    """A row breaks its declaration; ``problems`` tells each field and what to do about it (422)."""

    message = "ข้อมูลยังไม่ถูกต้อง: {summary}"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(summary=" · ".join(problem.message for problem in self.problems))


class NoViewer(RuleViolation):
    """Nobody is named as acting: nothing is shown and nothing is written."""

    message = "ไม่ทราบว่าใครเป็นผู้ทำรายการ กรุณาเข้าสู่ระบบแล้วลองใหม่"
    status = 403


class NotPermitted(RuleViolation):
    """The viewer's roles do not hold this right."""

    message = "บัญชีของท่านไม่มีสิทธิ์{what} หากจำเป็นต้องใช้ ให้ติดต่อผู้ดูแลระบบ"
    status = 403


class NotYours(RuleViolation):
    """The row belongs to another owner. 404: the door does not say that it exists."""

    message = "ไม่พบรายการนี้ในขอบเขตที่ท่านดูแล กรุณาตรวจสอบอีกครั้ง"
    status = 404


class WallBreached(RuleViolation):
    """Code tried to reach scoped rows around the scope walls; a mistake of ours, never the user's."""

    message = "คำสั่งฐานข้อมูลนี้ข้ามขอบเขตการเข้าถึง ({what}) จึงถูกปฏิเสธ กรุณาแจ้งผู้ดูแลระบบ"
    status = 500


class StaleVersion(RuleViolation):
    """Somebody else saved the row after this person opened it."""

    message = "มีผู้อื่นแก้ไขรายการนี้ไปแล้วระหว่างที่ท่านเปิดอยู่ กรุณาตรวจค่าล่าสุดแล้วบันทึกอีกครั้ง"
    status = 409


class StillReferenced(RuleViolation):
    """The row cannot be deleted while other rows point to it."""

    message = "ลบไม่ได้ เพราะยังมีข้อมูลอื่นอ้างถึงรายการนี้ กรุณาลบหรือย้ายข้อมูลเหล่านั้นก่อน"
    status = 409


class AlreadyThere(RuleViolation):
    """A row with the same key exists already."""

    message = "มีรายการนี้อยู่แล้ว ({what} ซ้ำ) กรุณาค้นหารายการเดิมแล้วแก้ไขแทนการเพิ่มใหม่"
    status = 409


class NotADate(RuleViolation, ValueError):
    """A text or number is not one certain day."""

    message = "วันที่ “{text}” ใช้ไม่ได้: {reason} กรุณาพิมพ์เป็น วัน/เดือน/ปี พ.ศ. เช่น 10/06/2569"


class UnknownCode(RuleViolation, ValueError):
    """A text is none of a code list's values, labels or other spellings."""

    message = "ไม่รู้จัก{what} “{text}” กรุณาใช้ค่าใดค่าหนึ่งต่อไปนี้: {allowed}"


class NoOpenRound(RuleViolation):
    """No round of this system exists that the data could belong to."""

    message = "ยังไม่มีรอบจัดเก็บข้อมูลของระบบ {system} จึงยังบันทึกไม่ได้ ส่วนกลางจะเป็นผู้เปิดรอบ"
    status = 409


class RoundClosed(RuleViolation):
    """R15: after closing no path writes the round's data."""

    message = "{round} ปิดแล้ว บันทึกหรือแก้ไขไม่ได้อีก ข้อมูลที่เปลี่ยนหลังจากนี้ให้บันทึกในรอบถัดไปเมื่อเปิด"
    status = 409


class WindowNotYet(RuleViolation):
    """The window of this action has not opened (R12, R27)."""

    message = "ยังไม่ถึงเวลา{action} {round} จะเปิดให้ทำได้ตั้งแต่ {opens}"
    status = 409


class WindowOver(RuleViolation):
    """The window of this action is over (R12, R27, R35)."""

    message = "หมดเวลา{action} {round} แล้วเมื่อ {closes} หากจำเป็นให้ติดต่อเขตพื้นที่เพื่อขอผ่อนผันเวลา"
    status = 409


class WindowMissing(RuleViolation):
    """Nobody has set when this action is open."""

    message = "ส่วนกลางยังไม่ได้กำหนดช่วงเวลา{action}ของ {round} จึงยังทำไม่ได้"
    status = 409


class SubmissionLocked(RuleViolation):
    """From confirming on the school's rows are locked."""

    message = "ข้อมูลของโรงเรียนใน {round} ถูกล็อกแล้ว (สถานะ: {state}) หากต้องแก้ไข ให้ผู้อำนวยการหรือเขตพื้นที่ส่งกลับก่อน"
    status = 409
