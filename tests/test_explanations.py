"""Explanations: queries are explained, errors are not; who may, until when, who sees them, and which rules count."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from appbuilder_app import rules
from appbuilder_app.codes import Check, RoundSystem, Strength
from appbuilder_app.declaration import db
from appbuilder_app.errors import (
    ChecklistFailed,
    ExplanationMissing,
    NothingToExplain,
    NotPermitted,
    NotYours,
    SubmissionLocked,
)
from appbuilder_app.models import Change, CollectionRound, Explanation, Student
from appbuilder_app.rules import JudgingRule, judging
from appbuilder_app.workflows import checklist, explanations, rounds, submissions
from tests.app_fixtures import FOREIGN, SCHOOL, pupil
from tests.round_fixtures import Round
from tests.screen_fixtures import Screens
from tests.test_checklist import adds, found, opens_the_next_round

pytestmark = pytest.mark.any_database("postgresql")

YOUNG = dt.date(2016, 8, 1)
PAGE = f"/submission/{SCHOOL}/checks/age-for-grade"


@pytest.fixture
def asked(played: Round) -> Round:
    """Three of the school's pupils are odd for their grade."""
    adds(played, *(pupil(SCHOOL, 600 + number, birth_date=YOUNG) for number in range(3)))
    return played


def explain(played: Round, name: str = "alice", text: str = "เรียนเร็วกว่าเกณฑ์", **given: Any) -> int:
    """The persona explains the odd ages."""
    done: int = played.does(name, lambda: explanations.explain(SCHOOL, Check.AGE_FOR_GRADE, text, **given))
    return done


def subjects(played: Round) -> list[str]:
    """What the rule points at."""
    return [record.subject for record in found(played).queries[0].records]


def test_a_query_stops_the_confirming_until_it_is_explained(asked: Round) -> None:
    sentence = asked.is_refused("alice", ChecklistFailed, submissions.confirm, SCHOOL)
    assert "อายุไม่สอดคล้องกับชั้น" in sentence

    assert explain(asked, subjects=subjects(asked)[:1]) == 1
    asked.is_refused("alice", ChecklistFailed, submissions.confirm, SCHOOL)
    assert explain(asked) == 2, "all that are left at once"

    assert found(asked).is_clear
    asked.is_confirmed()


def test_an_error_is_put_right_and_not_explained_away(asked: Round) -> None:
    asked.changes_a_pupil(height_cm=None)
    explain(asked)

    asked.is_refused("alice", NothingToExplain, explanations.explain, SCHOOL, Check.WEIGHT_HEIGHT, "เครื่องเสีย")
    asked.is_refused("alice", ChecklistFailed, submissions.confirm, SCHOOL)


def test_only_what_is_found_is_explained_and_only_with_words(asked: Round) -> None:
    verb = explanations.explain
    asked.is_refused("alice", ExplanationMissing, verb, SCHOOL, Check.AGE_FOR_GRADE, " \n")
    asked.is_refused("alice", NothingToExplain, verb, SCHOOL, Check.AGE_FOR_GRADE, "ก", ["student:999"])
    asked.is_refused("alice", NothingToExplain, verb, SCHOOL, Check.BMI, "ก")
    asked.is_refused("alice", NotYours, verb, SCHOOL, Check.NOTHING, "ก")


def test_the_school_and_its_district_explain_and_nobody_else(asked: Round) -> None:
    verb = explanations.explain
    for stranger in ("bob", "charlie", "eve"):
        asked.is_refused(stranger, NotYours, verb, SCHOOL, Check.AGE_FOR_GRADE, "ก")
    for reader in ("dao", "cee"):
        asked.is_refused(reader, NotPermitted, verb, SCHOOL, Check.AGE_FOR_GRADE, "ก")
    assert explain(asked, "dan") == 3


def test_an_explanation_is_put_better_until_the_school_confirms_and_its_history_stays(asked: Round) -> None:
    explain(asked)
    first = subjects(asked)[0]
    explain(asked, text="พ่อแม่ขอเข้าเรียนก่อนเกณฑ์", subjects=[first])

    with asked.world.acting("dan"):
        rows = {row.subject: row for row in db.session.query(Explanation)}
        assert (rows[first].text, rows[first].given_by, len(rows)) == (
            "พ่อแม่ขอเข้าเรียนก่อนเกณฑ์",
            "Alice ทดสอบ",
            3,
        )
        told = db.session.query(Change).filter_by(dataset="explanation", row_key=str(rows[first].id)).all()
        assert [change.action for change in told] == ["insert", "update"]
    asked.is_confirmed()
    asked.is_refused(
        "alice", SubmissionLocked, explanations.explain, SCHOOL, Check.AGE_FOR_GRADE, "ก", [first]
    )


def test_the_next_round_offers_what_was_said_and_asks_again(asked: Round) -> None:
    explain(asked)
    asked.is_acknowledged()
    asked.close()
    opens_the_next_round(asked)
    adds(asked, pupil(SCHOOL, 690, birth_date=YOUNG))

    (item,) = (query for query in found(asked).queries if query.id != "plan")
    assert (item.count, item.unexplained) == (4, 4)
    offered = [record.offered for record in item.records if record.offered]
    assert {(one.text, str(one.round)) for one in offered} == {("เรียนเร็วกว่าเกณฑ์", "รอบที่ 2 ปีการศึกษา 2569")}

    assert asked.does("alice", explanations.explain_as_before, SCHOOL, Check.AGE_FOR_GRADE) == 3
    assert found(asked).queries[0].unexplained == 1
    asked.is_refused("alice", NothingToExplain, explanations.explain_as_before, SCHOOL, Check.AGE_FOR_GRADE)


def test_what_is_explained_shows_when_it_has_changed_since(asked: Round) -> None:
    explain(asked)
    with asked.world.acting("alice"):
        (item,) = checklist.checklist(SCHOOL).queries
        assert {(str(one.fact), str(one.explained.finding)) for one in item.records if one.explained} == {
            ("อายุ 9 ปี", "อายุ 9 ปี")
        }


def test_what_is_odd_of_the_school_as_a_whole_is_explained_once(played: Round) -> None:
    def empty() -> None:
        for one in db.session.query(Student).filter_by(school_code=SCHOOL):
            db.session.delete(one)

    played.does("alice", empty)
    assert played.does("alice", explanations.explain, SCHOOL, Check.NO_STUDENTS, "พักการสอน") == 1
    played.is_confirmed()


# ── Versions ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_version_of_a_rule_counts_for_rounds_made_later(
    asked: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    ages = next(rule for rule in judging.RULES if rule.check is Check.AGE_FOR_GRADE)
    wider = JudgingRule(**{**vars(ages), "version": 2, "figures": ("bmi.low",)})
    monkeypatch.setattr(judging, "RULES", (*judging.RULES, wider))

    assert found(asked).queries[0].version == 1, "the round goes on as it began"
    with asked.world.acting("cee"):
        later = rounds.create_round(2570, 1, dt.date(2027, 6, 10), "ว1")
        assert later.judged_by["age-for-grade"] == 2
        (fixed,) = (rule for rule in rules.fixed_by(later.judged_by) if rule.check is Check.AGE_FOR_GRADE)
        assert (fixed.version, fixed.bounds) == (2, {"low": 10})


def test_a_round_fixes_the_rules_of_its_own_system(played: Round) -> None:
    with played.world.acting("cee"):
        asset = rounds.create_round(2570, 1, dt.date(2027, 10, 1), "ว1", RoundSystem.ASSET)
        present = rounds.current_round()
        assert present is not None
        assert set(asset.judged_by) == {"nothing", "empty-table"}
        assert set(present.judged_by) & set(asset.judged_by) == set()


def test_a_round_of_a_later_release_is_not_judged_by_half_of_its_rules() -> None:
    one = CollectionRound(judged_by={"identity": 1, "tomorrow": 1})
    with pytest.raises(rules.RuleUnknown, match="tomorrow"):
        checklist.rules_of(one)


def test_every_rule_has_its_finder_and_its_versions_are_told_apart() -> None:
    keys = [(rule.check, rule.version) for rule in judging.RULES]
    assert len(keys) == len(set(keys))
    assert {rule.check for rule in judging.RULES} == set(Check)
    assert {rule.strength for rule in judging.RULES} == set(Strength)


# ── Screens ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_of_a_query_links_to_its_pupils_and_takes_one_text_for_all(
    asked: Round, screens: Screens
) -> None:
    page = screens.page("alice", PAGE)
    assert page.count('name="subject"') == 3
    assert page.count("#birth_date") == 3

    answer = screens.world.client("alice").post(PAGE, data={"text": "เรียนเร็ว", "everything": "1"})

    assert answer.status_code == 302
    assert found(asked).is_clear
    assert "เรียนเร็ว" in screens.page("dan", f"/submission/{SCHOOL}")
    assert "เรียนเร็ว" in screens.page("dan", "/data/explanation/")
    assert "เรียนเร็ว" in screens.page("dao", PAGE)


def test_a_page_that_is_refused_keeps_what_was_typed(asked: Round, screens: Screens) -> None:
    client = screens.world.client("alice")
    assert client.post(PAGE, data={"text": "  ", "everything": "1"}).status_code == 422
    answer = client.post(PAGE, data={"text": "คำที่พิมพ์ไว้", "subject": "student:999"})
    assert (answer.status_code, "คำที่พิมพ์ไว้" in answer.get_data(as_text=True)) == (409, True)
    assert client.get(f"/submission/{FOREIGN}/checks/age-for-grade").status_code == 404
    assert client.get(f"/submission/{SCHOOL}/checks/none").status_code == 404
