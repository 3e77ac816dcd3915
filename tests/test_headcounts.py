"""Headcounts: live and frozen, the totals that money hangs on, the counted ages, and the round before."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_app.codes import Disability, Disadvantage, Grade, Level, Living
from appbuilder_app.declaration import db
from appbuilder_app.models import Roster, School
from appbuilder_app.workflows import freezing, headcounts, rounds, submissions
from appbuilder_app.workflows.headcounts import GradeCount, Headcounts, Totals
from tests.app_fixtures import SCHOOL, pupil
from tests.round_fixtures import Round, present

pytestmark = pytest.mark.any_database("postgresql")

AGES = headcounts.ages_of(None)


def live(played: Round, name: str = "alice") -> Headcounts:
    """The school's figures now."""
    with played.world.acting(name):
        return headcounts.live(db.session.get_one(School, SCHOOL), present())


def test_counts_are_by_grade_sex_and_room_and_opened_grades_show_their_emptiness(played: Round) -> None:
    played.does("alice", lambda: db.session.add(pupil(SCHOOL, 801, room=2)))

    counts = live(played)

    assert [row.grade for row in counts.grades] == [grade for grade in Grade if Grade.K2 <= grade <= Grade.P6]
    assert counts.of_grade(Grade.P6) == GradeCount(Grade.P6, 2, 3, 2)
    assert counts.of_grade(Grade.P1) == GradeCount(Grade.P1, 0, 0, 0)
    assert (counts.male, counts.female, counts.students, counts.rooms) == (2, 3, 5, 2)


def test_totals_are_those_that_money_hangs_on(played: Round) -> None:
    played.does(
        "alice",
        lambda: db.session.add_all(
            [
                pupil(SCHOOL, 811, disadvantage=Disadvantage.POOR, living=Living.DORMITORY),
                pupil(SCHOOL, 812, disadvantage=Disadvantage.ORPHAN, disability=Disability.SIGHT),
                pupil(SCHOOL, 813, national_id="G690000000001", pending_discharge=True),
                pupil(SCHOOL, 814, grade=Grade.K2, birth_date=dt.date(2023, 1, 1)),
                pupil(SCHOOL, 815, birth_date=dt.date(2004, 1, 1)),
            ]
        ),
    )

    assert live(played).totals == Totals(
        disadvantaged=2, poor=1, disabled=1, boarding=1, g_code=1, pending=1, under_age=1, over_age=1
    )


@given(st.sampled_from(Grade), st.dates(dt.date(2000, 1, 1), dt.date(2024, 12, 31)), st.integers(2560, 2580))
def test_nobody_is_too_young_and_too_old_at_once(grade: Grade, born: dt.date, year: int) -> None:
    assert not (
        headcounts.is_under_age(grade, born, year, AGES) and headcounts.is_over_age(grade, born, year, AGES)
    )


@pytest.mark.parametrize(
    ("level", "first", "last"),
    [
        (Level.KINDERGARTEN, dt.date(2005, 5, 17), dt.date(2022, 5, 16)),
        (Level.PRIMARY, dt.date(2006, 1, 1), dt.date(2022, 12, 31)),
        (Level.UPPER_SECONDARY, dt.date(2006, 1, 1), dt.date(2022, 12, 31)),
    ],
)
def test_kindergarten_counts_by_the_sixteenth_of_may_and_the_rest_by_birth_year(
    level: Level, first: dt.date, last: dt.date
) -> None:
    assert headcounts.counted_births(level, 2569, AGES) == (first, last)


def test_the_rule_in_sql_and_in_python_is_one(played: Round) -> None:
    days = [dt.date(2022, 5, 16), dt.date(2022, 5, 17), dt.date(2006, 1, 1), dt.date(2005, 12, 31)]
    pupils = [
        pupil(SCHOOL, 820 + number, grade=grade, birth_date=born)
        for number, (grade, born) in enumerate(
            (grade, born) for grade in (Grade.K2, Grade.P6) for born in days
        )
    ]
    expected = Totals(
        under_age=sum(headcounts.is_under_age(one.grade, one.birth_date, 2569, AGES) for one in pupils),
        over_age=sum(headcounts.is_over_age(one.grade, one.birth_date, 2569, AGES) for one in pupils),
    )
    played.does("alice", lambda: db.session.add_all(pupils))

    assert live(played).totals == expected


def test_what_is_frozen_reads_as_it_was_live(played: Round) -> None:
    before = live(played)
    played.is_confirmed()

    with played.world.acting("dan"):
        submission = submissions.submission_of(SCHOOL)
        assert headcounts.frozen(db.session.get_one(Roster, submission.roster_id)) == before


def test_frozen_counts_agree_with_the_frozen_roster(played: Round) -> None:
    played.is_confirmed()

    with played.world.acting("dan"):
        roster = db.session.get_one(Roster, submissions.submission_of(SCHOOL).roster_id)
        records = freezing.frozen_records(roster)
        assert headcounts.frozen(roster).male == sum(record["sex"] == "M" for record in records)


def test_the_round_before_is_there_to_compare_with(played: Round) -> None:
    played.is_confirmed()
    played.close()
    played.does("cee", rounds.create_year, 2570, "ว1")

    with played.world.acting("dao"):
        present = rounds.current_round()
        assert present is not None
        last = headcounts.last_round(db.session.get_one(School, SCHOOL), present)
        assert last is not None
        assert (last.round.label, last.counts.students) == ("รอบที่ 2 ปีการศึกษา 2569", 4)


def test_what_was_returned_and_not_confirmed_again_is_nothing_to_compare_with(played: Round) -> None:
    played.is_confirmed()
    played.does("dan", submissions.return_submission, SCHOOL, "ผิด")
    played.close()
    played.does("cee", rounds.create_year, 2570, "ว1")

    with played.world.acting("dao"):
        present = rounds.current_round()
        assert present is not None
        assert headcounts.last_round(db.session.get_one(School, SCHOOL), present) is None


def test_a_neighbour_counts_nothing(played: Round) -> None:
    assert live(played, "bob").students == 0
