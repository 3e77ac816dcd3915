"""The rules by which a school's round is judged before it confirms: each with its strength and its versions. Pure.

A round is judged by the versions that were in force when it was made (``CollectionRound.judged_by``), to its end: nobody
is asked for something else in the middle. So a rule is never edited: its next version stands below it, and the
older one stays as long as a round may name it. How a rule finds what it looks for: ``workflows/judging.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ..codes import Check, RoundSystem, Strength
from .results import END_OF_YEAR
from .settings import COMPULSORY, COUNTED_FROM, COUNTED_TO, given

_LEARNERS: Final = frozenset({RoundSystem.DMC})
_OTHERS: Final = frozenset(RoundSystem) - _LEARNERS
_FIRST: Final = frozenset({1})
_END: Final = frozenset({END_OF_YEAR})
AT_YEARS_END: Final = "year-end"
"""``mended_in`` of what is put right in the results of the year, not in the student's form."""


@dataclass(frozen=True)
class JudgingRule:
    """One version of a rule. ``sentence`` and ``advice`` may use ``{count}``, ``{top}`` (the school's highest grade)

    and the figures that it goes by: ``figures`` names their settings (``rules/settings.py``), ``bounds`` has what a
    round has fixed of them, by the last part of the name. ``mended_in`` is the student's field in which a finding is
    put right.
    """

    check: Check
    version: int
    source: str
    strength: Strength
    sentence: str
    advice: str
    figures: tuple[str, ...] = ()
    bounds: Mapping[str, int] = field(default_factory=dict)
    mended_in: str = "national_id"
    systems: frozenset[RoundSystem] = _LEARNERS
    rounds: frozenset[int] | None = None
    """The rounds of a year in which it is asked; None: in all."""


Rule = JudgingRule
RULES: Final[tuple[JudgingRule, ...]] = (
    Rule(
        Check.NO_STUDENTS,
        1,
        "R1",
        Strength.QUERY,
        "โรงเรียนยังไม่มีนักเรียนในระบบ",
        "ถ้าโรงเรียนมีนักเรียนจริง ให้นำเข้าหรือเพิ่มนักเรียนก่อนยืนยัน ถ้าไม่มีให้ชี้แจงเหตุผล",
    ),
    Rule(
        Check.WEIGHT_HEIGHT,
        1,
        "R23",
        Strength.ERROR,
        "นักเรียน {count} คนยังไม่มีน้ำหนักหรือส่วนสูง",
        "ชั่งน้ำหนักและวัดส่วนสูง แล้วบันทึกให้ครบทุกคน",
        mended_in="weight_kg",
    ),
    Rule(
        Check.IDENTITY,
        1,
        "R26",
        Strength.ERROR,
        "นักเรียน {count} คนมีเลขประจำตัวที่ไม่ถูกต้อง",
        "เทียบกับบัตรประชาชนหรือสูติบัตรแล้วแก้ไข ถ้าไม่มีเลขให้ใช้รหัส G",
    ),
    Rule(
        Check.DUPLICATE,
        1,
        "R11",
        Strength.ERROR,
        "นักเรียน {count} คนมีเลขประจำตัวซ้ำกับนักเรียนของโรงเรียนอื่น",
        "ตรวจว่านักเรียนเรียนอยู่ที่ใดจริง ถ้าไม่ได้เรียนที่นี่ให้นำออก ถ้าเรียนที่นี่ให้แจ้งเขตพื้นที่ให้โรงเรียนเดิมนำออก",
    ),
    Rule(
        Check.UNCOUNTED,
        1,
        "R11",
        Strength.QUERY,
        "นักเรียน {count} คนไม่นับเป็นของโรงเรียนใด เพราะเรื่องซ้ำซ้อนยังไม่ยุติเมื่อพ้นกำหนด",
        "แนบหลักฐานที่หน้าเรื่องซ้ำซ้อน แล้วติดตามให้ผู้พิจารณาวินิจฉัย ถ้ายืนยันก่อนยุติ จำนวนที่รับรองจะไม่รวมนักเรียนเหล่านี้",
    ),
    Rule(
        Check.TOP_GRADE,
        1,
        "§1.4",
        Strength.ERROR,
        "ชั้น{top}ซึ่งเป็นชั้นสูงสุดที่เปิดสอนไม่มีนักเรียนเลย",
        "นำนักเรียนที่จำหน่ายออกโดยผิดพลาดกลับเข้ามา หรือแก้ชั้นสูงสุดที่เปิดสอนในข้อมูลโรงเรียน",
    ),
    Rule(
        Check.UNOPENED_GRADE,
        1,
        "§1.4",
        Strength.ERROR,
        "นักเรียน {count} คนอยู่ในชั้นที่โรงเรียนไม่ได้เปิดสอน",
        "แก้ชั้นของนักเรียน หรือแก้ชั้นที่เปิดสอนในข้อมูลโรงเรียน",
        mended_in="grade",
    ),
    Rule(
        Check.UNDER_AGE,
        1,
        "§1.4",
        Strength.QUERY,
        "นักเรียน {count} คนอายุไม่ถึง {youngest} ปี จึงไม่นับในสถิติเพื่อจัดสรรงบประมาณ",
        "ตรวจวันเกิดให้ตรงกับสูติบัตร ถ้าถูกต้องแล้วให้ชี้แจง",
        (COUNTED_FROM, COUNTED_TO),
        mended_in="birth_date",
    ),
    Rule(
        Check.OVER_AGE,
        1,
        "§1.4",
        Strength.QUERY,
        "นักเรียน {count} คนอายุเกิน {oldest} ปี จึงไม่นับในสถิติเพื่อจัดสรรงบประมาณ และอาจถูกตรวจสอบเป็นพิเศษ",
        "ตรวจวันเกิดให้ตรงกับสูติบัตร ถ้าถูกต้องแล้วให้ชี้แจง",
        (COUNTED_FROM, COUNTED_TO),
        mended_in="birth_date",
    ),
    Rule(
        Check.AGE_FOR_GRADE,
        1,
        "R34",
        Strength.QUERY,
        "นักเรียน {count} คนอายุไม่สอดคล้องกับชั้น (อ่อนกว่าเกณฑ์เกิน {younger} ปี หรือแก่กว่าเกณฑ์เกิน {older} ปี)",
        "ตรวจวันเกิดและชั้น ถ้าถูกต้องแล้วให้ชี้แจง เช่น เข้าเรียนช้า หรือเคยซ้ำชั้น",
        ("age-for-grade.younger", "age-for-grade.older", COUNTED_FROM, COUNTED_TO),
        mended_in="birth_date",
    ),
    Rule(
        Check.BMI,
        1,
        "R23",
        Strength.QUERY,
        "นักเรียน {count} คนมีน้ำหนักที่ไม่น่าเป็นไปได้กับส่วนสูง (ดัชนีมวลกายนอกช่วง {low}–{high})",
        "ตรวจว่าไม่ได้สลับน้ำหนักกับส่วนสูงหรือพิมพ์ผิด ถ้าถูกต้องแล้วให้ชี้แจง",
        ("bmi.low", "bmi.high"),
        mended_in="weight_kg",
    ),
    Rule(
        Check.NEW_POVERTY,
        1,
        "R20",
        Strength.QUERY,
        "นักเรียนใหม่ {count} คนยังไม่ได้รายงานว่ายากจนหรือด้อยโอกาส โรงเรียนต้องรายงานและยืนยันความยากจนของนักเรียนใหม่",
        "ถ้ายากจนให้บันทึกที่ช่อง “ความด้อยโอกาส” ของนักเรียน ถ้าตรวจแล้วไม่ยากจนให้ชี้แจง เช่น ครูประจำชั้นสอบถามผู้ปกครองแล้ว",
        mended_in="disadvantage",
        rounds=_FIRST,
    ),
    Rule(
        Check.TWICE,
        1,
        "R11",
        Strength.QUERY,
        "นักเรียน {count} คนมีชื่อ สกุล และวันเกิดตรงกับนักเรียนอีกรายการในโรงเรียน",
        "ถ้าเป็นคนเดียวกัน ให้นำรายการที่ซ้ำออก ถ้าเป็นคนละคนให้ชี้แจง",
    ),
    Rule(
        Check.ONE_ADDRESS,
        1,
        "R1",
        Strength.QUERY,
        "มีนักเรียนตั้งแต่ {least} คนขึ้นไปอยู่บ้านเลขที่เดียวกัน {count} แห่ง (ไม่นับนักเรียนประจำพักนอน)",
        "ตรวจที่อยู่ตามทะเบียนบ้าน ถ้าถูกต้องแล้วให้ชี้แจง เช่น บ้านพักเด็กหรือวัด",
        ("one-address.least",),
        mended_in="house_no",
    ),
    Rule(
        Check.CLASS_DOUBLED,
        1,
        "R1",
        Strength.QUERY,
        "มี {count} ชั้นที่นักเรียนต่อห้องเพิ่มเป็น {times} เท่าของรอบก่อนขึ้นไป",
        "ตรวจชั้นและห้องของนักเรียน ถ้าถูกต้องแล้วให้ชี้แจง เช่น ยุบรวมห้อง",
        ("class-doubled.times", "class-doubled.least"),
    ),
    Rule(
        Check.COUNT_FAR,
        1,
        "R1",
        Strength.QUERY,
        "จำนวนนักเรียนต่างจากรอบก่อนเกินร้อยละ {percent}",
        "ตรวจการย้ายเข้าและย้ายออก ถ้าถูกต้องแล้วให้ชี้แจง",
        ("count-far.percent", "count-far.least"),
    ),
    Rule(
        Check.EXAM_DAY,
        1,
        "R38",
        Strength.ERROR,
        "ยังไม่ได้บันทึกวันสุดท้ายของการสอบปลายภาค",
        "บันทึกที่เมนู “บันทึกผลสิ้นปี”",
        mended_in=AT_YEARS_END,
        rounds=_END,
    ),
    Rule(
        Check.EXAM,
        1,
        "R40, R46",
        Strength.ERROR,
        "นักเรียน {count} คนยังไม่ได้บันทึกว่าเข้าสอบปลายภาคหรือไม่ และผลสอบ",
        "บันทึกขั้นที่ 1 ของห้องที่เมนู “บันทึกผลสิ้นปี”",
        mended_in=AT_YEARS_END,
        rounds=_END,
    ),
    Rule(
        Check.AFTER_FAIL,
        1,
        "R46",
        Strength.ERROR,
        "ผู้สอบตก {count} คนยังไม่ได้บันทึกว่าซ้ำชั้นหรือไม่",
        "บันทึกขั้นที่ 2 ของห้องที่เมนู “บันทึกผลสิ้นปี”",
        mended_in=AT_YEARS_END,
        rounds=_END,
    ),
    Rule(
        Check.ABSENT,
        1,
        "R43, R44, R47",
        Strength.ERROR,
        "ผู้ไม่เข้าสอบ {count} คนยังไม่ได้บันทึกว่าคงอยู่เพราะเหตุใด",
        "ย้ายออกหรือจำหน่าย หรือบันทึก 3.1.8 หรือคงไว้ในขั้นที่ 2 ที่เมนู “บันทึกผลสิ้นปี”",
        mended_in=AT_YEARS_END,
        rounds=_END,
    ),
    Rule(
        Check.DESTINATION,
        1,
        "R46, §1.4",
        Strength.ERROR,
        "ผู้จบการศึกษา {count} คนยังไม่มีข้อมูลการศึกษาต่อ",
        "บันทึกขั้นที่ 3 ของห้องที่เมนู “บันทึกผลสิ้นปี”",
        mended_in=AT_YEARS_END,
        rounds=_END,
    ),
    Rule(
        Check.ENTRANT,
        1,
        "R41, R42",
        Strength.ERROR,
        "นักเรียน {count} คนเข้าเรียนหลังวันสอบปลายภาค จึงเป็นนักเรียนของปีการศึกษาถัดไป",
        "ย้ายออกทันที แล้วเพิ่มเมื่อเปิดรอบที่ 1 ถ้าวันที่เข้าเรียนผิดให้แก้",
        mended_in="admission_date",
        rounds=_END,
    ),
    Rule(
        Check.PLAN,
        1,
        "R37",
        Strength.QUERY,
        "ยังไม่มีแผนการรับนักเรียนของปีการศึกษาถัดไป",
        "บันทึกแผนที่เมนู “บันทึกผลสิ้นปี” ถ้าไม่รับนักเรียนให้ชี้แจง",
        mended_in=AT_YEARS_END,
        rounds=_END,
    ),
    Rule(
        Check.NOTHING,
        1,
        "R53",
        Strength.ERROR,
        "โรงเรียนยังไม่ได้บันทึกข้อมูลใดของระบบนี้",
        "บันทึกหรือนำเข้าข้อมูลก่อน แล้วจึงยืนยัน",
        systems=_OTHERS,
    ),
    Rule(
        Check.EMPTY_TABLE,
        1,
        "R55",
        Strength.QUERY,
        "มี {count} ชุดข้อมูลที่ยังไม่มีรายการ",
        "ถ้าโรงเรียนมี ให้บันทึกก่อนยืนยัน ถ้าไม่มีจริงให้ชี้แจง",
        systems=_OTHERS,
    ),
)


class RuleUnknown(LookupError):
    """A round names a version of a rule that this release has not: it was made by a later one, or a rule was lost."""


REFERENCE: Final = "growth.reference"
"""In ``judged_by``: the edition of the growth reference by which a round judges nutrition."""


def in_force(
    system: RoundSystem,
    rules: Iterable[JudgingRule] | None = None,
    number: int | None = None,
    settings: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """What a round made now is judged by: of each rule of the system the newest version, by its code, and

    the figures by which these and the round's other rules go, by theirs. ``number`` is the round's; None leaves out
    what only certain rounds are asked. ``settings``: what is set; defaults stand for what is not.
    """
    ours = sorted(RULES if rules is None else rules, key=_age)
    asked = {rule.check.value: rule for rule in ours if _asks(rule, system, number)}
    figures = dict.fromkeys(figure for rule in asked.values() for figure in rule.figures)
    if system in _LEARNERS:
        figures |= dict.fromkeys(_UNASKED)
    return {code: rule.version for code, rule in asked.items()} | {
        code: given(settings or {}, code) for code in figures
    }


_UNASKED: Final = (COMPULSORY,)
"""Figures of rounds that no rule of the checklist asks for: a verb does."""


def _asks(rule: JudgingRule, system: RoundSystem, number: int | None) -> bool:
    return system in rule.systems and (rule.rounds is None or number in rule.rounds)


def _age(rule: JudgingRule) -> int:
    return rule.version


def fixed_by(
    judged_by: Mapping[str, int], rules: Iterable[JudgingRule] | None = None
) -> tuple[JudgingRule, ...]:
    """The rules that a round has fixed, with its figures, in the order of the checklist.

    RuleUnknown when one is not here.
    """
    there = {(rule.check.value, rule.version): rule for rule in (RULES if rules is None else rules)}
    named = {(code, version) for code, version in judged_by.items() if "." not in code}
    if missing := named - there.keys():
        raise RuleUnknown(f"a round is judged by rules that are not known here: {sorted(missing)}")
    chosen = (_with_figures(there[key], judged_by) for key in named)
    return tuple(sorted(chosen, key=lambda rule: rule.check))


def _with_figures(rule: JudgingRule, judged_by: Mapping[str, int]) -> JudgingRule:
    bounds = {code.rpartition(".")[2]: given(judged_by, code) for code in rule.figures}
    return replace(rule, bounds=bounds) if bounds else rule
