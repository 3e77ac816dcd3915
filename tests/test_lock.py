"""What a screen shows of the lock and what a write meets are one: both ways of asking answer the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from appbuilder_app.codes import RoundSystem, SubmissionState, WindowAction
from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.models import CollectionRound, Submission, Window
from appbuilder_app.walls import SetWork, set_based
from scripts.services import owner_url
from tests.app_fixtures import SCHOOL, SCOPES, World

ROUND, WINDOW, SUBMISSION = CollectionRound.__table__, Window.__table__, Submission.__table__
PLACES = ("C", "C/1602", SCOPES[SCHOOL])


def run(statement: sa.Executable) -> None:
    db.session.connection().execute(statement)


def gone(statement: sa.Delete) -> None:
    """Taken away by the database's owner: the application's own role deletes no such row."""
    owner = sa.create_engine(owner_url(db.engine.url.render_as_string(hide_password=False)))
    with owner.begin() as connection:
        connection.execute(statement)
    owner.dispose()


def window(scope: str, days: int, granted_after: int = 1) -> sa.Insert:
    """A window for recording that closes so many days from now, granted so many minutes after the first."""
    now = lock.now()
    return sa.insert(WINDOW).values(
        round_id=sa.select(sa.func.min(ROUND.c.id)).scalar_subquery(), action=WindowAction.EDIT, scope=scope,
        opens_at=now - dt.timedelta(days=9), closes_at=now + dt.timedelta(days=days),
        granted_at=now + dt.timedelta(minutes=granted_after),
    )  # fmt: skip


def as_it_is() -> None: ...


def no_window() -> None:
    gone(sa.delete(WINDOW))


def a_newer_window() -> None:
    run(window("C", days=3))


def a_district_with_grace_and_a_school_without() -> None:
    run(window("C/1602", days=5))
    run(window(SCOPES[SCHOOL], days=-1))


def a_school_that_has_confirmed() -> None:
    values = {"state": SubmissionState.CONFIRMED}
    run(sa.update(SUBMISSION).where(SUBMISSION.c.school_code == SCHOOL).values(values))


def a_school_without_a_submission() -> None:
    gone(sa.delete(SUBMISSION).where(SUBMISSION.c.school_code == SCHOOL))


def a_later_round_beside() -> None:
    values = {
        "system": RoundSystem.DMC,
        "academic_year": 2570,
        "number": 1,
        "snapshot_date": dt.date(2027, 6, 10),
    }
    run(sa.insert(ROUND).values(values | {"version": 1}))


def every_round_closed() -> None:
    run(sa.update(ROUND).values(closed_at=lock.now(), closed_by="ส่วนกลาง"))


@pytest.mark.parametrize(
    "given",
    [
        as_it_is, no_window, a_newer_window, a_district_with_grace_and_a_school_without,
        a_school_that_has_confirmed, a_school_without_a_submission, a_later_round_beside, every_round_closed,
    ],
)  # fmt: skip
def test_who_looks_and_who_writes_are_told_the_same(world: World, given: Callable[[], None]) -> None:
    with world.acting("cee"), set_based(SetWork.DEMO):
        db.session.rollback()  # SQLite lets one connection write at a time
        given()
        connection = db.session.connection()
        for scope in PLACES:
            for action in WindowAction:
                looked = lock.standing(connection, RoundSystem.DMC, scope, action)
                held = lock.standing(connection, RoundSystem.DMC, scope, action, for_share=True)
                assert told(looked) == told(held), (scope, action)
        db.session.rollback()


def told(standing: lock.Standing) -> tuple[object, ...]:
    """A standing as values: refusals are compared by what they say."""
    refusal = standing.refusal
    return (
        standing.round_id, standing.round_label, standing.state, standing.opens_at, standing.closes_at,
        type(refusal), str(refusal),
    )  # fmt: skip
