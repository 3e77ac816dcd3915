"""The counts line of the learners' snapshot: by grade, sex and what else the country asks for. Pure but for ``now``.

Counted from the canonical records themselves, so that whoever has a snapshot can count again. Statistics of a
closed round add these lines up (``statistics.py``) and read no record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from .. import rules
from ..bilingual import Label
from ..codes import Grade, Level, Sex
from ..declaration import fields_of
from ..models import CollectionRound, Student
from ..rules import Reference, Status
from ..thaidate import to_ce
from . import nutrition
from .freezing import Record
from .headcounts import Headcounts, totals_json

STUDENT: Final = Student.__tablename__


@dataclass(frozen=True)
class Judging:
    """The growth reference by which nutrition is judged, and how the head names it."""

    reference: Reference
    named: Record | None

    @classmethod
    def of(cls, one: CollectionRound) -> Judging:
        """The edition that a round has fixed."""
        found = nutrition.in_force(one)
        if found is None:
            return cls(Reference(), None)
        named = {"edition": found.edition, "sha256": found.sha256, "synthetic": found.is_synthetic}
        return cls(nutrition.ready(found), named)


@dataclass(frozen=True)
class Axis:
    """One thing that students are counted by: its name in the counts, and its Thai and English label.

    ``field`` is the student's field whose values they are; a flag counts only those for whom it is true.
    """

    name: str
    label: Any
    field: str = ""
    flag: bool = False


def _axis(name: str, *, flag: bool = False) -> Axis:
    declared = fields_of(Student)[name]
    return Axis(name, Label(declared.th, declared.en), name, flag)


AGE: Final = Axis("age", Label("อายุ (ปี) ที่ใช้นับ", "Age as counted (years)"))
NUTRITION: Final = (
    Axis("weight_for_age", Label("น้ำหนักตามเกณฑ์อายุ", "Weight for age")),
    Axis("height_for_age", Label("ส่วนสูงตามเกณฑ์อายุ", "Height for age")),
    Axis("weight_for_height", Label("น้ำหนักตามเกณฑ์ส่วนสูง", "Weight for height")),
)
TALL: Final = Axis("tall_and_in_shape", nutrition.TALL_AND_IN_SHAPE, flag=True)
FIELDS: Final = (
    *(
        _axis(name)
        for name in (
            "disadvantage",
            "disability",
            "living",
            "journey",
            "religion",
            "nationality",
            "identity_type",
        )
    ),
    *(
        _axis(name, flag=True)
        for name in (
            "lacks_books",
            "lacks_food",
            "lacks_stationery",
            "lacks_uniform",
            "pending_discharge",
            "swims",
        )
    ),
)
AXES: Final = (AGE, *NUTRITION, TALL, *FIELDS)

By = dict[str, dict[str, dict[str, dict[str, int]]]]
"""Axis → grade → sex → value → students."""


def counts_of(records: list[Record], counted: Headcounts, academic_year: int, judging: Judging) -> Record:
    """The counts line: headcounts as they stand on the certificate, and the students by every axis."""
    return {
        "grades": [row._asdict() | {"grade": row.grade.value} for row in counted.grades],
        "totals": totals_json(counted.totals),
        "by": by_axes(records, academic_year, judging.reference),
    }


def by_axes(records: list[Record], academic_year: int, reference: Reference) -> By:
    """The students who count, by every axis, grade and sex; the same records give the same counts for ever."""
    found: By = {axis.name: {} for axis in AXES}
    ages = _Ages(academic_year)
    for record in records:
        if record["dataset"] == STUDENT and record["counted"]:
            grade, sex = record["grade"], record["sex"]
            for name, value in _values(record, ages, reference):
                by_value = found[name].setdefault(grade, {}).setdefault(sex, {})
                by_value[value] = by_value.get(value, 0) + 1
    return found


def _values(record: Record, ages: _Ages, reference: Reference) -> list[tuple[str, str]]:
    born = dt.date.fromisoformat(record["birth_date"])
    status = _status(record, born, reference)
    values = [(AGE.name, str(ages.of(record["grade"], born)))]
    values += [(a.name, "" if v is None else v.value) for a, v in zip(NUTRITION, status, strict=True)]
    if status.is_tall_and_in_shape:
        values.append((TALL.name, "1"))
    for axis in FIELDS:
        value = record[axis.name]
        if not axis.flag:
            values.append((axis.name, value or ""))
        elif value:
            values.append((axis.name, "1"))
    return values


def _status(record: Record, born: dt.date, reference: Reference) -> Status:
    if not reference.rows:
        return Status()
    weight, height = (None if (v := record[n]) is None else Decimal(v) for n in ("weight_kg", "height_cm"))
    on = record["measured_on"]
    measured_on = None if on is None else dt.date.fromisoformat(on)
    return rules.judged(reference, Sex(record["sex"]), born, measured_on, weight, height)


class _Ages:
    """Ages as the budget counts them (§1.4): kindergarten by completed years on 16 May, others by birth year."""

    def __init__(self, academic_year: int) -> None:
        self.year = to_ce(academic_year)
        self.young = {grade.value for grade in Level.KINDERGARTEN.grades}

    def of(self, grade: str, born: dt.date) -> int:
        """The age of a student of a grade."""
        age = self.year - born.year
        return age - ((born.month, born.day) > (5, 16)) if grade in self.young else age


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────


def worded(axis: Axis) -> Callable[[str], Any]:
    """How the values of an axis are read by people."""
    if axis.flag:
        return lambda _value: axis.label
    if axis is AGE:
        return lambda value: value
    if axis in NUTRITION:
        scale: Mapping[str, Any] = {
            level.value: level.th for level in nutrition.SCALES[NUTRITION.index(axis)]
        }
        return lambda value: scale.get(value, value or nutrition.UNJUDGED)
    kind = fields_of(Student)[axis.field].kind
    return lambda value: kind.show(kind.read(value)) if value else _MISSING


_MISSING: Final = Label("ไม่ระบุ", "Not given")


def in_order(axis: Axis, values: Mapping[str, Any]) -> list[str]:
    """Values of an axis in the order of their codes, numbers by size, what is missing last."""
    return sorted(values, key=lambda value: (value == "", value.zfill(4) if axis is AGE else value))


def as_listed(axis: Axis, values: Mapping[str, Any]) -> list[str]:
    """The same in the order in which people know them: that of the code list of today."""
    if axis in NUTRITION:
        listed = [level.value for level in nutrition.SCALES[NUTRITION.index(axis)]]
    else:
        codes = getattr(fields_of(Student)[axis.field].kind, "codes", ()) if axis.field else ()
        listed = [code.value for code in codes]
    place = {value: at for at, value in enumerate([*listed, ""])}
    return sorted(in_order(axis, values), key=lambda value: place.get(value, -1))


def grade_label(code: str) -> Any:
    """A grade for people, shortly."""
    return Grade(code).short
