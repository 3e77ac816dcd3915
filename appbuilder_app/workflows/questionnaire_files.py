"""Questionnaires as files: a workbook to fill in for many places at once, and the answers of all years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any, Final, NamedTuple

import sqlalchemy as sa

from .. import access
from ..access import Action
from ..bilingual import Bilingual, Sentence
from ..dataset import validation
from ..dataset.cells import plain
from ..dataset.columns import MARK, letter
from ..dataset.questions import fields_of_questions, questions_of
from ..dataset.sheet import Sheet, read_sheet
from ..dataset.template import TableTemplate, head_of
from ..declaration import Field, db
from ..errors import FileTooLarge, InvalidRow, Problem, RuleViolation, StaleVersion
from ..kinds import NotReadable, ThaiDate, Whole
from ..language import gettext as _
from ..models import AnswerSheet, Questionnaire
from ..thaitext import folded
from .questionnaires import keep, places_named, places_with_sheets, years_of

MOST_ROWS: Final = 500
_PORTION: Final = 500
_PLACE: Final = Field("รหัส", "Code", name="place")
_NAME: Final = Field("ชื่อ", "Name", name="name")
_VERSION: Final = Field("รุ่นของคำตอบ", "Version of the answers", name="version")
_ASKED: Final = "q."
"""Begins the column names of questions, so that a question may be called ``place``."""


class TooManyPlaces(RuleViolation):
    """A workbook of so many places nobody fills in."""

    message = "มีมากกว่า {most} แห่ง จึงทำเป็นไฟล์เดียวสำหรับกรอกไม่ได้ กรุณาให้เขตพื้นที่ดาวน์โหลดของเขตตนเอง"
    status = 422


class LineProblem(NamedTuple):
    """What is wrong in a file, at its row and column; without a letter, with the whole row."""

    row: int
    letter: str
    label: str
    message: Bilingual


class AnswersInFileWrong(RuleViolation):
    """Some row of an uploaded workbook is wrong, so none of it was saved; ``lines`` tells where."""

    message = "ไฟล์มีที่ต้องแก้ {count} แห่ง จึงยังไม่ได้บันทึกแถวใด กรุณาแก้ในไฟล์แล้วอัปโหลดอีกครั้ง"
    status = 422

    def __init__(self, lines: Sequence[LineProblem]) -> None:
        self.lines = list(lines)
        super().__init__(count=len(self.lines))


# ── To fill in ───────────────────────────────────────────────────────────────────────────────────────────


def workbook(questionnaire: Questionnaire) -> IO[bytes]:
    """A row for each of the viewer's places with its answers so far; TooManyPlaces above MOST_ROWS."""
    found = places_with_sheets(questionnaire, most=MOST_ROWS + 1)
    if len(found) > MOST_ROWS:
        raise TooManyPlaces(most=MOST_ROWS)
    fields = fields_of_questions(questions_of(questionnaire))
    made = TableTemplate(
        questionnaire.name, _columns(fields), {"place", "name", "version"}, _advice(questionnaire),
        access.viewer(), hidden={"version"},
    )  # fmt: skip
    return made.write(_line(place, sheet, fields) for place, sheet in found)


def _columns(fields: Mapping[str, Field]) -> list[Field]:
    return [
        _PLACE, _NAME, *(replace(one, name=_ASKED + code) for code, one in fields.items()), _VERSION,
    ]  # fmt: skip


def _line(place: Any, sheet: AnswerSheet | None, fields: Mapping[str, Field]) -> list[Any]:
    answers = sheet.answers if sheet is not None else {}
    values = [one.kind.read(answers.get(code)) for code, one in fields.items()]
    return [place.code, place.name, *values, str(sheet.version) if sheet is not None else None]


def _advice(questionnaire: Questionnaire) -> list[str]:
    return [
        questionnaire.name,
        _("1. กรอกคำตอบในแผ่นแรก แถวละหนึ่งแห่ง คอลัมน์ละหนึ่งข้อ ช่องหัวสีเข้มที่มีเครื่องหมาย * ต้องตอบก่อนส่ง"),
        _("2. ช่องว่างไม่ลบคำตอบที่บันทึกไว้แล้ว หากต้องการลบคำตอบ ให้แก้ที่หน้าจอ"),
        _("3. อย่าลบแถวที่ 1 ซึ่งซ่อนไว้ และอย่าแก้รหัส"),
        _("4. อัปโหลดที่หน้าแบบสอบถาม ถ้ามีแถวใดผิด ระบบบอกแถวและคอลัมน์ และยังไม่บันทึกแถวใด"),
    ]


# ── Filled in ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Saved:
    """How many places got answers from a file, and how many had the same already."""

    changed: int
    same: int


def upload(questionnaire: Questionnaire, filename: str, data: bytes, *, send: bool) -> Saved:
    """Save the answers of a filled-in workbook: every row, or none (AnswersInFileWrong).

    Empty cells leave an answer as it is. Refusals of the whole file as ``read_sheet`` has them; FileTooLarge above
    MOST_ROWS. Right, scope and window as for a single sheet.
    """
    with access.performing(Action.WRITE, "answer_sheet") as viewer:
        fields = fields_of_questions(questions_of(questionnaire))
        columns = _columns(fields)
        known = [MARK + one.name for one in columns] + [head_of(one) for one in columns]
        sheet = read_sheet(data, filename, known)
        if len(sheet.rows) > MOST_ROWS + 1:
            raise FileTooLarge(file=filename, limit=Sentence("ไม่เกิน {rows:,} แถว", rows=MOST_ROWS))
        file = _File(questionnaire, fields, sheet, columns)
        kept = [file.keep(number, cells, viewer, send=send) for number, cells in file.lines()]
        if file.problems:
            raise AnswersInFileWrong(file.problems)
        db.session.flush()
        return Saved(kept.count(True), kept.count(False))


class _File:
    """The rows of an uploaded workbook, and what is wrong with them."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        fields: Mapping[str, Field],
        sheet: Sheet,
        columns: Sequence[Field],
    ) -> None:
        self.questionnaire, self.fields, self.sheet = questionnaire, fields, sheet
        by_header = {MARK + one.name: one.name for one in columns}
        by_header |= {folded(head_of(one)): one.name for one in columns}
        headers = [by_header.get(one) or by_header.get(folded(one.rstrip(" *"))) for one in sheet.headers]
        self.at = {name: index for index, name in enumerate(headers) if name is not None}
        self.labels = {one.name: head_of(one) for one in columns}
        self.problems: list[LineProblem] = []
        codes = {self._code(cells) for _, cells in sheet.rows}
        self.places = places_named(questionnaire, codes)
        self.seen: set[str] = set()

    def lines(self) -> Iterator[tuple[int, list[Any]]]:
        """The rows below the header, without the line of labels that follows our hidden one."""
        for number, cells in self.sheet.rows:
            if not (number == self.sheet.header_row + 1 and self._code(cells).startswith(_PLACE.th)):
                yield number, cells

    def keep(self, number: int, cells: list[Any], viewer: access.Viewer, *, send: bool) -> bool:
        """Put a row's answers into its sheet; True when they change it. What is wrong is noted."""
        code = self._code(cells)
        if code in self.seen or code not in self.places:
            again = Sentence("มีรหัสนี้ในแถวอื่นของไฟล์แล้ว กรุณาลบแถวที่ซ้ำ")
            unknown = Sentence("ไม่พบรหัสนี้ในขอบเขตที่ท่านดูแล กรุณาใช้รหัสในไฟล์ที่ดาวน์โหลด")
            self._tell(number, "place", again if code in self.seen else unknown)
            return False
        self.seen.add(code)
        sheet = self.places[code]
        version = self._cell(cells, "version")
        if version is not None and str(version) != (str(sheet.version) if sheet is not None else ""):
            self._tell(number, "", StaleVersion().args[0])
            return False
        raw, wrong = self._answers(cells)
        if sheet is None:
            sheet = AnswerSheet(questionnaire_id=self.questionnaire.id, place=code, answers={})
        try:
            changed = keep(sheet, self.fields, raw, viewer, send=send)
        except InvalidRow as refusal:
            changed, wrong = False, [*wrong, *refusal.problems]
        for problem in wrong:
            self._tell(number, _ASKED + (problem.field or ""), validation.beside_its_label(problem.message))
        return changed

    def _answers(self, cells: list[Any]) -> tuple[dict[str, Any], list[Problem]]:
        raw: dict[str, Any] = {}
        wrong: list[Problem] = []
        for code, one in self.fields.items():
            if (cell := self._cell(cells, _ASKED + code)) is None:
                continue
            try:
                raw[code] = cell if isinstance(one.kind, ThaiDate) else plain(cell)
            except NotReadable as unread:
                wrong.append(Problem(code, unread.args[0]))
        return raw, wrong

    def _cell(self, cells: list[Any], name: str) -> Any:
        at = self.at.get(name)
        return cells[at] if at is not None else None

    def _code(self, cells: list[Any]) -> str:
        return str(self._cell(cells, "place") or "").strip()

    def _tell(self, number: int, name: str, message: Bilingual) -> None:
        at = self.at.get(name)
        place = letter(at) if at is not None else ""
        self.problems.append(LineProblem(number, place, self.labels.get(name, ""), message))


# ── All years ────────────────────────────────────────────────────────────────────────────────────────────


def year_heads(questionnaire: Questionnaire) -> list[str]:
    """The header of ``year_rows``."""
    asked = [
        f"{head_of(field)} {one.academic_year}"
        for _code, years in _asked_in(questionnaire)
        for one, field in years
    ]
    return [_("รหัส"), _("ชื่อ"), *asked]


def year_rows(questionnaire: Questionnaire) -> Iterator[list[Any]]:
    """The viewer's places with their answers: for each question a column a year, the newest first."""
    asked, after = _asked_in(questionnaire), ""
    ids = [one.id for one in years_of(questionnaire)]
    while found := places_with_sheets(questionnaire, after=after, most=_PORTION):
        codes = [place.code for place, _sheet in found]
        wanted = sa.select(AnswerSheet.questionnaire_id, AnswerSheet.place, AnswerSheet.answers).where(
            AnswerSheet.questionnaire_id.in_(ids), AnswerSheet.place.in_(codes)
        )
        answers = {(key, code): given for key, code, given in db.session.execute(wanted)}
        for place, _sheet in found:
            row: list[Any] = [place.code, place.name]
            for code, years in asked:
                row += [
                    _cell_of(field, answers.get((one.id, place.code), {}).get(code)) for one, field in years
                ]
            yield row
        after = codes[-1]


def _asked_in(questionnaire: Questionnaire) -> list[tuple[str, list[tuple[Questionnaire, Field]]]]:
    """Each question's code, and the years in which it was asked, each with its field."""
    asked: dict[str, list[tuple[Questionnaire, Field]]] = {}
    for one in years_of(questionnaire):
        for code, field in fields_of_questions(questions_of(one)).items():
            asked.setdefault(code, []).append((one, field))
    return [*asked.items()]


def _cell_of(field: Field, stored: Any) -> Any:
    try:
        value = field.kind.read(stored)
    except NotReadable:
        return str(stored)
    if value is None or isinstance(field.kind, Whole):
        return value  # a number that can be summed up
    return field.kind.cell(value)
