"""The end of the year: exam, results, plan of admission, promotion."""

from __future__ import annotations

from .base import RuleViolation


class NotEndOfYear(RuleViolation):
    """R37, R46, §1.6: results, 3.1.8 and the admission plan belong to the end-of-year round alone."""

    message = "{what}บันทึกได้เฉพาะในรอบสิ้นปีการศึกษา (รอบที่ 3) ขณะนี้เป็น{round} กรุณารอให้รอบสิ้นปีเปิด"
    status = 409


class StepBefore(RuleViolation):
    """R46: the three steps of the results are taken in their order."""

    message = "ต้องบันทึกตามลำดับ (3.2.2 → 3.2.2.1 → 3.2.2.2): {missing} อีก {count} คน กรุณาบันทึกขั้นนั้นให้ครบก่อน"
    status = 409


class AbsentAndFailed(RuleViolation):
    """Who did not sit the exam has not failed it (R43, R46)."""

    message = "{name} ถูกเลือกทั้ง “ไม่เข้าสอบ” และ “สอบตก” กรุณาเลือกอย่างใดอย่างหนึ่ง"


class CriterionMissing(RuleViolation):
    """§1.4: a failure names the criterion that was failed."""

    message = "{name} สอบตก แต่ยังไม่ได้เลือกเกณฑ์ที่ไม่ผ่าน กรุณาเลือกเกณฑ์"


class DidNotFail(RuleViolation):
    """R46: repeating follows from failing."""

    message = "{name} ไม่ได้สอบตก จึงบันทึกซ้ำชั้นหรือรอดำเนินการไม่ได้ ถ้าสอบตกจริงให้แก้ผลสอบในขั้นที่ 1 ก่อน"
    status = 409


class OnlySecondaryWaits(RuleViolation):
    """§1.4: only secondary schools leave a result open for a second exam."""

    message = "“รอดำเนินการ” ใช้ได้เฉพาะระดับมัธยมศึกษาและ ปวช. กรุณาเลือก “ซ้ำชั้น” หรือแก้ผลสอบของ {name}"


class DidSit(RuleViolation):
    """R47: 3.1.8, and being kept, are for those who did not sit the final exam."""

    message = "{name} เข้าสอบปลายภาคแล้ว จึงบันทึกว่ายังจำหน่ายไม่ได้ (3.1.8) หรือคงไว้ไม่ได้ ถ้าไม่ได้เข้าสอบให้แก้ในขั้นที่ 1 ก่อน"
    status = 409


class PastCompulsoryAge(RuleViolation):
    """R44: only who is under the compulsory age may be kept without the exam."""

    message = "{name} พ้นอายุการศึกษาภาคบังคับแล้ว จึงคงไว้โดยไม่เข้าสอบไม่ได้ ให้ย้ายออก จำหน่าย หรือบันทึก 3.1.8 ถ้ายังติดตามอยู่"


class WishMissing(RuleViolation):
    """R44: the guardian's wish is written down."""

    message = "การคง {name} ไว้ต้องระบุความประสงค์ของผู้ปกครองในช่องหมายเหตุ"


class DoesNotGraduate(RuleViolation):
    """R46, §1.4: destinations are of graduates of ป.6, ม.3, ม.6 and ปวช.3."""

    message = "{name} ไม่ใช่ผู้จบการศึกษาที่ต้องบันทึกการศึกษาต่อ (ป.6 ม.3 ม.6 ปวช.3 ที่สอบได้) กรุณาตรวจผลสอบในขั้นที่ 1"


class DestinationOfOther(RuleViolation):
    """The destination belongs to graduates of another level."""

    message = "“{destination}” ไม่ใช่การศึกษาต่อของผู้จบชั้น{grade} กรุณาเลือกจากรายการของชั้นนี้"


class AfterTheExam(RuleViolation):
    """R39: what happened after the final exam is not of this year."""

    message = "วันที่ {day} อยู่หลังวันสอบปลายภาค ({exam}) จึงบันทึกในรอบสิ้นปีไม่ได้ ให้บันทึกเมื่อเปิดรอบที่ 1 ของปีการศึกษาถัดไป"
    status = 409


class ExamDateOutside(RuleViolation):
    """R38: the final exam of the second term lies between 11 November and the end of the academic year."""

    message = "วันสอบปลายภาคต้องอยู่ระหว่าง {first} ถึง {last} กรุณาตรวจวันที่"


class ClassChanged(RuleViolation):
    """Somebody has changed the class since the page was opened."""

    message = "มีผู้แก้ไขห้องนี้หลังจากที่ท่านเปิดหน้า กรุณาเปิดหน้าใหม่ ตรวจดู แล้วบันทึกอีกครั้ง"
    status = 409


class PlanNotOpened(RuleViolation):
    """R37: a school plans for the grades it opens."""

    message = "โรงเรียนไม่ได้เปิดสอนชั้น{grade} จึงวางแผนรับนักเรียนชั้นนี้ไม่ได้ กรุณาแก้ชั้นที่เปิดสอนในข้อมูลโรงเรียนก่อน"


class PlanOutside(RuleViolation):
    """A plan's figures are small whole numbers."""

    message = "แผนรับชั้น{grade}: จำนวนห้องต้องเป็น 0–99 และจำนวนนักเรียน 0–9,999 กรุณาแก้ตัวเลข"


class NothingToPromote(RuleViolation):
    """R46, §1.4: the turn of the year follows the closing of the end-of-year round."""

    message = "เลื่อนชั้นไม่ได้ เพราะ{round}ยังไม่ปิดหรือไม่ใช่รอบสิ้นปีการศึกษา กรุณาปิดรอบที่ 3 ก่อน"
    status = 409
