"""Rules of a learner's row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..bilingual import Sentence
from ..codes import Sex, Title
from ..errors import Problem
from ..thaidate import bangkok

YOUNGEST, OLDEST = 2, 60


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


GROWN_UP: Final = {Title.BOY: Title.MR, Title.GIRL: Title.MISS}
GROWN_UP_AT: Final = 15
"""Who is 15 is no longer เด็กชาย or เด็กหญิง: the rule of the civil registration for titles."""


def title_of_age(before: Title, after: Title, born: dt.date, day: dt.date) -> bool:
    """True when the title changes with age alone, for which nobody has to bring a document."""
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return GROWN_UP.get(before) is after and age >= GROWN_UP_AT


def measured_by_today(row: Mapping[str, Any]) -> Iterator[Problem]:
    """Nobody has been measured tomorrow."""
    on: dt.date | None = row.get("measured_on")
    if on is not None and on > bangkok(dt.datetime.now(dt.UTC)).date():
        yield Problem("measured_on", "วันที่ชั่งวัดต้องไม่เป็นวันในอนาคต กรุณาตรวจปี พ.ศ.")
