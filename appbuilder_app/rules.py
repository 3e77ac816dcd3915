"""Declared rules of single rows, pure: they take a row's values and tell what is wrong, on every path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from .bilingual import Sentence
from .codes import Grade, Sex, Title
from .errors import InvalidRow, Problem
from .thaidate import bangkok

YOUNGEST, OLDEST = 2, 60


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


def title_suits_sex(row: Mapping[str, Any]) -> Iterator[Problem]:
    """A title that implies a sex must agree with the stated one (เด็กชาย is not a girl)."""
    title: Title | None = row.get("title")
    sex: Sex | None = row.get("sex")
    if title is not None and sex is not None and title.sex is not sex:
        yield Problem(
            "title",
            Sentence("คำนำหน้า “{title}” ไม่ตรงกับเพศ “{sex}” กรุณาแก้อย่างใดอย่างหนึ่ง", title=title.th, sex=sex.th),
        )


def birth_date_is_of_a_pupil(row: Mapping[str, Any]) -> Iterator[Problem]:
    """A birth date in the future or two generations ago is a typing error."""
    born: dt.date | None = row.get("birth_date")
    if born is None:
        return
    age = (bangkok(dt.datetime.now(dt.UTC)).date() - born).days / 365.25
    if age < YOUNGEST:
        yield Problem("birth_date", "วันเกิดไม่น่าถูกต้อง (อายุไม่ถึง 2 ปี) กรุณาตรวจปี พ.ศ.")
    elif age > OLDEST:
        yield Problem("birth_date", "วันเกิดไม่น่าถูกต้อง (อายุเกิน 60 ปี) กรุณาตรวจปี พ.ศ.")
