"""Why can or can't this user see this row: told step by step, by the predicates of the engine."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from appbuilder_app.models import Change, db
from tests.app_fixtures import FOREIGN, SCHOOL
from tests.screen_fixtures import Screens

pytestmark = pytest.mark.any_database("postgresql")


def asked(screens: Screens, asker: str, username: str, key: object, status: int = 200) -> str:
    """What the screen tells an asker of an account and a pupil."""
    fields = {"username": username, "dataset": "student", "key": str(key)}
    return screens.sent(asker, "/accounts/why", status=status, **fields)


def test_everything_that_lets_somebody_in_is_named_with_places_and_times(screens: Screens) -> None:
    told = asked(screens, "adam", "alice", screens.world.pupil())
    assert "บัญชี alice ใช้งานได้" in told
    assert "มีสิทธิ์เพิ่ม แก้ไข ลบในนักเรียน" in told
    assert "บัญชีดูแล บ้านหนองตัวอย่าง" in told
    assert "ข้อมูลกลุ่มสุขภาพ: เห็น" in told
    assert "เปิดให้แก้ไขถึง" in told
    assert 'class="bad"' not in told


def test_a_row_of_another_school_and_a_right_that_is_missing_are_told_with_what_to_do(
    screens: Screens,
) -> None:
    told = asked(
        screens, "adam", "dao", f"https://thabian.example/data/student/{screens.world.pupil(FOREIGN)}/edit"
    )
    assert "รายการนี้เป็นของ บ้านไกลเขต จึงไม่เห็น" in told
    assert "ไม่มีบทบาทใดให้สิทธิ์เพิ่ม แก้ไข ลบในนักเรียน" in told
    assert "ใช้บัญชีของหน่วยงานที่เป็นเจ้าของรายการ" in told


def test_an_asker_learns_nothing_of_rows_and_accounts_of_others(screens: Screens) -> None:
    foreign, none = screens.world.pupil(FOREIGN), 987_654
    there, nowhere = (
        asked(screens, "dan", "alice", key).partition('class="steps-told"')[2] for key in (foreign, none)
    )
    assert "ไม่พบรายการนี้ในความดูแลของท่าน" in there
    assert "บ้านไกลเขต" not in there
    assert there == nowhere
    for stranger in ("charlie", "eve", "adam", "nobody"):
        assert "ไม่พบบัญชีนี้" in asked(screens, "dan", stranger, screens.world.pupil(), status=422)


def test_only_who_looks_after_accounts_may_ask(screens: Screens) -> None:
    for name in ("alice", "cee"):
        asked(screens, name, "alice", 1, status=403)


def test_that_it_was_asked_stays_in_the_history(screens: Screens) -> None:
    key = screens.world.pupil()
    asked(screens, "dan", "alice", key)
    with screens.world.acting("adam"):
        trace = db.session.scalars(sa.select(Change).filter_by(action="asked")).one()
        assert (trace.dataset, trace.actor, trace.scope) == ("account", "Dan ทดสอบ", f"C/1602/{SCHOOL}")
        assert trace.after == {"dataset": "student", "key": str(key)}
