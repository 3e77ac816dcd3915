"""The command line: the whole round by commands, refusals in Thai on standard error, JSON for scripts."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from appbuilder_app.declaration import db
from appbuilder_app.models import Account
from tests.app_fixtures import FOREIGN, SCHOOL, SIBLING
from tests.command_fixtures import Command, answer
from tests.round_fixtures import Round


def test_the_whole_round_runs_from_the_command_line(flask: Command, tmp_path: Path) -> None:
    pdf = tmp_path / "certificate.pdf"

    assert "ไม่มีเรื่องที่ต้องแก้" in flask("checklist", SCHOOL, "--as", "alice").stdout
    assert answer(flask("confirm", SCHOOL, "--as", "alice", "--json"))["state"] == "confirmed"
    certified = answer(flask("certify", SCHOOL, "--pdf", pdf, "--as", "dao", "--json"))
    (acknowledged,) = answer(flask("acknowledge", SCHOOL, "--as", "dan", "--json"))
    closed = answer(flask("rounds", "close", 2569, 2, "--as", "cee", "--json"))

    assert certified["number"] == "1602-2569-0001"
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert acknowledged == {"school_code": SCHOOL, "done": True, "refused": None}
    assert closed["counts"] == {"open": 2, "confirmed": 0, "certified": 0, "ackd": 1}
    assert closed["round"]["closed_by"] == "Cee ทดสอบ"


def test_a_refusal_is_thai_on_standard_error_with_status_one(flask: Command) -> None:
    result = flask("certify", SCHOOL, "--as", "dao")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("รับรองไม่ได้ เพราะข้อมูลของ บ้านหนองตัวอย่าง")


def test_a_refusal_is_json_too(flask: Command) -> None:
    result = flask("confirm", SCHOOL, "--as", "bob", "--json")

    assert (result.exit_code, result.stdout) == (1, "")
    told = json.loads(result.stderr)["refused"]
    assert (told["type"], told["status"]) == ("NotYours", 404)


def test_nothing_is_kept_of_a_refused_command(flask: Command, played: Round) -> None:
    flask("certify", SCHOOL, "--as", "dao")

    assert answer(flask("watch", "--as", "dan", "--json"))["schools"][0]["state"] == "open"


def test_who_is_not_there_or_switched_off_does_nothing(flask: Command, played: Round) -> None:
    assert "ไม่พบบัญชีผู้ใช้ “nobody”" in flask("confirm", SCHOOL, "--as", "nobody").stderr

    def switch_off() -> None:
        db.session.query(Account).filter_by(username="alice").one().active = False

    played.does("adam", switch_off)
    result = flask("confirm", SCHOOL, "--as", "alice")
    assert (result.exit_code, "alice" in result.stderr) == (1, True)


def test_every_command_asks_who_acts(flask: Command) -> None:
    for words in (("checklist", SCHOOL), ("confirm", SCHOOL), ("rounds", "list")):
        result = flask(*words)
        assert result.exit_code == 2
        assert "--as" in result.stderr


def test_of_many_schools_those_that_cannot_are_told_and_the_others_done(
    flask: Command, played: Round
) -> None:
    played.is_certified()

    result = flask("acknowledge", SIBLING, SCHOOL, FOREIGN, "--as", "dan")

    assert result.exit_code == 1
    assert result.stdout == f"รับทราบ บ้านหนองตัวอย่าง ({SCHOOL}) แล้ว\n"
    assert len(result.stderr.splitlines()) == 2
    states = [one["state"] for one in answer(flask("watch", "--as", "dan", "--json"))["schools"]]
    assert states == ["ackd", "open"]


def test_the_checklist_names_whom_it_means(flask: Command, played: Round) -> None:
    played.changes_a_pupil(height_cm=None)

    result = flask("checklist", SCHOOL, "--as", "alice")
    told = answer(flask("checklist", SCHOOL, "--as", "alice", "--json"))

    assert "[ต้องแก้ก่อนยืนยัน] นักเรียน 1 คนยังไม่มีน้ำหนักหรือส่วนสูง (R23, weight-height)" in result.stdout
    item = next(item for item in told["items"] if item["id"] == "weight-height")
    assert (item["strength"], item["count"], item["records"][0]["room"]) == ("error", 1, "ป.6/1")
    assert "1000000001005" not in result.stdout + json.dumps(told)


def test_data_are_returned_with_a_reason(flask: Command, played: Round) -> None:
    played.is_certified()

    assert flask("return", SCHOOL, "--as", "dan").exit_code == 2
    assert answer(flask("return", SCHOOL, "--reason", "นับใหม่", "--as", "dan", "--json"))["state"] == "open"


def test_a_year_is_created_listed_and_given_other_times(flask: Command) -> None:
    created = answer(flask("rounds", "create-year", 2570, "--source", "ว1", "--as", "cee", "--json"))
    window = answer(
        flask(
            *("rounds", "set-window", 2570, 1, "ยืนยัน", "--opens", "10/06/2570 08.00"),
            *("--closes", "10/06/2570 16.30", "--source", "ว2", "--as", "cee", "--json"),
        )
    )

    assert [one["number"] for one in created] == [1, 2, 3]
    assert dt.datetime.fromisoformat(window["opens_at"]) == dt.datetime(2027, 6, 10, 1, 0, tzinfo=dt.UTC)
    listed = flask("rounds", "list", "--as", "alice").stdout.splitlines()
    assert listed[0] == "รอบที่ 3 ปีการศึกษา 2570: ยังไม่ปิด"
    assert len(listed) == 4


def test_an_exception_is_granted_and_told(flask: Command) -> None:
    words = ("grant", 2569, 2, SCHOOL, "--closes", "1/1/2599 16.30", "--reason", "น้ำท่วม")

    assert flask(*words, "--as", "dan").exit_code == 1
    granted = answer(flask(*words, "--as", "cee", "--json"))

    assert [one["action"] for one in granted] == ["edit", "confirm", "certify"]
    assert {one["reason"] for one in granted} == {"น้ำท่วม"}


def test_a_time_that_cannot_be_read_is_told_before_anything_is_done(flask: Command) -> None:
    result = flask("grant", 2569, 2, SCHOOL, "--closes", "พรุ่งนี้", "--reason", "ก", "--as", "cee")

    assert result.exit_code == 2
    assert "10/06/2569 16.30" in result.stderr
