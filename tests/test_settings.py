"""What the centre sets: where it holds, what it refuses, and that rounds keep what they began with."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from appbuilder_app import rules, setup
from appbuilder_app.codes import Check, RequestKind
from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.errors import InvalidRow, NotPermitted, NotYours, SourceMissing, StaleVersion
from appbuilder_app.models import CollectionRound, Request, Setting
from appbuilder_app.rules import SETTINGS
from appbuilder_app.workflows import checklist, gcode_users, requests, rounds, settings
from tests.app_fixtures import SCHOOL, World
from tests.round_fixtures import Round, present

pytestmark = pytest.mark.any_database("postgresql")


@pytest.fixture
def seeded(played: Round) -> Round:
    """The small world as a set-up leaves it: every setting at its default."""
    with played.world.app.app_context(), setup.acting("ติดตั้ง"):
        settings.seed()
        db.session.commit()
    return played


def sentence_of(played: Round, check: Check) -> str:
    """What a rule asks the school, with its figures."""
    with played.world.acting("alice"):
        items = checklist.checklist(SCHOOL).items
        return str(next(item.sentence for item in items if item.id == check.value))


def test_every_kind_of_request_has_its_deadline_and_every_figure_of_a_rule_its_setting() -> None:
    assert {rules.days_of(kind) for kind in RequestKind} <= SETTINGS.keys()
    for rule in rules.judging.RULES:
        assert set(rule.figures) <= SETTINGS.keys()
    for one in SETTINGS.values():
        assert one.least <= one.default <= one.most


def test_setting_up_adds_what_is_missing_and_what_nobody_has_set_follows_its_default(
    seeded: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeded.does("cee", settings.set_value, "bmi.low", 12, "ว5")
    later = {code: one._replace(default=one.default + 1) for code, one in SETTINGS.items()}
    monkeypatch.setattr(rules, "SETTINGS", later)
    with seeded.world.app.app_context(), setup.acting("ติดตั้ง"):
        assert settings.seed() == len(SETTINGS)
        db.session.commit()
        assert settings.seed() == 0
        assert db.session.get_one(Setting, "bmi.low").value == 12
        assert db.session.get_one(Setting, "bmi.high").value == 41


def test_a_value_needs_its_letter_keeps_its_bounds_and_is_the_centres_to_set(seeded: Round) -> None:
    verb = settings.set_value
    seeded.is_refused("cee", SourceMissing, verb, "bmi.low", 12, " ")
    refused = seeded.is_refused("cee", InvalidRow, verb, "bmi.low", 99, "ว5")
    assert "ระหว่าง 5 ถึง 18" in str(refused)
    seeded.is_refused("cee", InvalidRow, verb, "bmi.low", None, "ว5")
    seeded.is_refused("cee", NotYours, verb, "nothing.such", 1, "ว5")
    seeded.is_refused("cee", StaleVersion, verb, "bmi.low", 12, "ว5", 99)
    for name in ("alice", "dan"):
        seeded.is_refused(name, NotPermitted, verb, "bmi.low", 12, "ว5")


def test_a_round_keeps_the_values_with_which_it_was_made(seeded: Round) -> None:
    seeded.does("cee", settings.set_value, "age-for-grade.older", 5, "ว5")
    assert "แก่กว่าเกณฑ์เกิน 3 ปี" in sentence_of(seeded, Check.AGE_FOR_GRADE)
    with seeded.world.acting("cee"):
        now, later = present(), rounds.create_round(2570, 1, dt.date(2027, 6, 10), "ว6")
        assert (now.setting("age-for-grade.older"), later.setting("age-for-grade.older")) == (3, 5)
        (ages,) = (one for one in checklist.rules_of(later) if one.check is Check.AGE_FOR_GRADE)
        assert ages.bounds["older"] == 5


def test_a_round_from_before_there_was_a_setting_goes_by_the_default() -> None:
    one = CollectionRound(judged_by={"bmi": 1})
    assert [(rule.check, rule.bounds) for rule in checklist.rules_of(one)] == [
        (Check.BMI, {"low": 10, "high": 40})
    ]


def test_a_deadline_is_that_of_the_moment_of_asking(seeded: Round) -> None:
    def deadline() -> dt.timedelta:
        request_id = gcode_users.register("0812345678", "ดูแลเด็กติด G")
        db.session.flush()
        requests.withdraw(request_id, "ลองยื่น")
        found = db.session.scalar(sa.select(Request.deadline).where(Request.id == request_id))
        assert found is not None
        return found - lock.now()

    before = seeded.does("alice", deadline)
    seeded.does("cee", settings.set_value, "days.g_user", 3, "ว5")
    after = seeded.does("alice", deadline)
    assert (round(before / dt.timedelta(days=1)), round(after / dt.timedelta(days=1))) == (15, 3)


def test_the_centre_sets_a_value_on_its_page_and_others_see_it(seeded: Round, world: World) -> None:
    central, officer = world.client("cee"), world.client("alice")
    page = central.get("/settings/bmi.low").get_data(as_text=True)
    assert "กำหนดได้ตั้งแต่ 5 ถึง 18" in page
    given = {"value": "๑๒", "source": "ว5", "version": "1"}
    wrong = central.post("/settings/bmi.low", data=given | {"value": "สิบสอง"})
    assert wrong.status_code == 422
    assert "สิบสอง" in wrong.get_data(as_text=True)
    assert central.post("/settings/bmi.low", data=given).status_code == 302
    assert "ดัชนีมวลกายต่ำสุดที่ไม่ต้องชี้แจง" in officer.get("/data/setting/").get_data(as_text=True)
    assert officer.get("/settings/bmi.low").status_code in {302, 403}
    history = central.get("/data/setting/bmi.low/history").get_data(as_text=True)
    assert "12" in history
    officer.get("/lang/en")
    assert "Lowest BMI not asked about" in officer.get("/data/setting/").get_data(as_text=True)
    assert "<h1>Lowest BMI not asked about" in officer.get("/data/setting/bmi.low").get_data(as_text=True)
