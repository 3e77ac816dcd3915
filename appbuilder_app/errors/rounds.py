"""Rounds, their windows, and who signs in them."""

from __future__ import annotations

from typing import Any

from .base import InvalidRow, Problem, RuleViolation


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

    message = "หมดเวลา{action} {round} แล้วเมื่อ {closes} หากจำเป็นให้ขอผ่อนผันเวลาจากส่วนกลางผ่านเขตพื้นที่"
    status = 409


class WindowMissing(RuleViolation):
    """Nobody has set when this action is open."""

    message = "ส่วนกลางยังไม่ได้กำหนดช่วงเวลา{action}ของ {round} จึงยังทำไม่ได้"
    status = 409


class SubmissionLocked(RuleViolation):
    """From confirming on the school's rows are locked."""

    message = (
        "ข้อมูลของโรงเรียนใน {round} ถูกล็อกแล้ว (สถานะ: {state}) "
        "หากต้องแก้ไข ให้โรงเรียนถอนการยืนยันหรือให้เขตพื้นที่ส่งกลับที่หน้าการส่งข้อมูล"
    )
    status = 409


class RoundUnknown(RuleViolation):
    """No such round."""

    message = "ไม่พบรอบที่ {number} ปีการศึกษา {year} กรุณาตรวจปีการศึกษาและเลขรอบ"
    status = 404


class RoundTooEarly(RuleViolation):
    """A round cannot be added before one that is closed: today's data would fall back into it."""

    message = "เพิ่ม{round}ไม่ได้ เพราะ{later}ซึ่งมาทีหลังปิดไปแล้ว กรุณาตรวจปีการศึกษา"
    status = 409


class EarlierRoundOpen(RuleViolation):
    """Rounds are closed in their order (R15)."""

    message = "ปิด{round}ยังไม่ได้ เพราะ{earlier}ยังไม่ปิด กรุณาปิดรอบก่อนหน้าก่อน"
    status = 409


class RoundNotBegun(RuleViolation):
    """Nobody could have reported yet; closing is for good (R15)."""

    message = "ปิด{round}ยังไม่ได้ เพราะเปิดให้แก้ไขข้อมูลตั้งแต่วันที่ {opens} กรุณาตรวจว่าเลือกรอบถูกต้อง"
    status = 409


class RoundAlreadyClosed(RuleViolation):
    """A round is closed once; who closed it and when stays as it was (R15)."""

    message = "{round} ปิดไปแล้วเมื่อ {closed} โดย {by} จึงไม่ต้องปิดอีก"
    status = 409


class PlaceUnknown(RuleViolation):
    """No area and no school has this code."""

    message = "ไม่พบเขตพื้นที่หรือโรงเรียนรหัส “{code}” กรุณาตรวจรหัสอีกครั้ง"
    status = 404


class WindowUpsideDown(RuleViolation):
    """A window must open before it closes."""

    message = "เวลาเริ่มต้องมาก่อนเวลาสิ้นสุด กรุณาแก้ช่วงเวลา"


class NothingWidened(RuleViolation):
    """An exception gives more time, never less."""

    message = "การผ่อนผันต้องได้เวลาเพิ่ม แต่{action}ของ {place} เปิดถึง {closes} อยู่แล้ว กรุณากำหนดเวลาสิ้นสุดให้ช้ากว่านั้น"


class ClosesInThePast(RuleViolation):
    """An exception that is over before it begins helps nobody."""

    message = "เวลาสิ้นสุด {closes} ผ่านไปแล้ว กรุณากำหนดเวลาในอนาคต"


class NotAnException(RuleViolation):
    """An exception is for one district or one school."""

    message = "การผ่อนผันต้องระบุเขตพื้นที่หรือโรงเรียนเดียว ถ้าต้องการเปลี่ยนทั้งประเทศให้กำหนดช่วงเวลาของรอบใหม่"


class ReasonMissing(RuleViolation):
    """What undoes or bends a rule says why; the reason stays in the history."""

    message = "กรุณาระบุเหตุผล เพราะจะบันทึกไว้ในประวัติและแจ้งผู้เกี่ยวข้อง"


def require_reason(reason: str) -> None:
    """ReasonMissing for an empty reason, and for one of spaces."""
    if not reason.strip():
        raise ReasonMissing


class SourceMissing(RuleViolation):
    """Rounds and windows name the letter that set them."""

    message = "กรุณาระบุหนังสือที่กำหนด เช่น ที่ ศธ ๐๔๐๐๖/ว๑๘๒๔ ลงวันที่ 25 พฤษภาคม 2567"


class WrongState(RuleViolation):
    """The school's submission is not in the state that this step starts from (R12–R14)."""

    message = "{action}ไม่ได้ เพราะข้อมูลของ {school} อยู่ในสถานะ “{state}” {advice}"
    status = 409


class ChecklistFailed(RuleViolation):
    """Something on the checklist stops the confirming; ``checklist`` tells what (R12, R23)."""

    message = "ยืนยันยังไม่ได้ ต้องแก้หรือชี้แจง {count} เรื่องก่อน: {summary} กรุณาแก้หรือชี้แจงตามรายการตรวจสอบแล้วยืนยันอีกครั้ง"

    def __init__(self, checklist: Any) -> None:
        self.checklist = checklist
        self.problems = [Problem(None, item.sentence) for item in checklist.open]
        super().__init__(count=len(self.problems), summary=[problem.message for problem in self.problems])


class ExplanationMissing(RuleViolation):
    """An explanation has words."""

    message = "กรุณาเขียนคำชี้แจงว่าเหตุใดข้อมูลจึงถูกต้องแล้ว"


class NothingToExplain(RuleViolation):
    """Only what a query of the round finds now can be explained; errors are put right."""

    message = "ไม่มีรายการที่ชี้แจงได้ อาจแก้ไขหรือชี้แจงไปแล้ว หรือเป็นเรื่องที่ต้องแก้ไขเท่านั้น กรุณาเปิดรายการตรวจสอบอีกครั้ง"
    status = 409


class SamePerson(RuleViolation):
    """R13: the director certifies what somebody else has confirmed."""

    message = "ผู้รับรองต้องเป็นคนละคนกับผู้ยืนยัน ท่านเป็นผู้ยืนยันข้อมูลชุดนี้แล้ว กรุณาให้ผู้อำนวยการโรงเรียนเป็นผู้รับรอง"
    status = 409


class SignerUnknown(RuleViolation):
    """R8: every signature has an identified person behind it."""

    message = "การ{action}ต้องทำในนามบัญชีของบุคคล กรุณาเข้าสู่ระบบด้วยบัญชีของท่าน"
    status = 403


class ProofNeeded(RuleViolation):
    """R8: a signature asks anew who signs, however lately they have logged in."""

    message = "ก่อน{action} ต้องพิสูจน์ตัวตนอีกครั้ง กรุณากรอกรหัสผ่าน หรือรหัสจากโทรศัพท์ถ้าท่านตั้งไว้"
    status = 403


class WrongProof(InvalidRow):
    """The password or the phone's code that was given for a signature is not the right one."""

    message = "ยังไม่ได้ลงนาม: {summary}"


class OrderMissing(InvalidRow):
    """Who signs for somebody else names the order that lets them."""

    message = "ยังไม่ได้ลงนาม: {summary}"


class CertifiedAlready(RuleViolation):
    """Once certified a school cannot take its data back by itself."""

    message = "ข้อมูลรับรองแล้ว โรงเรียนจึงส่งกลับเองไม่ได้ กรุณาติดต่อเขตพื้นที่เพื่อขอให้ส่งกลับ"
    status = 409
