"""A record's history on its page: every change with its reason, two versions compared, and the way back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from appbuilder_app import access
from appbuilder_app.declaration import db
from appbuilder_app.models import Change, Student
from tests.app_fixtures import FOREIGN, SIBLING, World
from tests.round_fixtures import Round
from tests.screen_fixtures import Screens

pytestmark = pytest.mark.any_database("postgresql")


def moved(world: World, street: str, **more: object) -> int:
    """Alice lets her first pupil live in another street (and more); the number of the change."""
    key = world.pupil()
    with world.acting("alice", through="screen"), access.because(f"เพราะเป็น {street}"):
        pupil = db.session.get_one(Student, key)
        for field, value in {"street": street, **more}.items():
            setattr(pupil, field, value)
        db.session.commit()
        newest = sa.select(Change.id).where(Change.row_key == str(key), Change.dataset == "student")
        number: int = db.session.scalars(newest.order_by(Change.id.desc())).first() or 0
    return number


def version_of(world: World) -> str:
    """The version of Alice's first pupil."""
    key = world.pupil()
    with world.acting("alice"):
        return str(db.session.get_one(Student, key).version)


def test_the_whole_history_is_told_with_its_reasons(world: World, screens: Screens) -> None:
    moved(world, "มานะ")
    page = screens.page("alice", f"/data/student/{world.pupil()}/history")
    for words in ("เพราะเป็น มานะ", "มานะ", "Alice", "หน้าจอ", "เพิ่ม"):
        assert words in page


def test_two_versions_are_compared_and_one_with_the_present(world: World, screens: Screens) -> None:
    first, second = moved(world, "มานะ", journey_minutes=2), moved(world, "มานี")
    moved(world, "ชูใจ", journey_minutes=3)
    address = f"/data/student/{world.pupil()}/history"

    both = screens.page("alice", f"{address}?earlier={first}&later={second}")
    compared = both[both.index("สองรุ่นต่างกันอย่างไร") :]
    assert "มานะ" in compared
    assert "มานี" in compared
    assert "เวลาเดินทาง" not in compared
    assert compared == both[both.index("สองรุ่นต่างกันอย่างไร") :]

    present = screens.page("alice", f"{address}?earlier={first}")
    compared = present[present.index("สองรุ่นต่างกันอย่างไร") :]
    for words in ("มานะ", "ชูใจ", "เวลาเดินทาง", "ย้อนกลับ"):
        assert words in compared


def test_a_record_goes_back_with_a_reason_and_a_further_entry(world: World, screens: Screens) -> None:
    first = moved(world, "มานะ", journey_minutes=2)
    moved(world, "ชูใจ", journey_minutes=3)
    address = f"/data/student/{world.pupil()}/history"
    asked = {"change": str(first), "version": version_of(world), "reason": ""}

    refused = screens.sent("alice", address, status=422, **asked)
    assert "กรุณาระบุเหตุผล" in refused

    page = screens.sent("alice", address, status=302, **asked | {"reason": "แก้ผิดคน"})
    assert "ย้อนกลับแล้ว" in page
    assert "มานะ" in page
    key = world.pupil()
    with world.acting("alice"):
        pupil = db.session.get_one(Student, key)
        assert (pupil.street, pupil.journey_minutes) == ("มานะ", 2)
        last = db.session.scalars(sa.select(Change).order_by(Change.id.desc()).limit(1)).one()
        assert (last.reason, last.action, (last.after or {})["street"]) == ("แก้ผิดคน", "update", "มานะ")

    again = asked | {"version": version_of(world), "reason": "อีกครั้ง"}
    assert "ไม่มีอะไรให้ย้อนกลับ" in screens.sent("alice", address, status=409, **again)


def test_going_back_keeps_what_was_typed_when_somebody_else_was_quicker(
    world: World, screens: Screens
) -> None:
    first, version = moved(world, "มานะ"), version_of(world)
    moved(world, "ชูใจ")
    asked = {"change": str(first), "version": version, "reason": "แก้ผิดคน"}

    page = screens.sent("alice", f"/data/student/{world.pupil()}/history", status=409, **asked)

    assert "แก้ผิดคน" in page


def test_who_may_not_write_compares_only_and_who_may_not_see_finds_nothing(
    world: World, screens: Screens, played: Round
) -> None:
    first = moved(world, "มานะ")
    moved(world, "ชูใจ")
    address = f"/data/student/{world.pupil()}/history"
    asked = {"change": str(first), "version": version_of(world), "reason": "แก้ผิดคน"}

    assert "ชูใจ" in screens.page("dao", f"{address}?earlier={first}")
    assert screens.of("dao").post(address, data=asked).status_code == 403
    for stranger in ("bob", "charlie", "eve"):
        assert screens.of(stranger).get(address).status_code == 404
        assert screens.of(stranger).post(address, data=asked).status_code in {403, 404}
    other = screens.of("alice").get(f"{address}?earlier={first}&later=1")
    assert other.status_code == 404

    played.is_confirmed()
    assert screens.of("alice").post(address, data=asked).status_code == 409


def test_numbers_of_other_rows_changes_say_nothing(world: World, screens: Screens) -> None:
    for school in (SIBLING, FOREIGN):
        key = str(world.pupil(school))
        with world.acting("adam"):
            number = db.session.scalars(
                sa.select(Change.id).filter_by(dataset="student", row_key=key)
            ).first()
        answer = screens.of("alice").get(f"/data/student/{world.pupil()}/history?earlier={number}")
        assert answer.status_code == 404
