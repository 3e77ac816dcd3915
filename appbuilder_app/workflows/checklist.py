"""What stands between a school and its confirming: a table of small rules over its students."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from .. import access, identity
from ..access import Action
from ..bilingual import Label, Sentence
from ..codes import Grade
from ..dataset import lock
from ..declaration import db
from ..errors import NotYours
from ..models import School, Student
from ..thaidate import academic_year, bangkok
from ..walls import SetWork, set_based
from . import headcounts, rounds

SHOWN: Final = 50


class Strength(StrEnum):
    """What a finding means for the confirming."""

    ERROR = "error"
    WARNING = "warning"

    @property
    def th(self) -> str:
        """Thai word."""
        return {
            "error": Label("ต้องแก้ก่อนยืนยัน", "Must be put right before confirming"),
            "warning": Label("ควรตรวจสอบ", "Worth a look"),
        }[self.value]


@dataclass(frozen=True)
class Finding:
    """One student that a rule points at; the national ID is masked."""

    student_id: int
    name: str
    masked_id: str
    room: str


@dataclass(frozen=True)
class Item:
    """One rule and what it found. ``count`` is the whole number, ``records`` the first fifty."""

    id: str
    rule: str
    strength: Strength
    title: str
    sentence: str
    advice: str
    count: int
    records: tuple[Finding, ...] = ()

    @property
    def is_clear(self) -> bool:
        """True when nothing was found."""
        return self.count == 0


@dataclass(frozen=True)
class Checklist:
    """All rules of a school's round, with what they found."""

    school_code: str
    school: str
    round: str
    students: int
    items: tuple[Item, ...]

    @property
    def errors(self) -> tuple[Item, ...]:
        """What stops the confirming."""
        return self._found(Strength.ERROR)

    @property
    def warnings(self) -> tuple[Item, ...]:
        """What should be looked at, but stops nothing."""
        return self._found(Strength.WARNING)

    @property
    def is_clear(self) -> bool:
        """True when nothing stops the confirming."""
        return not self.errors

    def _found(self, strength: Strength) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.strength is strength and item.count)


# ── The rules ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Class:
    """The school as the rules see it: its pupils, grades, year, and which of its IDs are elsewhere, too."""

    pupils: Sequence[Any]
    grades: frozenset[Grade]
    academic_year: int
    elsewhere: frozenset[str]

    @property
    def top_grade(self) -> Grade:
        """The highest grade the school opens."""
        return max(self.grades)


def _unmeasured(pupil: Any, _: Class) -> bool:
    return bool(pupil.unmeasured)


def _misnumbered(pupil: Any, _: Class) -> bool:
    return identity.kind_of(pupil.national_id) == "other"


def _elsewhere_too(pupil: Any, school: Class) -> bool:
    return pupil.national_id in school.elsewhere


def _in_unopened_grade(pupil: Any, school: Class) -> bool:
    return pupil.grade not in school.grades


def _under_age(pupil: Any, school: Class) -> bool:
    return headcounts.is_under_age(pupil.grade, pupil.birth_date, school.academic_year)


def _over_age(pupil: Any, school: Class) -> bool:
    return headcounts.is_over_age(pupil.grade, pupil.birth_date, school.academic_year)


def _of_pupils(wrong: Callable[[Any, Class], bool]) -> Callable[[Class], list[Any]]:
    return lambda school: [pupil for pupil in school.pupils if wrong(pupil, school)]


def _top_grade_empty(school: Class) -> bool:
    return bool(school.pupils) and all(pupil.grade is not school.top_grade for pupil in school.pupils)


def _no_pupils(school: Class) -> bool:
    return not school.pupils


@dataclass(frozen=True)
class Rule:
    """``found`` gives the pupils at fault, or True where the school as a whole is.

    ``sentence`` may use ``{count}`` and ``{top}``, the school's highest grade.
    """

    id: str
    rule: str
    strength: Strength
    title: str
    sentence: str
    advice: str
    found: Callable[[Class], list[Any] | bool]


RULES: Final = (
    Rule(
        "no-students",
        "R1",
        Strength.WARNING,
        "มีนักเรียน",
        "โรงเรียนยังไม่มีนักเรียนในระบบ",
        "ถ้าโรงเรียนมีนักเรียนจริง ให้นำเข้าหรือเพิ่มนักเรียนก่อนยืนยัน",
        _no_pupils,
    ),
    Rule(
        "weight-height",
        "R23",
        Strength.ERROR,
        "น้ำหนักและส่วนสูงครบทุกคน",
        "นักเรียน {count} คนยังไม่มีน้ำหนักหรือส่วนสูง",
        "ชั่งน้ำหนักและวัดส่วนสูง แล้วบันทึกให้ครบทุกคน",
        _of_pupils(_unmeasured),
    ),
    Rule(
        "identity",
        "R26",
        Strength.ERROR,
        "เลขประจำตัวถูกต้อง",
        "นักเรียน {count} คนมีเลขประจำตัวที่ไม่ถูกต้อง",
        "เทียบกับบัตรประชาชนหรือสูติบัตรแล้วแก้ไข ถ้าไม่มีเลขให้ใช้รหัส G",
        _of_pupils(_misnumbered),
    ),
    Rule(
        "duplicate",
        "R11",
        Strength.ERROR,
        "ไม่ซ้ำกับโรงเรียนอื่น",
        "นักเรียน {count} คนมีเลขประจำตัวซ้ำกับนักเรียนของโรงเรียนอื่น",
        "ตรวจว่านักเรียนเรียนอยู่ที่ใดจริง ถ้าไม่ได้เรียนที่นี่ให้นำออก ถ้าเรียนที่นี่ให้แจ้งเขตพื้นที่ให้โรงเรียนเดิมนำออก",
        _of_pupils(_elsewhere_too),
    ),
    Rule(
        "top-grade",
        "§1.4",
        Strength.ERROR,
        "ชั้นสูงสุดมีนักเรียน",
        "ชั้น{top}ซึ่งเป็นชั้นสูงสุดที่เปิดสอนไม่มีนักเรียนเลย",
        "นำนักเรียนที่จำหน่ายออกโดยผิดพลาดกลับเข้ามา หรือแก้ชั้นสูงสุดที่เปิดสอนในข้อมูลโรงเรียน",
        _top_grade_empty,
    ),
    Rule(
        "unopened-grade",
        "§1.4",
        Strength.ERROR,
        "ชั้นเรียนตรงกับที่เปิดสอน",
        "นักเรียน {count} คนอยู่ในชั้นที่โรงเรียนไม่ได้เปิดสอน",
        "แก้ชั้นของนักเรียน หรือแก้ชั้นที่เปิดสอนในข้อมูลโรงเรียน",
        _of_pupils(_in_unopened_grade),
    ),
    Rule(
        "under-age",
        "§1.4",
        Strength.WARNING,
        "อายุถึงเกณฑ์ที่นับ",
        "นักเรียน {count} คนอายุไม่ถึง 4 ปี จึงไม่นับในสถิติเพื่อจัดสรรงบประมาณ",
        "ตรวจวันเกิดให้ตรงกับสูติบัตร ถ้าถูกต้องแล้วยืนยันได้",
        _of_pupils(_under_age),
    ),
    Rule(
        "over-age",
        "§1.4",
        Strength.WARNING,
        "อายุไม่เกินเกณฑ์ที่นับ",
        "นักเรียน {count} คนอายุเกิน 20 ปี จึงไม่นับในสถิติเพื่อจัดสรรงบประมาณ และอาจถูกตรวจสอบเป็นพิเศษ",
        "ตรวจวันเกิดให้ตรงกับสูติบัตร ถ้าถูกต้องแล้วยืนยันได้",
        _of_pupils(_over_age),
    ),
)


# ── Asking them ──────────────────────────────────────────────────────────────────────────────────────────


def checklist(school_code: str) -> Checklist:
    """What stops this school's confirming, and what should be looked at; a constant number of statements."""
    access.viewer().require(Action.READ, "student")
    school = school_looked_after(school_code)
    current = rounds.current_round()
    year = current.academic_year if current else academic_year(bangkok(lock.now()).date())
    return checklist_of(school, current.label if current else "", year)


def checklist_of(school: School, round_label: str, year: int) -> Checklist:
    """As ``checklist``, for a school and round that are known to be the viewer's."""
    seen = Class(_pupils(school), frozenset(headcounts.opened_grades(school)), year, _ids_elsewhere(school))
    items = tuple(_asked(rule, seen) for rule in RULES)
    return Checklist(school.code, school.name, round_label, len(seen.pupils), items)


def school_looked_after(school_code: str) -> School:
    """The school, when it is the viewer's own to work on; NotYours (404) otherwise."""
    school = db.session.get(School, school_code)
    if school is None or not access.viewer().looks_after(school.scope):
        raise NotYours
    return school


def _asked(rule: Rule, school: Class) -> Item:
    found = rule.found(school)
    pupils = found if isinstance(found, list) else []
    count = len(pupils) or int(bool(found))
    sentence = Sentence(rule.sentence, count=count, top=school.top_grade.short)
    title, advice = Sentence(rule.title), Sentence(rule.advice)
    return Item(rule.id, rule.rule, rule.strength, title, sentence, advice, count, _findings(pupils[:SHOWN]))


def _findings(pupils: Iterable[Any]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            pupil.id,
            f"{pupil.title.short}{pupil.first_name} {pupil.last_name}",
            identity.mask_identity(pupil.national_id),
            f"{pupil.grade.short}/{pupil.room}",
        )
        for pupil in pupils
    )


def _pupils(school: School) -> Sequence[Any]:
    query = sa.select(
        Student.id,
        Student.national_id,
        Student.title,
        Student.first_name,
        Student.last_name,
        Student.grade,
        Student.room,
        Student.birth_date,
        sa.or_(Student.weight_kg.is_(None), Student.height_cm.is_(None)).label("unmeasured"),
    ).where(Student.scope == school.scope)
    return db.session.execute(query.order_by(Student.grade, Student.room, Student.id)).all()


def _ids_elsewhere(school: School) -> frozenset[str]:
    """IDs of this school that another school has, too. Only that it has them: nothing of its rows is read."""
    here, there = Student.__table__.alias("here"), Student.__table__.alias("there")
    query = (
        sa.select(here.c.national_id)
        .join(there, there.c.national_id == here.c.national_id)
        .where(here.c.scope == school.scope, there.c.scope != school.scope)
        .distinct()
    )
    with set_based(SetWork.DUPLICATES):
        return frozenset(db.session.connection().scalars(query))
