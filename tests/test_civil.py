"""Asking the civil register (R58): what goes out, what comes back, and what an answer stops."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from appbuilder_app.codes import CivilAnswer, RequestStepKind
from appbuilder_app.declaration import db
from appbuilder_app.errors import NotPermitted, NotYours
from appbuilder_app.models import Change, CivilInquiry
from appbuilder_app.workflows import civil, requests
from appbuilder_app.workflows.civil import (
    AnotherChild,
    NoSuchQuestion,
    NothingToAsk,
    NumberNeeded,
    RegisteredElsewhere,
)
from tests.app_fixtures import World, national_id
from tests.test_gcodes import approve, ready, sent

pytestmark = pytest.mark.any_database("postgresql")

__all__ = ["ready"]


def asked(world: World, who: str = "dan") -> tuple[int, list[dict[str, Any]]]:
    """Somebody makes a batch of what waits and takes the file out: its number, and the rows under their heads."""
    with world.acting(who):
        batch = civil.ask()
        db.session.commit()
        with civil.workbook(batch) as file:
            heads, *rows = openpyxl.load_workbook(file).active.iter_rows(values_only=True)
        db.session.commit()
    return batch, [dict(zip(heads, row, strict=True)) for row in rows]


def answered(world: World, rows: list[dict[str, Any]], who: str = "dan") -> list[civil.Row]:
    """The file comes back with these rows."""
    book = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    file = io.BytesIO()
    book.save(file)
    with world.acting(who):
        return civil.take_in(file.getvalue(), "answers.xlsx")


def test_a_batch_tells_of_each_child_once_and_leaves_its_trace(ready: World) -> None:
    _key, request_id = sent(ready)
    for who, refusal in (("alice", NotPermitted), ("eve", NothingToAsk), ("cee", NothingToAsk)):
        with ready.acting(who), pytest.raises(refusal):
            civil.ask()

    batch, (row,) = asked(ready)

    assert (row["ชื่อ"], row["นามสกุล"], row["วันเกิด"], row["สัญชาติ"]) == ("มะ", "โพ", "01/05/2562", "เมียนมา")
    with ready.acting("dan"):
        assert civil.waiting() == []
        with pytest.raises(NothingToAsk):
            civil.ask()
        assert [one.kind for one in requests.seen(request_id).steps][-1] is RequestStepKind.INQUIRED
        assert db.session.query(Change).filter_by(dataset="civil_inquiry", action="export.xlsx").count() == 1
        assert [(one.number, one.questions, one.answers) for one in civil.batches()] == [(batch, 1, 0)]
    with ready.acting("eve"), pytest.raises(NotYours):
        civil.workbook(batch)


def test_an_answer_is_noted_at_its_request_and_told_to_the_school(ready: World) -> None:
    _key, request_id = sent(ready)
    _batch, (row,) = asked(ready)
    (came,) = answered(ready, [row | {"ผลการตรวจ": "ไม่พบ", "หมายเหตุ": "ค้นด้วยชื่อ"}])

    assert (came.answer, came.request_id) == (CivilAnswer.NOT_FOUND, request_id)
    with ready.acting("alice"):
        last = requests.seen(request_id).steps[-1]
        assert (last.kind, last.text) == (RequestStepKind.ANSWERED, "ไม่พบในทะเบียนราษฎร · ค้นด้วยชื่อ")
    (again,) = answered(ready, [row | {"ผลการตรวจ": "ตรง"}])
    assert str(again.refusal) == str(NoSuchQuestion())


def test_who_has_a_number_by_the_civil_register_gets_no_g_code(ready: World) -> None:
    key, request_id = sent(ready)
    _batch, (row,) = asked(ready)
    told = row | {"ผลการตรวจ": "มีเลขแล้ว"}
    (unsaid,) = answered(ready, [told | {"เลขประจำตัวที่พบ": "123"}])
    assert str(unsaid.refusal) == str(NumberNeeded())
    (came,) = answered(ready, [told | {"เลขประจำตัวที่พบ": national_id(900)}])
    assert came.refusal is None
    with pytest.raises(RegisteredElsewhere):
        approve(ready, key, request_id)
    with ready.acting("dan"):
        found = db.session.query(CivilInquiry).one()
        assert (found.answer, found.number) == (CivilAnswer.HAS_NUMBER, national_id(900))


def test_rows_that_were_moved_or_are_of_others_change_nothing(ready: World) -> None:
    sent(ready)
    _batch, (row,) = asked(ready)
    wrong = [
        row | {"ชื่อ": "สมชาย", "ผลการตรวจ": "ตรง"},
        row | {"เลขอ้างอิง": 999_999, "ผลการตรวจ": "ตรง"},
        row | {"ผลการตรวจ": "อาจจะ"},
        row,
    ]
    told = answered(ready, wrong)
    assert [str(one.refusal) for one in told[:2]] == [str(AnotherChild()), str(NoSuchQuestion())]
    assert "อาจจะ" in str(told[2].refusal)
    assert len(told) == 3, "a row without an answer waits on"
    (of_others,) = answered(ready, [row | {"ผลการตรวจ": "ตรง"}], "cee")
    assert str(of_others.refusal) == str(NoSuchQuestion())


def test_the_page_makes_the_batch_gives_the_file_and_takes_the_answers(ready: World) -> None:
    sent(ready)
    browser = ready.client("dan")
    assert "เด็กชายมะ โพ" in browser.get("/civil/").get_data(as_text=True)
    assert browser.post("/civil/ask").status_code == 302
    with ready.acting("dan"):
        (batch,) = civil.batches()
    file = browser.get(f"/civil/{batch.number}.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(file.data))
    file.close()
    book.active["N2"] = "ตรง"
    filled = io.BytesIO()
    book.save(filled)
    filled.seek(0)
    page = browser.post("/civil/answers", data={"file": (filled, "answers.xlsx")}).get_data(as_text=True)
    assert "บันทึกคำตอบแล้ว 1 จาก 1 แถว" in page
    assert ready.client("alice").get("/civil/").status_code in {302, 403}
