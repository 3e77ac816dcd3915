"""Nutrition status by three indices, judged against a growth reference that somebody has imported. Pure.

No official figure stands here: the reference is a table of the Department of Health, which the register reads from a
file (docs/operators/growth-reference.md). What the reference does not cover is not judged, never guessed.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, NamedTuple

from ..codes import GrowthIndex, HeightForAge, Sex, WeightForAge, WeightForHeight
from ..errors import RuleViolation

COLUMNS: Final = ("index", "sex", "at", "minus2", "minus1_5", "plus1_5", "plus2", "plus3")
_OF_HEIGHT: Final = GrowthIndex.WEIGHT_FOR_HEIGHT
_MONTH: Final = Decimal(1)


class ReferenceWrong(RuleViolation):
    """A file of a growth reference that cannot be what it should be; ``line`` counts from 1."""

    message = "ไฟล์เกณฑ์การเจริญเติบโตบรรทัดที่ {line} ไม่ถูกต้อง: {what} กรุณาแก้ไฟล์แล้วนำเข้าใหม่"


class ReferenceRow(NamedTuple):
    """One line of a reference: from ``at`` (completed months, or cm) on, the measures at the cuts, lowest first."""

    of: GrowthIndex
    sex: Sex
    at: Decimal
    cuts: tuple[Decimal, ...]


class Status(NamedTuple):
    """The three judgements of a child; None where it cannot be judged."""

    weight_for_age: WeightForAge | None = None
    height_for_age: HeightForAge | None = None
    weight_for_height: WeightForHeight | None = None

    @property
    def is_tall_and_in_shape(self) -> bool | None:
        """สูงดีสมส่วน: at least of usual height, and in shape; None where one of both is not known."""
        if self.height_for_age is None or self.weight_for_height is None:
            return None
        return (
            self.height_for_age >= HeightForAge.USUAL and self.weight_for_height is WeightForHeight.IN_SHAPE
        )


@dataclass(frozen=True)
class Reference:
    """An edition of the tables, ready to judge."""

    edition: str = ""
    rows: Sequence[ReferenceRow] = field(default=(), repr=False)

    @cached_property
    def _tables(self) -> Mapping[tuple[GrowthIndex, Sex], tuple[Mapping[int, ReferenceRow], Decimal]]:
        """By whole steps: a table's step is a month, or the smallest distance of its heights."""
        tables: dict[tuple[GrowthIndex, Sex], list[ReferenceRow]] = {}
        for row in self.rows:
            tables.setdefault((row.of, row.sex), []).append(row)
        return {key: _by_step(rows, _step(key[0], rows)) for key, rows in tables.items()}

    def cuts(self, index: GrowthIndex, sex: Sex, at: Decimal | int) -> tuple[Decimal, ...] | None:
        """The cuts that hold at an age or height; None outside the table, and in its gaps."""
        table = self._tables.get((index, sex))
        if table is None:
            return None
        row = table[0].get(int(Decimal(at) // table[1]))
        return None if row is None else row.cuts


def _step(index: GrowthIndex, rows: Sequence[ReferenceRow]) -> Decimal:
    if index is not _OF_HEIGHT or len(rows) < 2:
        return _MONTH
    heights = sorted(row.at for row in rows)
    return min(after - before for before, after in pairwise(heights))


def _by_step(rows: Sequence[ReferenceRow], step: Decimal) -> tuple[Mapping[int, ReferenceRow], Decimal]:
    return {int(row.at // step): row for row in rows}, step


def judged(
    reference: Reference,
    sex: Sex,
    born: dt.date | None,
    measured_on: dt.date | None,
    weight: Decimal | None,
    height: Decimal | None,
) -> Status:
    """A child's status on the day of measuring; what is missing, or is not in the reference, leaves it empty."""
    months = completed_months(born, measured_on)
    return Status(
        _judged(reference, GrowthIndex.WEIGHT_FOR_AGE, sex, months, weight, list(WeightForAge)),
        _judged(reference, GrowthIndex.HEIGHT_FOR_AGE, sex, months, height, list(HeightForAge)),
        _judged(reference, GrowthIndex.WEIGHT_FOR_HEIGHT, sex, height, weight, list(WeightForHeight)),
    )


def completed_months(born: dt.date | None, on: dt.date | None) -> int | None:
    """Whole months of age on a day; None when one of both is not known, or the day is before birth."""
    if born is None or on is None or on < born:
        return None
    return (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)


def _judged(
    reference: Reference,
    index: GrowthIndex,
    sex: Sex,
    at: Decimal | int | None,
    measure: Decimal | None,
    levels: Sequence[Any],
) -> Any:
    if at is None or measure is None or (cuts := reference.cuts(index, sex, at)) is None:
        return None
    # The two lower cuts are below by "less than", the upper ones are within by "at most".
    level = sum(measure >= cut for cut in cuts[:2]) + sum(measure > cut for cut in cuts[2:])
    return levels[level]


# ── Reading a file ───────────────────────────────────────────────────────────────────────────────────────


def read_reference(data: bytes) -> list[ReferenceRow]:
    """The rows of a CSV file in UTF-8 with the columns ``COLUMNS``; ReferenceWrong names the first bad line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ReferenceWrong(line=1, what="ต้องเป็น UTF-8") from None
    lines = csv.DictReader(io.StringIO(text))
    if missing := [name for name in COLUMNS if name not in (lines.fieldnames or ())]:
        raise ReferenceWrong(line=1, what=", ".join(missing))
    rows = [*_rows(lines)]
    if not rows:
        raise ReferenceWrong(line=2, what=", ".join(COLUMNS))
    return rows


def _rows(lines: csv.DictReader[str]) -> Iterator[ReferenceRow]:
    seen: set[tuple[GrowthIndex, Sex, Decimal]] = set()
    for line in lines:
        row = _row(line, lines.line_num)
        if (key := row[:3]) in seen:
            raise ReferenceWrong(line=lines.line_num, what=f"index, sex, at: {line['at']}")
        seen.add(key)
        yield row


def _row(line: Mapping[str, str | None], number: int) -> ReferenceRow:
    index = next((one for one in GrowthIndex if one.value == (line["index"] or "").strip()), None)
    sex = next((one for one in Sex if one.value == (line["sex"] or "").strip()), None)
    if index is None or sex is None:
        raise ReferenceWrong(line=number, what="index, sex")
    wanted = COLUMNS[3:] if index is _OF_HEIGHT else COLUMNS[3:-1]
    at, *cuts = (_number(line, name, number) for name in ("at", *wanted))
    if any(before >= after for before, after in pairwise(cuts)):
        raise ReferenceWrong(line=number, what=" < ".join(wanted))
    return ReferenceRow(index, sex, at, tuple(cuts))


def _number(line: Mapping[str, str | None], name: str, number: int) -> Decimal:
    try:
        value = Decimal((line[name] or "").strip())
    except InvalidOperation:
        raise ReferenceWrong(line=number, what=name) from None
    if not value.is_finite() or value < 0:
        raise ReferenceWrong(line=number, what=name)
    return value
