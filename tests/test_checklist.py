"""The checklist: what stops a school's confirming, what only warns, and what it never tells."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from appbuilder_app.codes import Grade
from appbuilder_app.declaration import db
from appbuilder_app.errors import NotYours
from appbuilder_app.models import School, Student
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import checklist
from appbuilder_app.workflows.checklist import RULES, SHOWN, Checklist, Strength
from tests.app_fixtures import FOREIGN, SCHOOL, SIBLING, national_id, pupil
from tests.round_fixtures import Round
from tests.test_submissions import count_statements


def found(played: Round, name: str = "alice", school: str = SCHOOL) -> Checklist:
    """The checklist as the persona sees it."""
    with played.world.acting(name):
        return checklist.checklist(school)


def counts(listed: Checklist) -> dict[str, int]:
    """What each rule found, without those that found nothing."""
    return {item.id: item.count for item in listed.items if item.count}


def adds(played: Round, *pupils: Any) -> None:
    """Alice adds pupils."""
    played.does("alice", lambda: db.session.add_all(pupils))


def test_a_complete_school_has_nothing_to_mend(played: Round) -> None:
    listed = found(played)

    assert listed.is_clear
    assert (listed.students, counts(listed), len(listed.items)) == (4, {}, len(RULES))


@pytest.mark.parametrize("missing", ["weight_kg", "height_cm"])
def test_a_pupil_without_weight_or_height_stops_the_confirming(played: Round, missing: str) -> None:
    without: dict[str, Any] = {missing: None}
    played.changes_a_pupil(**without)

    (item,) = found(played).errors

    assert (item.id, item.rule, item.count) == ("weight-height", "R23", 1)
    (record,) = item.records
    assert record.student_id == played.world.pupil()
    assert record.masked_id == "1-0000-xxxxx-00-5"
    assert (record.name, record.room) == ("ด.ช.ชื่อ100 ทดสอบ", "ป.6/1")


def test_a_wrong_check_digit_stops_the_confirming(played: Round) -> None:
    right = national_id(500)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    adds(played, pupil(SCHOOL, 501, national_id=wrong), pupil(SCHOOL, 502, national_id="G690000000001"))

    assert counts(found(played)) == {"identity": 1}


def test_an_id_that_another_school_has_too_is_told_without_its_data(played: Round) -> None:
    elsewhere = pupil(SCHOOL, 503, national_id=national_id(200), first_name="ของเรา")
    adds(played, elsewhere)

    listed = found(played)

    assert counts(listed) == {"duplicate": 1}
    assert [record.name for record in listed.errors[0].records] == [f"{elsewhere.title.short}ของเรา ทดสอบ"]
    assert SIBLING not in repr(listed)
    assert "ชื่อ200" not in repr(listed)
    assert counts(found(played, "bob", SIBLING)) == {"duplicate": 1}
    assert counts(found(played, "charlie", FOREIGN)) == {}


def test_an_empty_top_grade_stops_the_confirming(played: Round) -> None:
    played.does("adam", lambda: set_grades(Grade.K2, Grade.M3))

    listed = found(played)

    assert counts(listed) == {"top-grade": 1}
    assert "ม.3" in listed.errors[0].sentence


def test_a_pupil_in_a_grade_that_is_not_opened_stops_the_confirming(played: Round) -> None:
    adds(played, pupil(SCHOOL, 504, grade=Grade.M1, birth_date=dt.date(2013, 6, 1)))

    assert counts(found(played)) == {"unopened-grade": 1}


def set_grades(lowest: Grade, highest: Grade) -> None:
    """The school opens these grades."""
    school = db.session.get_one(School, SCHOOL)
    school.lowest_grade, school.highest_grade = lowest, highest


@pytest.mark.parametrize(
    ("grade", "born", "expected"),
    [
        (Grade.K2, dt.date(2022, 5, 16), {}),
        (Grade.K2, dt.date(2022, 5, 17), {"under-age": 1}),
        (Grade.P6, dt.date(2006, 1, 1), {}),
        (Grade.P6, dt.date(2005, 12, 31), {"over-age": 1}),
    ],
)
def test_ages_outside_the_counted_range_warn_and_stop_nothing(
    played: Round, grade: Grade, born: dt.date, expected: dict[str, int]
) -> None:
    adds(played, pupil(SCHOOL, 505, grade=grade, birth_date=born))

    listed = found(played)

    assert counts(listed) == expected
    assert listed.is_clear
    assert all(item.strength is Strength.WARNING for item in listed.warnings)


def test_a_school_without_pupils_is_warned_only(played: Round) -> None:
    def empty() -> None:
        for one in db.session.query(Student).filter_by(school_code=SCHOOL):
            db.session.delete(one)

    played.does("alice", empty)

    listed = found(played)

    assert counts(listed) == {"no-students": 1}
    assert listed.is_clear


def test_long_lists_are_capped_and_say_how_many_there_are(played: Round) -> None:
    adds(played, *(pupil(SCHOOL, 600 + number, height_cm=None) for number in range(SHOWN + 5)))

    (item,) = found(played).errors

    assert (item.count, len(item.records)) == (SHOWN + 5, SHOWN)


def test_a_larger_school_takes_no_more_statements(played: Round) -> None:
    with played.world.acting("alice"):
        few = count_statements(lambda: checklist.checklist(SCHOOL))
    adds(played, *(pupil(SCHOOL, 700 + number, height_cm=None) for number in range(200)))
    with played.world.acting("alice"):
        many = count_statements(lambda: checklist.checklist(SCHOOL))

    assert few == many <= 6


def test_a_neighbour_does_not_see_the_checklist(played: Round) -> None:
    for name in ("bob", "charlie", "eve"):
        played.is_refused(name, NotYours, checklist.checklist, SCHOOL)
    assert found(played, "dan").is_clear


def test_the_set_work_of_the_duplicates_ends_with_it(played: Round) -> None:
    from appbuilder_app import walls

    found(played)

    assert not walls.is_lawful()
    with set_based(SetWork.DUPLICATES):
        assert walls.is_lawful()
