"""Results of the year as a workbook: every student of a school in a row, to fill in and to hand back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import IO, Any, Final, NamedTuple

from .. import access
from ..bilingual import Bilingual, Sentence
from ..dataset.cells import plain
from ..dataset.columns import MARK, letter
from ..dataset.sheet import read_sheet
from ..dataset.template import TableTemplate, head_of
from ..declaration import Field, fields_of
from ..errors import RuleViolation
from ..kinds import NotReadable
from ..language import gettext as _
from ..models import CollectionRound, YearResult
from ..thaitext import folded
from . import results

_ID: Final = Field("รหัสในระบบ", "ID", name="id")
_ABOUT: Final = (
    Field("ห้อง", "Class", name="room"),
    Field("เลขประจำตัวนักเรียน", "Student number", name="number"),
    Field("นักเรียน", "Student", name="name"),
)
_TOLD: Final = ("sat", "criterion", "after_fail", "absence", "note", "destination")


class LineProblem(NamedTuple):
    """What is wrong in a file, at its row and column; without a letter, with the whole row."""

    row: int
    letter: str
    label: str
    message: Bilingual


class ResultsInFileWrong(RuleViolation):
    """Some row of an uploaded workbook is wrong, so none of it was saved; ``lines`` tells where."""

    message = "ไฟล์มีที่ต้องแก้ {count} แห่ง จึงยังไม่ได้บันทึกแถวใด กรุณาแก้ในไฟล์แล้วอัปโหลดอีกครั้ง"

    def __init__(self, lines: Sequence[LineProblem]) -> None:
        self.lines = list(lines)
        super().__init__(count=len(self.lines))


def _columns() -> list[Field]:
    declared = fields_of(YearResult)
    return [*_ABOUT, *(replace(declared[name], required=False) for name in _TOLD), _ID]


def workbook(school_code: str, one: CollectionRound) -> IO[bytes]:
    """A row for each student with what is recorded so far; NotYours (404) for a foreign school."""
    found = results.classes_of(school_code, one)
    fixed = {"room", "number", "name", "id"}
    made = TableTemplate(_("ผลการเรียนสิ้นปี"), _columns(), fixed, _advice(), access.viewer(), hidden={"id"})
    return made.write(_line(pupil) for room in found for pupil in room.pupils)


def _line(pupil: results.Pupil) -> list[Any]:
    about = [f"{pupil.grade.short}/{pupil.room}", pupil.number, pupil.name]
    return [*about, *(getattr(pupil, name) for name in _TOLD), str(pupil.id)]


def _advice() -> list[str]:
    return [
        _("ผลการเรียนสิ้นปี"),
        _("1. กรอกว่าเข้าสอบหรือไม่ ผู้ที่สอบตกเลือกเกณฑ์ที่ไม่ผ่านและผล ผู้ที่ไม่เข้าสอบเลือกเหตุ ผู้จบการศึกษาเลือกการศึกษาต่อ"),
        _("2. ช่องว่างไม่ลบค่าที่บันทึกไว้แล้ว"),
        _("3. อย่าลบแถวที่ 1 และคอลัมน์ที่ซ่อนไว้"),
        _("4. อัปโหลดที่เมนูบันทึกผลสิ้นปี ถ้ามีแถวใดผิด ระบบบอกแถวและคอลัมน์ และยังไม่บันทึกแถวใด"),
    ]


def upload(school_code: str, filename: str, data: bytes) -> int:
    """Record what a filled-in workbook tells: every row or none (ResultsInFileWrong); how many changed."""
    columns = _columns()
    sheet = read_sheet(
        data, filename, [MARK + one.name for one in columns] + [head_of(one) for one in columns]
    )
    by_header = {MARK + one.name: one.name for one in columns} | {
        folded(head_of(one)): one.name for one in columns
    }
    names = [by_header.get(head) or by_header.get(folded(head.rstrip(" *"))) for head in sheet.headers]
    at = {name: index for index, name in enumerate(names) if name is not None}
    fields = {one.name: one for one in columns}
    wrong: list[LineProblem] = []
    rows: dict[int, Mapping[str, Any]] = {}
    lines: dict[int, int] = {}
    for number, cells in sheet.rows:
        key = str(cells[at["id"]] or "").strip() if "id" in at else ""
        if number == sheet.header_row + 1 and not key.isdigit():
            continue  # the line of labels below our hidden one
        if not (key.isascii() and key.isdigit()) or int(key) in rows:
            unknown = Sentence("ไม่รู้ว่าเป็นนักเรียนคนใด หรือมีซ้ำในไฟล์ กรุณาใช้ไฟล์ที่ดาวน์โหลดจากระบบ")
            wrong.append(LineProblem(number, "", "", unknown))
            continue
        told: dict[str, Any] = {}
        for name in _TOLD:
            cell = cells[at[name]] if name in at else None
            if cell is None or cell == "":
                continue
            try:
                told[name] = fields[name].kind.read(plain(cell))
            except NotReadable as unread:
                wrong.append(LineProblem(number, letter(at[name]), head_of(fields[name]), unread.args[0]))
        rows[int(key)], lines[int(key)] = told, number
    changed, refused = results.record_rows(school_code, {} if wrong else rows)
    wrong += [LineProblem(lines[key], "", "", refusal.args[0]) for key, refusal in refused.items()]
    if wrong:
        raise ResultsInFileWrong(sorted(wrong))
    return changed
