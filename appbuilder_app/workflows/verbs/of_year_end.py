"""Verbs of the end of the year: results of many students of a school, the exam's day, the admission plan (R37–R47)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from ... import kinds
from ...access import Action
from ...bilingual import Sentence
from ...codes import Grade
from ...declaration import Field, fields_of
from ...errors import InvalidRow, Problem
from ...models import YearResult
from .. import results
from ..results import Planned
from .declaring import Key, Rows, Verb, given
from .of_students import COUNT

_WRITE: Final = ((Action.WRITE, results.SUBJECT),)


def _told(name: str) -> Field:
    """A field of a result as a row of a table may tell it, or leave it out."""
    return replace(fields_of(YearResult)[name], required=False, nullable=True, dataset="", editable=True)


_ROWS: Final = Rows(
    given("student", "key ของนักเรียน", "Student's key", Key()),
    *map(_told, ("sat", "criterion", "after_fail", "absence", "note", "destination")),
)
_PLAN: Final = Rows(
    given("grade", "ชั้น", "Grade", kinds.Code(Grade)),
    given("rooms", "จำนวนห้อง (ไม่ส่งเมื่อไม่รับ)", "Rooms (none: not taken)", kinds.Whole(), needed=False,
          minimum=0, maximum=99),
    given("seats", "จำนวนที่รับ", "Seats", kinds.Whole(), needed=False, minimum=0, maximum=9_999),
)  # fmt: skip


def _record(school_code: str, rows: list[dict[str, Any]]) -> int:
    told = {
        row["student"]: {n: v for n, v in row.items() if n != "student" and v is not None} for row in rows
    }
    changed, refused = results.record_rows(school_code, told)
    if refused:
        raise InvalidRow([Problem("rows", _of_student(key, why)) for key, why in refused.items()])
    return changed


def _of_student(key: int, why: Exception) -> Sentence:
    return Sentence("นักเรียน {key}: {wrong}", key=key, wrong=why.args[0])


def _plan(school_code: str, rows: list[Mapping[str, Any]]) -> int:
    return results.plan_admission(school_code, {row["grade"]: _planned(row) for row in rows})


def _planned(row: Mapping[str, Any]) -> Planned | None:
    return None if row.get("rooms") is None else Planned(row["rooms"], row.get("seats") or 0)


VERBS = (
    Verb(
        "record_results", "บันทึกผลการเรียนสิ้นปี", "Record the year's results", "school", _WRITE, _record,
        (given("rows", "ผลของนักเรียนแต่ละคน", "What is told of each student", _ROWS),), gives=(COUNT,),
    ),
    Verb(
        "pass_everybody", "ผู้ที่ยังไม่บันทึกเข้าสอบและสอบได้ทุกคน", "All unrecorded sat and passed", "school", _WRITE,
        results.pass_everybody, gives=(COUNT,),
    ),
    Verb(
        "set_exam_date", "กำหนดวันสอบปลายภาควันสุดท้าย", "The last day of the final exam", "school", _WRITE,
        results.set_exam_date, (given("day", "วันสอบวันสุดท้าย", "Last day", kinds.ThaiDate()),),
    ),
    Verb(
        "plan_admission", "บันทึกแผนการรับนักเรียน", "Plan admission", "school", ((Action.WRITE, results.PLAN),),
        _plan, (given("rows", "แผนของแต่ละชั้น", "The plan of each grade", _PLAN),), gives=(COUNT,),
    ),
)  # fmt: skip
