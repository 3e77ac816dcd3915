"""A school's file as the present national system exports it, with that system's oddities, for trials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook

from ..codes import (
    Blood,
    CodeList,
    Disadvantage,
    Grade,
    Occupation,
    Relation,
    Religion,
    Scout,
    Sex,
    Title,
)
from ..thaidate import BANGKOK, age_on, bangkok, slash_date
from .people import Student
from .schools import School

# The third label is wrong there too: that column holds the identity number.
HEADER: Final = (
    "รหัสโรงเรียน", "ชื่อโรงเรียน", "เลขประจำตัวนักเรียน", "ชั้น", "ห้อง", "เลขประจำตัวนักเรียน", "เพศ", "คำนำหน้าชื่อ",
    "ชื่อ", "นามสกุล", "วันเกิด", "อายุ(ปี)", "น้ำหนัก", "ส่วนสูง", "กลุ่มเลือด", "ศาสนา", "เชื้อชาติ", "สัญชาติ",
    "บ้านเลขที่", "หมู่", "ถนน/ซอย", "ตำบล", "อำเภอ", "จังหวัด", "ชื่อผู้ปกครอง", "นามสกุลผู้ปกครอง", "อาชีพของผู้ปกครอง",
    "ความเกี่ยวข้องของผู้ปกครองกับนักเรียน", "ชื่อบิดา", "นามสกุลบิดา", "อาชีพของบิดา", "ชื่อมารดา", "นามสกุลมารดา",
    "อาชีพของมารดา", "ความด้อยโอกาส", "ยังไม่สามารถจำหน่ายได้ (3.1.8)",
)  # fmt: skip
NEWER_COLUMNS: Final = ("ลูกเสือ", "ยุวกาชาด", "ว่ายน้ำ")
"""What newer files add at the end: 39 columns instead of 36."""

CREATED: Final = datetime(2025, 6, 10, 2, 0, 13, tzinfo=BANGKOK)
MISSING: Final = "-"

Cell = str | float


def student_file(
    school: School,
    students: Iterable[Student],
    *,
    newer: bool = False,
    titled: bool = True,
    created: datetime = CREATED,
) -> bytes:
    """The workbook: one sheet ``student``, a title row (unless not ``titled``), labels, one row a learner.

    ``newer`` gives 39 columns. ``created`` is the moment in the title row, by which ages are counted.
    """
    target = BytesIO()
    with Workbook(target, {"constant_memory": True}) as book:
        # Without it the file carries today's date, and the same learners give another file tomorrow.
        book.set_properties({"created": created.replace(tzinfo=None)})
        sheet = book.add_worksheet("student")
        for number, row in enumerate(_sheet_rows(school, students, newer, titled, created)):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                else:
                    sheet.write_number(number, column, cell)
    return target.getvalue()


def file_rows(
    school: School, students: Iterable[Student], *, newer: bool = False, created: datetime = CREATED
) -> Iterator[list[Cell]]:
    """The rows below the labels, with labels for codes and ``-`` for what is missing."""
    day = bangkok(created).date()
    for student in students:
        row = _row(school, student, day)
        yield row + _activities(student) if newer else row


def _sheet_rows(
    school: School, students: Iterable[Student], newer: bool, titled: bool, created: datetime
) -> Iterator[Iterable[Cell]]:
    if titled:
        moment = bangkok(created)
        yield [f"วันและเวลาที่สร้างรายงาน {slash_date(moment.date())} {moment:%H:%M:%S}"]
    yield HEADER + NEWER_COLUMNS if newer else HEADER
    yield from file_rows(school, students, newer=newer, created=created)


def _row(school: School, of: Student, day: date) -> list[Cell]:
    labels = _labels
    cells: list[Cell | None] = [
        school.code,
        school.name,
        of.national_id,
        labels(Grade)[of.grade],
        str(of.room),
        of.student_number,
        labels(Sex)[of.sex],
        labels(Title)[of.title],
        of.first_name,
        of.last_name,
        slash_date(of.birth_date),
        age_on(of.birth_date, day).years,
        of.weight_kg,
        of.height_cm,
        labels(Blood)[of.blood],
        labels(Religion)[of.religion],
        *(of.ethnicity, of.nationality),
        *(of.house_no, of.village_no, of.street, of.subdistrict, of.district, of.province),
        *(of.guardian_first_name, of.guardian_last_name, labels(Occupation)[of.guardian_occupation]),
        labels(Relation)[of.guardian_relation],
        *(of.father_first_name, of.father_last_name, labels(Occupation)[of.father_occupation]),
        *(of.mother_first_name, of.mother_last_name, labels(Occupation)[of.mother_occupation]),
        labels(Disadvantage)[of.disadvantage],
        "ใช่" if of.pending_discharge else None,
    ]
    return [MISSING if cell is None else cell for cell in cells]


def _activities(of: Student) -> list[Cell]:
    """Scouting, Red Cross youth and swimming; the generator has none, so they follow from the number."""
    number = int(of.student_number)
    scout = Scout.SCOUT if of.grade >= Grade.P1.value else Scout.NONE
    return [scout.short, "เป็น" if number % 9 == 0 else "ไม่เป็น", "ได้" if number % 3 else "ไม่ได้"]


@cache
def _labels(codes: type[CodeList]) -> dict[str | None, str | None]:
    """How that system writes each code; it leaves out what says nothing."""
    unsaid = {Blood.UNKNOWN, Disadvantage.NONE}
    abbreviated = codes in (Grade, Sex)
    labels: dict[str | None, str | None] = {
        member.value: None if member in unsaid else (member.short if abbreviated else member.th)
        for member in codes
    }
    return labels | {None: None}
