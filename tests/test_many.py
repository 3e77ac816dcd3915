"""Many rows changed or deleted together: all or none, within scope and lock, named when refused, one reason."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from appbuilder_app.codes import SubmissionState
from appbuilder_app.dataset import many
from appbuilder_app.dataset.listing import Listing
from appbuilder_app.dataset.query import Query
from appbuilder_app.declaration import db
from appbuilder_app.errors import NotYours
from appbuilder_app.models import Change, Student, Submission
from appbuilder_app.walls import SetWork, set_based
from tests.app_fixtures import PUPILS_PER_SCHOOL, SCHOOL, SIBLING, World

URL = "/data/student/many"


def sent(page: FlaskClient, status: int, **form: Any) -> str:
    """The answer to a form of the pages; ``many.`` stands before our own names."""
    own = {f"many.{name}": value for name, value in form.pop("many").items()}
    answer = page.post(URL, data={**own, **form})
    text = answer.get_data(as_text=True)
    assert answer.status_code == status, text
    return text


def looked_at(text: str) -> str:
    """The mark of the rows that a page has shown."""
    found = re.search(r'name="many.mark" value="(\w+)"', text)
    assert found, text
    return found[1]


def minutes(world: World) -> dict[int, int | None]:
    """The way to school, in minutes, of every pupil of Alice's school, by key."""
    chosen = sa.select(Student.id, Student.journey_minutes)
    with world.acting("alice"):
        return {row.id: row.journey_minutes for row in db.session.execute(chosen)}


def test_a_field_of_all_rows_that_match_is_changed_after_looking(world: World) -> None:
    page, many_ = (
        world.client("alice"),
        {"all": "1", "asked": "grade=09&size=25", "field": "journey_minutes", "do": "edit"},
    )
    assert 'name="journey_minutes"' in sent(page, 200, many=many_)
    looking = {**many_, "do": "edit-look", "reason": "จัดห้องใหม่"}
    seen = sent(page, 200, many=looking, journey_minutes="7")
    assert f"บันทึก {PUPILS_PER_SCHOOL} รายการ" in seen
    assert set(minutes(world).values()) == {None}, "looking changes nothing"
    sent(page, 302, many={**looking, "do": "edit-save", "mark": looked_at(seen)}, journey_minutes="7")
    assert set(minutes(world).values()) == {7}
    with world.acting("alice"):
        entries = db.session.execute(
            sa.select(Change.reason, Change.after).where(Change.action == "update")
        ).all()
    assert [(e.reason, e.after["journey_minutes"]) for e in entries] == [("จัดห้องใหม่", 7)] * PUPILS_PER_SCHOOL


def test_one_refused_row_stops_all_and_is_named_and_what_was_typed_stays(world: World) -> None:
    with world.acting("alice"):
        row = db.session.scalars(sa.select(Student).order_by(Student.id)).first()
        assert row is not None
        name = row.first_name
        # Not through the rules: an old row that was wrong before they stood.
        with set_based(SetWork.DEMO):
            db.session.execute(sa.update(Student.__table__).where(Student.id == row.id).values(weight_kg=999))
            db.session.commit()
    keys, page = list(minutes(world)), world.client("alice")
    text = sent(
        page,
        422,
        many={"id": keys, "field": "journey_minutes", "do": "edit-look", "reason": "ย้าย"},
        journey_minutes="5",
    )
    assert "ยังไม่ได้บันทึกรายการใด" in text
    assert f"{name} ทดสอบ" in text
    assert "น้ำหนัก" in text
    assert 'value="5"' in text
    assert 'value="ย้าย"' in text
    assert set(minutes(world).values()) == {None}


@pytest.mark.parametrize(
    ("form", "typed", "said"),
    [
        (
            {"field": "journey_minutes", "do": "edit-look", "reason": "x"},
            {"journey_minutes": "ก"},
            "ไม่ใช่ตัวเลข",
        ),
        (
            {"field": "journey_minutes", "do": "edit-look", "reason": "x"},
            {"journey_minutes": ""},
            "กรุณาใส่ค่าที่ต้องการ",
        ),
        ({"field": "journey_minutes", "do": "edit-look"}, {"journey_minutes": "3"}, "กรุณาใส่เหตุผล"),
        ({"do": "delete-look"}, {}, "กรุณาใส่เหตุผล"),
    ],
)
def test_what_is_missing_or_unreadable_is_said_beside_it(
    world: World, form: dict[str, str], typed: dict[str, str], said: str
) -> None:
    assert said in sent(world.client("alice"), 422, many={"id": list(minutes(world)), **form}, **typed)


def test_keys_names_and_masked_numbers_are_not_offered(world: World) -> None:
    text = sent(world.client("alice"), 200, many={"id": list(minutes(world)), "do": "edit"})
    offered = set(re.findall(r'<option value="(\w+)">', text))
    assert {"journey_minutes", "weight_kg", "swims"} <= offered
    assert not {"national_id", "room", "grade", "sex", "school_code", "first_name", "id", "scope"} & offered


def test_rows_that_changed_after_looking_are_looked_at_again(world: World) -> None:
    keys, page = list(minutes(world)), world.client("alice")
    form = {"id": keys, "field": "journey_minutes", "reason": "ย้าย"}
    mark = looked_at(sent(page, 200, many={**form, "do": "edit-look"}, journey_minutes="4"))
    with world.acting("alice"):
        other = db.session.get(Student, keys[0])
        assert other is not None
        other.street = "ถนนใหม่"
        db.session.commit()
    text = sent(page, 409, many={**form, "do": "edit-save", "mark": mark}, journey_minutes="4")
    assert "มีผู้แก้ไขรายการเหล่านี้" in text
    assert set(minutes(world).values()) == {None}


def test_a_foreign_row_among_them_is_not_found_and_readers_may_not(world: World) -> None:
    keys = [*minutes(world), world.pupil(SIBLING)]
    for status, persona in ((404, "alice"), (403, "dao")):
        sent(world.client(persona), status, many={"id": keys, "do": "delete-look", "reason": "ลอง"})
    with world.acting("alice") as viewer, pytest.raises(NotYours):
        many.choose(db.session, Listing(Student, viewer), [str(key) for key in keys], None)
    sent(world.client("alice"), 404, many={"id": ["1 OR 1"], "do": "edit"})
    sent(world.client("alice"), 302, many={"do": "edit"})


def test_a_locked_school_keeps_its_rows(world: World) -> None:
    with world.acting("adam"), set_based(SetWork.DEMO):
        table = Submission.__table__
        locked = sa.update(table).where(table.c.school_code == SCHOOL).values(state=SubmissionState.CONFIRMED)
        db.session.execute(locked)
        db.session.commit()
    form = {"id": list(minutes(world)), "do": "delete-look", "reason": "ลอง"}
    assert "ยังไม่ได้บันทึกรายการใด" in sent(world.client("alice"), 422, many=form)
    assert len(minutes(world)) == PUPILS_PER_SCHOOL


def test_many_are_deleted_together_and_stay_in_the_history(world: World) -> None:
    keys, page = list(minutes(world))[:2], world.client("alice")
    form = {"id": keys, "reason": "บันทึกซ้ำ"}
    mark = looked_at(sent(page, 200, many={**form, "do": "delete-look"}))
    sent(page, 302, many={**form, "do": "delete-save", "mark": mark})
    assert len(minutes(world)) == PUPILS_PER_SCHOOL - 2
    with world.acting("alice"):
        gone = db.session.scalars(sa.select(Change.reason).where(Change.action == "delete")).all()
    assert gone == ["บันทึกซ้ำ"] * 2


def test_no_more_than_the_bound_are_taken_together(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "MOST_AT_ONCE", PUPILS_PER_SCHOOL - 1)
    with world.acting("alice") as viewer, pytest.raises(many.TooManyAtOnce):
        many.choose(db.session, Listing(Student, viewer), [], Query())
