"""A workbook of movements: judged row by row by the verbs themselves, and done as a whole or as far as it is good."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from appbuilder_app.codes import DropoutCause, RequestState, StudentStatus
from appbuilder_app.declaration import db
from appbuilder_app.errors import EvidenceMissing, ImportSettled, NotPermitted, NotYours
from appbuilder_app.models import ImportBatch, ImportLine, Movement
from appbuilder_app.workflows import movement_files, movements, requests
from appbuilder_app.workflows.imports import Outcome
from appbuilder_app.workflows.imports.settling import NotAllGood
from appbuilder_app.workflows.requests import Evidence
from tests.app_fixtures import World, national_id
from tests.round_fixtures import Round
from tests.screen_fixtures import Screens
from tests.test_imports_screens import at_once, fetched
from tests.test_movements import TODAY, key_of, row_of
from tests.test_requests import PDF, state_of

pytestmark = pytest.mark.any_database("postgresql")

__all__ = ["at_once"]

DAY = f"{TODAY:%d/%m}/{TODAY.year + 543}"
CLASS, NUMBER, OUT, DROPOUT = (
    "จัดชั้นและห้อง", "แก้เลขประจำตัวนักเรียน", "ย้ายออก", "ขออนุญาตบันทึกออกกลางคัน",
)  # fmt: skip


def filled(world: World, *rows: dict[str, Any]) -> bytes:
    """The template as Alice downloads it, with these rows by the names of its columns."""
    with world.acting("alice"), movement_files.workbook() as file:
        made = openpyxl.load_workbook(file)
    sheet = made.worksheets[0]
    at = {str(cell.value).removeprefix("thabian:"): cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, start=3):
        for name, value in row.items():
            sheet.cell(number, at[name], value)
    body = io.BytesIO()
    made.save(body)
    return body.getvalue()


def row(number: int, verb: str, **told: Any) -> dict[str, Any]:
    """A row about the pupil with this number."""
    return {"national_id": national_id(number), "verb": verb, **told}


def judged(played: Round, *rows: dict[str, Any], name: str = "alice") -> int:
    """The number of a judged file."""
    data = filled(played.world, *rows)
    batch: ImportBatch = played.does(name, movement_files.receive, "ย้าย.xlsx", data)
    played.does(name, movement_files.judge, batch.id)
    return batch.id


def told(played: Round, batch: int, outcome: Outcome) -> dict[int, str]:
    """The lines of an outcome with what is said of them, each with the letter of its column."""
    with played.world.acting("alice"):
        lines = movement_files.lines_of(movement_files.batch_with(batch), outcome)
        return {
            one.number: " ".join(f"{p['column']} {p['message']}" for p in one.problems or ()).strip()
            for one in lines
        }


def test_the_preview_says_of_each_row_what_the_verbs_say_and_changes_nothing(played: Round) -> None:
    world = played.world
    batch = judged(
        played,
        row(100, CLASS, grade="ป.6", room=2),
        row(101, CLASS, grade="ม.1", room=2),
        row(102, NUMBER, student_number="", grade="ป.6"),
        row(300, OUT, happened_on=DAY, reason="ย้าย"),
        row(100, OUT, happened_on=DAY, reason="ย้าย"),
        row(100, CLASS, grade="ป.6", room=3),
        {"national_id": national_id(101)},
        {"national_id": "123", "verb": "ย้ายไปไหน"},
    )
    assert list(told(played, batch, Outcome.NEW)) == [3, 7]
    assert list(told(played, batch, Outcome.SAME)) == [9]
    wrong = told(played, batch, Outcome.WRONG)
    assert "R24" in wrong[4]
    assert wrong[5].startswith("E")  # the grade: this verb does not read it
    assert "ไม่พบรายการนี้" in wrong[6]  # of another school: not told from one that is not there
    assert "ย้ายออก" in wrong[8] or "กำลังศึกษา" in wrong[8]  # it follows the row above
    assert {"A", "C"} <= set(re.findall(r"\b[A-Z]\b", wrong[10]))
    assert (row_of(world, national_id(100)).room, row_of(world, national_id(100)).status) == (
        1,
        StudentStatus.ENROLLED,
    )
    with world.acting("cee"):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Movement)) == 0
    with world.acting("alice"):
        with movement_files.marked(movement_files.batch_with(batch)) as file:
            marked = openpyxl.load_workbook(file).worksheets[0]
        last = [str(cell.value) for cell in marked[4]]
        assert any("R24" in text for text in last)


def test_the_good_rows_are_done_or_all_of_them_or_none(played: Round) -> None:
    world = played.world
    good = [row(100, CLASS, grade="ป.6", room=2), row(101, NUMBER, student_number="90001")]
    some = judged(played, *good, row(102, CLASS, grade="ม.1", room=1))
    played.is_refused("alice", NotAllGood, lambda: movement_files.commit(some, whole=True))
    assert row_of(world, national_id(100)).room == 1
    played.does("alice", movement_files.commit, some)
    assert (row_of(world, national_id(100)).room, row_of(world, national_id(101)).student_number) == (
        2,
        "90001",
    )
    played.is_refused("alice", ImportSettled, movement_files.commit, some)
    with world.acting("alice"):
        assert db.session.scalars(sa.select(ImportLine.outcome)).all() == ["wrong"]
        assert {one.done_by for one in db.session.scalars(sa.select(Movement))} == {"Alice ทดสอบ"}


def test_what_has_changed_since_the_preview_is_held_or_stops_the_whole(played: Round) -> None:
    world = played.world
    out = [row(number, OUT, happened_on=DAY, reason="ย้าย") for number in (100, 101)]
    batch = judged(played, *out)
    played.does("alice", movements.transfer_out, key_of(world, national_id(100)), TODAY, "ย้ายแล้ว")
    played.is_refused("alice", NotAllGood, lambda: movement_files.commit(batch, whole=True))
    assert row_of(world, national_id(101)).status is StudentStatus.ENROLLED
    played.does("alice", movement_files.commit, batch)
    assert row_of(world, national_id(101)).status is StudentStatus.MOVING
    assert "ไม่เหมือนเมื่อตรวจไฟล์" in told(played, batch, Outcome.HELD)[3]


def test_r22_a_dropout_in_a_file_waits_for_its_evidence_before_the_area_can_decide(played: Round) -> None:
    world = played.world
    cause = str(DropoutCause.POVERTY.th)
    batch = judged(played, row(100, DROPOUT, happened_on=DAY, ground=cause, reason="ไปทำงาน"))
    assert told(played, batch, Outcome.WRONG) == {}
    played.does("alice", movement_files.commit, batch)
    with world.acting("alice"):
        [waiting] = requests.inbox().waiting
    number = waiting.request_id
    assert state_of(world, number)[0] is RequestState.RETURNED
    refused = played.is_refused("alice", EvidenceMissing, requests.resend, number, "")
    assert "หลักฐาน" in refused
    played.does("alice", requests.attach, number, Evidence("ใบลา", "a.pdf", PDF))
    played.does("alice", requests.resend, number, "")
    assert row_of(world, national_id(100)).status is StudentStatus.ENROLLED
    played.does("dan", requests.approve, number)
    assert row_of(world, national_id(100)).status is StudentStatus.DROPPED


def test_only_who_moves_students_takes_files_in_and_only_their_own(played: Round) -> None:
    batch = judged(played, row(100, CLASS, grade="ป.6", room=2))
    played.is_refused("dao", NotPermitted, movement_files.receive, "x.xlsx", b"PK")
    played.is_refused("bob", NotYours, movement_files.commit, batch)
    junk = played.does("alice", movement_files.receive, "x.xlsx", b"not a workbook").id
    assert played.does("alice", movement_files.judge, junk).state == "failed"


@pytest.mark.usefixtures("at_once")
def test_a_file_is_uploaded_looked_at_and_done_on_the_screen(played: Round, screens: Screens) -> None:
    world = played.world
    page = screens.page("alice", "/movements/files/")
    assert "แม่แบบพร้อมรายชื่อ" in page
    sheet = fetched(screens, "/movements/files/template.xlsx?filled=1")
    names = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[0]["A"]]
    assert national_id(100) in names
    assert national_id(200) not in names
    data = filled(world, row(100, CLASS, grade="ป.6", room=2), row(101, CLASS, grade="ม.1", room=2))
    answer = screens.of("alice").post("/movements/files/", data={"file": (io.BytesIO(data), "ย้าย.xlsx")})
    address = answer.headers["Location"]
    assert screens.of("bob").get(address).status_code == 404
    assert "R24" in screens.page("alice", address)
    assert "1-0000-xxxxx" in screens.page("alice", f"{address}?tab=new")
    assert fetched(screens, f"{address}/marked.xlsx").startswith(b"PK")
    assert screens.of("alice").post(f"{address}/commit", data={}).status_code == 302
    assert "บันทึกแล้ว 1 แถว" in screens.page("alice", address)
    assert screens.of("alice").post(f"{address}/cancel").status_code == 409
    assert "กรุณาเลือกไฟล์" in screens.sent("alice", "/movements/files/", status=422)
