"""The import of any dataset in screens: who may, the template, each error at its cell, commit and undo."""

from __future__ import annotations

import io
from typing import Any

import pytest

from appbuilder_app.declaration import db
from appbuilder_app.models import Student
from tests.app_fixtures import World
from tests.screen_fixtures import Screens, read
from tests.test_imports import line, workbook

pytestmark = pytest.mark.any_database("postgresql")

BASE = "/data/student/import/"


@pytest.fixture
def at_once(world: World) -> None:
    """Jobs are done before the order's answer."""
    world.app.config["JOBS_AT_ONCE"] = True


def sent(screens: Screens, persona: str, data: bytes, name: str = "ไฟล์ทดสอบ.xlsx") -> str:
    """The address of the uploaded file's page."""
    answer = screens.of(persona).post(BASE, data={"file": (io.BytesIO(data), name)})
    assert answer.status_code == 302, read(answer, 422)
    return str(answer.headers["Location"])


def fetched(screens: Screens, address: str) -> bytes:
    """The file that Alice downloads there."""
    with screens.of("alice").get(address) as answer:
        assert answer.status_code == 200
        return answer.data


@pytest.mark.usefixtures("at_once")
def test_from_the_list_to_the_undo(screens: Screens) -> None:
    assert f'href="{BASE}"' in screens.page("alice", "/data/student/")
    assert "แม่แบบเปล่า" in screens.page("alice", BASE)
    for file in ("template.xlsx", "rows.xlsx"):
        assert fetched(screens, BASE + file).startswith(b"PK")
    page = sent(screens, "alice", workbook(line(900), line(901, room="สอง"), line(100, room=2)))
    shown = screens.page("alice", page)
    assert "สอง" in shown
    assert "ไม่ใช่ตัวเลข" in shown
    assert "ชื่อ900" in screens.page("alice", f"{page}?tab=new")
    assert "ชื่อ100" in screens.page("alice", f"{page}?tab=changed")
    assert fetched(screens, f"{page}/marked.xlsx").startswith(b"PK")
    assert "นำเข้าไม่ได้" in screens.sent("alice", f"{page}/commit", whole="1")
    assert "นำเข้าแล้ว เพิ่ม 1 รายการ แก้ไข 1 รายการ" in screens.sent("alice", f"{page}/commit")
    assert "ย้อนกลับทั้งไฟล์แล้ว" in screens.sent("alice", f"{page}/undo")
    assert "สถานะ" in screens.page("alice", BASE) or "ย้อนกลับ" in screens.page("alice", BASE)


@pytest.mark.usefixtures("at_once")
def test_who_may_not_import_or_looks_after_others_gets_nothing(screens: Screens) -> None:
    page = sent(screens, "alice", workbook(line(900)))
    for verb in ("", "/marked.xlsx", "/original"):
        assert screens.of("charlie").get(page + verb).status_code == 404
    assert screens.of("charlie").post(f"{page}/commit").status_code == 404
    assert screens.of("charlie").post(f"{page}/cancel").status_code == 404
    assert screens.of("dao").get(BASE).status_code in (302, 403)
    assert BASE not in screens.page("dao", "/data/student/")
    assert screens.of("alice").get(page.replace("student", "school")).status_code in (302, 403, 404)
    with screens.world.acting("alice"):
        assert db.session.query(Student).count() == 4


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.xlsx", b"PK\x03\x04 broken", "ไฟล์เสียหาย"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "ตั้งรหัสผ่าน"),
        ("a.csv", "ไม่มี,หัว\n1,2\n".encode(), "ไม่พบแถวหัวตาราง"),
        ("a.pdf", b"%PDF-1.7 ...", "PDF"),
        ("a.csv", "ชื่อ,นามสกุล\nก,ข\n".encode("cp874"), "เลขประจำตัวประชาชน"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_can_be_fetched_back(
    screens: Screens, name: str, data: bytes, told: str
) -> None:
    page = sent(screens, "alice", data, name)
    assert told in screens.page("alice", page)
    assert fetched(screens, f"{page}/original") == data
    assert "ยกเลิกแล้ว" in screens.sent("alice", f"{page}/cancel")
    assert screens.of("alice").get(f"{page}/original").status_code == 404


def test_an_empty_upload_and_one_of_a_gigabyte_are_refused_in_words(screens: Screens) -> None:
    assert "กรุณาเลือกไฟล์ก่อน" in read(screens.of("alice").post(BASE, data={}), 422)
    empty: Any = {"file": (io.BytesIO(b""), "x.xlsx")}
    assert "ไม่มีแถวข้อมูล" in read(screens.of("alice").post(BASE, data=empty), 422)
    sized = {"CONTENT_LENGTH": str(2**30), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    huge = screens.of("alice").post(BASE, environ_overrides=sized)
    assert "ไฟล์ใหญ่เกินไป" in read(huge, 413)


@pytest.mark.usefixtures("at_once")
def test_a_csv_file_of_the_old_code_page_is_read_and_comes_back_as_a_workbook(screens: Screens) -> None:
    rows = [line(900), line(901, room="สอง")]
    from tests.test_imports import LABELS

    text = "\r\n".join(",".join(map(str, row)) for row in (LABELS, *rows))
    page = sent(screens, "alice", text.encode("cp874"), "x.csv")
    assert "สอง" in screens.page("alice", page)
    assert fetched(screens, f"{page}/marked.xlsx").startswith(b"PK")
