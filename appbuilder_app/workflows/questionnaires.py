"""Answering questionnaires: who is asked what, drafts and sending, how far everybody is, and other years."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .. import access, kinds
from ..access import Action, Level, Viewer
from ..bilingual import Sentence
from ..codes import Answerer, SchoolStatus, SheetState
from ..dataset import lock, validation
from ..dataset import scope as scope_wall
from ..dataset.questions import fields_of_questions, questions_of
from ..declaration import Field, db
from ..errors import AnswersMissing, InvalidRow, NoSuchQuestionnaire, NotYours, Problem, StaleVersion
from ..models import AnswerSheet, Area, Question, Questionnaire, School
from ..walls import SetWork, set_based

_SHEET = AnswerSheet.__table__
_SHOWN = 100
_PLACES: dict[Answerer, tuple[Any, Level]] = {
    Answerer.SCHOOL: (School, Level.SCHOOL),
    Answerer.AREA: (Area, Level.DISTRICT),
}

# ── Who is asked ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Asked:
    """A published questionnaire as one place meets it: its sheet, if begun, and why it takes no answers now."""

    questionnaire: Questionnaire
    sheet: AnswerSheet | None
    refusal: Sentence | None


def asked_of_me() -> list[Asked]:
    """The published questionnaires that the viewer's own school or area answers, the most urgent first."""
    viewer = access.viewer()
    viewer.require(Action.READ, "answer_sheet")
    answerer = {Level.SCHOOL: Answerer.SCHOOL, Level.DISTRICT: Answerer.AREA}.get(viewer.level)
    if answerer is None:
        return []
    found = _latest(sa.select(Questionnaire).filter_by(published=True, answerer=answerer))
    wanted = sa.select(AnswerSheet).where(
        AnswerSheet.place == viewer.scope.rpartition("/")[2],
        AnswerSheet.questionnaire_id.in_([one.id for one in found]),
    )
    sheets = {sheet.questionnaire_id: sheet for sheet in db.session.scalars(wanted)}
    return [Asked(one, sheets.get(one.id), not_open(one)) for one in found]


def watched_by_me() -> Sequence[Questionnaire]:
    """The published questionnaires that places below the viewer answer, those open now first."""
    viewer = access.viewer()
    viewer.require(Action.READ, "answer_sheet")
    below = {Level.DISTRICT: [Answerer.SCHOOL], Level.CENTRAL: [*Answerer]}.get(viewer.level, [])
    wanted = sa.select(Questionnaire).where(Questionnaire.published, Questionnaire.answerer.in_(below))
    return _latest(wanted)


def _latest(wanted: Any) -> Sequence[Questionnaire]:
    found: Sequence[Questionnaire] = db.session.scalars(
        wanted.order_by(Questionnaire.closes_at.desc()).limit(_SHOWN)
    ).all()
    running = [one for one in found if not_open(one) is None]
    return [*reversed(running), *(one for one in found if one not in running)]


def not_open(questionnaire: Questionnaire) -> Sentence | None:
    """Why a questionnaire takes no answers now, in words; None when it does. The guard of every write says it, too."""
    now = lock.now()
    if not questionnaire.published:
        return Sentence("ยังไม่เผยแพร่")
    if now < questionnaire.opens_at:
        return Sentence("ยังไม่เปิดรับคำตอบ")
    return Sentence("ปิดรับคำตอบแล้ว") if now >= questionnaire.closes_at else None


def published(questionnaire_id: int) -> Questionnaire:
    """A published questionnaire; NoSuchQuestionnaire (404) otherwise."""
    found = db.session.get(Questionnaire, questionnaire_id)
    if found is None or not found.published:
        raise NoSuchQuestionnaire
    return found


def place_asked(questionnaire: Questionnaire, place: str | None = None) -> School | Area:
    """The school or area whose sheet the viewer may write: their own, or one that they look after.

    NoSuchQuestionnaire when the questionnaire is not for it, NotYours when it is somebody else's.
    """
    model, level = _PLACES[questionnaire.answerer]
    viewer = access.viewer()
    if place is None and viewer.level is not level:
        raise NoSuchQuestionnaire
    found = db.session.get(model, place or viewer.scope.rpartition("/")[2])
    if found is None or not viewer.looks_after(found.scope):
        raise NotYours
    return found


def sheet_of(questionnaire: Questionnaire, place: str) -> AnswerSheet | None:
    """The sheet of a place, as far as the viewer sees it; None while nothing is answered."""
    return db.session.scalar(sa.select(AnswerSheet).filter_by(questionnaire_id=questionnaire.id, place=place))


# ── Answering ────────────────────────────────────────────────────────────────────────────────────────────


def answer(
    questionnaire: Questionnaire,
    place: str,
    raw: Mapping[str, Any],
    *,
    send: bool,
    version: str | None = None,
) -> AnswerSheet:
    """Keep the answers of a place, as they come from a form or a cell; with ``send`` they count as handed in.

    A draft may lack what is required; sending refuses it (AnswersMissing, each at its question). Answers that are
    not given stay. A sheet that was sent and is changed without sending is a draft again. Right, scope and window
    are judged at the write, as for every row; InvalidRow with each problem at its question; StaleVersion when
    somebody else has answered since ``version`` (empty: since there was no sheet).
    """
    with access.performing(Action.WRITE, "answer_sheet") as viewer:
        place_asked(questionnaire, place)
        fields = fields_of_questions(questions_of(questionnaire))
        sheet = sheet_of(questionnaire, place)
        if version is not None and version != (str(sheet.version) if sheet is not None else ""):
            raise StaleVersion
        if sheet is None:
            sheet = AnswerSheet(questionnaire_id=questionnaire.id, place=place, answers={})
        keep(sheet, fields, raw, viewer, send=send)
        db.session.flush()
        return sheet


def keep(
    sheet: AnswerSheet, fields: Mapping[str, Field], raw: Mapping[str, Any], viewer: Viewer, *, send: bool
) -> bool:
    """Put raw answers into a sheet, to be flushed by the caller; False when they leave it as it was.

    InvalidRow, or AnswersMissing, with each problem at its question; then the sheet is as it was.
    """
    answers = _judged(fields, sheet.answers, raw, send=send)
    db.session.add(sheet)
    state = SheetState.SENT if send else SheetState.DRAFT
    if (answers, state) == (sheet.answers, sheet.state):
        return False
    sheet.answers, sheet.state = answers, state
    sheet.sent_at, sheet.sent_by = (lock.now(), viewer.name) if send else (None, None)
    return True


def _judged(
    fields: Mapping[str, Field], before: Mapping[str, Any], raw: Mapping[str, Any], *, send: bool
) -> dict[str, Any]:
    """The answers as they are stored, with the given ones among them."""
    values, problems = read_answers(fields, raw)
    given = {code: fields[code].kind.json(value) for code, value in values.items()}
    answers = {code: value for code, value in {**before, **given}.items() if value is not None}
    if send:
        problems += _missing(fields, answers.keys() | {problem.field for problem in problems})
    if problems:
        raise AnswersMissing(problems) if send else InvalidRow(problems)
    return answers


def _missing(fields: Mapping[str, Field], known: Collection[str | None]) -> list[Problem]:
    needed = Sentence("ต้องตอบ")
    missing = [one for code, one in fields.items() if one.required and code not in known]
    return [Problem(one.name, validation.labelled(one.th, needed)) for one in missing]


def read_answers(fields: Mapping[str, Field], raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Values of raw answers (from a form or a cell), and what is wrong with them, each at its question."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for code, text in raw.items():
        if code not in fields:
            problems.append(Problem(code, Sentence("ไม่มีคำถามนี้ในแบบสอบถาม")))
            continue
        try:
            values[code] = validation.read_field(fields[code], text)
        except kinds.NotReadable as wrong:
            problems.append(Problem(code, validation.labelled(fields[code].th, wrong)))
    return values, problems


# ── How far everybody is ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Progress:
    """How many of the viewer's places have sent, begun, and not begun."""

    sent: int
    draft: int
    nothing: int

    @property
    def all(self) -> int:
        """How many places are asked."""
        return self.sent + self.draft + self.nothing


def progress(questionnaire: Questionnaire) -> Progress:
    """Counts of the viewer's places, in one statement at any number of schools."""
    viewer, model = access.viewer(), _PLACES[questionnaire.answerer][0]
    viewer.require(Action.READ, "answer_sheet")
    places = model.__table__
    both = (_SHEET.c.place == places.c.code) & (_SHEET.c.questionnaire_id == questionnaire.id)
    counted = (
        sa.select(_SHEET.c.state, sa.func.count())
        .select_from(places.outerjoin(_SHEET, both))
        .where(scope_wall.within(viewer, places.c.scope), _is_asked(places.c, _SHEET.c))
        .group_by(_SHEET.c.state)
    )
    with set_based(SetWork.WATCH):
        counts: dict[SheetState | None, int] = dict(db.session.connection().execute(counted).all())
    return Progress(counts.get(SheetState.SENT, 0), counts.get(SheetState.DRAFT, 0), counts.get(None, 0))


def _is_asked(place: Any, sheet: Any) -> sa.ColumnElement[bool]:
    """Schools that do not teach are not waited for; what one has answered while it did is still shown."""
    status = getattr(place, "status", None)
    return sa.true() if status is None else sa.or_(status == SchoolStatus.OPEN, sheet.id.is_not(None))


STATES = ("sent", "draft", "nothing")


def places_with_sheets(
    questionnaire: Questionnaire, *, state: str = "", words: str = "", after: str = "", most: int = 100
) -> list[tuple[Any, AnswerSheet | None]]:
    """The viewer's places in the order of their codes from ``after`` on, each with its sheet or None.

    ``state`` narrows to one of STATES, ``words`` to codes and names that hold all of them.
    """
    viewer, model = access.viewer(), _PLACES[questionnaire.answerer][0]
    viewer.require(Action.READ, "answer_sheet")
    both = (AnswerSheet.place == model.code) & (AnswerSheet.questionnaire_id == questionnaire.id)
    wanted = (
        sa.select(model, AnswerSheet)
        .outerjoin(AnswerSheet, both)
        .where(scope_wall.within(viewer, model.scope), model.code > after, _is_asked(model, AnswerSheet))
    )
    if state:
        wanted = wanted.where(AnswerSheet.id.is_(None) if state == "nothing" else AnswerSheet.state == state)
    for word in words.split():
        named = model.name.icontains(word, autoescape=True)
        wanted = wanted.where(sa.or_(named, model.code.startswith(word, autoescape=True)))
    return [(place, sheet) for place, sheet in db.session.execute(wanted.order_by(model.code).limit(most))]


def places_named(questionnaire: Questionnaire, codes: Collection[str]) -> dict[str, AnswerSheet | None]:
    """Of these codes those of places that the viewer looks after, each with its sheet or None; two statements."""
    viewer, model = access.viewer(), _PLACES[questionnaire.answerer][0]
    mine = sa.select(model.code).where(model.code.in_(codes), scope_wall.within(viewer, model.scope))
    sheets = sa.select(AnswerSheet).where(
        AnswerSheet.questionnaire_id == questionnaire.id, AnswerSheet.place.in_(codes)
    )
    by_place = {sheet.place: sheet for sheet in db.session.scalars(sheets)}
    return {code: by_place.get(code) for code in db.session.scalars(mine)}


# ── Other years ──────────────────────────────────────────────────────────────────────────────────────────


def years_of(questionnaire: Questionnaire) -> Sequence[Questionnaire]:
    """The same questionnaire in every year, published, the newest first."""
    wanted = sa.select(Questionnaire).filter_by(code=questionnaire.code, published=True)
    return db.session.scalars(wanted.order_by(Questionnaire.academic_year.desc())).all()


def answers_by_year(questionnaire: Questionnaire, place: str) -> dict[int, Mapping[str, Any]]:
    """What a place has answered in each year, by academic year; only sheets that the viewer sees."""
    years = {one.id: one.academic_year for one in years_of(questionnaire)}
    wanted = sa.select(AnswerSheet.questionnaire_id, AnswerSheet.answers).where(
        AnswerSheet.questionnaire_id.in_(years), AnswerSheet.place == place
    )
    return {years[key]: answers for key, answers in db.session.execute(wanted)}


def year_before(questionnaire: Questionnaire) -> Questionnaire | None:
    """The newest questionnaire of the same code of an earlier year."""
    wanted = sa.select(Questionnaire).where(
        Questionnaire.code == questionnaire.code,
        Questionnaire.academic_year < questionnaire.academic_year,
    )
    return db.session.scalars(wanted.order_by(Questionnaire.academic_year.desc()).limit(1)).first()


def publish(questionnaire: Questionnaire, published: bool) -> None:
    """Show a questionnaire to those who answer it, or take it back while nobody has answered.

    QuestionnaireEmpty, QuestionOfAnotherKind or QuestionnaireAnswered when it cannot be.
    """
    access.viewer().require(Action.WRITE, "questionnaire")
    questionnaire.published = published
    db.session.flush()


def copy_questions(source: Questionnaire, target: Questionnaire) -> int:
    """Take the questions of another year over, with their codes; those that are there stay. How many were added."""
    access.viewer().require(Action.WRITE, "question")
    present = {question.code for question in questions_of(target)}
    added = [question for question in questions_of(source) if question.code not in present]
    copied = [
        c.key for c in Question.__table__.c if c.key not in {"id", "questionnaire_id", "scope", "version"}
    ]
    for question in added:
        values = {name: getattr(question, name) for name in copied}
        db.session.add(Question(questionnaire_id=target.id, **values))
    db.session.flush()
    return len(added)
