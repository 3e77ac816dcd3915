"""Watching on the screen: the district's table, many at once, the country, the list of who is behind."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app.codes import Capacity, WindowAction
from appbuilder_app.dataset.sheet import read_sheet
from appbuilder_app.declaration import db
from appbuilder_app.models import School, Submission
from tests.app_fixtures import FOREIGN, SCHOOL, SIBLING
from tests.round_fixtures import Round
from tests.screen_fixtures import Screens

pytestmark = pytest.mark.any_database("postgresql")


def test_the_district_sees_its_schools_and_no_others(screens: Screens) -> None:
    text = screens.page("dan", "/watch/")
    assert "บ้านหนองตัวอย่าง" in text
    assert "บ้านหนองเพื่อนบ้าน" in text
    assert "บ้านไกลเขต" not in text
    screens.page("dan", "/watch/?area=1601", status=404)


def test_a_school_has_nothing_to_watch_but_itself(screens: Screens) -> None:
    assert screens.of("alice").get("/watch/").headers["Location"].endswith("/submission/")


def test_states_and_words_narrow_the_table(screens: Screens, played: Round) -> None:
    played.is_certified()
    certified = screens.page("dan", "/watch/?state=certified")
    assert "บ้านหนองตัวอย่าง" in certified
    assert "บ้านหนองเพื่อนบ้าน" not in certified
    assert "บ้านหนองเพื่อนบ้าน" in screens.page("dan", "/watch/?q=เพื่อนบ้าน")
    assert "ไม่มีโรงเรียนที่ตรงกับที่เลือก" in screens.page("dan", "/watch/?q=ไม่มีชื่อนี้")


def test_many_are_acknowledged_at_once_and_each_gets_its_answer(screens: Screens, played: Round) -> None:
    played.is_certified()
    text = screens.sent("dan", "/watch/acknowledge", status=200, id=[SCHOOL, SIBLING, FOREIGN])
    assert "รับทราบแล้ว 1 โรงเรียน" in text
    assert "ยังรับทราบไม่ได้ 2 โรงเรียน" in text
    assert "บ้านไกลเขต" not in text
    assert "กรุณาให้โรงเรียนยืนยันและรับรองก่อน" in text
    assert "รับทราบแล้ว" in screens.page("alice", f"/submission/{SCHOOL}")


def test_many_are_acknowledged_for_the_areas_director_with_one_order(screens: Screens, played: Round) -> None:
    played.is_certified()
    told: dict[str, Any] = {"id": [SCHOOL, SIBLING], "capacity": "in_place"}
    refused = screens.sent("dan", "/watch/acknowledge", status=422, **told, order="")
    assert "ยังไม่ได้รับทราบ 2 โรงเรียน" in refused
    assert "กรุณากรอกเลขที่และวันที่ของคำสั่ง" in refused
    assert f'name="id" value="{SIBLING}"' in refused  # nothing has to be ticked again
    told["order"] = "สพป.ลบ.2 ที่ 13/2569"
    assert "รับทราบแล้ว 1 โรงเรียน" in screens.sent("dan", "/watch/acknowledge", status=200, **told)
    with screens.world.acting("cee"):
        one = db.session.scalars(sa.select(Submission).filter_by(school_code=SCHOOL)).one()
        assert (one.acknowledged_capacity, one.acknowledged_order) == (Capacity.IN_PLACE, told["order"])


def test_a_tick_is_offered_only_where_it_would_be_taken(screens: Screens, played: Round) -> None:
    assert 'name="id"' not in screens.page("dan", "/watch/")
    played.is_certified()
    text = screens.page("dan", "/watch/")
    assert f'name="id" value="{SCHOOL}"' in text
    assert f'value="{SIBLING}"' not in text
    assert 'name="id"' not in screens.page("cee", "/watch/?area=1602")
    played.is_over(WindowAction.ACKNOWLEDGE)
    over = screens.page("dan", "/watch/")
    assert 'name="id"' not in over
    assert "หมดเวลารับทราบข้อมูล" in over


def test_nothing_ticked_is_told(screens: Screens) -> None:
    assert "ยังไม่ได้เลือกโรงเรียน" in screens.sent("dan", "/watch/acknowledge", status=200)


def test_only_districts_acknowledge(screens: Screens) -> None:
    for name in ("alice", "dao", "cee", "adam"):
        screens.sent(name, "/watch/acknowledge", status=403, id=[SCHOOL])


def test_the_centre_sees_the_country_and_drills_down(screens: Screens) -> None:
    text = screens.page("cee", "/watch/")
    assert "สพป.ลพบุรี เขต 1" in text
    assert "/watch/?area=1602" in text
    assert "บ้านหนองตัวอย่าง" in screens.page("cee", "/watch/?area=1602")


def test_the_slowest_district_comes_first(screens: Screens, played: Round) -> None:
    assert _order(screens.page("cee", "/watch/")) == ["1602", "1601"]
    played.is_certified()
    assert _order(screens.page("cee", "/watch/")) == ["1601", "1602"]


def _order(text: str) -> list[str]:
    return sorted(("1601", "1602"), key=lambda area: text.index(f'data-href="/watch/?area={area}"'))


def test_more_schools_take_no_more_statements(screens: Screens, played: Round) -> None:
    few = {name: screens.statements(name, "/watch/") for name in ("dan", "cee")}
    played.does("adam", _more_schools)
    assert {name: screens.statements(name, "/watch/") for name in ("dan", "cee")} == few


def _more_schools() -> None:
    from appbuilder_app.codes import Grade

    for number in range(200, 230):
        db.session.add(
            School(
                code=f"16020{number}",
                name=f"บ้าน{number}",
                area_code="1602",
                lowest_grade=Grade("02"),
                highest_grade=Grade("09"),
            )
        )


def test_the_list_of_who_is_behind_is_of_the_viewers_own_schools(screens: Screens, played: Round) -> None:
    played.is_certified()
    with screens.of("dan").get("/watch/reading-list.xlsx") as answer:
        sheet = read_sheet(answer.data, "list.xlsx", ["เขตพื้นที่", "รหัสโรงเรียน", "สถานะ"])
    assert [str(row[1][1]) for row in sheet.rows] == [SIBLING]
    text = screens.of("cee").get("/watch/reading-list.csv").get_data(as_text=True)
    assert SIBLING in text
    assert FOREIGN in text
    assert SCHOOL not in text
    assert io.StringIO(text).readline().startswith("\ufeffเขตพื้นที่")


def test_a_closed_round_is_read_only(screens: Screens, played: Round) -> None:
    played.is_certified()
    played.close()
    text = screens.page("dan", "/watch/")
    assert "ปิดรอบแล้ว" in text
    assert 'name="id"' not in text
