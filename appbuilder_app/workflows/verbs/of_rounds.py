"""Verbs of rounds: explaining queries, closing, ordering the turn of the year, setting a value (R1, R15, R45–R47)."""

from __future__ import annotations

from typing import Any, Final

from ... import kinds
from ...access import Action
from ...codes import Check, RoundSystem
from ...models import Setting
from ...rules import END_OF_YEAR
from .. import explanations, promotion, rounds, settings
from .declaring import JOB, Verb, Words, answered, given
from .of_students import COUNT

_CHECK: Final = given("check", "ข้อตรวจสอบ", "Check", kinds.Code(Check))
_SYSTEM: Final = given(
    "system", "ระบบ (ไม่ส่งคือ DMC)", "System (none: DMC)", kinds.Code(RoundSystem), needed=False
)
_YEAR: Final = given(
    "academic_year", "ปีการศึกษา (พ.ศ.)", "Academic year (B.E.)", kinds.Whole(), minimum=2500, maximum=2700
)
_EXPLAIN: Final = ((Action.WRITE, explanations.SUBJECT),)


def _explain(school_code: str, check: Check, text: str, **more: Any) -> int:
    return explanations.explain(school_code, check, text, **more)


def _close(academic_year: int, number: int, system: RoundSystem = RoundSystem.DMC) -> int:
    return promotion.close_round(rounds.round_of(academic_year, number, system)).unfinished


def _promote(academic_year: int) -> int:
    return promotion.order(rounds.round_of(academic_year, END_OF_YEAR)).id


def _set(code: str, value: int, source: str, version: int | None = None) -> int:
    row: Setting = settings.set_value(code, value, source, version)
    return row.version


_VERSION: Final = given(
    "version", "รุ่นที่เห็นก่อนกำหนด", "Version that was seen", kinds.Whole(), needed=False, minimum=1
)

VERBS = (
    Verb(
        "explain", "ชี้แจงข้อตรวจสอบ", "Explain what a check asks", "school", _EXPLAIN, _explain,
        (_CHECK, given("text", "คำชี้แจง", "Explanation", kinds.Memo(), length=500),
         given("subjects", "เฉพาะเรื่องเหล่านี้ (ไม่ส่งคือทุกเรื่องที่ยังไม่ชี้แจง)",
               "These subjects alone (none: all that have no words yet)", Words(), needed=False), _SYSTEM),
        gives=(COUNT,),
    ),
    Verb(
        "explain_as_before", "ชี้แจงเหมือนรอบก่อน", "Explain as an earlier round did", "school", _EXPLAIN,
        explanations.explain_as_before, (_CHECK, _SYSTEM), gives=(COUNT,),
    ),
    Verb(
        "close", "ปิดรอบ", "Close the round for good", "round", ((Action.CLOSE, "round"),), _close,
        (_YEAR, given("number", "รอบที่", "Number", kinds.Whole(), minimum=1, maximum=9), _SYSTEM),
        gives=(answered("unfinished", "โรงเรียนที่เขตยังไม่รับทราบ", "Schools not acknowledged by their area"),),
        keyed=False,
    ),
    Verb(
        "promote", "เลื่อนชั้น ซ้ำชั้น และจบการศึกษา เป็นงานเบื้องหลัง", "Turn of the year, in the background", "round",
        ((Action.CLOSE, "round"),), _promote,
        (_YEAR,),
        gives=(JOB,), keyed=False,
    ),
    Verb(
        "set_value", "กำหนดค่า", "Set the value", "setting", ((Action.WRITE, settings.SUBJECT),), _set,
        (given("value", "ค่าที่ใช้", "Value", kinds.Whole()),
         given("source", "กำหนดโดย (หนังสือหรือคำสั่ง)", "By which letter or order", length=200), _VERSION),
        gives=(given("version", "รุ่น", "Version", kinds.Whole()),),
    ),
)  # fmt: skip
