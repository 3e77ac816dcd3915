"""Verbs that take a whole file: movements in a workbook, the form of corrected IDs, the growth reference (§1.6, §2.6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ... import kinds
from ...access import Action
from ...bilingual import Sentence
from ...errors import InvalidRow, Problem
from ...kinds import Kind
from .. import correction_files, movement_files, movements, nutrition, requests
from ..requests import Evidence
from .declaring import Listed, Verb, answered, given

_ROWS: Final = answered("problems", "แถวที่ทำไม่ได้", "Rows that cannot be done", Listed("object"))
_ONE_FILE: Final = Sentence("กรุณาส่งครั้งละหนึ่งไฟล์")


def _only(evidence: Sequence[Evidence]) -> Evidence:
    if len(evidence) != 1:
        raise InvalidRow([Problem("evidence", _ONE_FILE)])
    return evidence[0]


def _move(evidence: Sequence[Evidence], commit: bool = False) -> dict[str, Any]:
    file = _only(evidence)
    return movement_files.take_in(file.filename, file.data, and_commit=commit)._asdict()


def _correct(evidence: Sequence[Evidence]) -> dict[str, Any]:
    file = _only(evidence)
    rows = correction_files.take_in(file.data, file.filename)
    refused = [{"row": one.number, "message": str(one.refusal)} for one in rows if one.refusal is not None]
    return {"requests": [one.request_id for one in rows if one.request_id is not None], _ROWS.name: refused}


def _refer(evidence: Sequence[Evidence], edition: str, source: str, synthetic: bool = False) -> int:
    made = nutrition.import_reference(_only(evidence).data, edition, source, synthetic=synthetic)
    return made.id


VERBS: Final = (
    Verb(
        "take_in_file", "ทำตามไฟล์การเคลื่อนย้าย", "Do the movements of a workbook", "movement",
        ((Action.MOVE, movements.SUBJECT),), _move,
        (given("commit", "บันทึกทุกแถว หรือไม่บันทึกเลยถ้ามีแถวที่ผิด (ไม่ส่งคือตรวจอย่างเดียว)",
               "Do all rows, or none if one is wrong (none: only check)", kinds.Flag(), needed=False),),
        gives=(answered("batch", "เลขไฟล์", "Number of the file"),
               answered("state", "สถานะ", "State", Kind()),
               answered("new", "แถวที่ทำได้", "Rows that can be done"),
               answered("same", "แถวว่าง", "Rows that ask for nothing"),
               answered("wrong", "แถวที่ผิด", "Rows that are wrong"),
               answered("failure", "เหตุที่อ่านไฟล์ไม่ได้", "Why the file cannot be read", Kind()), _ROWS),
        keyed=False, papers="ไฟล์การเคลื่อนย้ายนักเรียน", needs_papers=True,
    ),
    Verb(
        "take_in_corrections", "ยื่นคำขอแก้ไขเลขจากแบบทั้งไฟล์", "Ask for the corrections of a filled-in form", "request",
        ((Action.WRITE, requests.SUBJECT),), _correct,
        gives=(answered("requests", "เลขคำขอ", "Numbers of the requests", Listed("integer")), _ROWS),
        keyed=False, papers="แบบขอแก้ไขเลขประจำตัวประชาชน", needs_papers=True,
    ),
    Verb(
        "import_reference", "นำเข้าเกณฑ์การเจริญเติบโต", "Import a growth reference", nutrition.SUBJECT,
        ((Action.MANAGE, nutrition.SUBJECT),), _refer,
        (given("edition", "ฉบับ", "Edition", length=120), given("source", "ที่มา", "Source", length=300),
         given("synthetic", "เป็นค่าสมมติ", "Invented", kinds.Flag(), needed=False)),
        gives=(answered("edition", "เลขฉบับ", "Number of the edition"),),
        keyed=False, papers="ตารางเกณฑ์ (CSV)", needs_papers=True,
    ),
)  # fmt: skip
