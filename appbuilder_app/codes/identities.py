"""Code lists of identity numbers: what proves a child without one, and why a number was replaced."""

from __future__ import annotations

from .codelist import CodeList


class EvidenceRung(CodeList, noun="หลักฐานแสดงตัวเด็ก"):
    """What is known of a child without a number, the strongest first [public]; own codes, by their order.

    A lower rung is taken only where the ones above cannot be had, which the request then has to explain.
    """

    BIRTH = "r1", "สูติบัตร", "Birth certificate", "สูติบัตร"
    CIVIL = (
        "r2",
        "หนังสือรับรองการเกิด บัตรประจำตัว หรือทะเบียนบ้าน",
        "Certificate of birth, identity card or house registration",
        "หนังสือรับรองการเกิด",
    )
    OFFICIAL = "r3", "เอกสารอื่นที่ทางราชการออกให้", "Another official paper", "เอกสารราชการอื่น"
    STATEMENT = (
        "r4",
        "บันทึกแจ้งประวัติบุคคลโดยบิดามารดา ผู้ปกครอง หรือองค์กรเอกชน",
        "Statement by parents, guardian or an organisation",
        "บันทึกแจ้งประวัติ",
    )
    INTERVIEW = "r5", "บันทึกการสัมภาษณ์เด็ก", "Record of an interview", "บันทึกสัมภาษณ์"


class GDocument(CodeList, noun="เอกสารประกอบคำขอรหัส G"):
    """The papers of a G-code request [public]; which of them a request needs follows from its rung; own codes."""

    PHOTO = "photo", "รูปถ่ายนักเรียน", "Photo of the child"
    FORM = (
        "form",
        "แบบทะเบียนนักเรียนติด G ที่ลงนามและพิมพ์ลายนิ้วมือแล้ว",
        "The form, signed and with fingerprints",
        "แบบทะเบียนติด G",
    )
    BIRTH = "birth", "สูติบัตรจากต่างประเทศ", "Foreign birth certificate"
    CIVIL = (
        "civil",
        "หนังสือรับรองการเกิด บัตรประจำตัว หรือทะเบียนบ้าน",
        "Certificate of birth, identity card or house registration",
        "หนังสือรับรองการเกิด",
    )
    OFFICIAL = "official", "เอกสารอื่นที่ทางราชการออกให้", "Another official paper"
    STATEMENT = "stated", "บันทึกแจ้งประวัติบุคคล", "Statement about the person"
    INTERVIEW = "interview", "บันทึกการสัมภาษณ์เด็ก", "Record of the interview"
    PASSPORT = "passport", "หนังสือเดินทางของบิดาหรือมารดา", "Passport of a parent"
    EMPLOYER = (
        "employer",
        "ทะเบียนบ้านของนายจ้าง รับรองสำเนาถูกต้อง",
        "House registration of the employer, a signed true copy",
        "ทะเบียนบ้านนายจ้าง",
    )


class CivilAnswer(CodeList, noun="ผลการตรวจกับทะเบียนราษฎร"):
    """What the Department of Provincial Administration finds of a child that it is asked about; own codes."""

    MATCHES = "matches", "ข้อมูลตรงกับทะเบียนราษฎร", "Agrees with the civil register", "ตรง"
    DIFFERS = "differs", "ข้อมูลไม่ตรงกับทะเบียนราษฎร", "Differs from the civil register", "ไม่ตรง"
    HAS_NUMBER = "has-number", "มีเลขประจำตัวประชาชนแล้ว", "Has a national ID already", "มีเลขแล้ว"
    NOT_FOUND = "not-found", "ไม่พบในทะเบียนราษฎร", "Not in the civil register", "ไม่พบ"


class NumberGround(CodeList, noun="เหตุที่เปลี่ยนเลขประจำตัว"):
    """Why a student's number was replaced by another; own codes."""

    ISSUED = "issued", "ออกรหัส G ให้", "A G-code was issued"
    SUCCESSION = "succession", "ได้รับเลขประจำตัวประชาชนแทนรหัส G", "A real ID took the G-code's place"
    CORRECTION = "correction", "แก้ไขเลขที่บันทึกผิด", "A wrong number was corrected"
