"""The demo's questionnaire: a technology survey that the centre has published and some schools have answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Any, Final

import sqlalchemy as sa

from .. import access
from ..codes import QuestionKind
from ..dataset import lock
from ..declaration import db
from ..models import Account, Question, Questionnaire
from ..security import viewer_of
from ..workflows import questionnaires
from .calendar import DAYS_OPEN, SOURCE
from .schools import School

CODE: Final = "technology"
_PATH: Final = "setup"
_SENT, _DRAFTS = 12, 4

_QUESTIONS: Final[tuple[tuple[str, str, str, QuestionKind, dict[str, Any]], ...]] = (
    ("อุปกรณ์", "computers_learning", "คอมพิวเตอร์สำหรับการเรียนการสอนที่ใช้งานได้", QuestionKind.WHOLE,
     {"required": True, "unit": "เครื่อง", "minimum": 0, "maximum": 2000}),
    ("อุปกรณ์", "tablets", "แท็บเล็ตสำหรับนักเรียนที่ใช้งานได้", QuestionKind.WHOLE,
     {"required": True, "unit": "เครื่อง", "minimum": 0, "maximum": 5000}),
    ("อุปกรณ์", "smart_tv", "ห้องเรียนที่มีจอแสดงภาพ", QuestionKind.WHOLE, {"unit": "ห้อง", "minimum": 0, "maximum": 300}),
    ("อินเทอร์เน็ต", "internet", "มีอินเทอร์เน็ตใช้ในการเรียนการสอน", QuestionKind.FLAG, {"required": True}),
    ("อินเทอร์เน็ต", "signal", "ชนิดสัญญาณหลัก", QuestionKind.CHOICE,
     {"choices": "ใยแก้วนำแสง\nโครงข่ายโทรศัพท์เคลื่อนที่\nดาวเทียม\nไม่มี"}),
    ("อินเทอร์เน็ต", "monthly_cost", "ค่าบริการอินเทอร์เน็ตต่อเดือน", QuestionKind.MONEY, {"minimum": 0, "maximum": 100000}),
    ("ปัญหาและข้อเสนอ", "checked_on", "ตรวจสอบอุปกรณ์ครั้งล่าสุดเมื่อ", QuestionKind.DATE, {"hint": "วว/ดด/พ.ศ."}),
    ("ปัญหาและข้อเสนอ", "remarks", "ปัญหาที่พบและสิ่งที่ต้องการ", QuestionKind.MEMO, {}),
)  # fmt: skip


def publish(schools: Sequence[School], academic_year: int, seed: int) -> None:
    """Published by the centre; some schools have sent their answers, some have begun, the first two have not."""
    with access.acting_as(_viewer_named("central"), through=_PATH):
        survey = _made(academic_year)
        questionnaires.publish(survey, True)
    draw = Random(f"{seed} survey")  # noqa: S311 - invented figures
    with access.acting_as(_viewer_named("district"), through=_PATH):
        for at, school in enumerate(schools[2 : 2 + _SENT + _DRAFTS]):
            sent = at < _SENT
            answers = _answers(draw)
            given = answers if sent else dict(list(answers.items())[:2])
            questionnaires.answer(survey, school.code, given, send=sent)


def _made(academic_year: int) -> Questionnaire:
    now = lock.now()
    made = Questionnaire(
        code=CODE, academic_year=academic_year, name="แบบสำรวจเทคโนโลยีเพื่อการศึกษา",
        introduction="ตอบตามสภาพจริงในวันที่ตอบ หากไม่มีอุปกรณ์ให้ใส่ 0", source=SOURCE,
        opens_at=now - dt.timedelta(days=5), closes_at=now + dt.timedelta(days=DAYS_OPEN),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    for position, (section, code, text, kind, more) in enumerate(_QUESTIONS, 1):
        asked = {"section": section, "code": code, "text": text, "kind": kind}
        db.session.add(Question(questionnaire_id=made.id, position=position, **asked, **more))
    db.session.flush()
    return made


def _answers(draw: Random) -> dict[str, Any]:
    return {
        "computers_learning": draw.randint(4, 45),
        "tablets": draw.choice([0, 0, 10, 20, 40]),
        "smart_tv": draw.randint(1, 12),
        "internet": True,
        "signal": draw.choice(["ใยแก้วนำแสง", "ใยแก้วนำแสง", "โครงข่ายโทรศัพท์เคลื่อนที่"]),
        "monthly_cost": draw.choice([590, 799, 1200]),
    }


def _viewer_named(username: str) -> access.Viewer:
    return viewer_of(db.session.scalars(sa.select(Account).filter_by(username=username)).one())
