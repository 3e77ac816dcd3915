"""The demo: what ``setup --demo`` promises is there, can be tried from end to end, and harms nobody's."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from appbuilder_app import access, setup
from appbuilder_app.access import Viewer
from appbuilder_app.codes import ROUND_STEPS, Check, RoundSystem, SubmissionState
from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.demo import accounts, calendar, load, making
from appbuilder_app.demo.accounts import PASSWORD, SECOND_SCHOOL, NotForTheDemo
from appbuilder_app.demo.load import NATION, Size, planned
from appbuilder_app.demo.schools import SAMPLE_SCHOOL, SEED
from appbuilder_app.models import Account, Area, Certificate, CollectionRound, School, Student, Submission
from appbuilder_app.rules.settings import SETTINGS
from appbuilder_app.security import viewer_of
from appbuilder_app.setup_commands import table
from appbuilder_app.thaidate import BANGKOK, thai_date
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import (
    checklist,
    explanations,
    freezing,
    headcounts,
    rosters,
    rounds,
    student_file,
    submissions,
)
from tests.app_fixtures import World, dispose
from tests.student_file_fixtures import SPECIMEN

# What `make run` shows is on SQLite; on PostgreSQL it is made once, smaller, for the sake of its rights and walls.
pytestmark = pytest.mark.any_database

SMALLER = 50
OPEN, CONFIRMED = SubmissionState.OPEN, SubmissionState.CONFIRMED
CERTIFIED, ACKNOWLEDGED = SubmissionState.CERTIFIED, SubmissionState.ACKNOWLEDGED


@contextmanager
def acting(demo: World, username: str) -> Iterator[Viewer]:
    """Everything inside is done by one of the demo's accounts."""
    with demo.app.app_context():
        account = db.session.scalars(sa.select(Account).filter_by(username=username)).one()
        viewer = viewer_of(account)
        with access.acting_as(viewer, through="command"), access.proven(viewer, "password"):
            yield viewer


def setting_up(app: Flask, *words: str) -> Any:
    return app.test_cli_runner().invoke(args=[*words])


def how_much(app: Flask) -> dict[str, int]:
    with app.app_context(), set_based(SetWork.DEMO):
        tables = (School, Student, Submission, Certificate, CollectionRound, Account)
        counted = {
            one.__tablename__: db.session.scalar(sa.select(sa.func.count()).select_from(one.__table__))
            for one in tables
        }
    return {name: int(count or 0) for name, count in counted.items()}


# ── Setting up ───────────────────────────────────────────────────────────────────────────────────────────


def test_one_district_is_there_after_one_command(demo: World, demo_folder: Path) -> None:
    there = how_much(demo.app)
    assert there["school"] == 139
    assert 19_500 < there["student"] < 20_500
    said = (demo_folder / "said.txt").read_text()
    assert all(trial.username in said for trial in accounts.TRIALS)
    assert "http://127.0.0.1:8080" in said


@pytest.mark.any_database("postgresql")
def test_a_smaller_one_is_made_by_the_role_that_owns_nothing(
    database_url: str, make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "AREA_SCHOOLS", SMALLER)
    app = make_app(database_url)
    said = setting_up(app, "setup", "--demo")
    assert said.exit_code == 0, said.output
    there = how_much(app)
    assert there["school"] == SMALLER
    assert there["student"] > 20 * SMALLER


def test_the_same_command_again_adds_nothing(demo: World) -> None:
    before = how_much(demo.app)
    again = setting_up(demo.app, "setup", "--demo")
    assert again.exit_code == 0
    assert how_much(demo.app) == before


def test_an_account_added_while_trying_does_not_stop_the_next_start(demo: World) -> None:
    names = ("--first-name", "สมชาย", "--last-name", "ตัวอย่าง")
    assert setting_up(demo.app, "add-administrator", "somchai", *names).exit_code == 0
    assert setting_up(demo.app, "setup", "--demo").exit_code == 0


def test_a_larger_demo_adds_schools_beside_the_first_district(demo: World) -> None:
    before = how_much(demo.app)
    said = setting_up(demo.app, "demo", "--schools", "142")
    assert said.exit_code == 0, said.output
    after = how_much(demo.app)
    assert after["school"] == 142
    assert after["student"] > before["student"]
    assert after["ab_user"] == before["ab_user"]


def test_a_register_that_somebody_works_in_gets_no_demo(world: World) -> None:
    before = how_much(world.app)
    said = setting_up(world.app, "setup", "--demo")
    assert said.exit_code == 1
    assert str(NotForTheDemo()) in said.output
    assert how_much(world.app) == before
    assert PASSWORD not in world.client().get("/login/").get_data(as_text=True)


def test_every_trial_account_is_offered_and_can_log_in(demo: World) -> None:
    page = demo.client().get("/login/").get_data(as_text=True)
    for trial in accounts.TRIALS:
        assert trial.username in page
        browser = demo.app.test_client()
        entered = browser.post("/login/", data={"username": trial.username, "password": PASSWORD})
        assert entered.status_code == 302, trial
        home = browser.get("/").get_data(as_text=True)
        assert "ข้อมูลตัวอย่าง" in home


def test_nobody_logs_in_as_those_who_only_sign(demo: World) -> None:
    for password in ("", "!", PASSWORD):
        entered = demo.client().post("/login/", data={"username": "o16020002", "password": password})
        assert entered.status_code == 401


def test_any_size_up_to_the_nation_can_be_asked_for() -> None:
    nation = [len(made) for made in planned(NATION, SEED)]
    assert len(nation) == 245
    assert 29_400 < sum(nation) < 29_600
    some = list(planned(Size(areas=245, learners=50_000), SEED))
    assert sum(school.students for made in some[:-1] for school in made) < 50_000
    assert sum(school.students for made in some for school in made) >= 50_000


# ── The rounds ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("day", range(0, 366, 5))
def test_on_any_day_one_round_is_under_way_and_the_ones_before_are_past(day: int) -> None:
    today = dt.date(2027, 1, 1) + dt.timedelta(days=day)
    days = calendar.calendar(today)
    assert days.closed, thai_date(today)
    assert max(days.closed) < days.current
    assert all(days.current < later for later in days.planned)
    over = max(window.last.of(place.academic_year) for place in days.closed for window in place.plan.windows)
    assert over <= today, thai_date(today)


def test_for_two_weeks_everything_can_be_done_and_then_it_closes_at_half_past_four(demo: World) -> None:
    with acting(demo, "officer1") as officer:
        for action in ROUND_STEPS:
            standing = lock.standing(db.session.connection(), RoundSystem.DMC, officer.scope, action)
            assert standing.closes_at is not None
            assert standing.closes_at - lock.now() > dt.timedelta(days=14)
            assert standing.closes_at.astimezone(BANGKOK).time() == dt.time(16, 30)
            assert standing.is_open, action


def test_a_demo_whose_time_is_over_opens_again(demo: World, monkeypatch: pytest.MonkeyPatch) -> None:
    later = lock.now() + dt.timedelta(days=40)
    monkeypatch.setattr(lock, "now", lambda: later)
    with demo.app.app_context(), setup.acting(making.NAME):
        assert calendar.keep_open()
        assert not calendar.keep_open()
        db.session.commit()
    with acting(demo, "officer1") as officer:
        assert lock.standing(db.session.connection(), RoundSystem.DMC, officer.scope).is_open


def test_the_round_before_is_closed_and_every_school_has_its_frozen_figures(demo: World) -> None:
    with acting(demo, "district"):
        current = rounds.current_round()
        assert current is not None
        for school in db.session.scalars(sa.select(School).limit(12)):
            last = headcounts.last_round(school, current)
            assert last is not None
            assert last.round.is_closed
            assert last.counts.students > 0
            standing = db.session.scalars(
                sa.select(Submission).filter_by(school_code=school.code, round_id=last.round.id)
            ).one()
            roster = db.session.get_one(rosters.Roster, standing.roster_id)
            assert len(freezing.frozen_records(roster)) == last.counts.students
            assert standing.certified_at is not None
            assert standing.certified_at.date() == last.round.snapshot_date


def test_the_figures_differ_a_little_from_the_round_before(demo: World) -> None:
    with acting(demo, "officer1"):
        school = db.session.get_one(School, SAMPLE_SCHOOL)
        current = rounds.current_round()
        assert current is not None
        last = headcounts.last_round(school, current)
        assert last is not None
        now = headcounts.live(school, current)
        assert last.counts.grades != now.grades
        assert abs(last.counts.students - now.students) < 10


# ── The schools ──────────────────────────────────────────────────────────────────────────────────────────


def test_schools_stand_at_every_point_of_the_way(demo: World) -> None:
    with acting(demo, "district"):
        current = rounds.current_round()
        assert current is not None
        there = db.session.scalars(sa.select(Submission).filter_by(round_id=current.id)).all()
        counts = Counter(one.state for one in there)
        assert all(counts[state] for state in (OPEN, CONFIRMED, CERTIFIED, ACKNOWLEDGED))
        assert counts[OPEN] > sum(counts.values()) / 2
        returned = [one for one in there if one.returned_reason]
        assert returned
        assert all(one.state is OPEN for one in returned)
        void = db.session.scalars(sa.select(Certificate).where(Certificate.voided_at.is_not(None))).all()
        assert {one.school_code for one in void} <= {one.school_code for one in returned}


def test_in_the_other_systems_too_schools_are_on_their_way(demo: World) -> None:
    with acting(demo, "district"):
        present = {system: rounds.current_round(system) for system in RoundSystem}
        for system, of_sample in {
            RoundSystem.ASSET: OPEN, RoundSystem.MOBEC: CONFIRMED, RoundSystem.EMIS: CERTIFIED,
        }.items():  # fmt: skip
            one = present[system]
            assert one is not None
            there = db.session.scalars(sa.select(Submission).filter_by(round_id=one.id)).all()
            counts = Counter(submission.state for submission in there)
            assert all(counts[state] for state in (OPEN, CONFIRMED, CERTIFIED, ACKNOWLEDGED)), system
            assert {s.school_code: s.state for s in there}[SAMPLE_SCHOOL] is of_sample
        emis = present[RoundSystem.EMIS]
        assert emis is not None
        for certificate in db.session.scalars(sa.select(Certificate).filter_by(round_id=emis.id)):
            assert all(number for _label, number, *_sums in certificate.content["rows"]), (
                "no dataset is empty"
            )


def test_every_rule_of_the_checklist_has_something_to_find_somewhere(demo: World) -> None:
    found: set[str] = set()
    with acting(demo, "district"):
        for code in db.session.scalars(sa.select(School.code).order_by(School.code)).all():
            found |= {item.id for item in checklist.checklist(code).items if item.count}
    assert {"weight-height", "identity", "duplicate", "top-grade", "under-age", "over-age"} <= found


def test_the_second_school_has_more_to_mend(demo: World) -> None:
    with acting(demo, "officer2"):
        assert len(checklist.checklist(SECOND_SCHOOL).errors) >= 3


def test_the_first_school_goes_the_whole_way_after_two_things_are_mended(demo: World) -> None:
    with acting(demo, "officer1"):
        [weights] = checklist.checklist(SAMPLE_SCHOOL).errors
        assert weights.id == "weight-height"
        assert weights.count == 2
        for finding in weights.records:
            pupil = db.session.get_one(Student, finding.student_id)
            pupil.weight_kg, pupil.height_cm = Decimal(30), Decimal(130)
        db.session.flush()
        for asked in checklist.checklist(SAMPLE_SCHOOL).unexplained:
            explanations.explain(SAMPLE_SCHOOL, Check(asked.id), "ตรวจกับสูติบัตรแล้ว")
        submissions.confirm(SAMPLE_SCHOOL)
        db.session.commit()
    with acting(demo, "director1"):
        certificate = submissions.certify(SAMPLE_SCHOOL)
        assert certificate.content["school_name"] == "บ้านหนองตัวอย่าง"
        db.session.commit()
    with acting(demo, "district"):
        [outcome] = submissions.acknowledge([SAMPLE_SCHOOL])
        assert outcome.is_done


def test_the_file_written_beside_the_demo_shows_every_kind_of_row(demo: World, demo_folder: Path) -> None:
    [file] = (demo_folder / "demo").glob("*.xlsx")
    with acting(demo, "officer1"):
        counts = student_file.preview(SAMPLE_SCHOOL, file.name, file.read_bytes()).counts
    assert {kind: counts[kind] for kind in ("new", "changed", "missing", "wrong")} == {
        "new": 2, "changed": 4, "missing": 2, "wrong": 3,
    }  # fmt: skip


def test_the_specimen_of_the_national_file_can_be_uploaded(demo: World) -> None:
    with acting(demo, "officer1"):
        counts = student_file.preview(SAMPLE_SCHOOL, SPECIMEN.name, SPECIMEN.read_bytes()).counts
    assert counts["new"] == 176
    assert counts["wrong"] == 0


# ── Reference data ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def bare(databases: Any, make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """A migrated database with reference data and nothing else."""
    url = databases.fresh()
    app = make_app(url)
    with app.app_context():
        setup.migrate()
        there = 77 + 245 + 41 + 76  # provinces, areas, building plans, equipment lines
        assert setup.prepare() == there + len(SETTINGS)
    yield app
    dispose(app)
    databases.drop(url)


def test_areas_follow_their_reference_unless_somebody_has_changed_them(
    bare: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from appbuilder_app import reference

    with bare.app_context():
        administrator = Viewer(1, "administrator", "ผู้ดูแล", "", "C", frozenset({("write", "area")}))
        with access.acting_as(administrator, through="screen"):
            db.session.get_one(Area, "1602").short_name = "สพป.ลบ.2"
            db.session.commit()
        renamed = tuple(
            known._replace(short_name=known.short_name + "*") for known in reference.service_areas()
        )
        monkeypatch.setattr(reference, "service_areas", lambda: renamed)
        assert setup.prepare() == 244
        assert db.session.get_one(Area, "1602").short_name == "สพป.ลบ.2"
        assert db.session.get_one(Area, "1601").short_name.endswith("*")
        assert setup.prepare() == 0


def test_a_table_of_thai_words_stays_in_line() -> None:
    lines = list(table([("ชื่อผู้ใช้", "ใคร"), ("officer1", "ที่นี่")]))
    assert lines == ["ชื่อผู้ใช้     ใคร", "officer1  ที่นี่"]
