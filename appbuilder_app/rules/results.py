"""Rules of the end of the year: who is of compulsory age, who graduates, what a grade is followed by. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Final

from ..codes import GRADUATING, Grade
from ..thaidate import to_ce

END_OF_YEAR: Final = 3
"""The number of the round that ends an academic year (R37)."""


def is_of_compulsory_age(born: dt.date, academic_year: int, until: int) -> bool:
    """R44: whether somebody born then must still go to school in a Buddhist Era academic year.

    ``until``: up to this year of life, by the calendar year of birth (the setting ``compulsory-age.until``).
    """
    return to_ce(academic_year) - born.year <= until


def exam_days(academic_year: int) -> tuple[dt.date, dt.date]:
    """R38: the first and the last day on which the year's final exam can end: 11 November to 15 May."""
    year = to_ce(academic_year)
    return dt.date(year, 11, 11), dt.date(year + 1, 5, 15)


def next_grade(grade: Grade) -> Grade | None:
    """The grade that follows; None after ม.6 and ปวช.3, which nothing at school follows."""
    if grade in (Grade.M6, Grade.V3):
        return None
    grades = list(Grade)
    return grades[grades.index(grade) + 1]


def graduates(grade: Grade) -> bool:
    """§1.4: whether who passes this grade graduates and is asked where they go."""
    return grade in GRADUATING
