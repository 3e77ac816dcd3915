"""What is wrong with a row, or what only the database can notice of it."""

from __future__ import annotations

from .base import RuleViolation


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


class ReferenceMissing(RuleViolation):
    """A row points to another that does not exist, or that was deleted meanwhile."""

    message = "รายการที่อ้างถึงไม่มีอยู่แล้ว กรุณาเลือกใหม่แล้วบันทึกอีกครั้ง"


class KeptForever(RuleViolation):
    """The history, frozen rosters and issued documents are written once and never changed or deleted."""

    message = "ประวัติและเอกสารที่ออกแล้วแก้ไขหรือลบไม่ได้ หากข้อมูลผิด ให้ส่งกลับแล้วยืนยันและรับรองใหม่"
    status = 409


class KeptForVerbs(RuleViolation):
    """Who and where a child is changes by its verbs alone, whatever the statement."""

    message = (
        "ชื่อ เพศ วันเกิด เลขประจำตัว โรงเรียน ชั้น ห้อง และสถานภาพของนักเรียน เปลี่ยนตรงนี้ไม่ได้"
        " กรุณาใช้รายการ “ย้าย/จำหน่าย/แก้ชื่อ” ที่หน้านักเรียน"
    )
    status = 409


class TryAgain(RuleViolation):
    """Somebody else's work on the same rows was in the way; the same request will pass later."""

    message = "ขณะนี้มีผู้อื่นกำลังบันทึกข้อมูลเดียวกันอยู่ จึงยังไม่ได้บันทึก กรุณารอสักครู่แล้วลองใหม่"
    status = 503


class HistoryBusy(RuleViolation):
    """A transaction that was writing does not end: its changes would come too late for their seal."""

    message = "ยังมีงานที่กำลังบันทึกข้อมูลค้างอยู่ จึงยังผนึกประวัติไม่ได้ กรุณาลองใหม่ภายหลัง"
    status = 503


class NothingToRevert(RuleViolation):
    """The row has the values of that version already."""

    message = "ข้อมูลเหมือนรุ่นที่เลือกอยู่แล้ว จึงไม่มีอะไรให้ย้อนกลับ กรุณาเลือกรุ่นอื่น"
    status = 409
