"""Rows of a file that name a student by a number that was replaced: they are that student's all the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from ...bilingual import Sentence
from ...errors import Problem
from ...models import NumberChange
from ...walls import SetWork, set_based
from .layout import Layout
from .plan import Stored
from .reading import FileRow, at_column

_CHANGE = NumberChange.__table__
_PORTION = 1000
_ANOTHERS = Sentence("เลขนี้ถูกแทนด้วยเลขอื่นแล้ว และไม่ใช่ของนักเรียนในโรงเรียนนี้ กรุณาตรวจเลขล่าสุดของนักเรียน")
_TWICE = Sentence("เลขนี้เป็นเลขเดิมของนักเรียนที่มีอีกแถวหนึ่งในไฟล์ด้วยเลขใหม่แล้ว กรุณาลบแถวนี้")


def under_present_numbers(
    connection: sa.Connection, rows: list[FileRow], layout: Layout, stored: Mapping[int, Stored]
) -> int:
    """Give each row that has a replaced number the student's present one; how many there were.

    A row whose number was another school's student's, or whose student has a row of their own, is told so.
    """
    known = {student.values["national_id"] for student in stored.values()}
    named = {row.national_id for row in rows}
    former = dict(_former(connection, [one for one in named if one is not None and one not in known]))
    found = 0
    for row in rows if former else ():
        if (student_id := former.get(row.national_id or "")) is None:
            continue
        student = stored.get(student_id)
        present = student.values["national_id"] if student is not None else None
        if present is None or present in named:
            wrong = _ANOTHERS if present is None else _TWICE
            row.problems.append(at_column(layout, row, Problem("national_id", wrong)))
            continue
        row.values["national_id"] = present
        found += 1
    return found


def _former(connection: sa.Connection, numbers: list[str]) -> Iterator[tuple[str, int]]:
    """Replaced numbers among these, with their students, of any school."""
    query = sa.select(_CHANGE.c.old_number, _CHANGE.c.student_id)
    with set_based(SetWork.IDENTITY):
        for start in range(0, len(numbers), _PORTION):
            some = numbers[start : start + _PORTION]
            for row in connection.execute(query.where(_CHANGE.c.old_number.in_(some))):
                yield row.old_number, row.student_id
