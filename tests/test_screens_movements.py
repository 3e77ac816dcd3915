"""The inbox and the movements as people meet them: found, asked for, answered, undone, in both languages."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest

from appbuilder_app.codes import DropoutCause, StudentStatus
from appbuilder_app.workflows import movements, requests
from tests.app_fixtures import FOREIGN, SCHOOL, national_id
from tests.round_fixtures import Round
from tests.screen_fixtures import Screens, read
from tests.test_movements import DROPOUT, OURS, PROOF, THEIRS, TODAY, key_of, place, row_of

pytestmark = pytest.mark.any_database("postgresql")

SEAT: dict[str, Any] = {
    "grade": "09",
    "room": "2",
    "student_number": "777",
    "happened_on": "",
    "reason": "ย้ายบ้าน",
}


def test_a_child_is_looked_up_asked_for_and_comes(screens: Screens) -> None:
    assert "ไม่พบนักเรียน" in screens.sent("alice", "/movements/in", status=404, national_id=national_id(999))
    page = screens.sent("alice", "/movements/in", status=200, national_id=THEIRS)
    assert "เด็กชายชื่อ300 ทดสอบ" in page
    assert "บ้านไกลเขต" not in page  # which school has the child is nobody else's business
    assert "/movements/in/take" in page
    assert "/movements/in/take" not in screens.sent("alice", "/movements/in", status=200, national_id=OURS)
    day = f"{TODAY:%d/%m}/{TODAY.year + 543}"
    asked = screens.sent("alice", "/movements/in/take", national_id=THEIRS, **SEAT | {"happened_on": day})
    assert "โรงเรียนเดิมได้รับแจ้ง" in asked
    assert "บ้านไกลเขต" not in asked

    assert "คำขอที่รอท่าน" in screens.page("charlie", "/")
    inbox = screens.page("charlie", "/requests/")
    number = re.findall(r"/requests/([0-9]+)", inbox)[0]
    assert "บ้านหนองตัวอย่าง" in screens.page("charlie", f"/requests/{number}")
    assert screens.of("bob").get(f"/requests/{number}").status_code == 404
    assert screens.of("bob").post(f"/requests/{number}/approved").status_code == 404
    screens.sent("charlie", f"/requests/{number}/objected", status=422, text="")
    screens.sent("charlie", f"/requests/{number}/approved", text="")
    assert row_of(screens.world, THEIRS).school_code == SCHOOL
    assert "มีเรื่องใหม่" in screens.page("alice", "/requests/")
    screens.sent("alice", f"/requests/{number}/noted")
    assert "มีเรื่องใหม่" not in screens.page("alice", "/requests/")


def test_a_dropout_goes_to_the_district_with_its_evidence(played: Round, screens: Screens) -> None:
    key = key_of(played.world, OURS)
    day = f"{TODAY:%d/%m}/{TODAY.year + 543}"
    facts = {"ground": DropoutCause.POVERTY.value, "happened_on": day, "reason": "ไปทำงาน"}
    address = f"/movements/student/{key}/dropout"
    assert "ต้องแนบหลักฐาน" in screens.sent("alice", address, status=422, **facts)
    proof = (io.BytesIO(b"%PDF-1.4"), "a.pdf")
    answer = screens.of("alice").post(address, data=facts | {"file": proof})
    assert answer.status_code == 302
    page = screens.page("dan", answer.headers["Location"])
    file = re.findall(r"/requests/[0-9]+/files/[0-9]+", page)[0]
    assert screens.of("dan").get(file).mimetype == "application/pdf"
    assert screens.of("bob").get(file).status_code == 404
    screens.sent("dan", f"{answer.headers['Location']}/approved", text="อนุญาต")
    assert row_of(played.world, OURS).status is StudentStatus.DROPPED
    assert "รับกลับเข้าเรียน" in screens.page("alice", f"/movements/student/{key}")


def test_a_class_is_moved_by_its_list(played: Round, screens: Screens) -> None:
    world = played.world
    address = "/movements/class?grade=09"
    there = re.findall(r'name="student" value="([0-9]+)"', screens.page("alice", address))
    assert len(there) == 4
    data = {"student": there[:2], "grade": "09", "room": "5", "reason": ""}
    assert screens.of("alice").post(address, data=data).status_code == 302
    assert [row_of(world, national_id(number)).room for number in (100, 101, 102)] == [5, 5, 1]
    refused = screens.sent("alice", address, status=422, **data | {"grade": "10"})
    assert "R24" in refused
    nobody = screens.sent("alice", address, status=422, grade="09", room="5")
    assert "อย่างน้อยหนึ่งคน" in nobody


def test_a_board_that_was_dragged_is_saved_as_a_whole_or_not_at_all(played: Round, screens: Screens) -> None:
    world, address = played.world, "/movements/class?grade=09"
    keys = [key_of(world, national_id(number)) for number in (100, 101, 300)]
    rows = [{"student": key, "grade": "09", "room": room} for room, key in enumerate(keys, 2)]
    assert screens.of("alice").post(address, data={"rows": json.dumps(rows)}).status_code == 404
    assert {row_of(world, national_id(number)).room for number in (100, 101)} == {1}
    too_high = [rows[0], rows[1] | {"grade": "10"}]
    page = screens.sent("alice", address, status=422, rows=json.dumps(too_high))
    assert ("R24" in page, "&#34;room&#34;: 2" in page) == (True, True)  # what was dragged is not lost
    assert screens.of("alice").post(address, data={"rows": json.dumps(rows[:2])}).status_code == 302
    assert [row_of(world, national_id(number)).room for number in (100, 101)] == [2, 3]


def test_what_was_done_is_listed_and_undone(played: Round, screens: Screens) -> None:
    world = played.world
    key = key_of(world, OURS)
    played.does("alice", movements.transfer_out, key, TODAY, "ย้ายไปต่างจังหวัด")
    page = screens.page("alice", "/movements/")
    assert "ยังไม่มีโรงเรียนรับ 1 คน" in page
    undo = re.findall(r"/movements/[0-9]+/undo", page)[0]
    assert screens.of("bob").post(undo, data={"reason": "x"}).status_code == 404
    assert "กรุณาระบุเหตุผล" in screens.sent("alice", undo, status=422, reason="")
    screens.sent("alice", undo, reason="กดผิด")
    assert row_of(world, OURS).status is StudentStatus.ENROLLED


def test_who_may_not_move_meets_no_way_in_and_strangers_no_student(played: Round, screens: Screens) -> None:
    key = key_of(played.world, OURS)
    assert screens.of("dao").get(f"/movements/student/{key}").status_code == 403
    assert screens.of("charlie").get(f"/movements/student/{key}").status_code == 404
    assert "/movements/in" not in screens.page("dao", "/data/student/")
    assert f"/movements/student/{key}" in screens.page("alice", f"/data/student/{key}")


def test_the_screens_speak_english(played: Round, screens: Screens) -> None:
    key = key_of(played.world, OURS)
    number = played.does("alice", movements.ask_to_leave, key, DROPOUT, PROOF)
    coming = played.does("charlie", movements.transfer_in, national_id(101), place(FOREIGN), "x")
    played.does("alice", requests.object_to, coming.request_id, "still here")
    screens.of("alice").get("/lang/en")
    for address in (
        "/requests/", f"/requests/{number}", "/movements/", "/movements/in", "/movements/class", "/movements/files/",
        f"/movements/student/{key}",
    ):  # fmt: skip
        page = read(screens.of("alice").get(address), 200)
        assert not re.search(r"<h[12]>[^<]*[ก-๙]", re.sub(r"<h1>.*?</h1>", "", page)), address
