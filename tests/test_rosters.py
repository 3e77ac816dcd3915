"""The frozen snapshot: one canonical text, a root that anybody can make again, and what has changed since."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import struct
import unicodedata
import zlib
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_app.codes import Grade
from appbuilder_app.declaration import db
from appbuilder_app.models import CollectionRound, Roster, School, Student
from appbuilder_app.workflows import freezing, rosters, rounds, since, submissions
from appbuilder_app.workflows.freezing import RosterDamaged
from appbuilder_app.workflows.since import Alteration
from tests.app_fixtures import SCHOOL, SIBLING, national_id, pupil
from tests.round_fixtures import Round


def roster() -> Roster:
    """The roster that stands."""
    return db.session.get_one(Roster, submissions.submission_of(SCHOOL).roster_id)


def test_the_root_is_of_the_documented_text(played: Round) -> None:
    """Made again here from docs/developers/snapshots.md alone, without the code that made it."""
    played.is_confirmed()

    with played.world.acting("alice"):
        frozen = roster()
        lines = zlib.decompress(frozen.content).split(b"\n")
        head, counts, *pupils = [json.loads(line) for line in lines]

        assert root_by_the_book(frozen.seed, lines) == frozen.root
        assert {name: head[name] for name in ("form", "system", "academic_year", "round", "leaves")} == {
            "form": "thabian-snapshot/1", "system": "dmc", "academic_year": 2569, "round": 2, "leaves": 6,
        }  # fmt: skip
        assert head["snapshot_date"] == "2026-11-10"
        assert (head["school"]["code"], head["area"]["code"]) == (SCHOOL, "1602")
        assert head["rules"] == db.session.get_one(CollectionRound, frozen.round_id).judged_by
        assert set(pupils[0]) == {*head["fields"]["student"], "dataset", "counted"}
        assert [one["national_id"] for one in pupils] == sorted(national_id(100 + n) for n in range(4))
        assert pupils[0]["weight_kg"] == "33"
        assert pupils[0]["birth_date"] == "2014-08-01"
        assert pupils[0]["grade"] == "09"
        assert pupils[0]["living"] is None
        assert "school_code" not in pupils[0]
        assert (head, counts) == (frozen.head, frozen.counts)
        assert counts["by"]["age"] == {"09": {"M": {"12": 2}, "F": {"12": 2}}}


def root_by_the_book(seed: bytes, lines: list[bytes]) -> str:
    """RFC 6962 over salted leaves, written anew."""

    def sha(*parts: bytes) -> bytes:
        return hashlib.sha256(b"".join(parts)).digest()

    salts = [
        hmac.new(seed, b"thabian-snapshot-salt" + struct.pack(">Q", n), "sha256").digest()
        for n in range(len(lines))
    ]
    order = [0, 1, *sorted(range(2, len(lines)), key=lambda n: salts[n])]
    leaves = [sha(b"\0", salts[n], lines[n]) for n in order]

    def tree(part: list[bytes]) -> bytes:
        if len(part) == 1:
            return part[0]
        left = max(2**power for power in range(20) if 2**power < len(part))
        return sha(b"\1", tree(part[:left]), tree(part[left:]))

    return tree(leaves).hex()


def test_the_same_pupils_give_the_same_text_whatever_the_session_remembers(played: Round) -> None:
    played.is_confirmed()
    with played.world.acting("alice"):
        first, seed = freezing.frozen_lines(roster()), roster().seed
    played.does("alice", submissions.return_submission, SCHOOL, "ลองใหม่")
    played.changes_a_pupil(weight_kg=Decimal("40.5"))
    played.changes_a_pupil(weight_kg=33)
    played.is_confirmed()

    with played.world.acting("alice"):
        assert freezing.frozen_lines(roster()) == first
        assert roster().seed != seed, "the same text twice must not show by its root that nothing was changed"


@given(st.text(max_size=20))
def test_texts_are_written_in_one_normal_form(text: str) -> None:
    apart, together = (unicodedata.normalize(form, text) for form in ("NFD", "NFC"))

    assert freezing.canonical(apart) == freezing.canonical(together)


@given(st.decimals(min_value=0, max_value=999, places=1))
def test_decimals_are_written_in_one_way(number: Decimal) -> None:
    written = freezing.canonical(number)

    assert "E" not in written
    assert Decimal(written) == number
    assert freezing.canonical(number.quantize(Decimal("0.001"))) == written


def test_values_are_written_without_what_programs_disagree_about() -> None:
    assert freezing.canonical(dt.date(2014, 8, 1)) == "2014-08-01"
    assert freezing.canonical(Grade.P6) == "09"
    assert freezing.canonical(True) is True
    assert freezing.canonical(None) is None


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
        found = {one.alteration: one for one in since.differences(db.session.get_one(Roster, frozen_id))}
    changed = {field.label: (field.before, field.after) for field in found[Alteration.CHANGED].fields}
    assert changed == {
        "น้ำหนัก": ("33", "40.5"),
        "ชั้น": (Grade.P6.th, Grade.P5.th),
    }
    assert found[Alteration.ADDED].who.name == "เพิ่มใหม่ ทดสอบ"
    assert found[Alteration.REMOVED].who.name == "ชื่อ103 ทดสอบ"
    assert "xxxxx" in found[Alteration.REMOVED].who.masked_id


def test_right_after_confirming_nothing_differs(played: Round) -> None:
    played.is_confirmed()

    with played.world.acting("alice"):
        assert since.differences(roster()) == []


def test_a_neighbour_cannot_read_the_frozen_roster(played: Round) -> None:
    played.is_confirmed()

    for name in ("bob", "charlie", "eve"):
        with played.world.acting(name):
            assert db.session.scalars(sa.select(Roster)).all() == []


def test_a_damaged_roster_is_noticed(played: Round) -> None:
    played.is_confirmed()

    with played.world.acting("alice"):
        frozen = roster()
        frozen.root = "0" * 64
        with db.session.no_autoflush, pytest.raises(RosterDamaged):
            freezing.frozen_records(frozen)
        db.session.rollback()


def test_freezing_takes_the_schools_own_pupils_alone(played: Round) -> None:
    with played.world.acting("cee"):
        present = rounds.current_round()
        assert present is not None
        records = rosters.records_of(db.session.get_one(School, SIBLING), present)

    assert {record["national_id"] for record in records} == {national_id(200 + number) for number in range(4)}


def test_who_got_a_real_number_is_changed_not_replaced(played: Round) -> None:
    played.is_confirmed()
    with played.world.acting("alice"):
        records = freezing.frozen_records(roster())
        records[0]["national_id"] = "G012345678901"
        found = since.differences(roster(), records)

    assert [one.alteration for one in found] == [Alteration.CHANGED]
    assert found[0].fields[0].name == "national_id"


def test_fields_behind_a_veil_are_told_to_have_changed_without_their_values(played: Round) -> None:
    played.is_confirmed()
    with played.world.acting("alice"):
        records = freezing.frozen_records(roster())
        records[0]["disability"], records[0]["house_code"] = "sight", "12345678901"
        on_paper = since.differences(roster(), records, since.fields_on_paper)
        seen = since.differences(roster(), records)
    told = {field.label: (field.before, field.after) for one in on_paper for field in one.fields}

    assert set(told) == {"ความพิการ", "รหัสประจำบ้าน"}
    assert "12345678901" not in str(told)
    assert any(field.after == "12345678901" for one in seen for field in one.fields), "alice sees the field"
