"""Rows of a student file → values of students and what is wrong with them, each at its row and column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from types import NoneType
from typing import Any, Final, NamedTuple

from ... import identity, kinds
from ...bilingual import Sentence
from ...dataset import validation
from ...dataset.sheet import Sheet
from ...declaration import Field, fields_of
from ...errors import Problem
from ...kinds import MISSING, NotReadable
from ...models import School, Student
from ...thaidate import arabic_digits, slash_date
from .layout import Layout, Place

Values = dict[str, Any]
_SHOWN: Final = 60
"""Letters of a cell that a problem repeats; a cell may hold a whole paragraph."""


class CellProblem(NamedTuple):
    """One thing wrong at one place of the file; without a column it concerns the whole row."""

    column: str
    label: str
    field: str | None
    value: str
    message: str


@dataclass(slots=True)
class FileRow:
    """One line of the file: what it says of a student (missing cells say nothing), and what is wrong."""

    number: int
    cells: list[Any]
    values: Values = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)

    @property
    def national_id(self) -> str | None:
        """The student's ID when it could be read."""
        return self.values.get("national_id")


def read_rows(sheet: Sheet, layout: Layout, school: School, *, as_text: bool) -> list[FileRow]:
    """Every row of the file, read. ``as_text``: the file is a CSV, whose numbers have lost their zeros."""
    rows = [FileRow(number, cells) for number, cells in sheet.rows]
    columns = list(zip(*(row.cells for row in rows), strict=True))
    values = [
        _read_column(place, columns[place.index], rows, _reader_of(place.field, as_text=as_text))
        for place in layout.places
    ]
    _fill(rows, [place.field for place in layout.places], values)
    _mark_repeated(rows, layout)
    if layout.school is not None:
        _mark_of_other_schools(rows, schools_in(sheet, layout.school), layout.school, school)
    return rows


def schools_in(sheet: Sheet, place: Place) -> list[str]:
    """What each row says of its school: a code or a name; an empty text where it says nothing."""
    # By type as well, as in _read_column; most files name one school in every row.
    code_of = lru_cache(maxsize=None, typed=True)(_school_code)
    return [code_of(cells[place.index]) for _, cells in sheet.rows]


def names_of(school: School) -> set[str]:
    """All codes and the name by which a file may call the school."""
    return {text for text in (school.code, school.moe_code, school.obec_code, school.name) if text}


def at_column(layout: Layout, row: FileRow, problem: Problem) -> CellProblem:
    """A rule's problem, at the column of the file that holds the field."""
    declared = fields_of(Student).get(problem.field or "")
    message = validation.beside_its_label(problem.message)
    place = layout.at(problem.field)
    if place is None:
        return CellProblem("", declared.th if declared else "", problem.field, "", message)
    return _at(place, row.cells[place.index], message)


def as_typed(raw: Any) -> str:
    """A cell as a person recognises it; days as the national export writes them."""
    if isinstance(raw, dt.date):
        return slash_date(raw)
    return "" if raw is None else str(raw)


def _at(place: Place, raw: Any, message: str) -> CellProblem:
    return CellProblem(place.letter, place.label, place.field, as_typed(raw)[:_SHOWN], message)


# ── Cells ────────────────────────────────────────────────────────────────────────────────────────────────


def _read_column(
    place: Place,
    column: tuple[Any, ...],
    rows: list[FileRow],
    read: Callable[[Any], Any],
) -> list[Any]:
    """The values of a column, None where the cell says nothing; problems go to their rows.

    Each text is read once: most columns hold few different ones, and reading is what takes the time.
    """
    keys: Sequence[Any] = column
    if not set(map(type, column)) <= {str, NoneType}:
        # By type as well: True equals 1, and 1.0 equals 1, but they do not read alike.
        keys = list(zip(map(type, column), column, strict=True))
    values: dict[Any, Any] = {}
    problems: dict[Any, CellProblem] = {}
    for key, raw in dict(zip(keys, column, strict=True)).items():
        try:
            values[key] = read(raw)
        except NotReadable as wrong:
            values[key], problems[key] = None, _at(place, raw, str(wrong))
    if problems:
        for row, key in zip(rows, keys, strict=True):
            if key in problems:
                row.problems.append(problems[key])
    return list(map(values.__getitem__, keys))


def _fill(rows: list[FileRow], names: list[str], columns: list[list[Any]]) -> None:
    for row, values in zip(rows, zip(*columns, strict=True), strict=True):
        row.values = {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _reader_of(name: str, *, as_text: bool) -> Callable[[Any], Any]:
    declared = fields_of(Student)[name]
    if name == "national_id" and as_text:
        return lambda raw: _read_identity(declared, raw)
    if name in _SPECIAL:
        return _SPECIAL[name]
    if isinstance(declared.kind, kinds.Number):
        return lambda raw: _rounded(declared, raw)
    if isinstance(declared.kind, kinds.ThaiDate):
        return lambda raw: validation.read_field(declared, raw)
    return lambda raw: validation.read_field(declared, _plain(raw))


def _plain(raw: Any) -> Any:
    """A cell that holds no date; spreadsheet programs turn ``5/3`` (a house number) into one."""
    if isinstance(raw, dt.date | dt.time | dt.timedelta):
        raise NotReadable("โปรแกรมตารางแปลงค่านี้เป็นวันที่ไปแล้ว กรุณาตั้งรูปแบบเซลล์เป็นข้อความแล้วพิมพ์ค่าใหม่")
    return raw


def _read_identity(declared: Field, raw: Any) -> Any:
    """A number that went through a CSV file, where a lost zero leaves no other trace than the length."""
    return validation.read_field(
        declared,
        None if raw in MISSING else identity.normalise_identity(raw, restore_zeros=True),
    )


def _rounded(declared: Field, raw: Any) -> Decimal | None:
    """A number as the database will keep it; otherwise the next upload would see a change."""
    number = validation.read_field(declared, _plain(raw))
    scale = Student.__table__.c[declared.name].type.scale
    return None if number is None else number.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)


def _read_pending(raw: Any) -> bool | None:
    """3.1.8: whatever the cell says, other than no, marks a pupil who cannot be struck off yet."""
    try:
        return kinds.Flag().read(raw)
    except NotReadable:
        return True


def _read_ability(raw: Any) -> bool | None:
    """``เป็น``, ``ว่ายน้ำเป็น``, ``ไม่เป็นยุวกาชาด``: the column's own word may stand in the cell."""
    if isinstance(raw, str):
        raw = raw.replace("ว่ายน้ำ", "").replace("ยุวกาชาด", "").strip() or "ใช่"
    return kinds.Flag().read(raw)


_SPECIAL: Final[dict[str, Callable[[Any], Any]]] = {
    "pending_discharge": _read_pending,
    "red_cross_youth": _read_ability,
    "swims": _read_ability,
}


# ── Rows beside each other ───────────────────────────────────────────────────────────────────────────────


def _mark_repeated(rows: list[FileRow], layout: Layout) -> None:
    """The same ID twice in a file: the later row is refused, because one of the two must be wrong."""
    first: dict[str, int] = {}
    for row in rows:
        if (number := row.national_id) is not None and first.setdefault(number, row.number) != row.number:
            message = Sentence(
                "เลขประจำตัวนี้ซ้ำกับแถวที่ {row} ในไฟล์ กรุณาลบแถวที่ซ้ำหรือแก้เลขให้ถูกต้อง",
                row=first[number],
            )
            row.problems.append(at_column(layout, row, Problem("national_id", message)))


def _mark_of_other_schools(rows: list[FileRow], codes: list[str], place: Place, school: School) -> None:
    ours = names_of(school)
    for row, code in zip(rows, codes, strict=True):
        if code and code not in ours:
            message = Sentence("แถวนี้เป็นของโรงเรียนรหัส {code} ไม่ใช่ {ours}", code=code, ours=school.code)
            row.problems.append(_at(place, row.cells[place.index], message))


def _school_code(raw: Any) -> str:
    if isinstance(raw, bool | dt.date | dt.time | dt.timedelta):
        return ""
    return arabic_digits(kinds.Kind().read(raw) or "")
