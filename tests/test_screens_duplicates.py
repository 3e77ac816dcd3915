"""Screens of duplicates: the list, a case side by side, deciding, evidence and its readers, lists of agencies."""

from __future__ import annotations

import io

import pytest

from appbuilder_app.codes import StudentStatus
from appbuilder_app.workflows import duplicates
from tests.app_fixtures import SCHOOL, national_id
from tests.round_fixtures import Round
from tests.screen_fixtures import Screens, read
from tests.test_duplicate_cases import late, opens, student, twins
from tests.test_duplicates import listed
from tests.test_requests import PDF

pytestmark = pytest.mark.any_database("postgresql")


@pytest.fixture
def case(played: Round) -> tuple[int, int, int]:
    """A case between Alice's and Bob's school: its number and the keys of both records."""
    ours, double = twins(played, father_first_name="สมพงษ์")
    return opens(played), ours, double


def test_the_list_tells_each_side_of_its_cases(screens: Screens, case: tuple[int, int, int]) -> None:
    for name in ("alice", "bob", "dan", "cee"):
        page = screens.page(name, "/duplicates/")
        assert "ชื่อ700 ทดสอบ" in page
        assert national_id(700) not in page
    assert "ชื่อ700" not in screens.page("charlie", "/duplicates/")
    assert "ค้นหานักเรียนซ้ำซ้อน" not in screens.page("alice", "/duplicates/")


def test_a_school_sees_of_the_other_only_what_is_needed(screens: Screens, case: tuple[int, int, int]) -> None:
    page = screens.page("alice", f"/duplicates/{case[0]}")
    assert "อีกโรงเรียนหนึ่งในเขตเดียวกัน" in page
    assert "บ้านหนองเพื่อนบ้าน" not in page
    assert "สมพงษ์" not in page
    assert 'name="keep"' not in page
    assert "บ้านหนองเพื่อนบ้าน" in screens.page("dan", f"/duplicates/{case[0]}")
    screens.page("charlie", f"/duplicates/{case[0]}", status=404)


def test_the_district_decides_and_undoes(screens: Screens, played: Round, case: tuple[int, int, int]) -> None:
    number, _ours, double = case
    address = f"/duplicates/{number}"
    screens.sent("alice", f"{address}/decide", status=403, keep="1", reason="x")
    assert "กรุณาเลือกคำวินิจฉัย" in screens.sent("dan", f"{address}/decide", status=422, reason="x")
    assert "ทุกฝ่ายได้รับแจ้ง" in screens.sent("dan", f"{address}/decide", keep="1", reason="มาเรียนจริง")
    assert student(played, double).status is StudentStatus.DUPLICATE
    assert "ตัดออก" in screens.page("bob", address)
    assert "มีความเคลื่อนไหว" in screens.page("alice", "/duplicates/?show=settled")

    screens.sent("dan", f"{address}/undo", reason="หลักฐานใหม่")
    assert student(played, double).status is StudentStatus.ENROLLED


def test_evidence_is_read_by_who_brought_it_and_who_decides(
    screens: Screens, case: tuple[int, int, int]
) -> None:
    address = f"/duplicates/{case[0]}"
    sent = screens.of("alice").post(
        f"{address}/evidence", data={"name": "สูติบัตรฉบับจริง", "file": (io.BytesIO(PDF), "a.pdf")}
    )
    assert sent.status_code == 302
    for name in ("alice", "dan"):
        page = screens.page(name, address)
        link = page.split(f'href="{address}/evidence/')[1].split('"')[0]
        assert screens.of(name).get(f"{address}/evidence/{link}").data == PDF
    assert "สูติบัตรฉบับจริง" not in screens.page("bob", address)
    screens.page("bob", f"{address}/evidence/{link}", status=404)
    assert "ส่งข้อความแล้ว" in screens.sent("bob", f"{address}/say", text="ย้ายไปแล้ว")
    assert "ย้ายไปแล้ว" in screens.page("dan", address)
    assert "ย้ายไปแล้ว" not in screens.page("alice", address)


def test_a_case_past_its_deadline_is_told_everywhere(
    screens: Screens, played: Round, case: tuple[int, int, int]
) -> None:
    late(played)
    assert "เลยกำหนดแล้ว" in screens.page("alice", f"/duplicates/{case[0]}")
    assert "ชื่อ700" in screens.page("dan", "/duplicates/?show=late")
    assert "ไม่นับเป็นของโรงเรียนใด" in screens.page("alice", f"/submission/{SCHOOL}")


def test_lists_of_other_agencies(screens: Screens, played: Round) -> None:
    data = listed(f"{national_id(100)},ใคร ก็ได้,01/01/2555,ร.ร.เทศบาล,ป.6")
    answer = screens.of("dan").post(
        "/duplicates/lists", data={"agency": "30", "file": (io.BytesIO(data), "opt.csv")}
    )
    assert answer.status_code == 302
    assert "opt.csv" in screens.page("dan", "/duplicates/lists")
    assert "opt.csv" not in screens.page("eve", "/duplicates/lists")
    screens.page("alice", "/duplicates/lists", status=403)
    with played.world.acting("dan"):
        (kept,) = duplicates.lists()
    screens.sent("eve", f"/duplicates/lists/{kept.id}/remove", status=404)
    assert "opt.csv" not in screens.sent("dan", f"/duplicates/lists/{kept.id}/remove")


def test_the_search_in_the_background_opens_cases(screens: Screens, played: Round) -> None:
    twins(played)
    screens.sent("alice", "/duplicates/search", status=403)
    played.world.app.config["JOBS_AT_ONCE"] = True
    assert "สั่งค้นหาแล้ว" in screens.sent("dan", "/duplicates/search")
    assert "ชื่อ700 ทดสอบ" in screens.page("alice", "/duplicates/")


def test_the_inbox_leads_to_the_case(screens: Screens, case: tuple[int, int, int]) -> None:
    assert "ระเบียนที่ 2" in read(screens.of("dan").get(f"/requests/{case[0]}", follow_redirects=True), 200)
    screens.page("charlie", f"/requests/{case[0]}", status=404)
