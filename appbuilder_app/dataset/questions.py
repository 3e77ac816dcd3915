"""Questions of questionnaires as fields: read, judged, shown and put into workbooks like any declared one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import g, has_app_context

from .. import kinds
from ..bilingual import Label, Sentence
from ..codes import QuestionKind
from ..declaration import Field, db
from ..models import AnswerSheet, Question, Questionnaire


def questions_of(questionnaire: Questionnaire) -> Sequence[Question]:
    """The questions in their order."""
    wanted = sa.select(Question).filter_by(questionnaire_id=questionnaire.id)
    return db.session.scalars(wanted.order_by(Question.position, Question.id)).all()


def fields_of_questions(questions: Iterable[Question]) -> dict[str, Field]:
    """Each question as a field, by its code."""
    return {question.code: _field(question) for question in questions}


def sections_of(questions: Iterable[Question]) -> list[tuple[str, list[str]]]:
    """Sections in the order of their first question, each with the codes of its questions."""
    sections: dict[str, list[str]] = {}
    for question in questions:
        sections.setdefault(question.section, []).append(question.code)
    return [*sections.items()]


def shown(declared: Field, stored: Any) -> str:
    """An answer as it is stored, for people; one that its question no longer takes, as it is."""
    try:
        return declared.kind.show(declared.kind.read(stored))
    except kinds.NotReadable:
        return str(stored)


def _field(question: Question) -> Field:
    return Field(
        th=question.text,
        en=question.english or question.text,
        name=question.code,
        kind=_kind(question),
        required=question.required,
        minimum=question.minimum,
        maximum=question.maximum,
        length=_LENGTHS.get(question.kind),
        unit=_unit(question),
        hint=question.hint or "",
    )


def _unit(question: Question) -> str:
    if question.unit:
        return Label(question.unit, question.unit)
    return Sentence("บาท") if question.kind is QuestionKind.MONEY else ""


def _kind(question: Question) -> kinds.Kind:
    if question.kind is QuestionKind.CHOICE:
        lines = (" ".join(line.split()) for line in (question.choices or "").splitlines())
        return kinds.Choice(tuple(line for line in lines if line))
    return _KINDS[question.kind]()


_KINDS: dict[QuestionKind, type[kinds.Kind]] = {
    QuestionKind.TEXT: kinds.Kind,
    QuestionKind.MEMO: kinds.Memo,
    QuestionKind.WHOLE: kinds.Whole,
    QuestionKind.NUMBER: kinds.Number,
    QuestionKind.MONEY: kinds.Number,
    QuestionKind.FLAG: kinds.Flag,
    QuestionKind.DATE: kinds.ThaiDate,
}
_LENGTHS = {QuestionKind.TEXT: 500, QuestionKind.MEMO: 5_000}

# ── The history of a sheet, question by question ─────────────────────────────────────────────────────────

_KNOWN = "questions_by_sheet"


def remember_questions(sheet_keys: Iterable[str]) -> None:
    """Look the questions of these sheets up, in two statements, for ``differing`` within this request."""
    ids = [int(key) for key in sheet_keys if key.isdigit()]
    if not ids or not has_app_context():
        return
    sheets = sa.select(AnswerSheet.id, AnswerSheet.questionnaire_id).where(AnswerSheet.id.in_(ids))
    by_sheet: dict[int, int] = {sheet.id: sheet.questionnaire_id for sheet in db.session.execute(sheets)}
    wanted = sa.select(Question).where(Question.questionnaire_id.in_(set(by_sheet.values())))
    asked: dict[int, list[Question]] = {}
    for question in db.session.scalars(wanted.order_by(Question.position, Question.id)):
        asked.setdefault(question.questionnaire_id, []).append(question)
    fields = {key: fields_of_questions(questions) for key, questions in asked.items()}
    known: dict[str, dict[str, Field]] = g.setdefault(_KNOWN, {})
    known |= {str(sheet): fields.get(questionnaire, {}) for sheet, questionnaire in by_sheet.items()}


def differing(
    sheet_key: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> Iterator[tuple[str, str, str]]:
    """Question, answer before, answer after; of questions that are gone, their code."""
    known: dict[str, dict[str, Field]] = g.get(_KNOWN, {})
    if sheet_key not in known:
        remember_questions([sheet_key])
        known = g.get(_KNOWN, {})
    fields = known.get(sheet_key, {})
    was, now = before or {}, after or {}
    for code in [*(code for code in fields), *(code for code in {**was, **now} if code not in fields)]:
        if was.get(code) != now.get(code):
            field = fields.get(code) or Field(code, code)
            yield field.th, shown(field, was.get(code)), shown(field, now.get(code))
