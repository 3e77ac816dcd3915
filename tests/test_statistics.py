"""Statistics of closed rounds: from certified snapshots alone, the same to the byte whatever happens afterwards."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from appbuilder_app import files
from appbuilder_app.codes import Grade, RoundSystem, Sex, Title
from appbuilder_app.declaration import db
from appbuilder_app.errors import NotYours
from appbuilder_app.models import Area, Roster, School, Student
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import freezing, nutrition, rounds, statistics, tallies
from appbuilder_app.workflows.statistics import RoundStillOpen, SnapshotsDamaged, Statistics
from tests.app_fixtures import SCHOOL, SIBLING, pupil
from tests.command_fixtures import Command, answer
from tests.growth_fixtures import synthetic_reference
from tests.round_fixtures import DAY, Round
from tests.screen_fixtures import Screens

pytestmark = pytest.mark.any_database("postgresql")


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> None:
    """An own file store for the test."""
    files.configure(tmp_path.as_uri())


def closed(played: Round) -> None:
    """One school is certified, its neighbour only confirmed; the round is closed."""
    played.is_certified()
    played.is_confirmed(SIBLING, "bob")
    played.close()


def counted(area: str | None = None, *, verify: bool = False) -> Statistics:
    """The figures as the viewer gets them, counted anew."""
    return statistics.count(statistics.round_named(RoundSystem.DMC, 2569, 2), area, verify=verify)


def of(played: Round, name: str, area: str | None = None, *, verify: bool = False) -> Statistics:
    """The figures as the persona gets them."""
    with played.world.acting(name):
        return counted(area, verify=verify)


def test_only_what_a_director_certified_is_counted(played: Round) -> None:
    closed(played)
    found = of(played, "cee", verify=True)

    assert (found.total.schools, found.schools, found.total.students) == (1, 3, 4)
    assert found.states == {"open": 1, "confirmed": 1, "certified": 1, "ackd": 0}
    assert found.total.grades["09"] == [2, 2, 1]
    assert found.by["age"] == {"09": {"M": {"12": 2}, "F": {"12": 2}}}
    assert [(part.code, part.schools) for part in found.parts] == [("1602", 1)]


def test_an_open_round_has_no_statistics(played: Round) -> None:
    played.is_certified()
    told = played.is_refused("cee", RoundStillOpen, counted)
    assert "ยังไม่ปิด" in told


def test_everybody_counts_what_they_look_after(played: Round) -> None:
    closed(played)

    assert [(part.code, part.students) for part in of(played, "dan").parts] == [(SCHOOL, 4)]
    assert of(played, "eve").parts == []
    assert of(played, "cee", "1602").csv == of(played, "dan").csv
    played.is_refused("dan", NotYours, counted, "1601")


def test_living_data_may_change_as_they_like_and_the_bytes_stay(played: Round) -> None:
    closed(played)
    before = of(played, "cee")

    def turn_the_world_over() -> None:
        with set_based(SetWork.MIGRATION):
            connection = db.session.connection()
            connection.execute(sa.update(School.__table__).values(name="ชื่อใหม่", highest_grade=Grade.M3))
            connection.execute(sa.update(Area.__table__).values(name="เขตใหม่", short_name="ใหม่"))

    played.does("adam", turn_the_world_over)
    played.does("cee", _next_round)
    played.changes_a_pupil(
        sex=Sex.FEMALE, title=Title.GIRL, birth_date=dt.date(2015, 1, 1), weight_kg=Decimal(60)
    )
    played.does("alice", lambda: db.session.add(pupil(SCHOOL, 901)))
    gone = played.world.pupil(SCHOOL, 2)
    played.does("alice", lambda: db.session.delete(db.session.get_one(Student, gone)))
    after = of(played, "cee", verify=True)

    assert after.csv == before.csv
    assert after.xlsx == before.xlsx
    assert after.sha256 == hashlib.sha256(before.csv).hexdigest()
    assert "เขตใหม่".encode() not in after.csv


def _next_round() -> None:
    one = rounds.create_round(2570, 1, dt.date(2027, 6, 10), "ว2")
    from appbuilder_app.dataset import lock

    for action in lock.WindowAction:
        rounds.set_window(one, action, "C", lock.now() - DAY, lock.now() + DAY, source="ว2")
    rounds.open_submissions(one)


def test_what_is_kept_is_what_is_counted(played: Round) -> None:
    closed(played)
    with played.world.acting("cee"):
        one = statistics.round_named(RoundSystem.DMC, 2569, 2)
        first, again = statistics.of_round(one), statistics.of_round(one)
        assert first.csv == again.csv == statistics.count(one).csv


def test_the_records_themselves_give_the_kept_counts(played: Round) -> None:
    """Nutrition by an invented reference, too: whoever has the snapshot can count again."""
    played.does(
        "cee", lambda: nutrition.import_reference(synthetic_reference(), "สมมติ", "ทดสอบ", synthetic=True)
    )
    played.changes_a_pupil(measured_on=dt.date(2026, 6, 1), weight_kg=Decimal(33), height_cm=Decimal(135))
    closed(played)
    with played.world.acting("cee"):
        roster = db.session.scalars(sa.select(Roster).where(Roster.school_code == SCHOOL)).one()
        by = tallies.by_axes(freezing.frozen_records(roster), 2569, nutrition.reference())
        assert roster.head["growth_reference"]["edition"] == "สมมติ"
        assert by == roster.counts["by"]
        assert sum(by["weight_for_age"]["09"]["M"].values()) == 2
        assert any(
            value for sexes in by["weight_for_age"].values() for values in sexes.values() for value in values
        )
    assert of(played, "cee", verify=True).total.schools == 1


def test_counts_agree_with_the_headcounts_on_the_certificate(played: Round) -> None:
    closed(played)
    with played.world.acting("cee"):
        for roster in db.session.scalars(sa.select(Roster)):
            for axis in ("age", "weight_for_age", "disadvantage", "living"):
                for row in roster.counts["grades"]:
                    by_sex = roster.counts["by"][axis].get(row["grade"], {})
                    told = [sum(by_sex.get(sex, {}).values()) for sex in ("M", "F")]
                    assert told == [row["male"], row["female"]], axis


def test_a_tampered_snapshot_makes_no_statistics(played: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    closed(played)
    with played.world.acting("cee"):
        roster = db.session.scalars(sa.select(Roster).where(Roster.school_code == SCHOOL)).one()
        roster.counts = {**roster.counts, "totals": {**roster.counts["totals"], "poor": 3}}
        with db.session.no_autoflush, pytest.raises(SnapshotsDamaged):
            statistics.count(statistics.round_named(RoundSystem.DMC, 2569, 2), verify=True)
        db.session.rollback()


def test_screens_and_files_for_country_and_area(played: Round, screens: Screens) -> None:
    assert "ยังไม่มีรอบที่ปิดแล้ว" in screens.page("dan", "/statistics/")
    closed(played)
    for name, address in (
        ("cee", "/statistics/"),
        ("cee", "/statistics/?area=1602"),
        ("dan", "/statistics/"),
    ):
        page = screens.page(name, address)
        assert "นักเรียนตามชั้นและเพศ" in page
        assert of(played, name, "1602" if "area" in address else None).sha256 in page
    assert screens.of("dan").get("/statistics/?area=1601").status_code == 404
    got = screens.of("dan").get("/statistics/file.csv")
    assert got.data == of(played, "dan").csv
    assert screens.of("dan").get("/statistics/file.xlsx").data == of(played, "dan").xlsx


def test_the_command_writes_the_same_file(played: Round, flask: Command, tmp_path: Path) -> None:
    closed(played)
    words = ("statistics", "--year", 2569, "--round", 2, "--as", "dan")
    told = answer(flask(*words, "--verify", "-o", tmp_path / "s.csv", "--json"))
    flask(*words, "-o", tmp_path / "s.xlsx")

    assert (told["schools"], told["students"]) == (1, 4)
    assert (
        told["sha256"] == told["file_sha256"] == hashlib.sha256((tmp_path / "s.csv").read_bytes()).hexdigest()
    )
    assert (tmp_path / "s.xlsx").read_bytes() == of(played, "dan").xlsx
    assert flask("statistics", "--year", 2500, "--round", 2, "--as", "dan").exit_code == 1
