"""G-codes are given out without gaps and without doubles, whoever asks at once, and never a second time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from appbuilder_app import identity
from appbuilder_app.declaration import db
from appbuilder_app.models import GCode
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import gcode_numbers
from scripts.services import PostgreSQL
from tests.app_fixtures import FOREIGN, SCHOOL, SIBLING, World, pupil
from tests.gcode_fixtures import give_provinces, issued


@pytest.fixture
def provinces(world: World) -> World:
    """The small world with its schools' province."""
    give_provinces(world)
    return world


def running_numbers(world: World) -> list[int]:
    """Running numbers of all codes of the country, in order."""
    with world.acting("adam"):
        found = db.session.scalars(sa.select(GCode.number).order_by(GCode.number)).all()
        return [identity.parts_of_g_code(number).running for number in found]


def test_a_code_tells_year_and_province_and_counts_on(provinces: World) -> None:
    with provinces.acting("dan"):
        first, second = issued(), issued(SIBLING)
        parts = identity.parts_of_g_code(first.number)
        assert (parts.province, parts.running) == ("16", 1)
        assert identity.parts_of_g_code(second.number) == parts._replace(running=2)
        assert first.number == f"G{parts.year:02}1600000001"


def test_a_series_begun_elsewhere_is_counted_on(provinces: World) -> None:
    with provinces.acting("dan"):
        series = identity.parts_of_g_code(issued().number).series
        db.session.rollback()
        db.session.add(pupil(SCHOOL, 7, national_id=f"{series}00000041"))
        db.session.commit()
        assert issued().number == f"{series}00000042"


def test_a_code_that_a_child_has_already_is_passed_over(provinces: World) -> None:
    with provinces.acting("dan"):
        series = identity.parts_of_g_code(issued().number).series
        db.session.add(pupil(SCHOOL, 7, national_id=f"{series}00000002"))
        db.session.commit()
        assert issued().number == f"{series}00000003"


def test_work_that_rolls_back_leaves_no_gap(provinces: World) -> None:
    with provinces.acting("dan"):
        issued()
        db.session.commit()
        issued()
        db.session.rollback()
        issued()
        db.session.commit()
    assert running_numbers(provinces) == [1, 2]


def test_a_school_without_its_province_is_told_what_is_missing(world: World) -> None:
    with world.acting("dan"), pytest.raises(gcode_numbers.SchoolWithoutProvince) as refused:
        issued()
    assert "บ้านหนองตัวอย่าง" in str(refused.value)


def test_an_issued_code_is_never_changed_or_deleted(provinces: World) -> None:
    with provinces.acting("dan"):
        issued()
        db.session.commit()
        table = GCode.__table__
        for statement in (sa.delete(table), sa.update(table).values(first_name="อื่น")):
            with set_based(SetWork.DEMO), pytest.raises(sa.exc.DBAPIError):
                db.session.execute(statement)
            db.session.rollback()


def test_many_officers_at_once_leave_neither_gap_nor_double(provinces: World, databases: object) -> None:
    if not isinstance(databases, PostgreSQL):
        pytest.skip("SQLite has one writer at a time")
    begin = threading.Barrier(8)

    def work(number: int) -> list[str]:
        kept = []
        begin.wait(60)
        persona, school = ("dan", SCHOOL) if number % 2 else ("eve", FOREIGN)
        for turn in range(6):
            with provinces.acting(persona):
                code = issued(school).number
                if (number + turn) % 3 == 0:
                    db.session.rollback()  # the approval is refused after the code was taken
                else:
                    db.session.commit()
                    kept.append(code)
        return kept

    with ThreadPoolExecutor(max_workers=8) as pool:
        kept = [code for codes in pool.map(work, range(8)) for code in codes]
    assert len(kept) == len(set(kept)) == 32
    assert running_numbers(provinces) == list(range(1, 33))


def test_codes_are_seen_within_the_viewers_scope(provinces: World) -> None:
    with provinces.acting("dan"):
        issued()
        db.session.commit()
    for persona, count in (("alice", 1), ("bob", 0), ("dan", 1), ("eve", 0), ("adam", 1)):
        with provinces.acting(persona):
            assert len(db.session.scalars(sa.select(GCode)).all()) == count, persona
