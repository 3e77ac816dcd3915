"""Who comes, leaves and moves."""

from __future__ import annotations

from .base import RuleViolation


class StudentUnknown(RuleViolation):
    """R21: only a child who is in the register can be transferred in."""

    message = "ไม่พบนักเรียนเลขประจำตัวนี้ในระบบ (ข้อ R21) กรุณาตรวจเลข ถ้าเป็นนักเรียนใหม่ให้ใช้ “เพิ่มนักเรียน”"
    status = 404


class EnrolledAlready(RuleViolation):
    """R21: the child is this school's own."""

    message = "{name}กำลังเรียนอยู่ที่โรงเรียนนี้แล้ว (ข้อ R21) ไม่ต้องย้ายเข้า ถ้าต้องการย้ายห้องให้ใช้ “จัดชั้นและห้อง”"
    status = 409


class InRegisterAlready(RuleViolation):
    """R21, R30: a child with this ID is in the register, so it is transferred, not added a second time."""

    message = (
        "มีนักเรียนเลขประจำตัวนี้ในระบบแล้ว (ข้อ R21, R30) กรุณาใช้ “ย้ายเข้า” แทนการเพิ่มใหม่"
        " หากเป็นเด็กคนละคน ให้ตรวจเลขจากบัตรหรือสูติบัตร แล้วแจ้งเขตพื้นที่"
    )
    status = 409


class EnteredTwice(RuleViolation):
    """R21, R30: one file enters a child with this ID in two schools; the first row keeps the number."""

    message = (
        "เลขประจำตัวนี้อยู่ในแถวของอีกโรงเรียนหนึ่งในไฟล์เดียวกันแล้ว (ข้อ R21, R30) เด็กคนหนึ่งเข้าเรียนได้โรงเรียนเดียว"
        " กรุณาตรวจเลขและรหัสโรงเรียนของทั้งสองแถว แล้วลบแถวที่ไม่ถูกต้อง"
    )
    status = 409


class EnrolledTwice(RuleViolation):
    """R30: of a child who is in two schools already, none can be moved before it is decided which is right."""

    message = (
        "นักเรียนคนนี้มีชื่อซ้ำซ้อนอยู่มากกว่าหนึ่งโรงเรียน (ข้อ R30) ต้องวินิจฉัยเรื่องซ้ำซ้อนก่อน กรุณาแนบหลักฐานที่เมนู “นักเรียนซ้ำซ้อน”"
    )
    status = 409


class NotEnrolled(RuleViolation):
    """R22: only who is enrolled can leave or be moved to another class."""

    message = "{name}มีสถานภาพ “{status}” (ข้อ R22) จึงทำรายการนี้ไม่ได้ หากกลับมาเรียนให้ใช้ “รับกลับเข้าเรียน”"
    status = 409


class IsEnrolled(RuleViolation):
    """R45: only who has left is taken back."""

    message = "{name}กำลังศึกษาอยู่แล้ว (ข้อ R45) จึงไม่ต้องรับกลับ"
    status = 409


class HasDied(RuleViolation):
    """R22: nobody is moved out of a record of death but by undoing it."""

    message = "{name}ถูกบันทึกว่าถึงแก่กรรม (ข้อ R22) หากบันทึกผิดให้โรงเรียนเดิมยกเลิกรายการจำหน่าย"
    status = 409


class TakenMeanwhile(RuleViolation):
    """Of two schools that take one child, one does; the other is told."""

    message = "{name}ไม่ได้อยู่ที่โรงเรียนเดิมแล้ว อาจมีโรงเรียนอื่นรับไปก่อน กรุณาค้นหาเลขประจำตัวอีกครั้ง"
    status = 409


class SatFinalExam(RuleViolation):
    """R43, R45: who sat the final exam stays until the next year's round opens."""

    message = "{name}เข้าสอบปลายภาคแล้ว จึงย้ายออกหรือจำหน่ายไม่ได้ (ข้อ R43, R45) ให้รอรอบที่ 1 ของปีการศึกษาหน้า"
    status = 409


class ExamNotRecorded(RuleViolation):
    """R43: in round 3 only those leave of whom it is recorded that they did not sit the exam."""

    message = "ในรอบสิ้นปี ต้องบันทึกก่อนว่า{name}เข้าสอบปลายภาคหรือไม่ จึงจะย้ายออกหรือจำหน่ายได้ (ข้อ R43)"
    status = 409


class NotAtFinalExam(RuleViolation):
    """R41, R42: round 3 takes in nobody but who is present and sat this year's final exam."""

    message = "รอบสิ้นปีรับเข้าได้เฉพาะนักเรียนที่มาเรียนและเข้าสอบปลายภาคของปีนี้ (ข้อ R41, R42) นักเรียนใหม่ปีหน้าให้รอรอบที่ 1"
    status = 409


class OnlyAtYearsEnd(RuleViolation):
    """R38, R46: exams are recorded in round 3."""

    message = "บันทึกการเข้าสอบปลายภาคได้เฉพาะรอบที่ 3 สิ้นปีการศึกษา (ข้อ R38, R46) กรุณาเว้นช่องนี้ว่างไว้"
    status = 409


class GradeNotTaught(RuleViolation):
    """R24: a class that the school does not open."""

    message = "{school}ไม่เปิดสอนชั้น{grade} (ข้อ R24) กรุณาเลือกชั้นอื่น หรือแก้ชั้นที่เปิดสอนในข้อมูลโรงเรียน"


class NotThatDay(RuleViolation):
    """R34: a movement is recorded after it happened."""

    message = "วันที่ {day} ยังมาไม่ถึง (ข้อ R34) กรุณาบันทึกเมื่อนักเรียนย้ายหรือออกจริง"


class GroundMissing(RuleViolation):
    """R22: dropout names its cause, discharge its ground."""

    message = "กรุณาระบุเหตุ{kind} (ข้อ R22) เป็นค่าใดค่าหนึ่งต่อไปนี้: {allowed}"


class CannotUndo(RuleViolation):
    """R45: what was done by mistake is undone within its round, as long as nothing has followed."""

    message = "ยกเลิก “{kind}” ไม่ได้ เพราะ{why} (ข้อ R45) กรุณาทำรายการใหม่แทน"
    status = 409


class TooManyMoved(RuleViolation):
    """More students than one form moves."""

    message = "ย้ายพร้อมกันได้ไม่เกิน {most} คน กรุณาทำทีละห้อง"
