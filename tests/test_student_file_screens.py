"""The import in screens and on the command line: what an officer sees from the upload to the result."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from appbuilder_app.dataset.sheet import read_sheet
from appbuilder_app.declaration import db
from appbuilder_app.models import ImportBatch, Student
from tests.app_fixtures import PUPILS_PER_SCHOOL, SCHOOL, SIBLING, World, national_id
from tests.student_file_fixtures import SPECIMEN, line, xlsx
from tests.test_student_file import is_stored, lock_school

pytestmark = pytest.mark.any_database("postgresql")

MIXED = (line(100), line(101, ห้อง="2"), line(900), line(901, ID="1234567890120"))


def post_file(client: FlaskClient, data: bytes, name: str = "2569-2-student.xlsx", **more: str) -> Any:
    return client.post("/import/", data={"file": (io.BytesIO(data), name), **more})


def uploaded(client: FlaskClient, data: bytes, **more: str) -> str:
    """Address of the preview of an uploaded file."""
    answer = post_file(client, data, **more)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return str(answer.get_data(as_text=True))


def test_an_officer_uploads_looks_and_commits(world: World) -> None:
    alice = world.client("alice")
    address = uploaded(alice, xlsx(*MIXED))
    wrong = page(alice, address)
    assert "หลักตรวจสอบไม่ตรง" in wrong
    assert "1234567890120" in wrong
    assert ">C <" in wrong
    changed = page(alice, f"{address}?tab=changed")
    assert "<del>1</del>" in changed
    assert "<ins>2</ins>" in changed
    assert "ชื่อ900" in page(alice, f"{address}?tab=new")
    assert "ชื่อ100" in page(alice, f"{address}?tab=same")
    assert "ชื่อ102" in page(alice, f"{address}?tab=missing")
    assert alice.post(f"{address}/commit").status_code == 302
    assert "เพิ่ม 1 คน แก้ไข 1 คน" in page(alice, address)
    with world.acting("alice"):
        assert db.session.query(Student).count() == PUPILS_PER_SCHOOL + 1


def test_personal_numbers_are_masked_except_where_they_are_wrong(world: World) -> None:
    alice = world.client("alice")
    address = uploaded(alice, xlsx(*MIXED))
    for tab in ("new", "changed", "same", "missing"):
        shown = page(alice, f"{address}?tab={tab}")
        assert not any(national_id(number) in shown for number in (100, 101, 102, 103, 900))


def test_a_cancelled_file_leaves_nothing(world: World) -> None:
    alice = world.client("alice")
    address = uploaded(alice, xlsx(line(900)))
    assert alice.post(f"{address}/cancel").status_code == 302
    assert "ยกเลิก" in page(alice, address)
    assert alice.post(f"{address}/commit").status_code == 409
    with world.acting("alice"):
        assert not is_stored(900)


def test_rows_come_a_hundred_a_page(world: World) -> None:
    alice = world.client("alice")
    address = uploaded(alice, xlsx(*(line(number) for number in range(500, 750))))
    first, last = page(alice, f"{address}?tab=new"), page(alice, f"{address}?tab=new&page=3")
    assert ("ชื่อ500" in first, "ชื่อ600" in first, "ชื่อ749" in last, "ชื่อ500" in last) == (
        True,
        False,
        True,
        False,
    )
    assert "201–250" in last
    assert "201–250" in page(alice, f"{address}?tab=new&page=99")
    for odd in ("page=-1", "page=x", "tab=nonsense"):
        page(alice, f"{address}?{odd}")


def test_the_result_of_an_earlier_file_opens_without_its_rows(world: World) -> None:
    alice = world.client("alice")
    first = uploaded(alice, xlsx(line(900)))
    assert alice.post(f"{first}/commit").status_code == 302
    uploaded(alice, xlsx(line(901)))
    shown = page(alice, f"{first}?tab=new")
    assert "เพิ่ม 1 คน" in shown
    assert "ดูได้ในประวัติการแก้ไข" in shown


def test_a_refused_file_is_told_on_the_upload_page(world: World) -> None:
    alice = world.client("alice")
    for data, name, part in (
        (b"%PDF-1.7", "x.pdf", "เป็นไฟล์ PDF"),
        (b"", "x.xlsx", "ไม่มีแถวข้อมูล"),
        (xlsx(line(รหัสโรงเรียน=SIBLING)), "x.xlsx", "ไม่ใช่บ้านหนองตัวอย่าง"),
    ):
        answer = post_file(alice, data, name)
        assert answer.status_code == 422
        assert part in answer.get_data(as_text=True)
    answer = alice.post("/import/", data={})
    assert answer.status_code == 422
    assert "กรุณาเลือกไฟล์ก่อน" in answer.get_data(as_text=True)


def test_a_locked_school_sees_why_instead_of_a_drop_zone(world: World) -> None:
    alice = world.client("alice")
    waiting = uploaded(alice, xlsx(line(900)))
    assert "data-drop" in page(alice, "/import/")
    lock_school(world)
    shown = page(alice, "/import/")
    assert "ถูกล็อกแล้ว" in shown
    assert "data-drop" not in shown
    assert "/commit" not in page(alice, waiting)
    assert post_file(alice, xlsx(line())).status_code == 409
    assert alice.post(f"{waiting}/commit").status_code == 409


def test_a_district_officer_says_which_school(world: World) -> None:
    dan = world.client("dan")
    assert post_file(dan, xlsx(line())).status_code == 422
    address = uploaded(dan, xlsx(line(900)), school=SCHOOL)
    assert dan.post(f"{address}/commit").status_code == 302
    assert post_file(world.client("eve"), xlsx(line()), school=SCHOOL).status_code == 404


@pytest.mark.parametrize("persona", ["bob", "charlie", "eve"])
def test_others_do_not_find_the_preview(world: World, persona: str) -> None:
    address = uploaded(world.client("alice"), xlsx(*MIXED))
    other = world.client(persona)
    assert other.get(address).status_code == 404
    assert other.get(f"{address}/correction.xlsx").status_code == 404
    for verb in ("commit", "cancel"):
        assert other.post(f"{address}/{verb}").status_code == 404
    with world.acting("alice"):
        assert db.session.scalars(sa.select(ImportBatch.state)).one() == "preview"


@pytest.mark.parametrize("persona", ["dao", "cee"])
def test_who_may_not_import_gets_no_page(world: World, persona: str) -> None:
    address = uploaded(world.client("alice"), xlsx(*MIXED))
    client = world.client(persona)
    for refused in (client.get("/import/"), client.get(address), post_file(client, xlsx(line()))):
        assert refused.status_code in {302, 403, 404}
        assert "ชื่อ900" not in refused.get_data(as_text=True)
    assert "นำเข้าไฟล์" not in page(client, "/data/student/")


def test_the_roster_and_the_home_page_lead_to_the_import(world: World) -> None:
    alice = world.client("alice")
    for address in ("/", "/data/student/"):
        assert 'href="/import/"' in page(alice, address)


def test_the_wrong_rows_are_downloaded_as_a_workbook(world: World) -> None:
    alice = world.client("alice")
    address = uploaded(alice, xlsx(*MIXED))
    with alice.get(f"{address}/correction.xlsx") as answer:
        assert answer.status_code == 200
        sheet = read_sheet(answer.data, "x.xlsx", ["ชั้น", "ชื่อ", "นามสกุล"])
    [(_number, cells)] = sheet.rows
    assert "หลักตรวจสอบไม่ตรง" in str(cells[-1])


def test_a_page_of_a_preview_takes_few_statements(world: World) -> None:
    alice = world.client("alice")
    address = uploaded(alice, SPECIMEN.read_bytes())
    seen: list[str] = []
    with world.app.app_context():
        engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    page(alice, f"{address}?tab=new")
    sa.event.remove(engine, "before_cursor_execute", note)
    assert len(seen) <= 10, "\n".join(seen)


# ── Command line ─────────────────────────────────────────────────────────────────────────────────────────


def run(world: World, *arguments: str) -> Any:
    return world.app.test_cli_runner().invoke(args=["import", *arguments])


def test_the_command_previews_and_commits(world: World, tmp_path: Path) -> None:
    file = tmp_path / "2569-2-student.xlsx"
    file.write_bytes(xlsx(*MIXED))
    told = run(world, SCHOOL, str(file), "--as", "alice", "--json")
    assert told.exit_code == 0, told.output
    answer = json.loads(told.stdout)
    assert answer["state"] == "preview"
    assert {k: v for k, v in answer["counts"].items() if v} == {
        "new": 1, "changed": 1, "same": 1, "missing": 2, "wrong": 1}  # fmt: skip
    assert [(one["row"], one["column"]) for one in answer["problems"]] == [(6, "C")]
    told = run(world, SCHOOL, str(file), "--as", "alice", "--commit")
    assert told.exit_code == 0
    assert "นำเข้า" in told.stdout
    assert "แถวที่ 6 C" in told.stdout
    with world.acting("alice"):
        assert is_stored(900)


def test_the_command_refuses_in_thai_with_a_status(world: World, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a,b,c\n1,2,3\n", encoding="utf-8")
    told = run(world, SCHOOL, str(file), "--as", "alice")
    assert told.exit_code == 1
    assert "ไม่พบแถวหัวตาราง" in told.stderr
    told = run(world, SIBLING, str(file), "--as", "alice", "--json")
    assert json.loads(told.stderr)["refused"]["status"] == 404
