"""Questionnaires: who is asked, when answers are taken, what is judged, files, other years."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from appbuilder_app import access
from appbuilder_app.access import Action
from appbuilder_app.codes import Answerer, QuestionKind, SheetState
from appbuilder_app.dataset import lock
from appbuilder_app.dataset.questions import fields_of_questions, questions_of
from appbuilder_app.declaration import db
from appbuilder_app.errors import (
    AnswersMissing,
    InvalidRow,
    NoSuchQuestionnaire,
    NotPermitted,
    NotYours,
    QuestionnaireAnswered,
    QuestionnaireEmpty,
    QuestionnaireNotOpen,
    QuestionnairePublished,
    QuestionOfAnotherKind,
    StaleVersion,
    WallBreached,
)
from appbuilder_app.models import AnswerSheet, Change, Question, Questionnaire
from appbuilder_app.workflows import questionnaire_files as files
from appbuilder_app.workflows import questionnaires as verbs
from tests.app_fixtures import FOREIGN, SCHOOL, SIBLING, World
from tests.attack_fixtures import an_attacked_world, fields_on
from tests.screen_fixtures import Screens, read

DAY = dt.timedelta(days=1)
WHOLE = {"laptops": "12", "internet": "ใช่", "speed": "100", "kind": "ใยแก้ว", "checked": "1/6/2569"}


@pytest.fixture(scope="module")
def one(databases: Any, world_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One small world for the module; each test makes a questionnaire of its own."""
    with an_attacked_world(databases, world_template, tmp_path_factory) as attacked:
        yield attacked.world


_made = iter(range(1, 1000))


def a_questionnaire(world: World, *, published: bool = True, code: str = "", **changed: Any) -> int:
    """A questionnaire of five questions in two sections, open from yesterday until tomorrow."""
    facts: dict[str, Any] = {
        "code": code or f"tech_{next(_made)}", "academic_year": 2569, "name": "แบบสำรวจเทคโนโลยี",
        "opens_at": lock.now() - DAY, "closes_at": lock.now() + DAY,
    }  # fmt: skip
    with world.acting("cee"):
        made = Questionnaire(
            **facts | {k: v for k, v in changed.items() if k not in {"opens_at", "closes_at"}}
        )
        db.session.add(made)
        db.session.flush()
        for position, (section, question, text, kind, more) in enumerate(QUESTIONS, 1):
            db.session.add(
                Question(questionnaire_id=made.id, position=position, section=section, code=question,
                         text=text, kind=kind, **more)
            )  # fmt: skip
        db.session.flush()
        verbs.publish(made, published)
        made.opens_at = changed.get("opens_at", made.opens_at)
        made.closes_at = changed.get("closes_at", made.closes_at)
        db.session.commit()
        return int(made.id)


QUESTIONS: list[tuple[str, str, str, QuestionKind, dict[str, Any]]] = [
    ("เครื่อง", "laptops", "จำนวนคอมพิวเตอร์พกพา", QuestionKind.WHOLE, {"required": True, "minimum": 0, "maximum": 500}),
    ("เครือข่าย", "internet", "มีอินเทอร์เน็ต", QuestionKind.FLAG, {"required": True}),
    ("เครือข่าย", "speed", "ความเร็ว", QuestionKind.NUMBER, {"unit": "Mbps"}),
    ("เครือข่าย", "kind", "ชนิดสัญญาณ", QuestionKind.CHOICE, {"choices": "ใยแก้ว\nดาวเทียม"}),
    ("เครือข่าย", "checked", "ตรวจเมื่อ", QuestionKind.DATE, {}),
]  # fmt: skip


def answered(world: World, who: str, key: int, place: str = SCHOOL, *, send: bool = True, **raw: Any) -> int:
    """Somebody answers, and it is committed; the sheet's number."""
    with world.acting(who):
        sheet = verbs.answer(verbs.published(key), place, raw or WHOLE, send=send)
        db.session.commit()
        return int(sheet.id)


def sheet_of(world: World, sheet: int) -> AnswerSheet:
    with world.acting("adam"):
        found = db.session.get(AnswerSheet, sheet)
        assert found is not None
        return found


# ── Answering ────────────────────────────────────────────────────────────────────────────────────────────


def test_answers_are_read_by_their_kinds_and_counted_as_sent(one: World) -> None:
    sheet = sheet_of(one, answered(one, "alice", a_questionnaire(one)))
    assert sheet.answers == {
        "laptops": 12, "internet": True, "speed": 100.0, "kind": "ใยแก้ว", "checked": "2026-06-01",
    }  # fmt: skip
    assert (sheet.state, sheet.sent_by, sheet.scope) == (SheetState.SENT, "Alice ทดสอบ", f"C/1602/{SCHOOL}")


def test_a_draft_may_lack_what_sending_asks_for(one: World) -> None:
    key = a_questionnaire(one)
    assert sheet_of(one, answered(one, "alice", key, send=False, speed="50")).state is SheetState.DRAFT
    with pytest.raises(AnswersMissing) as refused:
        answered(one, "alice", key, speed="60")
    assert [problem.field for problem in refused.value.problems] == ["laptops", "internet"]


def test_a_sent_sheet_that_is_changed_is_a_draft_again(one: World) -> None:
    key = a_questionnaire(one)
    answered(one, "alice", key)
    sheet = sheet_of(one, answered(one, "alice", key, send=False, laptops="13"))
    assert (sheet.state, sheet.sent_at, sheet.answers["laptops"], sheet.answers["speed"]) == (
        SheetState.DRAFT, None, 13, 100.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("question", "raw", "told"),
    [
        ("laptops", "501", "ต้องไม่เกิน 500"),
        ("laptops", "-1", "ต้องไม่น้อยกว่า 0"),
        ("laptops", "มาก", "ไม่ใช่ตัวเลข"),
        ("kind", "นกพิราบ", "ใยแก้ว, ดาวเทียม"),
        ("checked", "31/2/2569", ""),
        ("nobody_asked", "1", "ไม่มีคำถามนี้"),
    ],
)
def test_an_answer_out_of_its_kind_or_bounds_is_refused(
    one: World, shared: int, question: str, raw: str, told: str
) -> None:
    for send in (True, False):
        with pytest.raises(InvalidRow) as refused:
            answered(one, "alice", shared, send=send, **{**WHOLE, question: raw})
        assert [problem.field for problem in refused.value.problems] == [question]
        assert told in str(refused.value)


@pytest.fixture(scope="module")
def shared(one: World) -> int:
    """A questionnaire for tests that change nothing."""
    return a_questionnaire(one)


def test_of_two_who_answer_at_once_the_second_is_told(one: World) -> None:
    key = a_questionnaire(one)
    with one.acting("alice"):
        verbs.answer(verbs.published(key), SCHOOL, WHOLE, send=False, version="")
        db.session.commit()
    for stale in ("", "7"):
        with one.acting("dan"), pytest.raises(StaleVersion):
            verbs.answer(verbs.published(key), SCHOOL, {"laptops": 1}, send=False, version=stale)


# ── Scope and rights ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("bob", NotYours),
        ("charlie", NotYours),
        ("eve", NotYours),
        ("dao", NotPermitted),
        ("cee", NotPermitted),
    ],
)
def test_nobody_else_answers_for_the_school(
    one: World, shared: int, who: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        answered(one, who, shared)


def test_the_district_answers_for_its_school_and_the_history_says_so(one: World) -> None:
    """R4."""
    sheet = answered(one, "dan", a_questionnaire(one))
    with one.acting("alice"):
        change = db.session.scalars(
            sa.select(Change).filter_by(dataset="answer_sheet", row_key=str(sheet))
        ).one()
        assert (change.actor, (change.after or {})["answers"]["laptops"]) == ("Dan ทดสอบ", 12)


SEEN = {"alice": 1, "dao": 1, "bob": 0, "charlie": 0, "dan": 1, "eve": 0, "cee": 1}


@pytest.mark.parametrize(("who", "seen"), SEEN.items())
def test_a_sheet_is_seen_by_its_school_and_those_above(
    one: World, sent_once: int, who: str, seen: int
) -> None:
    with one.acting(who):
        wanted = sa.select(sa.func.count()).select_from(AnswerSheet).filter_by(questionnaire_id=sent_once)
        assert db.session.scalar(wanted) == seen


@pytest.fixture(scope="module")
def sent_once(one: World) -> int:
    """A questionnaire that Alice's school has sent."""
    key = a_questionnaire(one)
    answered(one, "alice", key)
    return key


def test_areas_answer_what_areas_are_asked(one: World) -> None:
    key = a_questionnaire(one, answerer=Answerer.AREA)
    assert sheet_of(one, answered(one, "dan", key, "1602")).scope == "C/1602"
    with pytest.raises(NotYours):
        answered(one, "eve", key, "1602")
    with one.acting("alice"):
        assert key not in {asked.questionnaire.id for asked in verbs.asked_of_me()}


def test_a_sheet_is_written_by_the_verb_alone(one: World, sent_once: int) -> None:
    client, headers = one.client("alice"), one.token("alice")
    with one.acting("alice"):
        sheet = verbs.sheet_of(verbs.published(sent_once), SCHOOL)
        assert sheet is not None
        key, sheet.sent_by = sheet.id, "มัลลอรี"
        with pytest.raises(WallBreached):
            db.session.flush()
        db.session.rollback()
    own = f"/data/answer_sheet/{key}"
    for address in (f"{own}/edit", f"{own}/delete", "/data/answer_sheet/add"):
        assert client.post(address, data={}).status_code == 403
    answer = client.patch(f"/api/v1/answer_sheet/{key}", json={"state": "draft"}, headers=headers)
    assert answer.status_code == 405


# ── The window ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"published": False}, "ยังไม่เผยแพร่"),
        ({"opens_at": lock.now() + DAY, "closes_at": lock.now() + 2 * DAY}, "เปิดรับคำตอบ"),
        ({"opens_at": lock.now() - 2 * DAY, "closes_at": lock.now() - DAY}, "ปิดรับคำตอบแล้ว"),
    ],
)
def test_nothing_is_written_outside_the_window_on_any_path(
    one: World, changed: dict[str, Any], told: str
) -> None:
    key = a_questionnaire(one, **changed)
    with one.acting("alice"), access.performing(Action.WRITE, "answer_sheet"):
        db.session.add(AnswerSheet(questionnaire_id=key, place=SCHOOL, answers={}))
        with pytest.raises(QuestionnaireNotOpen, match=told):
            db.session.flush()
        db.session.rollback()
    with pytest.raises((QuestionnaireNotOpen, NoSuchQuestionnaire)):
        answered(one, "alice", key)
    address = f"/questionnaires/{key}/{SCHOOL}/answer"
    posted = one.client("alice").post(address, data={"q_laptops": "1", "version": ""})
    assert posted.status_code == (404 if "published" in changed else 409)
    with one.acting("adam"):
        assert not db.session.scalar(sa.select(AnswerSheet.id).filter_by(questionnaire_id=key))


def test_what_was_sent_before_closing_stays_as_it_was(one: World) -> None:
    key = a_questionnaire(one)
    sheet = answered(one, "alice", key)
    with one.acting("cee"):
        closing = db.session.get(Questionnaire, key)
        assert closing is not None
        closing.closes_at = lock.now() - dt.timedelta(seconds=1)
        db.session.commit()
    with pytest.raises(QuestionnaireNotOpen):
        answered(one, "dan", key, laptops="1", internet="ใช่")
    with one.acting("alice"), access.performing(Action.WRITE, "answer_sheet"):
        db.session.delete(db.session.get(AnswerSheet, sheet))
        with pytest.raises(QuestionnaireNotOpen):
            db.session.flush()
        db.session.rollback()
    page = read(one.client("alice").get(f"/questionnaires/{key}/{SCHOOL}"), 200)
    assert "ปิดรับคำตอบแล้ว" in page
    assert "/answer" not in page


# ── Central designs it ───────────────────────────────────────────────────────────────────────────────────


def test_questions_stay_once_published_on_every_path(one: World, shared: int) -> None:
    other, headers = a_questionnaire(one, published=False), one.token("cee")
    changes: tuple[dict[str, Any] | None, ...] = ({"text": "อื่น"}, {"questionnaire_id": other}, None)
    for change in changes:
        with one.acting("cee"):
            question = questions_of(verbs.published(shared))[0]
            key = question.id
            if change is None:
                db.session.delete(question)
            for name, value in (change or {}).items():
                setattr(question, name, value)
            with pytest.raises(QuestionnairePublished):
                db.session.flush()
            db.session.rollback()
    sent = one.client().patch(f"/api/v1/question/{key}", json={"text": "อื่น"}, headers=headers)
    assert sent.status_code == 409


def test_nothing_empty_is_published_and_nothing_answered_is_taken_back(one: World) -> None:
    key = a_questionnaire(one, published=False)
    with one.acting("cee"):
        for question in questions_of(db.session.get(Questionnaire, key)):  # type: ignore[arg-type]  # it is there
            db.session.delete(question)
        db.session.flush()
        with pytest.raises(QuestionnaireEmpty):
            verbs.publish(db.session.get(Questionnaire, key), True)  # type: ignore[arg-type]  # it is there
        db.session.rollback()
    key = a_questionnaire(one)
    answered(one, "alice", key, send=False, speed="1")
    with one.acting("cee"), pytest.raises(QuestionnaireAnswered):
        verbs.publish(verbs.published(key), False)


def test_a_question_keeps_its_kind_in_every_year(one: World) -> None:
    a_questionnaire(one, code="efa")
    later = a_questionnaire(one, code="efa", academic_year=2570, published=False)
    with one.acting("cee"):
        question = questions_of(db.session.get(Questionnaire, later))[0]  # type: ignore[arg-type]  # it is there
        question.kind, question.minimum, question.maximum = QuestionKind.TEXT, None, None
        with pytest.raises(QuestionOfAnotherKind):
            db.session.flush()
        db.session.rollback()


def test_questions_of_two_kinds_are_not_published_although_both_were_written_before(one: World) -> None:
    first = a_questionnaire(one, code="damage", published=False)
    second = a_questionnaire(one, code="damage", academic_year=2570, published=False)
    with one.acting("cee"):
        question = questions_of(db.session.get(Questionnaire, second))[0]  # type: ignore[arg-type]  # it is there
        question.kind, question.minimum, question.maximum = QuestionKind.TEXT, None, None
        verbs.publish(db.session.get(Questionnaire, first), True)  # type: ignore[arg-type]  # it is there
        db.session.commit()
        with pytest.raises(QuestionOfAnotherKind):
            verbs.publish(db.session.get(Questionnaire, second), True)  # type: ignore[arg-type]  # it is there


def test_questions_are_copied_from_the_year_before(one: World) -> None:
    a_questionnaire(one, code="copied")
    with one.acting("cee"):
        now = lock.now()
        facts = {"code": "copied", "academic_year": 2570, "opens_at": now, "closes_at": now + DAY}
        new = Questionnaire(name="ปีใหม่", **facts)
        db.session.add(new)
        db.session.flush()
        before = verbs.year_before(new)
        assert before is not None
        assert verbs.copy_questions(before, new) == 5
        assert verbs.copy_questions(before, new) == 0
        assert [q.code for q in questions_of(new)] == [q[1] for q in QUESTIONS]
        db.session.commit()
        key = new.id
    assert one.client("cee").post(f"/questionnaires/design/{key}/publish").status_code == 302
    with one.acting("alice"):
        assert verbs.published(key).published
    assert one.client("alice").post(f"/questionnaires/design/{key}/withdraw").status_code == 403


# ── How far everybody is ─────────────────────────────────────────────────────────────────────────────────


def test_each_level_sees_how_far_its_places_are(one: World) -> None:
    key = a_questionnaire(one)
    answered(one, "alice", key)
    answered(one, "charlie", key, FOREIGN, send=False, speed="3")
    for who, counts in {"dan": (1, 0, 1), "eve": (0, 1, 0), "cee": (1, 1, 1)}.items():
        with one.acting(who):
            how_far = verbs.progress(verbs.published(key))
            assert (how_far.sent, how_far.draft, how_far.nothing) == counts
            listed = verbs.places_with_sheets(verbs.published(key), state="nothing")
            assert [place.code for place, _sheet in listed] == ([SIBLING] if counts[2] else [])
    page = read(one.client("dan").get(f"/questionnaires/{key}/?state=nothing"), 200)
    assert SIBLING in page
    assert FOREIGN not in page
    assert "บ้านหนองตัวอย่าง" not in page


# ── Screens ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def alice(one: World) -> FlaskClient:
    return one.client("alice")


def test_a_wrong_form_loses_nothing_and_a_right_one_is_sent(one: World, alice: FlaskClient) -> None:
    key = a_questionnaire(one)
    address = f"/questionnaires/{key}/{SCHOOL}/answer"
    untouched = fields_on(read(alice.get(address), 200))
    assert untouched["version"] == ""
    typed = untouched | {"q_laptops": "หลายเครื่อง", "q_speed": "99", "q_kind": "ดาวเทียม", "then": "send"}
    page = read(alice.post(address, data=typed), 422)
    kept = ("หลายเครื่อง", 'value="99"', 'selected value="ดาวเทียม"')
    for expected in (*kept, "ไม่ใช่ตัวเลข", 'href="#q_laptops"', "ต้องตอบ"):
        assert expected in page
    sent = typed | {"q_laptops": "8", "q_internet": "ใช่"}
    assert alice.post(address, data=sent).status_code == 302
    assert "ส่งแล้ว" in read(alice.get(f"/questionnaires/{key}/{SCHOOL}"), 200)
    stale = read(alice.post(address, data=sent | {"q_laptops": "9"}), 409)
    assert 'value="9"' in stale
    again = fields_on(read(alice.get(address), 200)) | {"q_laptops": "9", "then": "draft"}
    assert alice.post(address, data=again).status_code == 302
    assert one.client("charlie").get(address).status_code == 404
    assert one.client("charlie").get(f"/questionnaires/{key}/{SCHOOL}").status_code == 404
    assert one.client("dao").post(address, data=sent).status_code == 403


def test_the_history_of_a_sheet_is_told_question_by_question(one: World, alice: FlaskClient) -> None:
    key = a_questionnaire(one)
    answered(one, "alice", key)
    sheet = answered(one, "alice", key, laptops="14", checked="2/6/2569")
    for address in (
        f"/questionnaires/{key}/{SCHOOL}",
        "/history/?dataset=answer_sheet",
        f"/data/answer_sheet/{sheet}",
    ):
        page = read(alice.get(address), 200)
        assert "จำนวนคอมพิวเตอร์พกพา</th><td><del>12</del>" in page
        assert "<ins>2 มิ.ย. 2569</ins>" in page
        assert "{&#39;" not in page


def test_pages_are_found_by_those_who_need_them(one: World, alice: FlaskClient, shared: int) -> None:
    assert "แบบสำรวจเทคโนโลยี" in read(alice.get("/questionnaires/"), 200)
    assert "มีแบบสอบถามที่ยังไม่ได้ส่ง" in read(alice.get("/"), 200)
    cee = one.client("cee")
    assert "ดูแบบ เผยแพร่ คัดลอก" in read(cee.get(f"/data/questionnaire/{shared}"), 200)
    assert "จำนวนคอมพิวเตอร์พกพา" in read(cee.get(f"/questionnaires/design/{shared}"), 200)
    assert alice.get(f"/questionnaires/design/{shared}").status_code == 403
    assert "/data/questionnaire/" not in read(alice.get("/"), 200)


def test_pages_take_few_statements(one: World, sent_once: int) -> None:
    looked_at = Screens(one)
    for who, address in (("dan", f"/questionnaires/{sent_once}/"), ("alice", "/questionnaires/")):
        assert looked_at.statements(who, address) <= 10


# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────


def book_of(client: FlaskClient, address: str) -> Any:
    answer = client.get(address, buffered=True)
    assert answer.status_code == 200, answer.text[:500]
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def uploaded(client: FlaskClient, key: int, book: Any, status: int, then: str = "send") -> str:
    """What the page says after a workbook was sent."""
    buffer = io.BytesIO()
    book.save(buffer)
    buffer.seek(0)
    answer = client.post(f"/questionnaires/{key}/upload", data={"file": (buffer, "x.xlsx"), "then": then})
    return read(answer, status)


def test_a_workbook_goes_out_filled_in_and_comes_back(one: World) -> None:
    key, dan = a_questionnaire(one), one.client("dan")
    answered(one, "alice", key)
    book = book_of(dan, f"/questionnaires/{key}/answers.xlsx")
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    assert rows[0][:3] == ["thabian:place", "thabian:name", "thabian:q.laptops"]
    assert rows[1][2:5] == ["จำนวนคอมพิวเตอร์พกพา *", "มีอินเทอร์เน็ต *", "ความเร็ว (Mbps)"]
    assert rows[2][:7] == [SCHOOL, "บ้านหนองตัวอย่าง", 12, "ใช่", 100, "ใยแก้ว", "01/06/2569"]
    assert [row[0] for row in rows[2:]] == [SCHOOL, SIBLING]
    sheet = book.worksheets[0]
    assert len(sheet.data_validations.dataValidation) == 2
    for column, value in zip("CDEF", (7, "ไม่ใช่", 20.5, "ดาวเทียม"), strict=True):
        sheet[f"{column}4"] = value
    uploaded(dan, key, book, 302)
    with one.acting("bob"):
        mine = verbs.sheet_of(verbs.published(key), SIBLING)
        assert mine is not None
        assert mine.answers == {"laptops": 7, "internet": False, "speed": 20.5, "kind": "ดาวเทียม"}
        assert mine.state is SheetState.SENT
    with one.acting("alice"):
        same = verbs.sheet_of(verbs.published(key), SCHOOL)
        assert same is not None
        assert same.version == 1


def test_a_workbook_with_an_error_saves_no_row_and_tells_where(one: World) -> None:
    key, dan = a_questionnaire(one), one.client("dan")
    book = book_of(dan, f"/questionnaires/{key}/answers.xlsx")
    sheet = book.worksheets[0]
    sheet["C3"], sheet["D3"] = 5, "ใช่"
    sheet["C4"], sheet["D4"], sheet["E4"], sheet["F4"] = 900, None, dt.date(2026, 1, 5), "นกพิราบ"
    sheet["A5"], sheet["C5"], sheet["A6"] = FOREIGN, 1, SCHOOL
    page = uploaded(dan, key, book, 422)
    at_its_cell = ("C จำนวนคอมพิวเตอร์พกพา", "ต้องไม่เกิน 500", "แปลงค่านี้เป็นวันที่", "ดาวเทียม", "ต้องตอบ")
    for told in (*at_its_cell, "ไม่พบรหัสนี้ในขอบเขตที่ท่านดูแล", "ในแถวอื่นของไฟล์"):
        assert told in page
    with one.acting("adam"):
        assert not db.session.scalar(sa.select(AnswerSheet.id).filter_by(questionnaire_id=key))


def test_a_workbook_older_than_the_answers_overwrites_nothing(one: World) -> None:
    key, dan = a_questionnaire(one), one.client("dan")
    book = book_of(dan, f"/questionnaires/{key}/answers.xlsx")
    book.worksheets[0]["C3"] = 1
    answered(one, "alice", key)
    book.worksheets[0]["H3"] = "0"
    assert "มีผู้อื่นแก้ไข" in uploaded(dan, key, book, 422, "draft")


def test_files_are_refused_like_single_answers(one: World) -> None:
    key, charlie = a_questionnaire(one), one.client("charlie")
    book = book_of(charlie, f"/questionnaires/{key}/answers.xlsx")
    sheet = book.worksheets[0]
    assert sheet["A3"].value == FOREIGN
    sheet["A3"], sheet["C3"] = SCHOOL, 1
    assert "ไม่พบรหัสนี้ในขอบเขตที่ท่านดูแล" in uploaded(charlie, key, book, 422, "draft")
    assert one.client("cee").get(f"/questionnaires/{key}/upload").status_code == 403
    for data in (b"", b"PK\x03\x04 broken", "ก,ข\n1,2".encode()):
        sent = {"file": (io.BytesIO(data), "x.xlsx"), "then": "draft"}
        assert charlie.post(f"/questionnaires/{key}/upload", data=sent).status_code == 422
    closed = a_questionnaire(one, opens_at=lock.now() - 2 * DAY, closes_at=lock.now() - DAY)
    book.worksheets[0]["A3"] = FOREIGN
    assert "ปิดรับคำตอบแล้ว" in uploaded(charlie, closed, book, 409, "draft")


# ── Other years ──────────────────────────────────────────────────────────────────────────────────────────


def test_answers_stand_beside_those_of_the_year_before(one: World, alice: FlaskClient) -> None:
    before = a_questionnaire(one, code="yearly", academic_year=2568)
    now = a_questionnaire(one, code="yearly")
    answered(one, "alice", before)
    answered(one, "alice", now, laptops="20", internet="ใช่")
    page = read(alice.get(f"/questionnaires/{now}/{SCHOOL}"), 200)
    assert page.index(">2569<") < page.index(">2568<")
    assert '<td class="text">20</td><td class="text">12</td>' in page
    book = book_of(one.client("dan"), f"/questionnaires/{now}/years.xlsx")
    head, first = (list(row) for row in list(book.worksheets[0].iter_rows(values_only=True))[:2])
    assert head[:4] == ["รหัส", "ชื่อ", "จำนวนคอมพิวเตอร์พกพา 2569", "จำนวนคอมพิวเตอร์พกพา 2568"]
    assert first[:4] == [SCHOOL, "บ้านหนองตัวอย่าง", 20, 12]
    with one.acting("bob"):
        assert verbs.answers_by_year(verbs.published(now), SCHOOL) == {}


def test_questions_become_fields_with_unit_and_bounds(one: World, shared: int) -> None:
    with one.acting("alice"):
        fields = fields_of_questions(questions_of(verbs.published(shared)))
        assert (fields["laptops"].maximum, fields["speed"].unit) == (500, "Mbps")


def test_a_file_of_questions_meets_the_guard(one: World, shared: int) -> None:
    from appbuilder_app.workflows import imports

    made = openpyxl.Workbook()
    head = ["thabian:questionnaire_id", "thabian:position", "thabian:code", "thabian:text", "thabian:kind"]
    made.active.append(head)
    made.active.append(["แบบสอบถาม", "ลำดับ", "รหัสคำถาม", "คำถาม", "ชนิดคำตอบ"])
    made.active.append([shared, 9, "sneaked", "แอบเพิ่ม", "ข้อความสั้น"])
    buffer = io.BytesIO()
    made.save(buffer)
    with one.acting("cee"):
        batch = imports.receive("question", "x.xlsx", buffer.getvalue())
        imports.judge(batch.id)
        assert batch.counts["new"] == 1, batch.counts
        with pytest.raises(QuestionnairePublished):
            imports.commit(batch.id)
        db.session.rollback()
        assert files.year_heads(verbs.published(shared))
