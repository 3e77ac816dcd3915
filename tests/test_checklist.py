"""The checklist: what stops a school's confirming, what must be explained, and what it never tells."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app import access
from appbuilder_app.access import Viewer
from appbuilder_app.codes import Disadvantage, Grade, Living, RoundSystem, Strength, WindowAction
from appbuilder_app.declaration import db
from appbuilder_app.errors import NotYours
from appbuilder_app.models import CollectionRound, School, Student, YearResult
from appbuilder_app.rules import in_force
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import checklist, rounds, submissions
from appbuilder_app.workflows.checklist import SHOWN, Checklist
from tests.app_fixtures import FOREIGN, PUPILS_PER_SCHOOL, SCHOOL, SIBLING, national_id, pupil
from tests.round_fixtures import DAY, Round, by_verb
from tests.test_submissions import count_statements

pytestmark = pytest.mark.any_database("postgresql")


def found(played: Round, name: str = "alice", school: str = SCHOOL) -> Checklist:
    """The checklist as the persona sees it."""
    with played.world.acting(name):
        return checklist.checklist(school)


def counts(listed: Checklist) -> dict[str, int]:
    """What each rule found, without those that found nothing."""
    return {item.id: item.count for item in listed.items if item.count}


def adds(played: Round, *pupils: Any) -> None:
    """Pupils of Alice's, also such as nobody would enter any more."""

    def add() -> None:
        db.session.add_all(pupils)
        by_verb()

    played.does("alice", add)


def test_a_complete_school_has_nothing_to_mend(played: Round) -> None:
    listed = found(played)

    assert listed.is_clear
    asked = [code for code in in_force(RoundSystem.DMC) if "." not in code]  # the others are figures
    assert (listed.students, counts(listed), len(listed.items)) == (4, {}, len(asked))


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
        (Grade.P6, dt.date(2006, 1, 1), {"age-for-grade": 1}),
        (Grade.P6, dt.date(2005, 12, 31), {"over-age": 1}),
    ],
)
def test_ages_outside_the_counted_range_must_be_explained(
    played: Round, grade: Grade, born: dt.date, expected: dict[str, int]
) -> None:
    adds(played, pupil(SCHOOL, 505, grade=grade, birth_date=born))

    listed = found(played)

    assert counts(listed) == expected
    assert listed.errors == ()
    assert listed.is_clear is (not expected)
    assert [item.strength for item in listed.unexplained] == [Strength.QUERY] * len(expected)


def test_a_school_without_pupils_is_asked_why(played: Round) -> None:
    def empty() -> None:
        for one in db.session.query(Student).filter_by(school_code=SCHOOL):
            db.session.delete(one)

    played.does("alice", empty)

    listed = found(played)

    assert counts(listed) == {"no-students": 1}
    assert (listed.errors, len(listed.unexplained)) == ((), 1)


def test_long_lists_are_capped_and_say_how_many_there_are(played: Round) -> None:
    adds(played, *(pupil(SCHOOL, 600 + number, height_cm=None) for number in range(SHOWN + 5)))

    (item,) = found(played).errors

    assert (item.count, len(item.records)) == (SHOWN + 5, SHOWN)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"birth_date": dt.date(2015, 5, 17)}, {}),  # 10 years on 16 May 2026: one younger than ป.6
        ({"birth_date": dt.date(2016, 5, 17)}, {"age-for-grade": 1}),  # 9
        ({"birth_date": dt.date(2011, 5, 17)}, {}),  # 14: three older
        ({"birth_date": dt.date(2011, 5, 16)}, {"age-for-grade": 1}),  # 15
        ({"weight_kg": 141, "height_cm": 135}, {"bmi": 1}),
        ({"weight_kg": 19, "height_cm": 141}, {"bmi": 1}),
    ],
)
def test_what_is_odd_of_a_pupil_must_be_explained(
    played: Round, changed: dict[str, Any], expected: dict[str, int]
) -> None:
    adds(played, pupil(SCHOOL, 506, **changed))

    assert counts(found(played)) == expected


def test_an_odd_weight_is_told_to_who_sees_weights_only(played: Round) -> None:
    adds(played, pupil(SCHOOL, 507, weight_kg=141, height_cm=135))
    with played.world.acting("alice") as alice:
        blind = Viewer(
            alice.id, "blind", "Blind", "", alice.scope, alice.rights - {("see", "student:health")}
        )
        (shown,) = checklist.checklist(SCHOOL).queries
        with access.acting_as(blind, through="command"):
            (hidden,) = checklist.checklist(SCHOOL).queries

    assert ("141" in shown.records[0].fact, hidden.records[0].fact) == (True, "")


def test_the_same_child_entered_twice_is_asked_about(played: Round) -> None:
    twin = {"first_name": "แฝด", "last_name": "ทดสอบ", "birth_date": dt.date(2014, 9, 1)}
    adds(played, pupil(SCHOOL, 508, **twin), pupil(SCHOOL, 510, **twin))

    assert counts(found(played)) == {"twice": 2}


def test_many_from_one_address_are_asked_about_but_for_boarders(played: Round) -> None:
    home = {"house_no": "99/1", "village_no": "4", "subdistrict": "ตำบลตัวอย่าง"}
    adds(
        played,
        *(pupil(SCHOOL, 520 + number, **home) for number in range(8)),
        *(pupil(SCHOOL, 540 + n, house_no="1", living=Living.DORMITORY) for n in range(9)),
        *(pupil(SCHOOL, 560 + n, house_no="-") for n in range(9)),
    )

    (item,) = found(played).queries

    assert (item.id, item.count) == ("one-address", 1)
    assert (item.records[0].name, len(item.records[0].students)) == ("บ้านเลขที่ 99/1 4 ตำบลตัวอย่าง", 8)


def test_figures_far_from_the_last_round_are_asked_about(played: Round) -> None:
    adds(played, *(pupil(SCHOOL, 600 + number, room=number % 2 + 1) for number in range(20)))
    played.is_certified()
    played.does("dan", submissions.acknowledge, [SCHOOL])
    played.close()
    opens_the_next_round(played)
    adds(played, *(pupil(SCHOOL, 650 + number, room=1) for number in range(30)))

    listed = found(played)

    doubled, far, _plan = listed.queries
    assert (doubled.id, far.id) == ("class-doubled", "count-far")
    assert (doubled.records[0].name, doubled.records[0].fact) == ("ป.6", "เฉลี่ยห้องละ 27 คน รอบก่อนห้องละ 12 คน")
    assert "24 คน ขณะนี้ 54 คน" in far.records[0].fact


def test_r20_the_first_round_asks_for_the_poverty_of_new_students(played: Round) -> None:
    came = dt.date(2026, 5, 18)
    adds(
        played,
        pupil(SCHOOL, 600, admission_date=came),
        pupil(SCHOOL, 601, admission_date=came, disadvantage=Disadvantage.POOR),
        pupil(SCHOOL, 602, admission_date=dt.date(2025, 5, 16)),
    )
    assert "new-poverty" not in counts(found(played))
    with played.world.acting("adam"), set_based(SetWork.BENCHMARK):
        table = CollectionRound.__table__
        first = in_force(RoundSystem.DMC, number=1)
        db.session.connection().execute(sa.update(table).values(number=1, judged_by=first))
        db.session.commit()
    [asked] = [one for one in found(played).queries if one.id == "new-poverty"]
    assert [record.name for record in asked.records] == ["ด.ช.ชื่อ600 ทดสอบ"]

    last_year = {"academic_year": 2568, "grade": Grade.P5, "school_code": SCHOOL, "version": 1, "sat": True}
    one = {"student_id": played.world.pupil(), "round_id": 1, "scope": f"C/1602/{SCHOOL}"}
    with played.world.acting("adam"), set_based(SetWork.BENCHMARK):
        connection = db.session.connection()
        connection.execute(sa.insert(YearResult.__table__).values(last_year | one))
        db.session.commit()
    [asked] = [one for one in found(played).queries if one.id == "new-poverty"]
    assert asked.count == PUPILS_PER_SCHOOL, "those of whom last year knows nothing"


def opens_the_next_round(played: Round) -> None:
    """Round 3 of the year, whose windows are open."""

    def open_it() -> None:
        made = rounds.create_round(2569, 3, dt.date(2027, 4, 30), "ว1")
        rounds.open_submissions(made)

    played.does("cee", open_it)
    for action in WindowAction:
        played.opens(action, -DAY, DAY)


def test_a_larger_school_takes_no_more_statements(played: Round) -> None:
    with played.world.acting("alice"):
        few = count_statements(lambda: checklist.checklist(SCHOOL))
    adds(played, *(pupil(SCHOOL, 700 + number, height_cm=None) for number in range(200)))
    with played.world.acting("alice"):
        many = count_statements(lambda: checklist.checklist(SCHOOL))

    assert few == many <= 9


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
