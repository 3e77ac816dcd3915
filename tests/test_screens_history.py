"""The history on the screen: within one's scope, newest first, filtered, with personal numbers masked."""

from __future__ import annotations

import pytest

from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.models import Student
from appbuilder_app.screens.history import PAGE_SIZE
from appbuilder_app.thaidate import bangkok, slash_date
from tests.app_fixtures import SCHOOL, SIBLING, national_id, pupil
from tests.round_fixtures import DAY, Round
from tests.screen_fixtures import Screens

pytestmark = pytest.mark.any_database("postgresql")


def test_a_change_is_shown_with_labels_and_who(screens: Screens, played: Round) -> None:
    played.changes_a_pupil(weight_kg=41)
    text = screens.page("dao", "/history/")
    assert "แก้ไขนักเรียน" in text
    assert "<del>33</del>" in text
    assert "<ins>41</ins>" in text
    assert "น้ำหนัก" in text
    assert "Alice ทดสอบ" in text


def test_a_neighbours_changes_are_not_shown(screens: Screens, played: Round) -> None:
    played.changes_a_pupil("bob", SIBLING, street="เพื่อนบ้าน")
    assert "เพื่อนบ้าน" not in screens.page("alice", "/history/")
    assert "เพื่อนบ้าน" not in screens.page("eve", "/history/")
    assert "เพื่อนบ้าน" in screens.page("dan", "/history/")


def test_personal_numbers_are_masked(screens: Screens, played: Round) -> None:
    played.does("alice", lambda: db.session.add(pupil(SCHOOL, 555)))
    text = screens.page("alice", "/history/")
    assert national_id(555) not in text
    assert "xxxxx" in text


def test_filters_narrow_by_dataset_actor_door_and_day(screens: Screens, played: Round) -> None:
    played.changes_a_pupil(journey_minutes=7)
    played.is_confirmed()
    only = screens.page("alice", "/history/?dataset=submission")
    assert "<b>ยืนยันแล้ว</b>" in only
    assert "แก้ไขนักเรียน" not in only
    assert "แก้ไขนักเรียน" in screens.page("alice", "/history/?actor=Alice&door=command")
    assert "ไม่พบประวัติ" in screens.page("alice", "/history/?actor=ไม่มีใคร")
    tomorrow = slash_date(bangkok(lock.now() + DAY))
    assert "ไม่พบประวัติ" in screens.page("alice", f"/history/?since={tomorrow}")
    assert "แก้ไขนักเรียน" in screens.page("alice", f"/history/?until={tomorrow}")


def test_a_day_that_cannot_be_read_is_told(screens: Screens) -> None:
    text = screens.page("alice", "/history/?since=31/02/2569", status=422)
    assert "ไม่มีวันที่ 31" in text
    assert 'value="31/02/2569"' in text


def test_pages_go_older_and_back_without_losing_or_repeating(screens: Screens, played: Round) -> None:
    import re

    for weight in range(50, 50 + PAGE_SIZE + 5):
        played.changes_a_pupil(weight_kg=weight)
    first = screens.page("alice", "/history/?dataset=student")
    older = re.search(r'href="([^"]+)"[^>]*>เก่ากว่า|rel="next" href="([^"]+)"', first)
    assert older is not None
    address = (older[1] or older[2]).replace("&amp;", "&")
    second = screens.page("alice", address)
    newest, oldest = (set(re.findall(r"<ins>(\d\d)</ins>", page)) for page in (first, second))
    assert not newest & oldest
    assert len(newest) == PAGE_SIZE
    newer = re.search(r'rel="prev" href="([^"]+)"', second)
    assert newer is not None
    assert (
        set(re.findall(r"<ins>(\d\d)</ins>", screens.page("alice", newer[1].replace("&amp;", "&")))) == newest
    )


def test_a_deleted_pupil_keeps_the_name_but_has_no_link(screens: Screens, played: Round) -> None:
    key = screens.world.pupil()
    played.does("alice", lambda: db.session.delete(db.session.get_one(Student, key)))
    text = screens.page("alice", "/history/")
    assert "ลบนักเรียน" in text
    assert "ชื่อ100" in text
    assert f"/data/student/{key}" not in text


def test_more_changes_take_no_more_statements(screens: Screens, played: Round) -> None:
    played.changes_a_pupil(journey_minutes=2)
    few = screens.statements("dan", "/history/")
    for minutes in range(3, 12):
        played.changes_a_pupil(journey_minutes=minutes)
    assert screens.statements("dan", "/history/") == few
