"""Movements and requests by command, made from the verbs' declarations: done as on the screen, refused in Thai."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from appbuilder_app import setup
from appbuilder_app.codes import RequestState, StudentStatus
from appbuilder_app.declaration import db, fields_of
from appbuilder_app.models import Student
from appbuilder_app.workflows import settings
from tests.app_fixtures import SCHOOL, World, national_id, pupil
from tests.round_fixtures import Round
from tests.test_movements import OURS, THEIRS, TODAY, key_of, row_of
from tests.test_number_commands import answer, commands_of
from tests.test_requests import PDF, state_of

pytestmark = pytest.mark.any_database("postgresql")

DAY = f"{TODAY:%d/%m}/{TODAY.year + 543}"


def test_a_class_a_number_and_a_move_out_by_command(world: World) -> None:
    flask = commands_of(world)
    moved = flask("movement", "change-class", OURS, "--grade", "ป.6", "--room", "๓", "--as", "alice")
    assert answer(moved) == {"count": 1}
    key = key_of(world, OURS)
    answer(flask("movement", "renumber", key, "--student-number", "90001", "--as", "alice"))
    answer(flask("movement", "transfer-out", OURS, "--happened-on", DAY, "--reason", "ย้าย", "--as", "alice"))
    row = row_of(world, OURS)
    assert (row.room, row.student_number, row.status) == (3, "90001", StudentStatus.MOVING)
    refused = flask("movement", "transfer-out", key, "--happened-on", DAY, "--reason", "ย้าย", "--as", "bob")
    assert (refused.exit_code, json.loads(refused.stderr)["refused"]["type"]) == (1, "NotYours")
    wrong = flask("movement", "change-class", key, "--grade", "ป.9", "--room", "x", "--as", "alice")
    assert (wrong.exit_code, "จำนวนเต็ม" in wrong.stderr or "ตัวเลข" in wrong.stderr) == (1, True)
    unknown = flask("movement", "renumber", "หนึ่ง", "--student-number", "1", "--as", "alice")
    assert unknown.exit_code == 2


def test_several_are_seated_from_a_file_and_a_child_is_added_from_one(world: World, tmp_path: Path) -> None:
    flask, rows, child = commands_of(world), tmp_path / "rows.json", tmp_path / "child.json"
    keys = [key_of(world, national_id(number)) for number in (100, 101)]
    rows.write_text(json.dumps([{"student": key, "grade": "09", "room": n} for n, key in enumerate(keys, 4)]))
    assert answer(flask("movement", "change-classes", "--rows", rows, "--as", "alice")) == {"count": 2}
    assert [row_of(world, national_id(number)).room for number in (100, 101)] == [4, 5]
    new, fields = pupil(SCHOOL, 500), fields_of(Student)
    told = {
        name: fields[name].kind.json(value)
        for name in ("national_id", "student_number", "title", "sex", "first_name", "last_name",
                     "birth_date", "grade", "room")
        if (value := getattr(new, name)) is not None
    }  # fmt: skip
    child.write_text(json.dumps(told | {"happened_on": TODAY.isoformat()}))
    added = answer(flask("movement", "add", child, "--as", "alice"))
    assert key_of(world, national_id(500)) == added["student"]
    child.write_text("[")
    assert "JSON" in flask("movement", "add", child, "--as", "alice").stderr


def test_a_transfer_is_asked_for_read_and_answered_by_command(world: World, tmp_path: Path) -> None:
    flask, paper = commands_of(world), tmp_path / "a.pdf"
    paper.write_bytes(PDF)
    seat = [
        "--grade",
        "09",
        "--room",
        "2",
        "--student-number",
        "777",
        "--happened-on",
        DAY,
        "--reason",
        "ย้ายบ้าน",
    ]
    asked = answer(
        flask("movement", "transfer-in", "--national-id", THEIRS, *seat, "--evidence", paper, "--as", "alice")
    )
    number = asked["request"]
    assert [one["request"] for one in answer(flask("request", "list", "--as", "charlie"))] == [number]
    shown = answer(flask("request", "show", number, "--as", "charlie"))
    assert ("approved" in shown["can"], shown["shown"]["เข้าชั้น"]) == (True, "ป.6/2")
    assert flask("request", "show", number, "--as", "bob").exit_code == 1
    answer(flask("request", "object", number, "--reason", "ยังมาเรียน", "--as", "charlie"))
    refused = flask("request", "approve", number, "--as", "dan")
    assert refused.exit_code == 1
    answer(flask("request", "approve", number, "--text", "ตรวจแล้ว", "--as", "cee"))
    assert state_of(world, number)[0] is RequestState.APPROVED
    assert row_of(world, THEIRS).school_code == SCHOOL
    told = world.app.test_cli_runner().invoke(args=["request", "show", str(number), "--as", "alice"])
    assert "อนุมัติ" in told.stdout


def test_the_year_end_by_command(played: Round, tmp_path: Path) -> None:
    refused = commands_of(played.world)("year-end", "pass-everybody", SCHOOL, "--as", "alice")
    assert json.loads(refused.stderr)["refused"]["type"] == "NotEndOfYear"


def test_the_centre_sets_a_value_and_asks_the_civil_register_by_command(world: World, tmp_path: Path) -> None:
    flask, paper, book = commands_of(world), tmp_path / "a.pdf", tmp_path / "q.xlsx"
    paper.write_bytes(PDF)
    with world.app.app_context(), setup.acting("ติดตั้ง"):
        settings.seed()
        db.session.commit()
    answer(flask("setting", "set-value", "bmi.low", "--value", 12, "--source", "ว5", "--as", "cee"))
    assert (
        flask("setting", "set-value", "bmi.low", "--value", 12, "--source", "ว5", "--as", "dan").exit_code
        == 1
    )
    asked = answer(
        flask(
            "numbers", "ask", OURS, national_id(900), "--reason", "ผิด", "--evidence", paper, "--as", "alice"
        )
    )
    batch = answer(flask("civil", "ask", "--as", "cee"))["batch"]
    answer(flask("civil", "workbook", batch, book, "--as", "cee"))
    filled = openpyxl.load_workbook(book)
    filled.active["N2"] = "ตรง"
    filled.save(book)
    noted = answer(flask("civil", "take-in", book, "--as", "cee"))
    assert (noted["noted"], noted["rows"][0]["request"]) == (1, asked["request"])
    again = answer(flask("civil", "take-in", book, "--as", "cee"))
    assert (again["noted"], "เลขอ้างอิง" in again["rows"][0]["refused"]) == (0, True)


def test_a_registration_ends_and_a_search_is_ordered_by_command(world: World) -> None:
    flask = commands_of(world)
    asked = answer(flask("gcodes", "register", "--phone", "0810000000", "--reason", "ครู", "--as", "alice"))
    answer(flask("request", "approve", asked["request"], "--as", "dan"))
    [one] = answer(flask("g-user", "list", "--as", "dan"))
    answer(flask("g-user", "end", one["g_user"], "--reason", "ย้าย", "--as", "dan"))
    assert answer(flask("g-user", "list", "--as", "dan"))[0]["ended_at"]
    assert answer(flask("duplicate", "search", "--as", "dan"))["job"] > 0
