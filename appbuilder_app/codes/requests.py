"""Codes of requests: what is asked for, how far it is, on which side somebody stands, and what was done."""

from __future__ import annotations

from ..bilingual import Label
from .codelist import CodeList


class RequestKind(CodeList, noun="ประเภทคำขอ"):
    """What a request asks for; own codes [derived]."""

    TRANSFER = "transfer", "ขอรับนักเรียนย้ายเข้า", "Transfer in", "ย้ายเข้า"
    LEAVING = "leaving", "ขออนุญาตให้นักเรียนออกกลางคันหรือจำหน่าย", "Dropout or discharge", "ออกกลางคัน/จำหน่าย"
    G_CODE = "g_code", "ขอรหัส G", "G-code", "รหัส G"
    G_USER = "g_user", "ขอลงทะเบียนผู้ใช้งานรหัส G", "Registration for G-codes", "ผู้ใช้รหัส G"
    SUCCESSION = "succession", "แทนรหัส G ด้วยเลขจริง", "Real ID for a G-code", "แทนรหัส G"
    ID_CORRECTION = "id_correction", "ขอแก้เลขประจำตัวประชาชน", "Correction of a national ID", "แก้เลขประจำตัว"
    DUPLICATE = "duplicate", "นักเรียนซ้ำซ้อน", "Duplicate student", "ซ้ำซ้อน"


class RequestState(CodeList, noun="สถานะคำขอ"):
    """How far a request is; own codes [derived]."""

    OPEN = "open", "รอพิจารณา", "Waiting", "รอพิจารณา"
    OBJECTED = "objected", "มีผู้คัดค้าน", "Objected to", "มีผู้คัดค้าน"
    RETURNED = "returned", "ส่งกลับให้แก้ไข", "Returned", "ส่งกลับ"
    APPROVED = "approved", "อนุมัติแล้ว", "Approved", "อนุมัติ"
    REFUSED = "refused", "ไม่อนุมัติ", "Refused", "ไม่อนุมัติ"
    WITHDRAWN = "withdrawn", "ถอนคำขอแล้ว", "Withdrawn", "ถอน"

    @property
    def is_settled(self) -> bool:
        """True once nothing can be done about it any more."""
        return self in {RequestState.APPROVED, RequestState.REFUSED, RequestState.WITHDRAWN}


class RequestSide(CodeList, noun="ฝ่ายของคำขอ"):
    """On which side of a request a school, an area or the centre stands; own codes [derived]."""

    ASKS = "asks", "ผู้ขอ", "Asks"
    ANSWERS = "answers", "ผู้ให้คำตอบ", "Answers"
    DECIDES = "decides", "ผู้พิจารณา", "Decides"
    INFORMED = "informed", "ผู้รับแจ้ง", "Is told"


class RequestStepKind(CodeList, noun="ขั้นตอนของคำขอ"):
    """What somebody did about a request; own codes [derived]."""

    OPENED = "opened", "ยื่นคำขอ", "Asked"
    COMMENTED = "commented", "แสดงความเห็น", "Commented"
    ATTACHED = "attached", "แนบหลักฐาน", "Attached evidence"
    OBJECTED = "objected", "คัดค้าน", "Objected"
    RETURNED = "returned", "ส่งกลับให้แก้ไข", "Returned"
    RESENT = "resent", "แก้ไขแล้วส่งอีกครั้ง", "Sent again"
    APPROVED = "approved", "อนุมัติ", "Approved"
    REFUSED = "refused", "ไม่อนุมัติ", "Refused"
    WITHDRAWN = "withdrawn", "ถอนคำขอ", "Withdrew"
    INQUIRED = "inquired", "ส่งถามกรมการปกครอง", "Asked the Department of Provincial Administration"
    ANSWERED = "answered", "กรมการปกครองตอบแล้ว", "The Department of Provincial Administration has answered"
    JOINED = "joined", "มีผู้เกี่ยวข้องเพิ่ม", "More are concerned"
    UNDONE = "undone", "ยกเลิกคำวินิจฉัย", "Took the decision back"

    @property
    def button(self) -> str:
        """The words of a button that takes the step: Thai is the same, English is not."""
        return Label(self.th[:], _BUTTONS.get(self.value, self.en))


_BUTTONS = {
    "commented": "Comment",
    "objected": "Object",
    "returned": "Return",
    "resent": "Send again",
    "approved": "Approve",
    "refused": "Refuse",
    "withdrawn": "Withdraw",
}
