"""Rules of questionnaires and their questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..codes import QuestionKind
from ..errors import Problem

NUMERIC = {QuestionKind.WHOLE, QuestionKind.NUMBER, QuestionKind.MONEY}


def code_is_a_name(row: Mapping[str, Any]) -> Iterator[Problem]:
    """Codes head the columns of files and join the years: Latin letters, digits and ``_``."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", row.get("code") or ""):
        yield Problem("code", "รหัสต้องเป็นอักษรอังกฤษตัวเล็ก ตัวเลข หรือ _ และขึ้นต้นด้วยตัวอักษร")


def opens_before_closing(row: Mapping[str, Any]) -> Iterator[Problem]:
    """A questionnaire closes after it opens."""
    opens, closes = row.get("opens_at"), row.get("closes_at")
    if opens and closes and closes <= opens:
        yield Problem("closes_at", "เวลาปิดรับคำตอบต้องอยู่หลังเวลาเปิด กรุณาแก้ไข")


def question_is_sound(row: Mapping[str, Any]) -> Iterator[Problem]:
    """Bounds belong to numbers and lie in order; a choice has at least two things to choose from."""
    least, most, kind = row.get("minimum"), row.get("maximum"), row.get("kind")
    if kind not in NUMERIC and (least is not None or most is not None):
        yield Problem("minimum", "ค่าต่ำสุดและสูงสุดใช้กับคำตอบที่เป็นตัวเลขเท่านั้น กรุณาลบออก")
    elif least is not None and most is not None and most < least:
        yield Problem("maximum", "ค่าสูงสุดต้องไม่น้อยกว่าค่าต่ำสุด กรุณาแก้ไข")
    lines = [line.strip() for line in (row.get("choices") or "").splitlines() if line.strip()]
    if kind is QuestionKind.CHOICE and len(lines) < 2:
        yield Problem("choices", "คำถามแบบเลือกต้องมีตัวเลือกอย่างน้อยสองข้อ บรรทัดละหนึ่งข้อ")
    elif kind is not QuestionKind.CHOICE and lines:
        yield Problem("choices", "ตัวเลือกใช้กับคำถามแบบเลือกเท่านั้น กรุณาลบออก")
    elif len(set(lines)) != len(lines):
        yield Problem("choices", "มีตัวเลือกซ้ำกัน กรุณาแก้ไข")
