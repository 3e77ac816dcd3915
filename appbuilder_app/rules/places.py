"""Rules of places and of what belongs to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from ..bilingual import Sentence
from ..codes import Grade, LandOwner
from ..errors import InvalidRow, Problem


def refuse_unknown_school(code: str | None) -> NoReturn:
    """A row must belong to a school that exists."""
    sentence = Sentence("ไม่พบโรงเรียนรหัส “{code}” กรุณาเลือกโรงเรียนจากรายการ", code=code or "")
    raise InvalidRow([Problem("school_code", sentence)])


def lowest_grade_not_above_highest(row: Mapping[str, Any]) -> Iterator[Problem]:
    """A school opens its grades from the lowest to the highest."""
    grades = list(Grade)
    lowest, highest = row.get("lowest_grade"), row.get("highest_grade")
    if lowest and highest and grades.index(lowest) > grades.index(highest):
        yield Problem("highest_grade", "ชั้นสูงสุดต้องไม่ต่ำกว่าชั้นต่ำสุด กรุณาเลือกใหม่")


def treasury_number_of_treasury_land(row: Mapping[str, Any]) -> Iterator[Problem]:
    """Only land of the treasury (ที่ราชพัสดุ) has a number in the treasury's register."""
    if row.get("treasury_number") and row.get("land_owner") not in (None, LandOwner.TREASURY):
        yield Problem("treasury_number", "กรอกเลขทะเบียนที่ราชพัสดุเฉพาะที่ราชพัสดุ กรุณาลบเลขทะเบียน หรือแก้ประเภทที่ดิน")
