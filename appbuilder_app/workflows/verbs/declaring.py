"""What a verb declares of itself: its name, its label, what it is told, who may, and the function that does it.

Screens, API, commands and workbooks ask this alone. How to add one: docs/developers/verbs.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ... import access, kinds
from ...access import Right, Sight
from ...bilingual import Label, Sentence
from ...dataset import openapi, sight, validation
from ...declaration import Field
from ...errors import EvidenceMissing, InvalidRow, NotPermitted, Problem
from ...kinds import Kind, NotReadable
from ..requests import Evidence

MOST_ROWS: Final = 2_000
NAMED: Final = {"school": 8, "setting": 40}
"""Subjects whose key is a code, with its longest; all others have a number."""
_LARGEST_KEY: Final = 2**53 - 1
_KEY: Final[dict[str, Any]] = {"type": "integer", "minimum": 1, "maximum": _LARGEST_KEY}


@dataclass(frozen=True)
class Verb:
    """Something that can be done, the same through every door.

    ``subject`` is what it is done to, as the API's address names it; ``keyed``: to one row, whose key stands before
    the parameters of ``do``. ``do`` is called with the parameters by their names; those that were not given are left
    out. ``rights``: who holds one of these may ask; the workflow judges all the rest. ``papers`` names the documents
    that it takes (``do`` gets them as ``evidence``), ``needs_papers``: at least one. ``gives`` is what it answers.
    """

    name: str
    th: str
    en: str
    subject: str
    rights: tuple[Right, ...]
    do: Callable[..., Any]
    parameters: tuple[Field, ...] = ()
    gives: tuple[Field, ...] = ()
    keyed: bool = True
    papers: str = ""
    needs_papers: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "th", Label(self.th, self.en))

    def require(self) -> None:
        """Refuse (NotPermitted) who holds none of its rights, before anything is looked at."""
        viewer = access.viewer()
        if not any(viewer.may(*right) for right in self.rights):
            raise NotPermitted(what=self.th)

    def read(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters as the workflow takes them; InvalidRow names each that is wrong, missing or unknown."""
        known = {one.name: one for one in self.parameters}
        problems = [Problem(name, _UNKNOWN) for name in told if name not in known]
        values: dict[str, Any] = {}
        for name, declared in known.items():
            try:
                if (value := _read(declared, told.get(name))) is not None:
                    values[name] = value
            except NotReadable as wrong:
                problems.append(Problem(name, validation.labelled(declared.th, wrong)))
        if problems:
            raise InvalidRow(problems)
        return values

    def perform(self, key: Any, told: Mapping[str, Any], evidence: Sequence[Evidence] = ()) -> dict[str, Any]:
        """Do it, not yet committed; its answer by the names of ``gives``, as JSON has it."""
        self.require()
        values = self.read(told)
        if evidence and not self.papers:
            raise InvalidRow([Problem("evidence", _NO_PAPERS)])
        if self.needs_papers and not evidence:
            raise EvidenceMissing(what=Sentence(self.papers))
        papers = {"evidence": list(evidence)} if self.papers else {}
        return self.answer(self.do(*([key] if self.keyed else []), **values, **papers))

    def answer(self, result: Any) -> dict[str, Any]:
        """What ``do`` gave, by the names of ``gives``."""
        if not self.gives:
            return {}
        told = result if isinstance(result, Mapping) else {self.gives[0].name: result}
        return {one.name: one.kind.json(told.get(one.name)) for one in self.gives}


_UNKNOWN: Final = Sentence("ไม่มีข้อมูลชื่อนี้ กรุณาตรวจชื่อในคู่มือ API")
_NO_PAPERS: Final = Sentence("รายการนี้ไม่รับเอกสาร")
_NEEDED: Final = Sentence("ต้องกรอก")


def _read(declared: Field, raw: Any) -> Any:
    value = validation.read_field(declared, raw)
    if value is None and declared.required:
        raise NotReadable(_NEEDED)
    if raw is not None and declared.dataset and sight.sight(access.viewer(), declared) is not Sight.SHOWN:
        raise NotReadable(sight.UNSEEN)
    return value


def given(
    name: str, th: str, en: str, kind: Kind | None = None, *, needed: bool = True, **more: Any
) -> Field:
    """A parameter, declared as a field of a dataset is: label, kind, bounds; ``more`` are further ones of Field."""
    return Field(th, en, name=name, kind=kind or Kind(), required=needed, nullable=not needed, **more)


def answered(name: str, th: str, en: str, kind: Kind | None = None) -> Field:
    """A part of an answer."""
    return Field(th, en, name=name, kind=kind or kinds.Whole())


JOB: Final = answered("job", "เลขงานเบื้องหลัง", "Number of the background job")


# ── Kinds that only verbs take, or answer ────────────────────────────────────────────────────────────────


class Listed(Kind):
    """Several of one type of JSON; answered, never asked."""

    def __init__(self, of: str) -> None:
        self.schema = {"type": "array", "items": {"type": of}}


class Key(Kind):
    """The key of a row."""

    schema = _KEY

    def read(self, raw: Any) -> Any:
        """A number; digits are understood."""
        if raw is None or (isinstance(raw, int) and not isinstance(raw, bool)):
            return None if raw is None else _within(raw)
        # More digits than any key has are not turned into a number: Python refuses some thousand of them.
        if not isinstance(raw, str) or not raw.strip().isdecimal() or len(raw) > 18:
            raise NotReadable("ต้องเป็น key ของรายการ ซึ่งเป็นตัวเลข")
        return _within(int(raw))


def _within(key: int) -> int:
    if not 1 <= key <= _LARGEST_KEY:
        raise NotReadable("ต้องเป็น key ของรายการ ซึ่งเป็นตัวเลข")
    return key


class Words(Kind):
    """Several words; in a command with commas between them."""

    schema = {
        "type": "array",
        "items": {"type": "string", "maxLength": 80},
        "minItems": 1,
        "maxItems": MOST_ROWS,
    }

    def read(self, raw: Any) -> Any:
        """A list of texts."""
        if raw is None:
            return None
        listed = [part for part in raw.split(",") if part.strip()] if isinstance(raw, str) else raw
        if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_ROWS:
            raise NotReadable("ต้องเป็นรายการของข้อความ ตั้งแต่ 1 ถึง {most} รายการ", most=MOST_ROWS)
        if any(not isinstance(one, str) or len(one) > 80 for one in listed):
            raise NotReadable("แต่ละรายการต้องเป็นข้อความไม่เกิน 80 ตัวอักษร")
        return [one.strip() for one in listed]


class Keys(Kind):
    """Keys of several rows; in a command with commas between them."""

    schema = {"type": "array", "items": _KEY, "minItems": 1, "maxItems": MOST_ROWS}

    def read(self, raw: Any) -> Any:
        """A list of numbers."""
        if raw is None:
            return None
        listed = [part for part in raw.split(",") if part.strip()] if isinstance(raw, str) else raw
        if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_ROWS:
            raise NotReadable("ต้องเป็นรายการของ key ตั้งแต่ 1 ถึง {most} รายการ", most=MOST_ROWS)
        return [Key().read(one if one is not None else "") for one in listed]


class Rows(Kind):
    """A table: a list of objects, each with the same fields; in a form and in a command as JSON text."""

    widget = "memo"

    def __init__(self, *columns: Field) -> None:
        self.columns = {one.name: one for one in columns}
        needed = [one.name for one in columns if one.required]
        row: dict[str, Any] = {
            "type": "object",
            "properties": {one.name: openapi.asked_for(one) for one in columns},
            "additionalProperties": False,
        } | ({"required": needed} if needed else {})
        self.schema = {"type": "array", "items": row, "minItems": 1, "maxItems": MOST_ROWS}

    def read(self, raw: Any) -> Any:
        """A list of values by the names of the columns; a column that a row does not name is left out."""
        if isinstance(raw, str):
            try:
                raw = json.loads(raw) if raw.strip() else None
            except (ValueError, RecursionError):
                raise NotReadable("ต้องเป็นตารางในรูป JSON") from None
        if raw is None:
            return None
        if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_ROWS:
            raise NotReadable("ต้องเป็นตารางตั้งแต่ 1 ถึง {most} แถว", most=MOST_ROWS)
        return [self._row(number, row) for number, row in enumerate(raw, start=1)]

    def _row(self, number: int, row: Any) -> dict[str, Any]:
        if not isinstance(row, dict) or set(row) - set(self.columns):
            columns = ", ".join(self.columns)
            raise NotReadable("แถวที่ {row}: ต้องเป็น object ที่มีเฉพาะ {columns}", row=number, columns=columns)
        values = {}
        for name, declared in self.columns.items():
            try:
                value = _read(declared, row.get(name))
            except NotReadable as wrong:
                raise NotReadable(
                    "แถวที่ {row}: {wrong}", row=number, wrong=validation.labelled(declared.th, wrong.args[0])
                ) from None
            if name in row:
                values[name] = value
        return values
