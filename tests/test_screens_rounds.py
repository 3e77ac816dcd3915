"""Rounds on the screen: everybody reads the times, central makes years, sets windows, grants and closes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app.codes import WindowAction
from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.models import CollectionRound, Submission, Window
from appbuilder_app.thaidate import BANGKOK, bangkok, slash_date
from forms.rounds import WindowsForm
from tests.app_fixtures import SCHOOL, World
from tests.round_fixtures import DAY, Round
from tests.screen_fixtures import Screens

pytestmark = pytest.mark.any_database("postgresql")

EVERYBODY = ["alice", "dao", "bob", "charlie", "dan", "eve", "cee", "adam"]
SOURCE = "ที่ ศธ ๐๔๐๐๖/ว๑๘๒๔"


def present(world: World) -> int:
    with world.acting("adam"):
        return db.session.query(CollectionRound).filter_by(closed_at=None).one().id


def windows(world: World, **wanted: Any) -> list[Window]:
    with world.acting("adam"):
        return list(db.session.scalars(sa.select(Window).filter_by(**wanted).order_by(Window.id)))


def test_everybody_reads_the_rounds(screens: Screens) -> None:
    for name in EVERYBODY:
        text = screens.page(name, "/rounds/")
        assert "รอบที่ 2 ปีการศึกษา 2569" in text
        assert "เปิดอยู่" in text
        assert ("/rounds/new" in text) is (name in {"cee", "adam"})


def test_only_central_changes_rounds(screens: Screens) -> None:
    for name in ("alice", "dao", "dan"):
        for page in ("new", "{}/windows", "{}/exception", "{}/close"):
            address = "/rounds/" + page.format(present(screens.world))
            screens.page(name, address, status=403)
            screens.sent(name, address, status=403)


def test_a_round_that_is_not_there_is_not_found(screens: Screens) -> None:
    screens.page("cee", "/rounds/999", status=404)


# ── A year ───────────────────────────────────────────────────────────────────────────────────────────────


def year_fields(screens: Screens, year: int = 2570) -> dict[str, Any]:
    """What the page of a new year would send if nothing was changed."""
    import re

    text = screens.page("cee", f"/rounds/new?year={year}")
    found = dict(re.findall(r'<input[^>]*? name="(round[^"]+)"[^>]*? value="([^"]*)"', text))
    assert len(found) == 3 * 18, sorted(found)
    return {**found, "year": str(year)}


def test_a_years_rounds_are_made_with_the_days_of_past_letters(screens: Screens) -> None:
    text = screens.sent("cee", "/rounds/new", **year_fields(screens), source=SOURCE)
    assert "สร้างรอบของปีการศึกษา 2570 แล้ว" in text
    with screens.world.acting("adam"):
        made = db.session.query(CollectionRound).filter_by(academic_year=2570).order_by("number").all()
        assert [one.number for one in made] == [1, 2, 3]
        assert made[0].snapshot_date == dt.date(2027, 6, 10)
        assert made[2].snapshot_date == dt.date(2028, 4, 30)
        assert db.session.query(Submission).filter_by(round_id=made[0].id).count() == 3
    confirm = windows(screens.world, round_id=made[0].id, action=WindowAction.CONFIRM)[0]
    assert bangkok(confirm.closes_at) == dt.datetime(2027, 6, 10, 16, 30, tzinfo=BANGKOK)
    assert confirm.source == SOURCE


def test_days_can_be_changed_before_saving_and_rounds_left_out(screens: Screens) -> None:
    fields = year_fields(screens)
    del fields["round2-wanted"], fields["round3-wanted"]
    fields |= {"round1-confirm-opens_time": "08.00", "round1-confirm-closes_time": "24.00"}
    screens.sent("cee", "/rounds/new", **fields, source=SOURCE)
    with screens.world.acting("adam"):
        (made,) = db.session.query(CollectionRound).filter_by(academic_year=2570)
    confirm = windows(screens.world, round_id=made.id, action=WindowAction.CONFIRM)[0]
    assert bangkok(confirm.opens_at).hour == 8
    assert bangkok(confirm.closes_at) == dt.datetime(2027, 6, 11, tzinfo=BANGKOK)


def test_what_was_typed_stays_when_something_is_wrong(screens: Screens) -> None:
    fields = year_fields(screens) | {"round1-edit-opens_day": "31/02/2570", "round2-edit-opens_time": "25.00"}
    text = screens.sent("cee", "/rounds/new", status=422, **fields, source="")
    assert "31/02/2570" in text
    assert "ไม่มีวันที่ 31" in text
    assert "เวลา “25.00” ใช้ไม่ได้" in text
    assert "กรุณากรอกช่องนี้" in text
    with screens.world.acting("adam"):
        assert db.session.query(CollectionRound).count() == 1


def test_a_year_that_exists_is_refused_whole(screens: Screens) -> None:
    fields = year_fields(screens, 2569)
    text = screens.sent("cee", "/rounds/new", status=409, **fields, source=SOURCE)
    assert "มีรายการนี้อยู่แล้ว" in text
    with screens.world.acting("adam"):
        assert db.session.query(CollectionRound).count() == 1


# ── Windows ──────────────────────────────────────────────────────────────────────────────────────────────


def four(action: str, opens: dt.datetime, closes: dt.datetime) -> dict[str, Any]:
    """The four fields of an action's window."""
    opens, closes = bangkok(opens), bangkok(closes)
    return {
        f"{action}-opens_day": slash_date(opens),
        f"{action}-opens_time": f"{opens:%H.%M}",
        f"{action}-closes_day": slash_date(closes),
        f"{action}-closes_time": f"{closes:%H.%M}",
    }


def window_fields(**changed: tuple[dt.datetime, dt.datetime]) -> dict[str, Any]:
    now = lock.now().replace(second=0, microsecond=0)
    spans = {action.value: (now - 2 * DAY, now + 2 * DAY) for action in WindowAction} | changed
    return {name: text for action, span in spans.items() for name, text in four(action, *span).items()}


def test_windows_are_set_anew_and_the_old_ones_stay_readable(screens: Screens) -> None:
    one = present(screens.world)
    fields = window_fields()
    before = len(windows(screens.world, round_id=one))
    screens.sent("cee", f"/rounds/{one}/windows", **fields, source="ว 99")
    text = screens.page("cee", f"/rounds/{one}")
    assert "ว 99" in text
    again = len(windows(screens.world, round_id=one))
    assert again == before + 4
    assert "ไม่มีช่วงเวลาที่เปลี่ยน" in screens.sent("cee", f"/rounds/{one}/windows", **fields, source="ว 99")
    assert len(windows(screens.world, round_id=one)) == again


def test_a_window_that_ends_before_it_begins_is_told_beside_it(screens: Screens) -> None:
    now = lock.now()
    fields = window_fields(confirm=(now, now - DAY))
    text = screens.sent(
        "cee", f"/rounds/{present(screens.world)}/windows", status=422, **fields, source="ว 1"
    )
    assert "ต้องหลังเวลาเริ่ม" in text


def test_thai_digits_and_colons_are_times_too() -> None:
    from werkzeug.datastructures import MultiDict

    fields = window_fields() | {"edit-opens_time": "๐๘:๓๐", "edit-opens_day": "๑๖/๐๕/๒๕๖๙", "source": "ว 1"}
    from flask import Flask
    from flask_babel import Babel

    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        form = WindowsForm(MultiDict(fields))
        assert form.validate(), form.errors
        span = next(form.spans())
    assert span.opens_at == dt.datetime(2026, 5, 16, 8, 30, tzinfo=BANGKOK)


# ── Exceptions ───────────────────────────────────────────────────────────────────────────────────────────


def exception_fields(**changed: Any) -> dict[str, Any]:
    later = bangkok(lock.now() + 5 * DAY)
    return {
        "school_code": SCHOOL,
        "actions": ["confirm", "certify"],
        "closes_day": slash_date(later),
        "closes_time": "16.30",
        "reason": "น้ำท่วมโรงเรียน",
    } | changed


def test_one_school_gets_more_time_and_everybody_concerned_sees_why(screens: Screens) -> None:
    one = present(screens.world)
    assert "ผ่อนผันเวลาแล้ว" in screens.sent("cee", f"/rounds/{one}/exception", **exception_fields())
    granted = windows(screens.world, round_id=one, scope=f"C/1602/{SCHOOL}")
    assert [w.action for w in granted] == [WindowAction.CONFIRM, WindowAction.CERTIFY]
    for name in ("cee", "dan", "alice"):
        text = screens.page(name, f"/rounds/{one}")
        assert "น้ำท่วมโรงเรียน" in text
        assert "Cee ทดสอบ" in text
    for name in ("bob", "eve"):
        assert "น้ำท่วมโรงเรียน" not in screens.page(name, f"/rounds/{one}")


def test_an_exception_needs_a_place_a_reason_and_an_action(screens: Screens) -> None:
    address = f"/rounds/{present(screens.world)}/exception"
    text = screens.sent(
        "cee", address, status=422, **exception_fields(school_code="", reason="", actions=[], source="ว 7")
    )
    assert "เลือกเขตพื้นที่หรือโรงเรียน" in text
    assert "เลือกอย่างน้อยหนึ่งรายการ" in text
    assert "กรุณากรอกช่องนี้" in text
    assert 'value="ว 7"' in text


def test_less_time_is_no_exception(screens: Screens) -> None:
    address = f"/rounds/{present(screens.world)}/exception"
    fields = exception_fields(
        closes_day=slash_date(bangkok(lock.now())), closes_time="24.00", actions=["ack"]
    )
    assert "การผ่อนผันต้องได้เวลาเพิ่ม" in screens.sent("cee", address, status=422, **fields)


# ── Closing ──────────────────────────────────────────────────────────────────────────────────────────────


def test_closing_shows_whom_it_leaves_behind_and_asks_for_the_name(screens: Screens, played: Round) -> None:
    played.is_certified()
    address = f"/rounds/{present(screens.world)}/close"
    assert "3 โรงเรียนยังไม่เสร็จ" in screens.page("cee", address)
    assert "ยังไม่ตรงกับชื่อรอบ" in screens.sent("cee", address, status=422, typed="รอบที่ 1 ปีการศึกษา 2569")
    assert "แก้ไขไม่ได้อีก" in screens.sent("cee", address, typed="รอบที่ 2 ปีการศึกษา 2569")
    assert "Cee ทดสอบ" in screens.page("alice", "/rounds/")


def test_a_closed_round_offers_nothing_more(screens: Screens, played: Round) -> None:
    one = present(screens.world)
    played.close()
    text = screens.page("cee", f"/rounds/{one}")
    for page in ("windows", "exception", "close"):
        assert f"/rounds/{one}/{page}" not in text
    assert "ปิดไปแล้ว" in screens.sent("cee", f"/rounds/{one}/close", status=409, typed="รอบที่ 2 ปีการศึกษา 2569")
    assert "ปิดแล้ว" in screens.sent(
        "cee", f"/rounds/{one}/windows", status=409, **window_fields(), source="ว 1"
    )
