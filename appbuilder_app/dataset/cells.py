"""Cells of an uploaded table → values of a dataset, column by column: each different text is read once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from .. import identity, kinds
from ..bilingual import Sentence
from ..bulk import Encoded, encode
from ..declaration import Base, Field
from ..kinds import MISSING, NotReadable
from ..thaidate import slash_date
from . import validation
from .columns import Column, Layout
from .portions import Portion

Values = dict[str, Any]
SHOWN: Final = 60
"""Letters of a cell that a problem repeats; a cell may hold a whole paragraph."""
_KEPT: Final = 3_000
"""Different texts of a column that are remembered; a column of numbers has as many as rows."""
_ERRORS: Final = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"}
)
BETWEEN: Final = " : "
"""Between a code and its title in the drop-downs of templates."""


class CellProblem(NamedTuple):
    """One thing wrong at one place of the file; without a column it concerns the whole row."""

    column: str
    label: str
    field: str | None
    value: str
    message: str


@dataclass(slots=True)
class Line:
    """One row of the file: what it says (missing cells say nothing), as JSON, and what is wrong with it."""

    number: int
    cells: Sequence[Any]
    values: Values
    parts: tuple[str, ...] = ()
    problems: list[CellProblem] = field(default_factory=list)


class Reader:
    """Reads portions of a file; what a column has said before is remembered."""

    def __init__(self, model: type[Base], layout: Layout, *, as_text: bool) -> None:
        self.layout = layout
        self.names = [column.field.name for column in layout.columns]
        self._read = [
            _Reading(column, _reader_of(model, column.field, as_text=as_text)) for column in layout.columns
        ]

    def lines(self, portion: Portion) -> list[Line]:
        """The rows of a portion that lie under the header."""
        rows = [row for row in portion.rows if row[0] > self.layout.header_row]
        if not rows:
            return []
        width = self.layout.width
        padded = [
            cells if len(cells) >= width else [*cells, *[None] * (width - len(cells))] for _, cells in rows
        ]
        columns = list(zip(*(cells[:width] for cells in padded), strict=True))
        read = [reading.column(columns[reading.place.index]) for reading in self._read]
        lines = [
            Line(
                number,
                cells,
                {name: value for name, value in zip(self.names, values, strict=True) if value is not None},
                parts,
            )
            for (number, cells), values, parts in zip(
                rows,
                zip(*(values for values, _, _ in read), strict=True),
                zip(*(parts for _, parts, _ in read), strict=True),
                strict=True,
            )
        ]
        for _, _, problems in read:
            for at, problem in problems:
                lines[at].problems.append(problem)
        if portion.unknown:
            self._mark_formulas(lines, portion.unknown)
        return lines

    def _mark_formulas(self, lines: list[Line], unknown: frozenset[tuple[int, int]]) -> None:
        sentence = Sentence("เป็นสูตรที่ยังไม่มีผลลัพธ์ กรุณาคัดลอกแล้ววางเป็นค่า หรือพิมพ์ค่าลงในช่อง")
        for line in lines:
            for column in self.layout.columns:
                if (line.number, column.index) in unknown:
                    line.problems.append(at(column, line.cells, sentence))


def at(column: Column, cells: Sequence[Any], message: str) -> CellProblem:
    """A problem at a cell."""
    raw = cells[column.index] if column.index < len(cells) else None
    return CellProblem(column.letter, column.label, column.field.name, as_typed(raw)[:SHOWN], message)


def encoded(parts: Sequence[str]) -> Encoded:
    """The JSON object of a row, put together from what each value was encoded to once."""
    return Encoded("{" + ",".join(filter(None, parts)) + "}")


def part_of(declared: Field, value: Any) -> str:
    """One value as a piece of a JSON object; empty for what is missing."""
    return "" if value is None else f'"{declared.name}":{encode(declared.kind.json(value))}'


def as_typed(raw: Any) -> str:
    """A cell as a person recognises it."""
    if isinstance(raw, dt.date):
        return slash_date(raw)
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    return "" if raw is None else str(raw)


class _Reading:
    """One column of the file: raw cell → value, its JSON and what is wrong with it."""

    def __init__(self, place: Column, read: Callable[[Any], Any]) -> None:
        self.place, self.read = place, read
        self.values: dict[Any, Any] = {}
        self.parts: dict[Any, str] = {}
        self.wrong: dict[Any, Sentence] = {}

    def column(self, cells: Sequence[Any]) -> tuple[list[Any], list[str], list[tuple[int, CellProblem]]]:
        if len(self.values) > _KEPT:
            self.values, self.parts = {}, {}
        values, parts = self.values, self.parts
        keys: Sequence[Any] = cells
        if set(map(type, cells)) <= {str}:
            for text in set(cells).difference(values):
                self._learn(text, text)
        else:
            # By type as well: True equals 1, and 1.0 equals 1, but they do not read alike.
            keys = list(zip(map(type, cells), cells, strict=True))
            for key in set(keys).difference(values):
                self._learn(key, key[1])
        problems = []
        if self.wrong:
            for row, (key, raw) in enumerate(zip(keys, cells, strict=True)):
                if key in self.wrong:
                    problems.append((row, self._problem(raw, self.wrong[key])))
        return list(map(values.__getitem__, keys)), list(map(parts.__getitem__, keys)), problems

    def _learn(self, key: Any, raw: Any) -> None:
        try:
            value = None if raw == "" else self.read(raw)
        except NotReadable as wrong:
            value = None
            self.wrong[key] = wrong.args[0]
        self.values[key], self.parts[key] = value, part_of(self.place.field, value)

    def _problem(self, raw: Any, sentence: Sentence) -> CellProblem:
        place = self.place
        return CellProblem(place.letter, place.label, place.field.name, as_typed(raw)[:SHOWN], sentence)


# ── Kinds ────────────────────────────────────────────────────────────────────────────────────────────────


def _reader_of(model: type[Base], declared: Field, *, as_text: bool) -> Callable[[Any], Any]:
    kind = declared.kind
    column = model.__table__.c[declared.name]
    if isinstance(kind, kinds.Identity) and as_text:
        return lambda raw: validation.read_field(declared, _with_zeros(raw))
    if isinstance(kind, kinds.ThaiDate):
        return lambda raw: validation.read_field(declared, _no_error(raw))
    if isinstance(kind, kinds.Reference):
        return lambda raw: validation.read_field(declared, _code_of(plain(raw)))
    if (
        isinstance(kind, kinds.Number)
        and isinstance(column.type, sa.Numeric)
        and column.type.scale is not None
    ):
        unit = Decimal(1).scaleb(-column.type.scale)
        return lambda raw: _rounded(validation.read_field(declared, plain(raw)), unit)
    return lambda raw: validation.read_field(declared, plain(raw))


def _no_error(raw: Any) -> Any:
    if isinstance(raw, str) and raw in _ERRORS:
        raise NotReadable("เป็นสูตรที่คำนวณไม่ได้ กรุณาพิมพ์ค่าลงในช่อง")
    return raw


def plain(raw: Any) -> Any:
    """A cell that holds no date; spreadsheet programs turn ``5/3`` (a house number) into one."""
    if isinstance(raw, dt.date | dt.time | dt.timedelta):
        raise NotReadable("โปรแกรมตารางแปลงค่านี้เป็นวันที่ไปแล้ว กรุณาตั้งรูปแบบเซลล์เป็นข้อความแล้วพิมพ์ค่าใหม่")
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    return _no_error(raw)


def _code_of(raw: Any) -> Any:
    """The code before its title, as the drop-downs of a template write both."""
    return raw.partition(BETWEEN)[0] if isinstance(raw, str) else raw


def _with_zeros(raw: Any) -> Any:
    """A number that went through a CSV file, where a lost zero leaves no other trace than the length."""
    return None if raw in MISSING else identity.normalise_identity(raw, restore_zeros=True)


def _rounded(number: Decimal | None, unit: Decimal) -> Decimal | None:
    """A number as the database will keep it; otherwise the next upload would see a change."""
    return None if number is None else Decimal(number).quantize(unit, ROUND_HALF_UP)
