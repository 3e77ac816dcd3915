"""Questionnaires: what central asks of schools or areas without code, and the sheets of answers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .. import kinds, rules
from ..access import CENTRE
from ..bilingual import Sentence
from ..codes import Answerer, QuestionKind, SheetState
from ..declaration import Base, BigId, Dataset, Group, Json, Menus, Private, Scoped, Versioned, field
from ..errors import (
    QuestionnaireAnswered,
    QuestionnaireEmpty,
    QuestionnaireNotOpen,
    QuestionnairePublished,
    QuestionOfAnotherKind,
)
from ..thaidate import thai_datetime
from .places import Area, School


class Questionnaire(Scoped, Versioned, Base):
    """A questionnaire of one academic year; the same ``code`` in other years is the same questionnaire again."""

    __tablename__ = "questionnaire"
    __dataset__ = Dataset(
        "แบบสอบถาม", "Questionnaires", menu=Menus.SURVEYS, key=("code", "academic_year"),
        listed=("name", "academic_year", "answerer", "opens_at", "closes_at", "published", "code"),
        order=("academic_year", "code", "id"), title=("name", "academic_year"), shared=True,
        rules=(rules.code_is_a_name, rules.opens_before_closing),
        rights={"central_officer": "read write import export"}, icon="clipboard-list",
    )  # fmt: skip
    __table_args__ = (sa.UniqueConstraint("code", "academic_year"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = field(
        "รหัสแบบสอบถาม", sa.String(40), en="Code", hint="เช่น efa ใช้รหัสเดิมทุกปีเพื่อเทียบข้ามปี",
        hint_en="for example efa; the same every year, to compare years",
    )  # fmt: skip
    academic_year: Mapped[int] = field(
        "ปีการศึกษา", en="Academic year", kind=kinds.BuddhistYear(), filtered=True
    )
    name: Mapped[str] = field("ชื่อแบบสอบถาม", sa.String(160), en="Name", searched=True)
    introduction: Mapped[str | None] = field("คำชี้แจง", sa.Text, en="Introduction")
    answerer: Mapped[Answerer] = field("ผู้ตอบ", en="Answered by", default=Answerer.SCHOOL, filtered=True)
    opens_at: Mapped[dt.datetime] = field("เปิดรับคำตอบ", en="Opens")
    closes_at: Mapped[dt.datetime] = field("ปิดรับคำตอบ", en="Closes")
    source: Mapped[str | None] = field("หนังสือที่กำหนด", sa.String(200), en="Letter")
    published: Mapped[bool] = field(
        "เผยแพร่แล้ว", en="Published", default=False, server_default=sa.false(), filtered=True,
        hint="เมื่อเผยแพร่แล้ว คำถามจะแก้ไขไม่ได้", hint_en="Once published, its questions stay as they are",
    )  # fmt: skip

    def owner_scope(self, connection: sa.Connection) -> str:
        return CENTRE

    def guard(self, connection: sa.Connection) -> None:
        """A questionnaire that somebody has answered stays published, and stays the same questionnaire.

        One that is published has questions, each of the kind that its code has in other years.
        """
        before = _found(connection, self.id, _ALONE)
        if before is None:
            return
        fixed = ("published", "code", "academic_year", "answerer")
        if before.published and any(getattr(before, name) != getattr(self, name) for name in fixed):
            _must_be_unanswered(connection, self)
        if self.published and (not before.published or before.code != self.code):
            _must_be_ready(connection, self)

    def __repr__(self) -> str:
        return self.name


class Question(Scoped, Versioned, Base):
    """A question. Its code names the answer in every year: within one questionnaire's code its kind stays."""

    __tablename__ = "question"
    __dataset__ = Dataset(
        "คำถาม", "Questions", menu=Menus.SURVEYS, key=("questionnaire_id", "code"),
        listed=("questionnaire_id", "position", "section", "text", "kind", "required", "code"),
        order=("questionnaire_id", "position", "id"), title=("text",), shared=True,
        groups=(Group("question", "คำถาม", "Question"), Group("answer", "คำตอบ", "Answer")),
        rules=(rules.code_is_a_name, rules.question_is_sound),
        rights={"central_officer": "read write import export"}, icon="list-checks",
    )  # fmt: skip
    __table_args__ = (
        sa.UniqueConstraint("questionnaire_id", "code"),
        sa.Index("ix_question_order", "questionnaire_id", "position", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    questionnaire_id: Mapped[int] = field(
        "แบบสอบถาม", sa.ForeignKey("questionnaire.id"), en="Questionnaire", filtered=True
    )
    position: Mapped[int] = field("ลำดับ", en="Position", minimum=1, maximum=999)
    section: Mapped[str] = field("ส่วน", sa.String(120), en="Section", default="คำถาม")
    code: Mapped[str] = field("รหัสคำถาม", sa.String(40), en="Code", hint="ใช้รหัสเดิมทุกปีเพื่อเทียบข้ามปี")
    text: Mapped[str] = field("คำถาม", sa.String(300), en="Question", searched=True)
    english: Mapped[str | None] = field("คำถามภาษาอังกฤษ", sa.String(300), en="Question in English")
    hint: Mapped[str | None] = field("คำอธิบาย", sa.String(300), en="Hint")
    kind: Mapped[QuestionKind] = field("ชนิดคำตอบ", en="Kind of answer", group="answer")
    required: Mapped[bool] = field(
        "ต้องตอบ", en="Required", group="answer", default=False, server_default=sa.false()
    )
    unit: Mapped[str | None] = field("หน่วย", sa.String(20), en="Unit", group="answer")
    minimum: Mapped[Decimal | None] = field("ค่าต่ำสุด", sa.Numeric(14, 2), en="Minimum", group="answer")
    maximum: Mapped[Decimal | None] = field("ค่าสูงสุด", sa.Numeric(14, 2), en="Maximum", group="answer")
    choices: Mapped[str | None] = field(
        "ตัวเลือก", sa.Text, en="Choices", group="answer", hint="บรรทัดละหนึ่งข้อ", hint_en="one a line"
    )

    def owner_scope(self, connection: sa.Connection) -> str:
        return CENTRE

    def guard(self, connection: sa.Connection) -> None:
        """Answers mean what was asked: a published questionnaire's questions stay, and a code's kind in every year."""
        table = Question.__table__
        before = connection.scalar(sa.select(table.c.questionnaire_id).where(table.c.id == self.id))
        for key in {self.questionnaire_id, before or self.questionnaire_id}:
            asked = _found(connection, key, _TOGETHER)
            if asked is None:
                continue  # the reference itself is refused, at its field
            if asked.published:
                raise QuestionnairePublished(name=asked.name)
            _must_be_of_its_kind(connection, self.code, self.kind, asked)

    def __repr__(self) -> str:
        return self.text


class AnswerSheet(Private, Versioned, Base):
    """What one school or area has answered; ``answers`` by the questions' codes, as the history has them."""

    __tablename__ = "answer_sheet"
    __dataset__ = Dataset(
        "คำตอบแบบสอบถาม", "Answer sheets", menu=Menus.SURVEYS, key=("questionnaire_id", "place"),
        listed=("questionnaire_id", "place", "state", "sent_at", "sent_by"), order=("questionnaire_id", "place", "id"),
        title=("place",), managed=True, icon="clipboard-check",
        rights={"administrator": "read export"},
    )  # fmt: skip
    __table_args__ = (
        sa.UniqueConstraint("questionnaire_id", "place"),
        sa.Index("ix_answer_sheet_scope", "scope", "questionnaire_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    questionnaire_id: Mapped[int] = field(
        "แบบสอบถาม", sa.ForeignKey("questionnaire.id"), en="Questionnaire", filtered=True
    )
    place: Mapped[str] = field("รหัสโรงเรียนหรือเขต", sa.String(8), en="School or area", searched=True)
    state: Mapped[SheetState] = field("สถานะคำตอบ", en="State", default=SheetState.DRAFT, filtered=True)
    sent_at: Mapped[dt.datetime | None] = field("ส่งเมื่อ", en="Sent at")
    sent_by: Mapped[str | None] = field("ผู้ส่ง", sa.String(160), en="Sent by")
    answers: Mapped[dict[str, Any]] = field(
        "คำตอบ", Json, en="Answers", kind=kinds.Answers(), editable=False, nullable=False, default=dict
    )

    def owner_scope(self, connection: sa.Connection) -> str:
        asked = _found(connection, self.questionnaire_id)
        table = Area.__table__ if asked is not None and asked.answerer is Answerer.AREA else School.__table__
        scope = connection.scalar(sa.select(table.c.scope).where(table.c.code == self.place))
        return scope or rules.refuse_unknown_school(self.place)

    def guard(self, connection: sa.Connection) -> None:
        """Answers are written while their questionnaire is open; who is late is told until when it was."""
        asked = _found(connection, self.questionnaire_id, _TOGETHER)
        now = dt.datetime.now(dt.UTC)
        if asked is None or not asked.published:
            raise QuestionnaireNotOpen(name=asked.name if asked else "", when=Sentence("ยังไม่เผยแพร่"))
        if now < asked.opens_at:
            when = Sentence("เปิดรับคำตอบ {at}", at=thai_datetime(asked.opens_at))
            raise QuestionnaireNotOpen(name=asked.name, when=when)
        if now >= asked.closes_at:
            when = Sentence("ปิดรับคำตอบแล้วเมื่อ {at}", at=thai_datetime(asked.closes_at))
            raise QuestionnaireNotOpen(name=asked.name, when=when)


# Who answers, or writes a question, holds the questionnaire together with others; who publishes, closes or takes
# it back, alone, and so waits for what is being written under it. Not FOR SHARE: a school may read the row but
# not write it, and PostgreSQL's row-level security hides from such a lock what may not be written.
_TOGETHER, _ALONE = "pg_advisory_xact_lock_shared", "pg_advisory_xact_lock"
_HOLDING = 7_301
"""Names these locks among the database's others."""


def _found(connection: sa.Connection, key: int | None, held: str = "") -> Any:
    """A questionnaire as it is committed, held until the transaction ends; None when there is none."""
    if key is None:
        return None
    if held and connection.dialect.name == "postgresql":  # on SQLite only one writes at a time
        connection.execute(sa.select(getattr(sa.func, held)(_HOLDING, key)))
    table = Questionnaire.__table__
    return connection.execute(sa.select(table).where(table.c.id == key)).one_or_none()


def _must_be_ready(connection: sa.Connection, questionnaire: Questionnaire) -> None:
    """Questions may have been written for two years at once, before either was published."""
    mine = sa.select(Question.__table__).where(Question.__table__.c.questionnaire_id == questionnaire.id)
    questions = connection.execute(mine).all()
    if not questions:
        raise QuestionnaireEmpty(name=questionnaire.name)
    for question in questions:
        _must_be_of_its_kind(connection, question.code, question.kind, questionnaire)


def _must_be_unanswered(connection: sa.Connection, questionnaire: Questionnaire) -> None:
    sheets = AnswerSheet.__table__
    answered = sa.select(sa.func.count()).where(sheets.c.questionnaire_id == questionnaire.id)
    if count := connection.scalar(answered):
        raise QuestionnaireAnswered(name=questionnaire.name, count=count)


def _must_be_of_its_kind(connection: sa.Connection, code: str, kind: QuestionKind, asked: Any) -> None:
    questions, questionnaires = Question.__table__, Questionnaire.__table__
    before = (
        sa.select(questions.c.kind, questionnaires.c.academic_year)
        .join(questionnaires, questionnaires.c.id == questions.c.questionnaire_id)
        .where(
            questionnaires.c.code == asked.code,
            questionnaires.c.id != asked.id,
            questionnaires.c.published,
            questions.c.code == code,
            questions.c.kind != kind,
        )
    )
    other = connection.execute(before.limit(1)).one_or_none()
    if other is not None:
        raise QuestionOfAnotherKind(code=code, kind=other.kind.th, year=other.academic_year)
