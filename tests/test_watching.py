"""Watching a district and the country, and the next task that each role's home page tells."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from appbuilder_app.access import Action
from appbuilder_app.codes import SubmissionState, WindowAction
from appbuilder_app.dataset import lock
from appbuilder_app.errors import NotYours
from appbuilder_app.models import CollectionRound
from appbuilder_app.workflows import rounds, standing, submissions, watching
from appbuilder_app.workflows.standing import Task
from tests.app_fixtures import SCHOOL, SIBLING
from tests.round_fixtures import DAY, Round
from tests.test_submissions import count_statements

pytestmark = pytest.mark.any_database("postgresql")


def present() -> CollectionRound:
    """The round that is open."""
    found = rounds.current_round()
    assert found is not None
    return found


def watched(played: Round, name: str, area: str | None = None) -> watching.DistrictWatch:
    """A district as the persona sees it."""
    with played.world.acting(name):
        return watching.district(present(), area)


def next_task(played: Round, name: str) -> Task:
    """The persona's most pressing task."""
    with played.world.acting(name):
        return standing.what_next()[0]


def test_the_district_sees_each_school_with_who_acts_next_and_the_time_left(played: Round) -> None:
    played.is_confirmed()

    watch = watched(played, "dan")

    told = [(one.code, one.state, one.next_actor, one.rows) for one in watch.schools]
    assert told == [
        (SCHOOL, SubmissionState.CONFIRMED, "ผู้อำนวยการโรงเรียน", 4),
        (SIBLING, SubmissionState.OPEN, "เจ้าหน้าที่ข้อมูลโรงเรียน", 4),
    ]
    left = watch.schools[0].time_left
    assert left is not None
    assert dt.timedelta(hours=23) < left <= DAY
    assert watch.rows == 8


def test_a_finished_school_waits_for_nobody(played: Round) -> None:
    played.is_acknowledged()

    school = watched(played, "dan").schools[0]

    assert (school.next_actor, school.deadline, school.time_left, school.is_late) == ("", None, None, False)


def test_who_is_late_is_seen(played: Round) -> None:
    played.is_over(WindowAction.CONFIRM)

    assert [one.is_late for one in watched(played, "dan").schools] == [True, True]
    assert watched(played, "dan").schools[0].time_left == dt.timedelta()


def test_a_return_is_seen_with_its_reason(played: Round) -> None:
    played.is_confirmed()
    played.does("dan", submissions.return_submission, SCHOOL, "นับใหม่")

    assert watched(played, "dan").schools[0].returned_reason == "นับใหม่"


@pytest.mark.parametrize(
    ("name", "area"), [("eve", "1602"), ("dan", "1601"), ("alice", "1602"), ("cee", None)]
)
def test_a_district_is_watched_by_who_looks_after_it(played: Round, name: str, area: str | None) -> None:
    with played.world.acting(name), pytest.raises(NotYours):
        watching.district(present(), area)


def test_central_watches_any_district(played: Round) -> None:
    assert len(watched(played, "cee", "1602").schools) == 2


def test_the_country_is_counted_by_district_and_state(played: Round) -> None:
    played.is_acknowledged()

    with played.world.acting("cee"):
        country = watching.country(present())

    one, two = country.areas
    assert (one.code, one.schools, one.rows, one.is_finished) == ("1601", 1, 0, False)
    assert (two.code, two.schools, two.rows) == ("1602", 2, 4)
    assert country.total.counts == {
        SubmissionState.OPEN: 2,
        SubmissionState.CONFIRMED: 0,
        SubmissionState.CERTIFIED: 0,
        SubmissionState.ACKNOWLEDGED: 1,
    }


def test_a_district_officer_sees_the_country_as_far_as_the_district_reaches(played: Round) -> None:
    with played.world.acting("dan"):
        assert [area.code for area in watching.country(present()).areas] == ["1602"]


def test_watching_takes_a_fixed_number_of_statements(played: Round) -> None:
    with played.world.acting("cee"):
        one = present()
        assert count_statements(lambda: watching.district(one, "1602")) <= 4
        assert count_statements(lambda: watching.country(one)) == 1


# ── What to do next ──────────────────────────────────────────────────────────────────────────────────────


def test_each_role_is_told_its_turn_and_the_others_whom_they_wait_for(played: Round) -> None:
    def told() -> dict[str, Any]:
        return {name: next_task(played, name).action for name in ("alice", "dao", "dan")}

    assert told() == {"alice": Action.CONFIRM, "dao": None, "dan": None}
    assert "รอเจ้าหน้าที่ข้อมูลโรงเรียน" in next_task(played, "dao").sentence
    played.is_confirmed()
    assert told() == {"alice": None, "dao": Action.CERTIFY, "dan": None}
    played.does("dao", submissions.certify, SCHOOL)
    assert told() == {"alice": None, "dao": None, "dan": Action.ACKNOWLEDGE}
    played.does("dan", submissions.acknowledge, [SCHOOL])
    assert "ไม่ต้องทำอะไรอีก" in next_task(played, "alice").sentence


def test_what_has_to_be_mended_comes_first(played: Round) -> None:
    played.changes_a_pupil(weight_kg=None)

    task = next_task(played, "alice")

    assert (task.count, task.action, task.sentence) == (
        1,
        Action.CONFIRM,
        "แก้หรือชี้แจง 1 เรื่องในรายการตรวจสอบ แล้วยืนยันข้อมูล",
    )


def test_a_task_whose_time_has_not_come_says_so(played: Round) -> None:
    played.opens(WindowAction.CONFIRM, DAY, 2 * DAY)

    task = next_task(played, "alice")

    assert not task.is_possible
    assert "ยังไม่ถึงเวลา" in str(task.refusal)


def test_central_is_offered_the_closing_once_nobody_has_time_left(played: Round) -> None:
    with played.world.acting("cee"):
        assert Action.CLOSE not in [task.action for task in standing.what_next()]
    played.is_over(WindowAction.ACKNOWLEDGE)

    with played.world.acting("cee"):
        assert standing.what_next()[-1].action is Action.CLOSE


def test_without_a_round_everybody_is_told_who_opens_one(played: Round) -> None:
    played.close()

    assert next_task(played, "alice").action is None
    assert next_task(played, "cee").action is Action.MANAGE


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (dt.timedelta(days=3, hours=4, seconds=30), "เหลืออีก 3 วัน 4 ชั่วโมง"),
        (dt.timedelta(hours=2, minutes=5, seconds=30), "เหลืออีก 2 ชั่วโมง 5 นาที"),
        (dt.timedelta(minutes=9, seconds=30), "เหลืออีก 9 นาที"),
        (-dt.timedelta(minutes=1), "หมดเวลาแล้ว"),
    ],
)
def test_time_left_is_told_in_words(left: dt.timedelta, expected: str) -> None:
    assert standing.left_until(lock.now() + left) == expected
    assert standing.left_until(None) == ""
