"""What a file would do to a school's students: each row compared with what is stored, and judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from ...bilingual import Label, Sentence
from ...codes import IdentityType, StudentStatus
from ...dataset import validation
from ...declaration import fields_of
from ...errors import Problem
from ...models import Student
from ..file_moves import Kept
from .layout import Layout
from .reading import CellProblem, FileRow, Values, at_column


class Outcome(StrEnum):
    """What becomes of a row. HELD: shown as new or changed, but its student was edited before the commit."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    MISSING = "missing"
    WRONG = "wrong"
    HELD = "held"

    @property
    def th(self) -> str:
        """Label of the outcome's tab."""
        return _OUTCOME_TH[self]


_OUTCOME_TH: Final = {
    Outcome.NEW: Label("ใหม่", "New"),
    Outcome.CHANGED: Label("เปลี่ยน", "Changed"),
    Outcome.SAME: Label("เหมือนเดิม", "Unchanged"),
    Outcome.MISSING: Label("ไม่มีในไฟล์", "Not in the file"),
    Outcome.WRONG: Label("ผิด", "Wrong"),
    Outcome.HELD: Label("พักไว้", "Held back"),
}


_OF_NEW_ONLY: Final = {"sat_final_exam"}
"""What a file states of a new student, and what of a stored one its own verb records: there it is not taken back."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A student as stored now."""

    id: int
    version: int
    values: Values


@dataclass(slots=True)
class Entry:
    """One line of the plan; ``before`` and ``after`` hold Python values of the fields that would change."""

    number: int
    outcome: Outcome
    national_id: str | None
    stored: Stored | None = None
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)
    cells: list[Any] = field(default_factory=list)


def plan(
    rows: list[FileRow],
    layout: Layout,
    school_code: str,
    stored: Mapping[str, Stored],
    kept: Kept,
) -> Iterator[Entry]:
    """What would become of each row, then of each student of the school that no row names."""
    named = set()
    fixed = _defaults() | {"school_code": school_code}
    for row in rows:
        named.add(row.national_id)
        yield _entry(row, layout, fixed, stored.get(row.national_id or ""), kept)
    for national_id, student in stored.items():
        if national_id not in named and student.values["status"] is StudentStatus.ENROLLED:
            yield Entry(0, Outcome.MISSING, national_id, student)


def differences(values: Values, stored: Values) -> Values:
    """The values that would change a stored student."""
    return {name: value for name, value in values.items() if not _is_same(name, value, stored.get(name))}


def guessed_identity_type(national_id: str | None) -> IdentityType:
    """The file does not say: G-codes and numbers that begin with 0 are not on a national's card."""
    return IdentityType.OTHER if (national_id or "")[:1] in {"G", "0"} else IdentityType.NATIONAL


def _entry(row: FileRow, layout: Layout, fixed: Values, student: Stored | None, kept: Kept) -> Entry:
    if student is None:
        guessed = {"identity_type": guessed_identity_type(row.national_id)}
        entry = Entry(row.number, Outcome.NEW, row.national_id, None, {}, fixed | guessed | row.values)
        whole: Values = entry.after
    else:
        said = {name: value for name, value in row.values.items() if name not in _OF_NEW_ONLY}
        after = differences(said, student.values)
        before = {name: student.values.get(name) for name in after}
        outcome = Outcome.CHANGED if after else Outcome.SAME
        entry = Entry(row.number, outcome, row.national_id, student, before, after)
        whole = student.values | after
    # A student who stays as stored was judged when stored; only what the row would write is judged here.
    found = row.problems + (_broken_rules(row, layout, whole) if entry.after else [])
    if student is not None:
        told = {problem.field for problem in found}
        left = (one for one in _left_to_verbs(student, entry.after, kept) if one.field not in told)
        found = found + [at_column(layout, row, one) for one in left]
    if not found:
        return entry
    return Entry(row.number, Outcome.WRONG, row.national_id, student, problems=found, cells=row.cells)


def _left_to_verbs(student: Stored, after: Values, kept: Kept) -> Iterator[Problem]:
    """What a file does not do to a student who is there: bring back who has left, move to another school, rename."""
    if student.values["status"] is not StudentStatus.ENROLLED:
        said = Sentence(
            "นักเรียนคนนี้มีสถานภาพ “{status}” ให้รับกลับที่หน้านักเรียนก่อน", status=student.values["status"].th
        )
        yield Problem("national_id", said)
        return
    yield from kept.problems(student.values, after)


def _broken_rules(row: FileRow, layout: Layout, whole: Values) -> list[CellProblem]:
    told = {problem.field for problem in row.problems}
    broken = validation.problems_of_read(Student, whole)
    return [at_column(layout, row, problem) for problem in broken if problem.field not in told]


def _is_same(name: str, value: Any, stored: Any) -> bool:
    return value == stored or (name == "student_number" and _lost_zeros(value, stored))


def _lost_zeros(value: str, stored: str | None) -> bool:
    """``4001`` in the file is the stored ``04001``: spreadsheet programs take zeros away, nobody means it."""
    return stored is not None and value != stored and stored.isdigit() and value == stored.lstrip("0")


def _defaults() -> Values:
    """Values of fields that a new student has when the file says nothing."""
    columns = [Student.__table__.c[name] for name in fields_of(Student)]
    return {column.key: column.default.arg for column in columns if column.default is not None}
