"""Code lists of the judging of a school's round: by which check, and what its finding means."""

from __future__ import annotations

from .codelist import CodeList


class Strength(CodeList, noun="ระดับของข้อตรวจสอบ"):
    """What a finding means for the confirming; own codes."""

    ERROR = "error", "ต้องแก้ก่อนยืนยัน", "Must be put right before confirming", "ต้องแก้"
    QUERY = "query", "ต้องแก้หรือชี้แจง", "Must be put right or explained", "ต้องแก้หรือชี้แจง"


class Check(CodeList, noun="ข้อตรวจสอบ"):
    """What is asked of a school's data before it confirms; own codes, never used for anything else again."""

    NO_STUDENTS = "no-students", "มีนักเรียน", "There are students"
    WEIGHT_HEIGHT = "weight-height", "น้ำหนักและส่วนสูงครบทุกคน", "Weight and height of everybody"
    IDENTITY = "identity", "เลขประจำตัวถูกต้อง", "IDs are valid"
    DUPLICATE = "duplicate", "ไม่ซ้ำกับโรงเรียนอื่น", "In no other school, too"
    UNCOUNTED = "uncounted", "ไม่มีเรื่องซ้ำซ้อนที่เลยกำหนด", "No case of duplicates past its deadline"
    TOP_GRADE = "top-grade", "ชั้นสูงสุดมีนักเรียน", "The highest grade has students"
    UNOPENED_GRADE = "unopened-grade", "ชั้นเรียนตรงกับที่เปิดสอน", "Grades are those that are taught"
    UNDER_AGE = "under-age", "อายุถึงเกณฑ์ที่นับ", "Old enough to be counted"
    OVER_AGE = "over-age", "อายุไม่เกินเกณฑ์ที่นับ", "Young enough to be counted"
    AGE_FOR_GRADE = "age-for-grade", "อายุสอดคล้องกับชั้น", "Age goes with the grade"
    BMI = "bmi", "น้ำหนักเหมาะกับส่วนสูง", "Weight goes with the height"
    NEW_POVERTY = "new-poverty", "ความยากจนของนักเรียนใหม่", "Poverty of new students"
    TWICE = "twice", "ไม่มีคนเดียวกันสองรายการ", "Nobody is there twice"
    ONE_ADDRESS = "one-address", "ที่อยู่ไม่ซ้ำกันหลายคน", "Not many from one address"
    CLASS_DOUBLED = "class-doubled", "ขนาดห้องเรียนใกล้เคียงรอบก่อน", "Class sizes are near the last round's"
    COUNT_FAR = "count-far", "จำนวนนักเรียนใกล้เคียงรอบก่อน", "The number of students is near the last round's"
    EXAM_DAY = "exam-day", "วันสอบปลายภาค", "The day of the final exam"
    EXAM = "exam", "ผลสอบปลายปีครบทุกคน", "Exam and result of everybody"
    AFTER_FAIL = "after-fail", "ผู้สอบตกมีผลครบ", "What follows from failing"
    ABSENT = "absent", "ผู้ไม่เข้าสอบมีเหตุครบ", "Why who did not sit is still there"
    DESTINATION = "destination", "ผู้จบการศึกษามีการศึกษาต่อ", "Graduates go somewhere"
    ENTRANT = "entrant", "ไม่มีนักเรียนใหม่ของปีหน้า", "No entrants of the next year"
    PLAN = "plan", "แผนการรับนักเรียน", "Admission plan"
    NOTHING = "nothing", "มีข้อมูลให้ยืนยัน", "There is something to confirm"
    EMPTY_TABLE = "empty-table", "มีข้อมูลทุกชุด", "Every dataset has rows"
