"""Movements: in, out, out for good and back, each under the rules of its round; of two who take a child one does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app.codes import (
    DischargeGround,
    DropoutCause,
    Grade,
    MovementKind,
    RequestState,
    StudentStatus,
    Title,
    WindowAction,
)
from appbuilder_app.declaration import db
from appbuilder_app.errors import (
    AskedAlready,
    CannotUndo,
    EnrolledAlready,
    EvidenceMissing,
    ExamNotRecorded,
    GradeNotTaught,
    GroundMissing,
    HasDied,
    InRegisterAlready,
    InvalidRow,
    NotAtFinalExam,
    NotEnrolled,
    NotPermitted,
    NotThatDay,
    NotYours,
    ReasonMissing,
    RuleViolation,
    SatFinalExam,
    StudentUnknown,
    SubmissionLocked,
    WindowOver,
)
from appbuilder_app.models import Change, CollectionRound, Movement, School, Student, Window
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import headcounts, movements, requests, results
from appbuilder_app.workflows.movements import Leaving, Names, Place
from appbuilder_app.workflows.requests import Evidence
from scripts.services import owner_url
from tests.app_fixtures import FOREIGN, SCHOOL, SCOPES, SIBLING, World, national_id
from tests.round_fixtures import DAY, Round, present
from tests.test_requests import PDF, at_once, threads

__all__ = ["threads"]

TODAY = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)
PROOF = [Evidence("หลักฐาน", "a.pdf", PDF)]
OURS, THEIRS = national_id(100), national_id(300)
"""The first pupil of Alice's school, and of Charlie's in the other district."""


def place(school: str = SCHOOL, **changed: Any) -> Place:
    """A seat in a school."""
    facts: dict[str, Any] = {
        "school_code": school, "grade": Grade.P6, "room": 2, "student_number": "777", "happened_on": TODAY,
    }  # fmt: skip
    return Place(**facts | changed)


def row_of(world: World, number: str) -> Any:
    """The child's row as it is in the database, whoever's it is."""
    with world.acting("cee"), set_based(SetWork.BENCHMARK):
        there = Student.__table__
        return db.session.connection().execute(sa.select(there).where(there.c.national_id == number)).one()


def key_of(world: World, number: str) -> int:
    """The child's primary key."""
    return int(row_of(world, number).id)


def is_round(world: World, number: int) -> None:
    """The open round is another one of the year."""
    with world.acting("adam"), set_based(SetWork.BENCHMARK):
        table = CollectionRound.__table__
        db.session.connection().execute(sa.update(table).values(number=number))
        db.session.commit()


def kinds_at(world: World, school: str) -> list[MovementKind]:
    """What a school has on record, in the order in which it happened."""
    with world.acting("cee"):
        query = sa.select(Movement.kind).filter_by(school_code=school).order_by(Movement.id)
        return list(db.session.scalars(query))


# ── Finding ──────────────────────────────────────────────────────────────────────────────────────────────


def test_r21_a_child_is_found_in_the_whole_country_with_no_more_than_recognises_them(played: Round) -> None:
    child = played.does("alice", movements.find, f" {THEIRS[:1]}-{THEIRS[1:]} ")
    assert (child.name, child.is_here) == ("เด็กชายชื่อ300 ทดสอบ", False)
    assert not set(vars(child)) & {"school", "school_code", "address", "id"}
    played.is_refused("alice", StudentUnknown, movements.find, national_id(999))
    played.is_refused("dao", NotPermitted, movements.find, THEIRS)
    with played.world.acting("cee"):
        looked = db.session.scalars(sa.select(Change).filter_by(action="looked up")).one()
        assert (looked.actor.split()[0], THEIRS in str(looked.after)) == ("Alice", False)


# ── Transfer in ──────────────────────────────────────────────────────────────────────────────────────────


def test_r21_a_child_of_another_school_comes_when_that_school_consents(played: Round) -> None:
    coming = played.does("alice", movements.transfer_in, THEIRS, place(), "ผู้ปกครองย้ายบ้าน")
    assert not coming.is_taken
    with played.world.acting("charlie"):
        asked = requests.inbox().waiting[0]
        assert (asked.title, asked.shown["โรงเรียนที่ขอรับ"]) == ("เด็กชายชื่อ300 ทดสอบ", "บ้านหนองตัวอย่าง")
    with played.world.acting("alice"):
        assert "โรงเรียนเดิม" not in requests.seen(coming.request_id or 0).party.shown
    assert row_of(played.world, THEIRS).school_code == FOREIGN

    played.does("charlie", requests.approve, coming.request_id)

    row = row_of(played.world, THEIRS)
    assert (row.scope, row.room, row.student_number, row.status) == (
        SCOPES[SCHOOL], 2, "777", StudentStatus.ENROLLED)  # fmt: skip
    assert kinds_at(played.world, SCHOOL) == [MovementKind.TRANSFER_IN]
    assert kinds_at(played.world, FOREIGN) == [MovementKind.TRANSFER_OUT]
    with played.world.acting("alice"):
        assert db.session.get(Student, row.id) is not None
        assert len(db.session.scalars(sa.select(Change).filter_by(row_key=str(row.id))).all()) == 1
    with played.world.acting("charlie"):
        assert db.session.get(Student, row.id) is None


def test_r21_the_losing_school_objects_and_the_centre_decides_across_districts(played: Round) -> None:
    coming = played.does("alice", movements.transfer_in, THEIRS, place(), "ย้ายบ้าน")
    played.does("charlie", requests.object_to, coming.request_id, "ยังมาเรียนทุกวัน")
    played.is_refused("eve", RuleViolation, requests.approve, coming.request_id)
    played.does("cee", requests.refuse, coming.request_id, "ตรวจแล้วยังเรียนที่เดิม")
    assert row_of(played.world, THEIRS).school_code == FOREIGN
    with played.world.acting("alice"):
        assert [one.state for one in requests.inbox().news] == [RequestState.REFUSED]


def test_within_a_district_its_officer_decides(played: Round) -> None:
    coming = played.does("bob", movements.transfer_in, OURS, place(SIBLING), "ย้ายบ้าน")
    played.does("alice", requests.object_to, coming.request_id, "ยังมาเรียน")
    played.does("dan", requests.approve, coming.request_id)
    assert row_of(played.world, OURS).school_code == SIBLING


def test_r21_one_is_neither_transferred_into_the_own_school_nor_into_a_class_that_is_not_taught(
    played: Round,
) -> None:
    played.is_refused("alice", EnrolledAlready, movements.transfer_in, OURS, place(), "ย้าย")
    played.is_refused("alice", NotYours, movements.transfer_in, OURS, place(SIBLING), "ย้าย")
    refused = played.is_refused(
        "alice", GradeNotTaught, movements.transfer_in, THEIRS, place(grade=Grade.M1), "ย้าย"
    )
    assert "R24" in refused
    tomorrow = TODAY + 3 * DAY
    played.is_refused("alice", NotThatDay, movements.transfer_in, THEIRS, place(happened_on=tomorrow), "ย้าย")


def test_a_school_that_has_confirmed_loses_nobody(played: Round) -> None:
    played.is_confirmed(FOREIGN, "charlie")
    played.is_refused("alice", SubmissionLocked, movements.transfer_in, THEIRS, place(), "ย้าย")


# ── Transfer out ─────────────────────────────────────────────────────────────────────────────────────────


def test_r22_who_moves_out_is_nowhere_until_a_school_takes_them_and_the_old_one_is_told(
    played: Round,
) -> None:
    world = played.world
    key = key_of(world, OURS)
    played.does("alice", movements.transfer_out, key, TODAY, "ย้ายตามผู้ปกครอง")
    with world.acting("alice"):
        assert [one.id for one in movements.enrolled_nowhere()] == [key]
        school = db.session.get_one(School, SCHOOL)
        assert headcounts.live(school, present()).students == 3
    played.is_refused("alice", NotEnrolled, movements.transfer_out, key, TODAY, "อีกครั้ง")

    coming = played.does("charlie", movements.transfer_in, OURS, place(FOREIGN), "ย้ายมา")

    assert coming.is_taken
    assert row_of(world, OURS).school_code == FOREIGN
    assert kinds_at(world, SCHOOL) == [MovementKind.TRANSFER_OUT]
    with world.acting("alice"):
        assert movements.enrolled_nowhere() == []
        assert [one.title for one in requests.inbox().news] == ["เด็กชายชื่อ100 ทดสอบ"]


def test_r45_a_move_out_by_mistake_is_taken_back_at_once(played: Round) -> None:
    key = key_of(played.world, OURS)
    played.does("alice", movements.transfer_out, key, TODAY, "กดผิด")
    played.is_refused("bob", NotYours, movements.take_back, key, "กดผิด")
    played.does("alice", movements.take_back, key, "กดผิด")
    assert row_of(played.world, OURS).status is StudentStatus.ENROLLED
    assert kinds_at(played.world, SCHOOL) == [MovementKind.TRANSFER_OUT, MovementKind.RETURN]


# ── Dropout and discharge ────────────────────────────────────────────────────────────────────────────────

DROPOUT = Leaving(MovementKind.DROPOUT, DropoutCause.POVERTY.value, TODAY, "ไปทำงานกรุงเทพ")


def test_r22_r48_nobody_is_struck_off_before_the_district_has_permitted_it(played: Round) -> None:
    key = key_of(played.world, OURS)
    played.is_refused("alice", EvidenceMissing, movements.ask_to_leave, key, DROPOUT, [])
    number = played.does("alice", movements.ask_to_leave, key, DROPOUT, PROOF)
    assert row_of(played.world, OURS).status is StudentStatus.ENROLLED
    played.is_refused("alice", RuleViolation, requests.approve, number)

    played.does("dan", requests.approve, number)

    assert row_of(played.world, OURS).status is StudentStatus.DROPPED
    with played.world.acting("alice"):
        movement = db.session.scalars(sa.select(Movement)).one()
        assert (movement.ground, movement.request_id, movement.done_by) == ("1", number, "Dan ทดสอบ")


def test_r22_a_discharge_names_its_ground_and_death_is_final(played: Round) -> None:
    key = key_of(played.world, OURS)
    unfounded = Leaving(MovementKind.DISCHARGE, "1", TODAY, "x")
    played.is_refused("alice", GroundMissing, movements.ask_to_leave, key, unfounded, PROOF)
    died = Leaving(MovementKind.DISCHARGE, DischargeGround.DIED.value, TODAY, "อุบัติเหตุ")
    played.does("dan", requests.approve, played.does("alice", movements.ask_to_leave, key, died, PROOF))
    played.is_refused("alice", HasDied, movements.take_back, key, "กลับมา")
    played.is_refused("bob", HasDied, movements.transfer_in, OURS, place(SIBLING), "ย้าย")


def test_who_dropped_out_is_taken_by_another_school_at_once(played: Round) -> None:
    number = played.does("alice", movements.ask_to_leave, key_of(played.world, OURS), DROPOUT, PROOF)
    played.does("dan", requests.approve, number)
    assert played.does("charlie", movements.transfer_in, OURS, place(FOREIGN), "กลับมาเรียน").is_taken


# ── Round 3 ──────────────────────────────────────────────────────────────────────────────────────────────


def test_r43_r45_who_sat_the_final_exam_neither_moves_out_nor_is_struck_off(played: Round) -> None:
    world = played.world
    key = key_of(world, OURS)
    is_round(world, 3)
    assert "R43" in played.is_refused("alice", ExamNotRecorded, movements.transfer_out, key, TODAY, "ย้าย")
    sixth = results.Place(SCHOOL, Grade.P6, 1)
    played.does("alice", results.record_exam, sixth, set(), {})
    told = played.is_refused("alice", SatFinalExam, movements.transfer_out, key, TODAY, "ย้าย")
    assert "R45" in told
    played.is_refused("alice", SatFinalExam, movements.ask_to_leave, key, DROPOUT, PROOF)
    played.does("alice", results.record_exam, sixth, {key}, {})
    played.does("alice", movements.transfer_out, key, TODAY, "ย้ายก่อนสอบ")


def test_r41_r42_round_three_takes_in_only_who_sat_this_years_final_exam(played: Round) -> None:
    is_round(played.world, 3)
    played.is_refused("alice", NotAtFinalExam, movements.transfer_in, THEIRS, place(), "นักเรียนปีหน้า")
    played.is_refused("alice", NotAtFinalExam, movements.add, newcomer(), TODAY)
    coming = played.does("alice", movements.transfer_in, THEIRS, place(sat_final_exam=True), "สอบที่นี่")
    played.does("charlie", requests.approve, coming.request_id)
    assert row_of(played.world, THEIRS).sat_final_exam is True


def test_r49_round_three_corrects_a_wrong_class_only_with_its_reason(played: Round) -> None:
    is_round(played.world, 3)
    key = key_of(played.world, OURS)
    played.is_refused("alice", ReasonMissing, movements.change_class, [key], Grade.P5, 1, " ")
    played.does("alice", movements.change_class, [key], Grade.P5, 1, "บันทึกชั้นผิด")
    assert row_of(played.world, OURS).grade is Grade.P5


# ── Added, moved within the school, renamed ──────────────────────────────────────────────────────────────


def newcomer(**changed: Any) -> dict[str, Any]:
    """Values of a child who is in no school."""
    from tests.app_fixtures import pupil

    made = pupil(SCHOOL, 900)
    names = ("school_code", "national_id", "title", "first_name", "last_name", "sex", "birth_date")
    facts = {name: getattr(made, name) for name in (*names, "grade", "room", "student_number")}
    return facts | changed


def test_r21_a_new_child_is_added_and_a_known_one_is_not_added_twice(played: Round) -> None:
    played.does("alice", movements.add, newcomer(), TODAY)
    assert kinds_at(played.world, SCHOOL) == [MovementKind.ADD]
    played.is_refused("alice", InRegisterAlready, movements.add, newcomer(national_id=THEIRS), TODAY)
    played.is_refused("bob", NotYours, movements.add, newcomer(national_id=national_id(901)), TODAY)


def test_r24_a_whole_class_changes_its_room_or_nobody_does(played: Round) -> None:
    world = played.world
    keys = [key_of(world, national_id(number)) for number in (100, 101, 102)]
    assert played.does("alice", movements.change_class, keys, Grade.P6, 3, "แบ่งห้องใหม่") == 3
    assert {row_of(world, national_id(number)).room for number in (100, 101, 102)} == {3}
    strangers = [*keys, key_of(world, THEIRS)]
    played.is_refused("alice", NotYours, movements.change_class, strangers, Grade.P6, 4, "ย้าย")
    assert {row_of(world, national_id(number)).room for number in (100, 101, 102)} == {3}


def test_r25_the_school_renames_by_itself_with_the_document(played: Round) -> None:
    key = key_of(played.world, OURS)
    names = Names(Title.BOY, "ใหม่", "นามสกุลใหม่")
    played.is_refused("alice", EvidenceMissing, movements.rename, key, names, "เปลี่ยนชื่อ", [])
    girl = Names(Title.GIRL, "ใหม่", "นามสกุลใหม่")
    played.is_refused("alice", InvalidRow, movements.rename, key, girl, "เปลี่ยนชื่อ", PROOF)
    played.does("alice", movements.rename, key, names, "เปลี่ยนชื่อ", PROOF)
    assert row_of(played.world, OURS).first_name == "ใหม่"
    with played.world.acting("alice"):
        movement = db.session.scalars(sa.select(Movement)).one()
        assert (movement.before["first_name"], (movement.evidence or "")[-4:]) == ("ชื่อ100", ".pdf")


def test_r49_a_student_number_is_changed(played: Round) -> None:
    played.does("alice", movements.renumber, key_of(played.world, OURS), "04001")
    assert row_of(played.world, OURS).student_number == "04001"


# ── Undone ───────────────────────────────────────────────────────────────────────────────────────────────


def last_movement(world: World, school: str = SCHOOL) -> int:
    """The latest that a school has on record."""
    with world.acting("cee"):
        query = sa.select(Movement.id).filter_by(school_code=school).order_by(Movement.id.desc())
        return db.session.scalars(query).first() or 0


def test_r45_a_transfer_is_undone_and_the_other_school_is_told(played: Round) -> None:
    world = played.world
    coming = played.does("alice", movements.transfer_in, THEIRS, place(), "ย้าย")
    played.does("charlie", requests.approve, coming.request_id)
    played.is_refused("charlie", NotYours, movements.undo, last_movement(world, FOREIGN), "ขอคืน")

    played.does("alice", movements.undo, last_movement(world), "เด็กกลับโรงเรียนเดิม")

    row = row_of(world, THEIRS)
    assert (row.scope, row.room, row.status) == (SCOPES[FOREIGN], 1, StudentStatus.ENROLLED)
    with world.acting("charlie"):
        assert requests.inbox().news
        assert [one.undone_by for one in db.session.scalars(sa.select(Movement))] == ["Alice ทดสอบ"]


def test_what_was_followed_by_something_else_is_not_undone(played: Round) -> None:
    world = played.world
    key = key_of(world, OURS)
    played.does("alice", movements.change_class, [key], Grade.P6, 3, "")
    first = last_movement(world)
    played.does("alice", movements.change_class, [key], Grade.P6, 4, "")
    played.is_refused("alice", CannotUndo, movements.undo, first, "กลับ")
    played.does("alice", movements.undo, last_movement(world), "กลับ")
    assert row_of(world, OURS).room == 3
    played.does("alice", movements.undo, first, "กลับ")
    played.is_refused("alice", CannotUndo, movements.undo, first, "อีก")


# ── Windows ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("window", "verb"),
    [
        (WindowAction.MOVE_OUT, lambda key: movements.transfer_out(key, TODAY, "ย้าย")),
        (WindowAction.LEAVE, lambda key: movements.ask_to_leave(key, DROPOUT, PROOF)),
        (WindowAction.MOVE_IN, lambda _key: movements.transfer_in(THEIRS, place(), "ย้าย")),
        (WindowAction.CLASS, lambda key: movements.change_class([key], Grade.P6, 3, "")),
        (WindowAction.NAME, lambda key: movements.rename(key, Names(Title.BOY, "ก", "ข"), "", PROOF)),
    ],
)
def test_each_movement_keeps_to_its_own_window(
    played: Round, window: WindowAction, verb: Callable[[int], Any]
) -> None:
    played.is_over(window)
    key = key_of(played.world, OURS)
    played.is_refused("alice", WindowOver, verb, key)
    owner = sa.create_engine(owner_url(str(played.world.app.config["SQLALCHEMY_DATABASE_URI"])))
    with owner.begin() as connection:
        connection.execute(sa.delete(Window.__table__).where(Window.__table__.c.action == window))
    owner.dispose()
    played.does("alice", verb, key)  # where no window of its own is set, it is open with editing


# ── At the same moment ───────────────────────────────────────────────────────────────────────────────────


def test_of_two_schools_that_take_one_child_one_does_and_the_other_is_told(
    played: Round, threads: ThreadPoolExecutor
) -> None:
    key = key_of(played.world, OURS)
    played.does("alice", movements.transfer_out, key, TODAY, "ย้าย")

    def taking(school: str) -> Callable[[], Any]:
        def take() -> None:
            assert movements.transfer_in(OURS, place(school), "ย้ายมา").is_taken

        return take

    # Who comes second finds the child enrolled: it is asked for, as of any other school.
    def asked_or_told(outcome: str) -> bool:
        return outcome in {"TakenMeanwhile", "AssertionError"}

    works = [("bob", taking(SIBLING)), ("charlie", taking(FOREIGN))]
    outcomes = at_once(played.world, threads, works, also=AssertionError)
    assert sorted(map(asked_or_told, outcomes)) == [False, True], outcomes
    winner = works[outcomes.index("done")][0]
    assert row_of(played.world, OURS).school_code == {"bob": SIBLING, "charlie": FOREIGN}[winner]


def test_of_two_schools_that_ask_for_one_child_one_is_told_that_the_other_has(
    played: Round, threads: ThreadPoolExecutor
) -> None:
    works: list[tuple[str, Callable[[], Any]]] = [
        ("bob", lambda: movements.transfer_in(OURS, place(SIBLING), "ย้าย")),
        ("charlie", lambda: movements.transfer_in(OURS, place(FOREIGN), "ย้าย")),
    ]
    assert sorted(at_once(played.world, threads, works)) == [AskedAlready.__name__, "done"]


def test_a_transfer_and_a_change_of_class_at_once_leave_the_child_in_one_place(
    played: Round, threads: ThreadPoolExecutor
) -> None:
    coming = played.does("bob", movements.transfer_in, OURS, place(SIBLING), "ย้าย")
    key = key_of(played.world, OURS)
    works: list[tuple[str, Callable[[], Any]]] = [
        ("alice", lambda: movements.change_class([key], Grade.P6, 9, "")),
        ("dan", lambda: requests.approve(coming.request_id or 0)),
    ]
    outcomes = at_once(played.world, threads, works)
    row = row_of(played.world, OURS)
    assert outcomes[1] == "done"
    assert (row.school_code, row.room) == (SIBLING, 2)
