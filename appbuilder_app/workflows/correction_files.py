"""The form for corrections of IDs that used to be mailed (R50): made, and taken in row by row as requests.

No copy of the mailed form was found, so its columns are [assumed]: what a reader of it needs, under the names that
such tables have. Other spellings are taken too; what a file does not say is asked for, nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any, Final, NamedTuple

import sqlalchemy as sa

from .. import identity
from ..bilingual import Bilingual, Sentence
from ..dataset.export import write_xlsx
from ..dataset.sheet import read_sheet
from ..declaration import db
from ..errors import FileTooLarge, NoHeaderRow, RuleViolation
from ..models import School, Student
from ..thaitext import folded
from . import number_requests

MOST_ROWS: Final = 500
COLUMNS: Final = {
    "school_code": ("รหัสโรงเรียน", "รหัสโรงเรียน 8 หลัก", "รหัส SMIS"),
    "school": ("ชื่อโรงเรียน", "โรงเรียน"),
    "grade": ("ชั้น",),
    "student_number": ("เลขประจำตัวนักเรียน",),
    "first_name": ("ชื่อ", "ชื่อนักเรียน"),
    "last_name": ("นามสกุล", "ชื่อสกุล"),
    "old": ("เลขประจำตัวประชาชนเดิม (ที่ผิด)", "เลขประจำตัวประชาชนเดิม", "เลขเดิม", "เลขที่ผิด", "เลขประจำตัวประชาชนที่ผิด"),
    "new": ("เลขประจำตัวประชาชนที่ถูกต้อง", "เลขที่ถูกต้อง", "เลขใหม่", "เลขประจำตัวประชาชนใหม่"),
    "reason": ("เหตุผล", "สาเหตุ", "หมายเหตุ"),
    "contact": ("ผู้แจ้ง", "ชื่อผู้แจ้ง", "เจ้าหน้าที่"),
    "phone": ("โทรศัพท์", "เบอร์โทรศัพท์", "เบอร์โทร"),
}
_NEEDED: Final = ("old", "new")


class NoSuchStudent(RuleViolation):
    """The row's old number and school name no student that the viewer looks after."""

    message = "ไม่พบนักเรียนที่ใช้เลขเดิมนี้ในโรงเรียนที่ท่านดูแล กรุณาตรวจเลขเดิมและรหัสโรงเรียน"
    status = 404


class SeveralStudents(RuleViolation):
    """Two schools of the viewer have the number: the row has to say which is meant."""

    message = "มีนักเรียนที่ใช้เลขเดิมนี้มากกว่าหนึ่งคน กรุณาระบุรหัสโรงเรียนในแถวนี้"
    status = 409


class AnotherName(RuleViolation):
    """The row's name is not the student's: one of the two numbers belongs to somebody else."""

    message = "ชื่อในไฟล์ไม่ตรงกับนักเรียนที่ใช้เลขเดิมนี้ กรุณาตรวจว่าเป็นนักเรียนคนเดียวกัน"
    status = 409


class Row(NamedTuple):
    """What became of a row: the request that was opened, or what refused it."""

    number: int
    name: str
    old: str
    new: str
    request_id: int | None
    refusal: Bilingual | None


def workbook() -> IO[bytes]:
    """An empty form to be filled in."""
    return write_xlsx([names[0] for names in COLUMNS.values()], [], "แบบแก้ไขเลข")


def take_in(data: bytes, filename: str) -> list[Row]:
    """Open a request for each row of a filled-in form; each row stands or falls by itself and is committed.

    The documents follow: a request without one is not approved. FileTooLarge above MOST_ROWS, NoHeaderRow
    where the old or the new number has no column.
    """
    known = [name for names in COLUMNS.values() for name in names]
    sheet = read_sheet(data, filename, known)
    places = {field: at for at, head in enumerate(sheet.headers) if (field := _field_of(head)) is not None}
    if missing := [COLUMNS[field][0] for field in _NEEDED if field not in places]:
        raise NoHeaderRow(rows=10, file=filename[:80], labels=", ".join(missing))
    if len(sheet.rows) > MOST_ROWS:
        raise FileTooLarge(file=filename[:80], limit=Sentence("{most} แถว", most=MOST_ROWS))
    return [*_taken(sheet.rows, places)]


def _field_of(head: str) -> str | None:
    return next((f for f, names in COLUMNS.items() if folded(head) in map(folded, names)), None)


def _taken(rows: Any, places: Mapping[str, int]) -> Iterator[Row]:
    for number, cells in rows:
        told = {field: cells[at] for field, at in places.items()}
        said = {field: str(value if value is not None else "").strip() for field, value in told.items()}
        if not any(said.values()):
            continue
        # A spreadsheet takes the leading zero of a number away; it is put back where the check digit says so.
        old, new = (identity.normalise_identity(told[one], restore_zeros=True) for one in _NEEDED)
        request_id, refusal = None, None
        try:
            request_id = _ask(said, old, new)
            db.session.commit()
        except RuleViolation as refused:
            db.session.rollback()
            refusal = refused.args[0]
        name = f"{said.get('first_name', '')} {said.get('last_name', '')}".strip()
        yield Row(number, name, identity.mask_identity(old), identity.mask_identity(new), request_id, refusal)


def _ask(said: Mapping[str, str], old: str, new: str) -> int:
    student = _student(said, old)
    contact = " ".join(filter(None, (said.get("contact"), said.get("phone"))))
    reason = said.get("reason") or str(Sentence("ตามแบบขอแก้ไขเลขประจำตัวประชาชน"))
    return number_requests.ask_correction(student.id, new, reason, (), contact)


def _student(said: Mapping[str, str], old: str) -> Student:
    query = sa.select(Student).where(Student.national_id == old).limit(2)
    if code := said.get("school_code"):
        query = query.where(Student.school_code.in_(sa.select(School.code).where(School.code == code[:8])))
    found = db.session.scalars(query).all()
    if not found:
        raise NoSuchStudent
    if len(found) > 1:
        raise SeveralStudents
    student = found[0]
    for field in ("first_name", "last_name"):
        if said.get(field) and folded(said[field]) != folded(getattr(student, field)):
            raise AnotherName
    return student
