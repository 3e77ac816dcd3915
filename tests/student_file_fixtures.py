"""Student files for tests: one good line by default, written as xlsx by another library, or as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

from appbuilder_app.demo.national_file import HEADER, NEWER_COLUMNS
from appbuilder_app.thaitext import tidy
from tests.app_fixtures import SCHOOL, national_id

SPECIMEN = Path(__file__).parent / "files" / "2568-1-student.xlsx"
TITLE = "วันและเวลาที่สร้างรายงาน 10/06/2569 02:00:13"
NEWEST = (*HEADER, *NEWER_COLUMNS)
NATIONAL_ID = 2
"""Position of the mis-labelled column."""

_NUMBERED = list(HEADER)
_NUMBERED[NATIONAL_ID] = "เลขประจำตัวประชาชน"


def line(number: int = 900, header: Sequence[str] = HEADER, **changed: Any) -> list[Any]:
    """A pupil as the national file writes them; ``changed`` by label, and ID for the mis-labelled column."""
    boy = number % 2 == 0
    cells = {
        "รหัสโรงเรียน": SCHOOL, "ชื่อโรงเรียน": "บ้านหนองตัวอย่าง", "เลขประจำตัวประชาชน": national_id(number),
        "ชั้น": "ป.6", "ห้อง": "1", "เลขประจำตัวนักเรียน": f"{number:05d}", "เพศ": "ช" if boy else "ญ",
        "คำนำหน้าชื่อ": "เด็กชาย" if boy else "เด็กหญิง", "ชื่อ": f"ชื่อ{number}", "นามสกุล": "ทดสอบ",
        "วันเกิด": "01/08/2557", "อายุ(ปี)": 11, "น้ำหนัก": 33, "ส่วนสูง": 141, "เชื้อชาติ": "ไทย", "สัญชาติ": "ไทย",
    }  # fmt: skip
    # tidy: Python itself takes sara am apart in the names of keywords.
    cells |= {"เลขประจำตัวประชาชน" if label == "ID" else tidy(label): cell for label, cell in changed.items()}
    labels = [*_NUMBERED, *header[len(HEADER) :]]
    return [cells.get(label, "-") for label in labels]


def xlsx(*rows: Sequence[Any], header: Sequence[str | None] = HEADER, title: str | None = TITLE) -> bytes:
    """A workbook of a title (unless None), the labels and these lines."""
    workbook = openpyxl.Workbook()
    for row in ([title], header, *rows) if title else (header, *rows):
        workbook.active.append(list(row))
    for cell in (cell for row in workbook.active for cell in row if cell.data_type == "f"):
        cell.data_type = "s"
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def text(*rows: Sequence[Any], header: Sequence[str] = HEADER, encoding: str = "utf-8-sig") -> bytes:
    """The same as CSV."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([header, *rows])
    return buffer.getvalue().encode(encoding)


def turned(rows: Sequence[Sequence[Any]], order: Sequence[int]) -> list[list[Any]]:
    """Rows with their columns in another order."""
    return [[row[at] for at in order] for row in rows]
