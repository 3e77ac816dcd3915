"""What no document fixes, and the centre therefore sets: each value with its default, its bounds and its rule. Pure.

Here, and nowhere else, stands what holds until the centre sets something else. The values are rows of the dataset
``setting``. Those by which a round is judged (``of_rounds``) are fixed with its rules when it is made
(``CollectionRound.judged_by``): a change counts for rounds made later. The others hold from the moment they are set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from ..bilingual import Label, Sentence
from ..codes import RequestKind
from ..errors import Problem


class Setting(NamedTuple):
    """A value to be set. ``code`` is ``what.which``; ``rule`` the rule it belongs to, or where the default is from."""

    code: str
    name: Label
    unit: Label
    default: int
    least: int
    most: int
    rule: str
    of_rounds: bool = True


_DAYS: Final = Label("วัน", "days")
_YEARS: Final = Label("ปี", "years")
_STUDENTS: Final = Label("คน", "students")
_PERCENT: Final = Label("%", "%")
_BMI: Final = Label("กก./ตร.ม.", "kg/m²")
_TIMES: Final = Label("เท่า", "times")


def _days(kind: RequestKind, th: str, en: str, default: int, rule: str) -> Setting:
    return Setting(days_of(kind), Label(th, en), _DAYS, default, 1, 90, rule, of_rounds=False)


def days_of(kind: RequestKind) -> str:
    """The code of how long a kind of request is open until its deadline."""
    return f"days.{kind.value}"


DEADLINE_SHARE: Final = "days.duplicate-share"
COUNTED_FROM, COUNTED_TO = "counted-age.youngest", "counted-age.oldest"
COMPULSORY: Final = "compulsory-age.until"

_ALL: Final = (
    _days(RequestKind.TRANSFER, "กำหนดคัดค้านการขอรับย้าย", "Days to object to a transfer", 7, "R21"),
    _days(RequestKind.LEAVING, "กำหนดพิจารณาออกกลางคันและจำหน่าย", "Days to answer a dropout or discharge", 15, "R22, R48"),
    _days(RequestKind.DUPLICATE, "กำหนดส่งหลักฐานเรื่องซ้ำซ้อน", "Days to prove a case of duplicates", 7, "R11, R36"),
    Setting(
        DEADLINE_SHARE,
        Label(
            "กำหนดเรื่องซ้ำซ้อนที่พบในช่วงยืนยัน เป็นส่วนของเวลาที่เหลือ",
            "Deadline of duplicates found while confirming, as a share of the time left",
        ),
        _PERCENT, 50, 10, 100, "R11, R36", of_rounds=False,
    ),
    _days(RequestKind.G_CODE, "กำหนดพิจารณาคำขอรหัส G", "Days to answer a request for a G-code", 15, "R31"),
    _days(RequestKind.G_USER, "กำหนดพิจารณาผู้ใช้งานระบบ G", "Days to answer a registration for G-codes", 15, "R57"),
    _days(RequestKind.SUCCESSION, "กำหนดพิจารณาเลขจริงแทนรหัส G", "Days to answer a number in place of a G-code", 15, "R57"),
    _days(RequestKind.ID_CORRECTION, "กำหนดพิจารณาแก้ไขเลขประจำตัว", "Days to answer an ID correction", 15, "R26, R50"),
    Setting(COUNTED_FROM, Label("อายุน้อยที่สุดที่นับ", "Youngest age counted"), _YEARS, 4, 2, 7, "§1.4"),
    Setting(COUNTED_TO, Label("อายุมากที่สุดที่นับ", "Oldest age counted"), _YEARS, 20, 15, 40, "§1.4"),
    Setting(COMPULSORY, Label("อายุการศึกษาภาคบังคับ ถึงปีที่", "Compulsory age, up to year"), _YEARS, 15, 9, 20, "R44"),
    Setting(
        "age-for-grade.younger", Label("อ่อนกว่าเกณฑ์ของชั้นได้ไม่เกิน", "Younger than the grade by at most"),
        _YEARS, 1, 0, 5, "R34",
    ),
    Setting(
        "age-for-grade.older", Label("แก่กว่าเกณฑ์ของชั้นได้ไม่เกิน", "Older than the grade by at most"),
        _YEARS, 3, 0, 15, "R34",
    ),
    Setting("bmi.low", Label("ดัชนีมวลกายต่ำสุดที่ไม่ต้องชี้แจง", "Lowest BMI not asked about"), _BMI, 10, 5, 18, "R23"),
    Setting("bmi.high", Label("ดัชนีมวลกายสูงสุดที่ไม่ต้องชี้แจง", "Highest BMI not asked about"), _BMI, 40, 20, 80, "R23"),
    Setting(
        "one-address.least", Label("อยู่บ้านเลขที่เดียวกันตั้งแต่", "At one address, from"), _STUDENTS, 8, 2, 100, "R1"
    ),
    Setting(
        "class-doubled.times", Label("นักเรียนต่อห้องเพิ่มจากรอบก่อนตั้งแต่", "Class size grown since the last round, from"),
        _TIMES, 2, 2, 10, "R1",
    ),
    Setting(
        "class-doubled.least", Label("ถามเรื่องห้องใหญ่ขึ้นเมื่อห้องมีตั้งแต่", "Class growth is asked about from"),
        _STUDENTS, 20, 1, 100, "R1",
    ),
    Setting(
        "count-far.percent", Label("จำนวนนักเรียนต่างจากรอบก่อนได้ไม่เกิน", "Numbers may differ from the last round by"),
        _PERCENT, 20, 1, 100, "R1",
    ),
    Setting(
        "count-far.least", Label("ถามเรื่องจำนวนเมื่อต่างกันตั้งแต่", "Differences are asked about from"),
        _STUDENTS, 10, 1, 1000, "R1",
    ),
)  # fmt: skip
SETTINGS: Final[Mapping[str, Setting]] = {one.code: one for one in _ALL}


def value_is_within_bounds(row: Mapping[str, Any]) -> Iterator[Problem]:
    """Each setting has bounds of its own, beyond which its rule would ask about everybody or nobody."""
    declared, value = SETTINGS.get(row.get("code", "")), row.get("value")
    if declared is None or value is None or declared.least <= value <= declared.most:
        return
    facts = {"least": declared.least, "most": declared.most, "unit": declared.unit}
    yield Problem("value", Sentence("ค่านี้ต้องอยู่ระหว่าง {least} ถึง {most} {unit}", **facts))


def given(values: Mapping[str, Any], code: str) -> int:
    """A setting's value among those set or fixed by a round; its default where it is not among them."""
    return int(values.get(code, SETTINGS[code].default))
