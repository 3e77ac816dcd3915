"""The turn of the year: done once by shares, whoever is killed in the middle, and told by area."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import threading
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app import access
from appbuilder_app.codes import (
    Absence,
    AfterFail,
    Destination,
    FailCriterion,
    Grade,
    StudentStatus,
    Turn,
    WindowAction,
)
from appbuilder_app.declaration import db
from appbuilder_app.errors import NothingToPromote, NotPermitted
from appbuilder_app.models import Change, Job, PromotionShare, Student
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import promotion, results, rounds
from appbuilder_app.workflows.results import Place, Stay
from scripts.services import PostgreSQL
from tests.app_fixtures import FOREIGN, SCHOOL, SIBLING
from tests.round_fixtures import DAY, Round


@pytest.fixture
def ended(played: Round) -> Round:
    """The year has ended: every kind of result is recorded, and round 3 is closed without turning the year yet.

    The school's pupils: absent and pending, repeating, going on elsewhere, in ป.5 and passed. The sibling's: all
    ป.6 staying although their school ends with ป.6. Of the foreign school nothing is recorded.
    """
    played.close()

    def begin() -> None:
        rounds.open_submissions(rounds.create_round(2569, 3, dt.date(2027, 4, 30), "ว1"))

    played.does("cee", begin)
    for action in WindowAction:
        played.opens(action, -DAY, DAY)
    first, second, third, fourth = (played.world.pupil(SCHOOL, n) for n in range(4))

    def set_back() -> None:
        with set_based(SetWork.DEMO):
            table = Student.__table__
            db.session.connection().execute(
                sa.update(table).where(table.c.id == fourth).values(grade=Grade.P5)
            )

    played.does("alice", set_back)
    sixth = Place(SCHOOL, Grade.P6, 1)
    played.does("alice", results.record_exam, sixth, {first}, {second: FailCriterion.TIME})
    played.does("alice", results.decide, sixth, {second: AfterFail.REPEAT}, {first: Stay(Absence.PENDING)})
    played.does("alice", results.record_destinations, sixth, {third: Destination.P_PROVINCE})
    played.does("alice", results.record_exam, Place(SCHOOL, Grade.P5, 1), set(), {})
    played.does("bob", results.pass_everybody, SIBLING)
    stays = {played.world.pupil(SIBLING, n): Destination.P_SAME for n in range(4)}
    played.does("bob", results.record_destinations, Place(SIBLING, Grade.P6, 1), stays)
    played.close()
    return played


def turn(played: Round) -> list[tuple[str, promotion.Done | None]]:
    """Central turns the year."""
    return played.does("cee", lambda: list(promotion.run(the_round())))


def the_round() -> Any:
    """The closed end-of-year round."""
    return rounds.round_of(2569, 3)


def state(played: Round) -> dict[int, tuple[Grade, StudentStatus, int]]:
    """Grade, status and version of everybody."""
    with played.world.acting("adam"):
        found = db.session.scalars(sa.select(Student).execution_options(populate_existing=True))
        return {row.id: (row.grade, row.status, row.version) for row in found}


def test_everybody_moves_up_repeats_graduates_or_is_left_with_a_reason(ended: Round) -> None:
    pupils = [ended.world.pupil(SCHOOL, n) for n in range(4)]
    before = state(ended)
    done = dict(turn(ended))
    assert done["1602"] == promotion.Done(
        promoted=1, repeated=1, graduated=5, left_over=1, why={Turn.PENDING: 1}
    )
    assert done["1601"] == promotion.Done(left_over=4, why={Turn.NO_RESULT: 4})

    after = state(ended)
    first, second, third, fourth = (after[key] for key in pupils)
    assert [first[:2], second[:2]] == [before[key][:2] for key in pupils[:2]]
    assert third[1] is StudentStatus.GRADUATED
    assert fourth[:2] == (Grade.P6, StudentStatus.ENROLLED)
    with ended.world.acting("adam"):
        told = db.session.scalars(
            sa.select(Change).where(Change.dataset == "student", Change.row_key == str(pupils[3]))
        ).all()
        assert (told[-1].action, told[-1].before, told[-1].after) == (
            "promote",
            {"grade": "08"},
            {"grade": "09"},
        )
        assert told[-1].actor == "Cee ทดสอบ"
    with ended.world.acting("alice"):
        assert [(left.student_id, left.reason) for left in promotion.left_over(the_round())] == [
            (pupils[0], Turn.PENDING)
        ]
    with ended.world.acting("charlie"):
        assert {left.school_code for left in promotion.left_over(the_round())} == {FOREIGN}


def test_again_does_nothing_twice(ended: Round) -> None:
    turn(ended)
    before = state(ended)
    assert turn(ended) == []
    assert ended.does("cee", lambda: promotion.promote_area(the_round(), "1602")) is None
    assert state(ended) == before


def test_a_worker_killed_in_the_middle_of_a_share_has_done_nothing_of_it(ended: Round) -> None:
    """A real process, killed by SIGKILL after it has written the share and before it has committed."""
    before = state(ended)
    ended.does("cee", lambda: promotion.prepare(the_round()))
    with ended.world.app.app_context():
        db.session.remove()
        db.engine.dispose()
    child = multiprocessing.get_context("fork").Process(target=_be_killed, args=(ended,))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL

    assert state(ended) == before
    with ended.world.acting("cee"):
        shares = db.session.scalars(sa.select(PromotionShare)).all()
        assert [(share.doing, share.done_at) for share in shares] == [(False, None)] * 2
    turn(ended)
    with ended.world.acting("adam"):
        moved = (
            sa.select(sa.func.count()).select_from(Change).where(Change.action.in_(["promote", "graduate"]))
        )
        assert db.session.scalar(moved) == 6


def _be_killed(ended: Round) -> None:
    with ended.world.acting("cee"):
        done = promotion.promote_area(the_round(), "1602")
        assert done is not None
        os.kill(os.getpid(), signal.SIGKILL)


def test_of_two_workers_at_one_share_one_does_it(ended: Round, databases: object) -> None:
    if not isinstance(databases, PostgreSQL):
        pytest.skip("SQLite has one writer at a time")
    ended.does("cee", lambda: promotion.prepare(the_round()))
    together, outcomes = threading.Barrier(2), []

    def work() -> None:
        with ended.world.acting("cee"):
            together.wait(20)
            outcomes.append(promotion.promote_area(the_round(), "1602"))
            db.session.commit()
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sum(outcome is not None for outcome in outcomes) == 1


def test_nobody_else_writes_between_two_years(ended: Round) -> None:
    """After closing the lock holds all but the share at work: raw SQL meets the trigger as before."""
    key = ended.world.pupil()

    def by_hand() -> None:
        with set_based(SetWork.DEMO):
            table = Student.__table__
            db.session.connection().execute(sa.update(table).where(table.c.id == key).values(room=2))

    with ended.world.acting("adam"):
        with pytest.raises(sa.exc.DBAPIError, match=r"TH001|ปิดแล้ว"):
            by_hand()
        db.session.rollback()


def test_closing_the_year_orders_it_and_only_central_does(played: Round) -> None:
    played.is_refused("cee", NothingToPromote, lambda: list(promotion.run(rounds.round_of(2569, 2))))
    with played.world.acting("dan"), pytest.raises(NotPermitted):
        list(promotion.run(rounds.round_of(2569, 2)))
    played.close()
    played.does(
        "cee", lambda: rounds.open_submissions(rounds.create_round(2569, 3, dt.date(2027, 4, 30), "ว1"))
    )
    for action in WindowAction:
        played.opens(action, -DAY, DAY)
    played.does("cee", lambda: promotion.close_round(rounds.round_of(2569, 3)))
    with played.world.acting("cee"):
        ordered = db.session.scalars(sa.select(Job)).all()
        assert [(job.kind, job.arguments) for job in ordered] == [("promotion", {"round_id": the_round().id})]
        assert access.viewer().id == ordered[0].owner_id


def test_the_report_is_read_by_area_and_the_button_is_centrals(ended: Round) -> None:
    with ended.world.acting("cee"):
        page = f"/rounds/{the_round().id}/promotion"
    cee = ended.world.client("cee")
    assert "เลื่อนชั้นทั้งประเทศ" in cee.get(page).get_data(as_text=True)
    turn(ended)
    shown = cee.get(page).get_data(as_text=True)
    assert "เลื่อนชั้นครบทุกเขตแล้ว" in shown
    assert "สพป.ลพบุรี เขต 1" in shown
    dan = ended.world.client("dan").get(page).get_data(as_text=True)
    assert "สพป.ลพบุรี เขต 2" in dan
    assert "สพป.ลพบุรี เขต 1" not in dan
    assert ended.world.client("dan").post(page).status_code == NotPermitted.status
