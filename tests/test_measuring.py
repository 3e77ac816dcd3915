"""Weights and heights of a class: recorded cell by cell, by script, form or file, under scope, lock and history."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from appbuilder_app import access
from appbuilder_app.access import Viewer
from appbuilder_app.codes import Grade
from appbuilder_app.declaration import db
from appbuilder_app.errors import FieldNotSeen, NotPermitted, NotYours, SubmissionLocked
from appbuilder_app.models import Change, Student
from appbuilder_app.workflows import imports, measuring
from appbuilder_app.workflows.measuring import Cell, Recorded
from tests.app_fixtures import PUPILS_PER_SCHOOL, SCHOOL, SIBLING, pupil
from tests.round_fixtures import Round
from tests.screen_fixtures import Screens

pytestmark = pytest.mark.any_database("postgresql")

DAY = dt.date(2026, 11, 2)
GRID = f"/measures/{SCHOOL}/09/1"


def typed(played: Round, name: str = "alice", seen: dict[str, str] | None = None, **cells: str) -> Recorded:
    """The persona types into the first pupil's cells."""
    cell = Cell(played.world.pupil(), cells, seen or {})
    (told,) = played.does(name, lambda: measuring.record(SCHOOL, [cell], DAY))
    return told


def stored(played: Round) -> tuple[str, str, dt.date | None]:
    """What the register holds of the first pupil."""
    key = played.world.pupil()
    with played.world.acting("adam"):
        one = db.session.get_one(Student, key)
        return measuring.shown(one, "weight_kg"), measuring.shown(one, "height_cm"), one.measured_on


def test_what_is_typed_is_kept_with_its_day_and_its_history(played: Round) -> None:
    told = typed(played, weight_kg="๓๕.๕", height_cm=" 143 ")

    assert (dict(told.values), told.problems) == ({"weight_kg": "35.5", "height_cm": "143"}, {})
    assert stored(played) == ("35.5", "143", DAY)
    with played.world.acting("alice"):
        entry = db.session.query(Change).filter_by(dataset="student").order_by(Change.id.desc()).first()
        assert entry is not None
        assert entry.actor == "Alice ทดสอบ"
        assert {"weight_kg", "height_cm", "measured_on"} <= set(entry.after or {})


def test_a_wrong_cell_is_told_and_its_neighbour_kept(played: Round) -> None:
    told = typed(played, weight_kg="355", height_cm="143")
    assert ("ต้องไม่เกิน 250" in told.problems["weight_kg"], told.values["height_cm"]) == (True, "143")
    assert "ตัวเลข" in typed(played, weight_kg="สามสิบ").problems["weight_kg"]
    assert stored(played) == ("33", "143", DAY)


def test_the_same_value_again_is_no_change_and_an_empty_cell_takes_it_away(played: Round) -> None:
    typed(played, weight_kg="33.0")
    assert stored(played) == ("33", "141", None), "nothing was measured anew"
    typed(played, weight_kg="", height_cm="")
    assert stored(played) == ("", "", None)


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(played: Round) -> None:
    typed(played, "dan", weight_kg="36")
    told = typed(played, seen={"weight_kg": "33"}, weight_kg="30")

    assert "36" in told.problems["weight_kg"]
    assert stored(played)[0] == "36"
    assert typed(played, seen={"weight_kg": "36"}, weight_kg="30").problems == {}


def test_a_day_before_birth_or_tomorrow_is_refused_at_the_cell(played: Round) -> None:
    cell = Cell(played.world.pupil(), {"weight_kg": "36"})
    for wrong in (dt.date(2000, 1, 1), dt.date(2090, 1, 1)):
        (told,) = played.does("alice", measuring.record, SCHOOL, [cell], wrong)
        assert "วันที่ชั่งวัด" in told.problems["weight_kg"]
    assert stored(played) == ("33", "141", None)


def test_scope_right_and_lock_hold(played: Round) -> None:
    cells = [Cell(played.world.pupil(), {"weight_kg": "36"})]
    for stranger in ("bob", "charlie", "eve"):
        played.is_refused(stranger, NotYours, measuring.record, SCHOOL, cells, DAY)
    played.is_refused("bob", NotYours, measuring.record, SIBLING, cells, DAY)
    played.is_refused("dao", NotPermitted, measuring.record, SCHOOL, cells, DAY)
    played.is_confirmed()
    played.is_refused("alice", SubmissionLocked, measuring.record, SCHOOL, cells, DAY)


def test_who_does_not_see_health_sees_no_grid(played: Round) -> None:
    cells = [Cell(played.world.pupil(), {"weight_kg": "1"})]
    with played.world.acting("alice") as alice:
        blind = Viewer(alice.id, "blind", "B", "", alice.scope, alice.rights - {("see", "student:health")})
        with access.acting_as(blind, through="screen"):
            for verb in (
                lambda: measuring.rooms_of(SCHOOL),
                lambda: measuring.pupils_of(SCHOOL, Grade.P6, 1),
                lambda: measuring.record(SCHOOL, cells, DAY),
            ):
                with pytest.raises(FieldNotSeen):
                    verb()


# ── Screens ──────────────────────────────────────────────────────────────────────────────────────────────


def saved(screens: Screens, name: str = "alice", **changed: Any) -> Any:
    """The script's request."""
    cell = {"id": screens.world.pupil(), "typed": {"weight_kg": "34"}, "seen": {"weight_kg": "33"}}
    sent = {"on": "02/11/2569", "cells": [cell]} | changed
    return screens.of(name).post(f"/measures/{SCHOOL}/save", json=sent)


def test_the_script_saves_cells_and_is_told_what_became_of_each(played: Round, screens: Screens) -> None:
    answer = saved(screens)
    (row,) = answer.get_json()["rows"]
    assert (row["values"], row["on"], row["problems"]) == (
        {"weight_kg": "34", "height_cm": "141"},
        "02/11/2569",
        {},
    )
    assert stored(played) == ("34", "141", DAY)

    assert saved(screens, on="31/02/2569").status_code == 422
    for junk in ({"cells": None}, {"cells": [{"id": "x"}]}, {"cells": [{"id": 1, "typed": 1, "seen": {}}]}):
        assert saved(screens, **junk).status_code == 422
    assert saved(screens, "bob").status_code == 404
    assert saved(screens, "dao").status_code in {302, 403}
    played.is_confirmed()
    answer = saved(screens, cells=[{"id": played.world.pupil(), "typed": {"weight_kg": "39"}, "seen": {}}])
    assert (answer.status_code, "ล็อก" in answer.get_json()["error"]) == (409, True)


def test_without_script_the_form_does_the_same(played: Round, screens: Screens) -> None:
    key = played.world.pupil()
    page = screens.page("alice", GRID)
    assert page.count('data-cell="weight_kg"') == PUPILS_PER_SCHOOL
    given: dict[str, Any] = {"on": "02/11/2569", f"weight_kg-{key}": "34.5", f"seen-weight_kg-{key}": "33"}
    screens.sent("alice", GRID, **given)
    assert stored(played) == ("34.5", "141", DAY)

    wrong = screens.sent("alice", GRID, status=422, **given | {f"weight_kg-{key}": "9999", "undated": "1"})
    assert 'value="9999"' in wrong, "what was typed is still there"
    with played.world.acting("alice"):
        assert {one.measured_on for one in db.session.query(Student).filter_by(school_code=SCHOOL)} == {DAY}


def test_the_classes_lead_to_their_grids_and_a_foreign_one_is_not_there(
    played: Round, screens: Screens
) -> None:
    played.does("alice", lambda: db.session.add(pupil(SCHOOL, 710, grade=Grade.P5, room=2, weight_kg=None)))
    page = screens.page("alice", "/measures/")
    assert GRID in page
    assert "ขาด 1 คน" in page
    assert "ป.5/2" in screens.page("alice", GRID), "to the class before"
    for address in (f"/measures/{SIBLING}/09/1", f"/measures/{SCHOOL}/09/7", f"/measures/{SCHOOL}/99/1"):
        assert screens.of("alice").get(address).status_code == 404
    assert 'name="weight_kg-' in screens.page("dan", GRID)
    assert "disabled" in screens.page("dao", GRID)


def test_a_larger_class_takes_no_more_statements(played: Round, screens: Screens) -> None:
    few = screens.statements("alice", GRID)
    played.does("alice", lambda: db.session.add_all(pupil(SCHOOL, 720 + n) for n in range(40)))
    assert screens.statements("alice", GRID) == few


def test_the_workbook_of_a_class_is_filled_in_and_imported(played: Round, screens: Screens) -> None:
    book = openpyxl.load_workbook(io.BytesIO(screens.of("alice").get(f"{GRID}.xlsx").data))
    sheet = book.worksheets[0]
    names = [str(cell.value).partition(":")[2] for cell in sheet[1]]
    assert names == [
        "national_id",
        "student_number",
        "first_name",
        "last_name",
        "weight_kg",
        "height_cm",
        "measured_on",
    ]
    assert sheet.max_row == 2 + PUPILS_PER_SCHOOL
    sheet.cell(3, 5).value, sheet.cell(3, 7).value = 37.5, "02/11/2569"
    file = io.BytesIO()
    book.save(file)

    def imported() -> Any:
        batch = imports.receive("student", "ป6.xlsx", file.getvalue())
        imports.judge(batch.id)
        imports.commit(batch.id)
        return batch

    played.does("alice", imported)
    assert stored(played) == ("37.5", "141", DAY)
