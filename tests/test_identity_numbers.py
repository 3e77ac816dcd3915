"""A student's number changes by a verb alone; both numbers stay linked and find the student."""

from __future__ import annotations

import datetime as dt

import pytest

from appbuilder_app import access
from appbuilder_app.access import Action
from appbuilder_app.codes import Grade, IdentityType, NumberGround
from appbuilder_app.declaration import db
from appbuilder_app.errors import InvalidRow, NotYours
from appbuilder_app.models import NumberChange, Student
from appbuilder_app.rules.identities import NumberUsedBefore
from appbuilder_app.workflows import identities, movements, student_file
from tests.app_fixtures import FOREIGN, SCHOOL, SIBLING, World, national_id, pupil

OLD, NEW = "G691600000007", national_id(900)


def give_g_child(world: World) -> int:
    """A child of Alice's school who has a G-code."""
    with world.acting("alice"):
        child = pupil(SCHOOL, 7, national_id=OLD, identity_type=IdentityType.OTHER)
        db.session.add(child)
        db.session.commit()
        return child.id


def replace(student_id: int, new: str = NEW, old: str = OLD) -> NumberChange:
    """As the verbs that decide do it."""
    student = db.session.get_one(Student, student_id)
    with access.performing(Action.WRITE, "student"):
        return identities.replace_number(student, old, new, NumberGround.SUCCESSION)


@pytest.fixture
def succeeded(world: World) -> tuple[World, int]:
    """A world in which a child got a real number in the place of the G-code."""
    child = give_g_child(world)
    with world.acting("dan"):
        replace(child)
        db.session.commit()
    return world, child


def test_both_numbers_find_the_student(succeeded: tuple[World, int]) -> None:
    world, child = succeeded
    with world.acting("alice"):
        assert identities.student_by_number(OLD).id == child
        found = identities.student_by_number(NEW)
        assert (found.id, found.identity_type) == (child, IdentityType.NATIONAL)
        former, present = identities.numbers_of(found)
        assert (former.number, former.ground, former.by) == (OLD, NumberGround.SUCCESSION, "Dan ทดสอบ")
        assert (present.number, present.until) == (NEW, None)


def test_the_search_box_and_the_api_find_by_the_old_number_too(succeeded: tuple[World, int]) -> None:
    world, _child = succeeded
    assert "ชื่อ7" in world.client("alice").get(f"/data/student/?q={OLD}").get_data(as_text=True)
    assert "ชื่อ7" not in world.client("bob").get(f"/data/student/?q={OLD}").get_data(as_text=True)
    answer = world.app.test_client().get(f"/api/v1/student/?q={OLD}", headers=world.token("dan"))
    assert [one["first_name"] for one in answer.get_json()["result"]] == ["ชื่อ7"]


def test_neighbours_find_nothing_by_either_number(succeeded: tuple[World, int]) -> None:
    world, _child = succeeded
    for persona in ("bob", "charlie", "eve"):
        for number in (OLD, NEW):
            with world.acting(persona), pytest.raises(NotYours):
                identities.student_by_number(number)


def test_a_later_school_finds_the_child_by_the_number_of_before(succeeded: tuple[World, int]) -> None:
    world, child = succeeded
    today = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)
    with world.acting("adam"):
        movements.transfer_out(child, today, "ย้ายบ้าน")
        seat = movements.Place(FOREIGN, Grade.P6, 1, "1", today)
        assert movements.transfer_in(OLD, seat, "ย้ายมา").student_id == child
        db.session.commit()
    with world.acting("charlie"):
        assert identities.student_by_number(OLD).id == child
        assert [one.number for one in identities.numbers_of(identities.student_by_number(OLD))] == [OLD, NEW]


@pytest.mark.parametrize("through", ["form", "api", "shell"])
def test_no_door_changes_a_number_by_hand(world: World, through: str) -> None:
    child = world.pupil()
    if through == "form":
        page = world.client("alice").post(
            f"/data/student/{child}/edit", data={"national_id": NEW, "version": "1"}
        )
        assert page.status_code == 422
        assert "ขอแก้ไขเลขประจำตัวประชาชน" in page.get_data(as_text=True)
    elif through == "api":
        answer = world.app.test_client().patch(
            f"/api/v1/student/{child}", json={"national_id": NEW}, headers=world.token("alice")
        )
        assert answer.status_code == 422
    else:
        with world.acting("adam"):
            db.session.get_one(Student, child).national_id = NEW
            with pytest.raises(InvalidRow):
                db.session.flush()
    with world.acting("adam"):
        assert db.session.get_one(Student, child).national_id == national_id(100)


def test_a_replaced_number_is_not_used_again(succeeded: tuple[World, int]) -> None:
    world, _child = succeeded
    with world.acting("bob"):
        db.session.add(pupil(SIBLING, 8, national_id=OLD))
        with pytest.raises(NumberUsedBefore):
            db.session.flush()


def test_a_number_that_another_student_has_anywhere_is_refused(world: World) -> None:
    child = give_g_child(world)
    with world.acting("dan"), pytest.raises(identities.NumberTaken) as refused:
        replace(child, national_id(300))  # of Charlie's school, which Dan cannot see
    assert national_id(300) not in str(refused.value)
    assert FOREIGN not in str(refused.value)


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        (OLD, identities.NumberAsBefore),
        ("G691600000008", identities.NumberNotReal),
        ("1234567890120", identities.NumberNotReal),
    ],
)
def test_what_is_no_real_number_takes_no_ones_place(world: World, new: str, refusal: type[Exception]) -> None:
    child = give_g_child(world)
    with world.acting("dan"), pytest.raises(refusal):
        replace(child, new)


def test_a_number_that_changed_meanwhile_is_not_changed_again(succeeded: tuple[World, int]) -> None:
    world, child = succeeded
    with world.acting("dan"), pytest.raises(identities.NumberChangedMeanwhile):
        replace(child, national_id(901))


def test_a_file_with_the_old_number_is_the_same_student(succeeded: tuple[World, int]) -> None:
    world, child = succeeded
    with world.acting("alice"):
        batch = student_file.preview(SCHOOL, "s.csv", _file(OLD))
        student_file.commit(batch.id)
        db.session.commit()
        assert batch.counts["new"] == 0
        student = db.session.get_one(Student, child)
        assert (student.national_id, student.room) == (NEW, 2)


def test_a_file_of_another_school_does_not_take_the_old_number(succeeded: tuple[World, int]) -> None:
    world, _child = succeeded
    with world.acting("bob"):
        batch = student_file.preview(SIBLING, "s.csv", _file(OLD))
        assert (batch.counts["new"], batch.counts["wrong"]) == (0, 1)


def _file(number: str) -> bytes:
    heads = "เลขประจำตัวประชาชน,ชั้น,ห้อง,เลขประจำตัวนักเรียน,เพศ,คำนำหน้าชื่อ,ชื่อ,นามสกุล,วันเกิด"
    return f"{heads}\n{number},ป.6,2,00007,ญ,เด็กหญิง,ชื่อ7,ทดสอบ,01/08/2557\n".encode()
