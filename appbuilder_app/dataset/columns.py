"""Which column of an uploaded table holds which field of a dataset, and which fields can be imported at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .. import access
from ..bilingual import Sentence
from ..declaration import Base, Field, dataset_of, fields_of
from ..errors import RuleViolation
from ..kinds import Moment
from ..thaitext import folded, tidy
from .sight import fields_seen

PROBLEMS: Final = "สิ่งที่ต้องแก้"
"""Heads the column of problems in a marked workbook; such a column is not read."""
HEADER_WITHIN: Final = 10
"""Titles and the like stand above the header; further down nobody has seen one."""
MARK: Final = "thabian:"
"""Begins the hidden row of field names of our templates."""
_TRAILING_NOTE: Final = re.compile(r"\s*[(\[（][^()\[\]]*[)\]）]\s*$|\s*\*+\s*$")
_LONGEST_LABEL: Final = 200


class NoColumns(RuleViolation):
    """A table without the columns that tell which row a line is about."""

    message = "ไฟล์นี้ไม่ใช่ไฟล์{dataset}ที่นำเข้าได้ เพราะไม่พบคอลัมน์ {columns} กรุณาใช้แม่แบบของระบบ และอย่าลบหัวคอลัมน์"


@dataclass(frozen=True)
class Column:
    """A column of the file that is read into a field; ``index`` counts from 0."""

    index: int
    label: str
    field: Field

    @property
    def letter(self) -> str:
        """The column's letter as a spreadsheet program shows it."""
        return letter(self.index)


@dataclass(frozen=True)
class Layout:
    """Where a file holds what.

    ``header_row`` is the last row of the header; ``ignored`` tells what is not read; ``marked_at`` is the
    column in which we have told what to correct in an earlier try, None when there is none.
    """

    header_row: int
    width: int
    columns: tuple[Column, ...]
    ignored: tuple[str, ...]
    marked_at: int | None = None

    def at(self, name: str | None) -> Column | None:
        """The column of a field, None when the file has none."""
        return next((column for column in self.columns if column.field.name == name), None)


def letter(index: int) -> str:
    """``A`` for column 0, ``AA`` for column 26."""
    text = ""
    while index >= 0:
        text = chr(ord("A") + index % 26) + text
        index = index // 26 - 1
    return text


def importable(model: type[Base], viewer: access.Viewer) -> dict[str, Field]:
    """The fields that the viewer can fill by a file: sees, may edit, and does not have given by their scope."""
    given = given_by_scope(model, viewer)
    return {
        name: declared
        for name, declared in fields_seen(model, viewer).items()
        if declared.editable and name not in given and not isinstance(declared.kind, Moment)
    }


def given_by_scope(model: type[Base], viewer: access.Viewer) -> dict[str, Any]:
    """What follows from who acts and is not asked: a school's own user writes rows of this school and of no other,

    an area's own user those of the area, where it is part of the key.
    """
    parts = viewer.scope.split("/")
    if len(parts) == 3:
        return {"school_code": parts[2]} if "school_code" in fields_of(model) else {}
    if len(parts) == 2 and "area_code" in dataset_of(model).key:
        return {"area_code": parts[1]}
    return {}


def layout_in(
    first: Sequence[tuple[int, Sequence[Any]]], model: type[Base], viewer: access.Viewer
) -> Layout | None:
    """The layout that the first rows of a table show; None when none of them is a header.

    The hidden row of names of a template counts before any label, so that headers can be renamed.
    """
    fields = fields_of(model) | importable(model, viewer)
    by_label = _by_label(fields)
    rows = [(number, [_text(cell) for cell in cells]) for number, cells in first[:HEADER_WITHIN]]
    for at, (number, cells) in enumerate(rows):
        if any(cell.startswith(MARK) for cell in cells):
            labels = rows[at + 1][1] if at + 1 < len(rows) else cells
            below = rows[at + 1][0] if at + 1 < len(rows) else number
            return _layout(below, labels, [_named(fields, cell) for cell in cells], model, viewer)
    found = [[_labelled(fields, by_label, cell) for cell in cells] for _, cells in rows]
    scores = [len({field.name for field in row if field is not None}) for row in found]
    best = max(scores, default=0)
    if best < min(2, len(fields)):
        return None
    at = scores.index(best)
    return _layout(rows[at][0], rows[at][1], found[at], model, viewer)


def _layout(
    number: int,
    labels: list[str],
    found: list[Field | None],
    model: type[Base],
    viewer: access.Viewer,
) -> Layout:
    wanted = importable(model, viewer) | {
        name: fields_of(model)[name] for name in given_by_scope(model, viewer)
    }
    columns: dict[str, Column] = {}
    labels += [""] * (len(found) - len(labels))
    for index, declared in enumerate(found):
        if declared is not None and declared.name in wanted:
            label = labels[index].rstrip(" *") or str(declared.th)
            columns.setdefault(declared.name, Column(index, label[:_LONGEST_LABEL], declared))
    ignored = tuple(_ignored(labels, {column.index for column in columns.values()}))
    _require_key(columns, model, viewer)
    width = max(len(labels), len(found))
    marked_at = labels.index(PROBLEMS) if PROBLEMS in labels else None
    in_order = tuple(sorted(columns.values(), key=lambda one: one.index))
    return Layout(number, width, in_order, ignored, marked_at)


def _require_key(columns: dict[str, Column], model: type[Base], viewer: access.Viewer) -> None:
    known = set(columns) | set(given_by_scope(model, viewer))
    missing = [fields_of(model)[name].th for name in dataset_of(model).key if name not in known]
    if missing:
        raise NoColumns(
            dataset=dataset_of(model).th, columns=[Sentence("“{name}”", name=one) for one in missing]
        )


def _ignored(labels: list[str], used: set[int]) -> Iterator[str]:
    """Columns that are read into nothing: unknown ones, ones the viewer may not fill, second ones."""
    for index, label in enumerate(labels):
        if label and index not in used and label != PROBLEMS:
            yield f"{letter(index)} “{label[:_LONGEST_LABEL]}”"


def _named(fields: dict[str, Field], cell: str) -> Field | None:
    return fields.get(cell.removeprefix(MARK))


def _labelled(fields: dict[str, Field], by_label: Mapping[str, Field], cell: str) -> Field | None:
    """The field of a label as it stands, or without a note behind it: ``ห้อง *``, ``น้ำหนัก (กก.)``."""
    for text in (cell, _TRAILING_NOTE.sub("", cell), _TRAILING_NOTE.sub("", _TRAILING_NOTE.sub("", cell))):
        if (key := folded(text)) and (found := by_label.get(key)):
            return found
    return fields.get(cell)


def _by_label(fields: dict[str, Field]) -> dict[str, Field]:
    """The fields by their labels in both languages; of two that are called alike the first counts."""
    found: dict[str, Field] = {}
    for one in fields.values():
        for label in (one.th, one.en):
            found.setdefault(folded(label), one)
    return found


def _text(cell: Any) -> str:
    return tidy(cell) if isinstance(cell, str) else "" if cell is None else str(cell)
