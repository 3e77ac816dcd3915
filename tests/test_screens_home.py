"""The home page of each role: what to do next, until when; never empty."""

from __future__ import annotations

import pytest

from appbuilder_app.codes import WindowAction
from tests.app_fixtures import SCHOOL, World
from tests.round_fixtures import DAY, Round
from tests.screen_fixtures import Screens

pytestmark = pytest.mark.any_database("postgresql")

EVERYBODY = ["alice", "dao", "bob", "charlie", "dan", "eve", "cee", "adam"]


def test_everybody_sees_what_is_next_and_how_long_is_left(screens: Screens) -> None:
    for name in EVERYBODY:
        text = screens.page(name, "/")
        assert 'class="next' in text
        assert "data-deadline" in text


def test_who_is_nobody_is_sent_to_the_door(world: World) -> None:
    assert world.client().get("/").headers["Location"].endswith("/login/")


def test_the_officer_is_told_what_to_mend_then_to_confirm(screens: Screens, played: Round) -> None:
    played.changes_a_pupil(weight_kg=None)
    text = screens.page("alice", "/")
    assert "แก้หรือชี้แจง 1 เรื่อง" in text
    assert f"/submission/{SCHOOL}#weight-height" in text
    played.changes_a_pupil(weight_kg=30)
    assert "ตรวจและยืนยัน" in screens.page("alice", "/")


def test_the_director_waits_for_the_officer_and_then_certifies(screens: Screens, played: Round) -> None:
    assert "รอเจ้าหน้าที่ข้อมูลโรงเรียน" in screens.page("dao", "/")
    played.is_confirmed()
    text = screens.page("dao", "/")
    assert "ตรวจและรับรอง" in text
    assert "ประถมศึกษา" in text


def test_before_the_window_opens_the_day_is_told(screens: Screens, played: Round) -> None:
    played.opens(WindowAction.CONFIRM, DAY, 2 * DAY)
    text = screens.page("alice", "/")
    assert "ยังไม่ถึงเวลา" in text
    assert "เปิดในอีก" in text


def test_a_returned_school_sees_why(screens: Screens, played: Round) -> None:
    played.is_certified()
    screens.sent("dan", f"/submission/{SCHOOL}/return", reason="ชั้น ป.6 ขาดไปสองคน")
    assert "ชั้น ป.6 ขาดไปสองคน" in screens.page("alice", "/")


def test_the_district_sees_who_has_to_act_and_its_own_schools_only(screens: Screens, played: Round) -> None:
    played.is_certified()
    text = screens.page("dan", "/")
    assert "ตรวจและรับทราบ 1 โรงเรียน" in text
    assert "บ้านหนองเพื่อนบ้าน" in text
    assert "บ้านไกลเขต" not in text


def test_the_centre_sees_the_districts(screens: Screens) -> None:
    text = screens.page("cee", "/")
    assert "สพป.ลพบุรี เขต 1" in text
    assert "3 โรงเรียนยังไม่ยืนยัน" in text


def test_the_administrator_has_the_accounts_at_hand_and_nobody_else(screens: Screens) -> None:
    assert 'href="/accounts/"' in screens.page("adam", "/")
    assert 'href="/accounts/"' not in screens.page("cee", "/")


def test_between_rounds_the_page_says_so(screens: Screens, played: Round) -> None:
    played.close()
    for name in EVERYBODY:
        text = screens.page(name, "/")
        assert "ขณะนี้ไม่มีรอบที่เปิดอยู่" in text
        assert "รอบที่ 2 ปีการศึกษา 2569" in text
        assert ("สร้างรอบของปีการศึกษา" in text) is (name in {"cee", "adam"})


def test_each_home_page_takes_a_bounded_number_of_statements(screens: Screens) -> None:
    for name in ("alice", "dan", "cee"):
        assert screens.statements(name, "/") <= 40
