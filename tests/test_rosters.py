"""The frozen roster: one canonical text, a hash that anybody can make again, and what has changed since."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_app.codes import Grade
from appbuilder_app.declaration import db
from appbuilder_app.models import Roster, School, Student
from appbuilder_app.workflows import rosters, submissions
from appbuilder_app.workflows.rosters import Alteration, RosterDamaged
from tests.app_fixtures import SCHOOL, SIBLING, national_id, pupil
from tests.round_fixtures import Round


def roster() -> Roster:
    """The roster that stands."""
    return db.session.get_one(Roster, submissions.submission_of(SCHOOL).roster_id)


def test_the_hash_is_of_the_documented_text(played: Round) -> None:
    played.is_confirmed()

    with played.world.acting("alice"):
        frozen = roster()
        lines = rosters.frozen_text(frozen).decode().splitlines()
        head, *pupils = [json.loads(line) for line in lines]

        assert hashlib.sha256(rosters.frozen_text(frozen)).hexdigest() == frozen.sha256
        assert head == {
            "form": "thabian-roster/1", "school_code": SCHOOL, "system": "dmc", "academic_year": 2569,
            "round": 2, "snapshot_date": "2026-11-10", "students": 4,
        }  # fmt: skip
        assert [one["national_id"] for one in pupils] == sorted(national_id(100 + n) for n in range(4))
        assert pupils[0]["weight_kg"] == "33"
        assert pupils[0]["birth_date"] == "2014-08-01"
        assert pupils[0]["grade"] == "09"
        assert pupils[0]["living"] is None
        assert "school_code" not in pupils[0]


def test_the_same_pupils_give_the_same_hash_whatever_the_session_remembers(played: Round) -> None:
    played.is_confirmed()
    with played.world.acting("alice"):
        first = roster().sha256
    played.does("alice", submissions.return_submission, SCHOOL, "ลองใหม่")
    played.changes_a_pupil(weight_kg=Decimal("40.5"))
    played.changes_a_pupil(weight_kg=33)
    played.is_confirmed()

    with played.world.acting("alice"):
        assert roster().sha256 == first


@given(st.text(max_size=20))
def test_texts_are_written_in_one_normal_form(text: str) -> None:
    apart, together = (unicodedata.normalize(form, text) for form in ("NFD", "NFC"))

    assert rosters.canonical(apart) == rosters.canonical(together)


@given(st.decimals(min_value=0, max_value=999, places=1))
def test_decimals_are_written_in_one_way(number: Decimal) -> None:
    written = rosters.canonical(number)

    assert "E" not in written
    assert Decimal(written) == number
    assert rosters.canonical(number.quantize(Decimal("0.001"))) == written


def test_values_are_written_without_what_programs_disagree_about() -> None:
    assert rosters.canonical(dt.date(2014, 8, 1)) == "2014-08-01"
    assert rosters.canonical(Grade.P6) == "09"
    assert rosters.canonical(True) is True
    assert rosters.canonical(None) is None


def test_the_order_of_the_rows_does_not_count() -> None:
    records = [{"national_id": number, "first_name": "ก"} for number in ("3", "1", "2")]

    assert rosters.text_of({}, records) == rosters.text_of({}, records[::-1])


def test_any_later_difference_shows_field_by_field(played: Round) -> None:
    played.is_confirmed()
    played.does("alice", submissions.return_submission, SCHOOL, "แก้")
    with played.world.acting("alice"):
        frozen_id = db.session.scalars(sa.select(Roster.id)).one()
    played.changes_a_pupil(weight_kg=Decimal("40.5"), grade=Grade.P5)

    removed = played.world.pupil(SCHOOL, 3)

    def others() -> None:
        db.session.add(pupil(SCHOOL, 901, first_name="เพิ่มใหม่"))
        db.session.delete(db.session.get_one(Student, removed))

    played.does("alice", others)

    with played.world.acting("alice"):
        found = {one.alteration: one for one in rosters.differences(db.session.get_one(Roster, frozen_id))}
    changed = {field.label: (field.before, field.after) for field in found[Alteration.CHANGED].fields}
    assert changed == {
        "น้ำหนัก": ("33", "40.5"),
        "ชั้น": (Grade.P6.th, Grade.P5.th),
    }
    assert found[Alteration.ADDED].name == "เพิ่มใหม่ ทดสอบ"
    assert found[Alteration.REMOVED].name == "ชื่อ103 ทดสอบ"
    assert "xxxxx" in found[Alteration.REMOVED].masked_id


def test_right_after_confirming_nothing_differs(played: Round) -> None:
    played.is_confirmed()

    with played.world.acting("alice"):
        assert rosters.differences(roster()) == []


def test_a_neighbour_cannot_read_the_frozen_roster(played: Round) -> None:
    played.is_confirmed()

    for name in ("bob", "charlie", "eve"):
        with played.world.acting(name):
            assert db.session.scalars(sa.select(Roster)).all() == []


def test_a_damaged_roster_is_noticed(played: Round) -> None:
    played.is_confirmed()

    with played.world.acting("alice"):
        frozen = roster()
        frozen.sha256 = "0" * 64
        with db.session.no_autoflush, pytest.raises(RosterDamaged):
            rosters.frozen_records(frozen)
        db.session.rollback()


def test_freezing_takes_the_schools_own_pupils_alone(played: Round) -> None:
    with played.world.acting("cee"):
        ids = {record["national_id"] for record in rosters.records_of(db.session.get_one(School, SIBLING))}

    assert ids == {national_id(200 + number) for number in range(4)}
