"""A student file to try the import with: some learners are new, changed, missing or wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from .calendar import Place
from .identities import national_id, running_numbers
from .load import Learners
from .national_file import student_file
from .people import Student
from .schools import School

_FIRST_NEW: Final = 990_000


def write(folder: Path, school: School, learners: Learners, place: Place, created: dt.datetime) -> Path:
    """Write ``2569-2-student.xlsx`` into the folder, made when missing; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{place.academic_year}-{place.number}-student.xlsx"
    file.write_bytes(student_file(school, _as_of_the_file(school, list(learners(school))), created=created))
    return file


def _as_of_the_file(school: School, now: list[Student]) -> list[Student]:
    """Two learners are new, two have moved to another room or house, one has left, one number is mistyped."""
    numbers = running_numbers(school.slot, _FIRST_NEW, 2)
    new = [
        now[at]._replace(
            national_id=national_id("1", school.province_code, number),
            first_name=name,
            student_number=f"0499{at}",
        )
        for at, number, name in zip((3, 5), numbers, ("ธนภัทร", "กันต์กวี"), strict=True)
    ]
    changed = list(now)
    changed[60] = now[60]._replace(house_no="99/9", village_no="1")
    changed[61] = now[61]._replace(guardian_first_name="สายสมร")
    wrong = now[120].national_id
    changed[120] = now[120]._replace(national_id=wrong[:-1] + str((int(wrong[-1]) + 3) % 10))
    del changed[150]
    return [*changed, *new]
