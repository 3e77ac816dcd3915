"""Code lists of card readers: where one is, what was done with it, how a test and a PIN registration came out."""

from __future__ import annotations

from .codelist import CodeList


class ReaderState(CodeList, noun="สถานะเครื่องอ่านบัตร"):
    """Where a reader is and in what condition; own codes [assumed]."""

    STOCK = "stock", "อยู่ที่เขต พร้อมจัดสรร", "In stock at the area", "อยู่ที่เขต"
    ALLOTTED = "allotted", "จัดสรรแล้ว รอโรงเรียนมารับ", "Allotted, not fetched yet", "รอรับ"
    ISSUED = "issued", "ส่งมอบแล้ว อยู่ที่โรงเรียน", "Handed over, at the school", "ส่งมอบแล้ว"
    FAULTY = "faulty", "โรงเรียนแจ้งชำรุด", "Reported faulty by the school", "แจ้งชำรุด"
    REPAIR = "repair", "ส่งซ่อม", "In repair"
    LOST = "lost", "สูญหาย", "Lost"
    RETIRED = "retired", "จำหน่ายออกจากบัญชี", "Written off", "จำหน่ายแล้ว"


class ReaderStep(CodeList, noun="การดำเนินการกับเครื่องอ่านบัตร"):
    """What is done with a reader; from which state to which, ``rules/readers.py`` tells. Own codes."""

    ALLOT = "allot", "จัดสรรให้โรงเรียน", "Allot to a school", "จัดสรร"
    UNALLOT = "unallot", "ยกเลิกการจัดสรร", "Take back the allotment"
    ISSUE = "issue", "ส่งมอบให้โรงเรียน", "Hand over to the school", "ส่งมอบ"
    REPORT_FAULT = "report_fault", "แจ้งชำรุด", "Report a fault"
    REPORT_LOSS = "report_loss", "แจ้งสูญหาย", "Report a loss"
    SEND_TO_REPAIR = "send_to_repair", "ส่งซ่อม", "Send to repair"
    REPAIRED = "repaired", "รับกลับจากซ่อม ใช้ได้แล้ว", "Back from repair"
    FOUND = "found", "พบเครื่องแล้ว", "Found again"
    TAKE_BACK = "take_back", "รับคืนจากโรงเรียน", "Take back from the school", "รับคืน"
    REALLOT = "reallot", "โอนไปโรงเรียนอื่น", "Re-allot to another school"
    WRITE_OFF = "write_off", "จำหน่ายออกจากบัญชี", "Write off"


class ReaderTest(CodeList, noun="ผลทดสอบเครื่องอ่านบัตร"):
    """How the last test came out (R59); own codes."""

    PASSED = "passed", "อ่านบัตรได้", "Reads cards", "ใช้ได้"
    FAILED = "failed", "อ่านบัตรไม่ได้", "Does not read cards", "ใช้ไม่ได้"


class WayOfTest(CodeList, noun="วิธีทดสอบเครื่องอ่านบัตร"):
    """Who says so: the paired program that read a card, or an officer; own codes."""

    AGENT = "agent", "ทดสอบด้วยโปรแกรมอ่านบัตร", "Tested by the reading program", "โปรแกรมอ่านบัตร"
    HAND = "hand", "เจ้าหน้าที่บันทึกผล", "Told by an officer", "เจ้าหน้าที่"


class PinResult(CodeList, noun="ผลการลงทะเบียนรหัส PIN"):
    """Whether the receiving officer has registered a PIN (R60). The PIN itself is nowhere; own codes."""

    REGISTERED = "registered", "ลงทะเบียนแล้ว", "Registered"
    NOT_YET = "not_yet", "ยังไม่ได้ลงทะเบียน", "Not registered yet"
    REFUSED = "refused", "ลงทะเบียนไม่สำเร็จ", "Registration failed"


class PinOffice(CodeList, noun="สถานที่ลงทะเบียนรหัส PIN"):
    """Where a PIN is obtained, with one's own ID card (R60); own codes."""

    DISTRICT = "district", "ที่ว่าการอำเภอ", "District office", "อำเภอ"
    MUNICIPALITY = "municipality", "สำนักทะเบียนเทศบาล", "Municipality", "เทศบาล"


class HoldingEnd(CodeList, noun="เหตุที่สิ้นสุดการถือครอง"):
    """How a school's holding of a reader ended; own codes."""

    UNALLOTTED = "unallotted", "ยกเลิกการจัดสรรก่อนรับ", "Allotment taken back"
    RETURNED = "returned", "คืนเขตพื้นที่", "Returned to the area"
    MOVED = "moved", "โอนไปโรงเรียนอื่น", "Moved to another school"
    HANDED_ON = "handed_on", "เปลี่ยนผู้รับผิดชอบ", "Handed on to another officer"
    WRITTEN_OFF = "written_off", "จำหน่ายออกจากบัญชี", "Written off"
