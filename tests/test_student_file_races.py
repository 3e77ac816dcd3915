"""Two who settle the same file, or two files of one school, or a file and a signature, at the same moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from appbuilder_app.access import Action, performing
from appbuilder_app.codes import SubmissionState
from appbuilder_app.declaration import db
from appbuilder_app.errors import ImportSettled, RuleViolation, SubmissionLocked
from appbuilder_app.models import Change, ImportBatch, Student, Submission
from appbuilder_app.workflows import student_file
from tests.app_fixtures import PUPILS_PER_SCHOOL, SCHOOL, World
from tests.student_file_fixtures import line, xlsx

NEW = 40


def test_of_many_who_commit_one_preview_exactly_one_does(world: World) -> None:
    batch_id = upload(world, "alice", xlsx(*(line(number) for number in range(900, 900 + NEW))))
    outcomes = at_once(
        *(lambda persona=persona: settle(world, persona, batch_id) for persona in ("alice", "dan") * 3)
    )
    assert sorted(outcomes) == ["ImportSettled"] * 5 + ["done"]
    with world.acting("alice"):
        assert db.session.query(Student).count() == PUPILS_PER_SCHOOL + NEW
        assert db.session.query(Change).filter_by(batch_id=batch_id).count() == NEW


def test_a_commit_and_a_cancel_at_once_do_not_both_happen(world: World) -> None:
    batch_id = upload(world, "alice", xlsx(line(900)))
    outcomes = at_once(
        lambda: settle(world, "alice", batch_id), lambda: settle(world, "dan", batch_id, student_file.cancel)
    )
    assert sorted(outcomes) == ["ImportSettled", "done"]
    with world.acting("alice"):
        batch = batch_with(batch_id)
        written = db.session.query(Student).count() - PUPILS_PER_SCHOOL
        assert (batch.state, written) in {("committed", 1), ("cancelled", 0)}


def test_two_files_with_the_same_new_pupils_make_each_of_them_once(world: World) -> None:
    forward = [line(number) for number in range(900, 900 + NEW)]
    first = upload(world, "alice", xlsx(*forward))
    second = upload(world, "dan", xlsx(*reversed(forward)))
    outcomes = at_once(lambda: settle(world, "alice", first), lambda: settle(world, "dan", second))
    assert outcomes == ["done", "done"]
    with world.acting("alice"):
        assert db.session.query(Student).count() == PUPILS_PER_SCHOOL + NEW
        found = [batch_with(batch_id).counts for batch_id in (first, second)]
        assert sorted((counts["new"], counts["held"]) for counts in found) == [(0, NEW), (NEW, 0)]


def test_a_signature_waits_for_an_import_that_has_begun(world: World) -> None:
    batch_id = upload(world, "alice", xlsx(line(900)))
    order: list[str] = []
    begun = threading.Event()

    def import_slowly() -> str:
        with world.acting("alice"):
            student_file.commit(batch_id)
            begun.set()
            time.sleep(0.5)
            order.append("imported")
            db.session.commit()
        return "done"

    def sign() -> str:
        assert begun.wait(30)
        lock_school(world)
        order.append("signed")
        return "done"

    at_once(import_slowly, sign)
    assert order == ["imported", "signed"]


def test_an_import_that_comes_after_the_signature_is_refused(world: World) -> None:
    batch_id = upload(world, "alice", xlsx(line(900)))
    lock_school(world)
    assert settle(world, "alice", batch_id) == SubmissionLocked.__name__


def batch_with(batch_id: int) -> ImportBatch:
    return db.session.scalars(sa.select(ImportBatch).filter_by(id=batch_id)).one()


def upload(world: World, persona: str, data: bytes) -> int:
    with world.acting(persona):
        batch = student_file.preview(SCHOOL, "x.xlsx", data)
        db.session.commit()
        return int(batch.id)


def settle(
    world: World, persona: str, batch_id: int, verb: Callable[[int], ImportBatch] = student_file.commit
) -> str:
    """``done``, or the name of the refusal."""
    with world.acting(persona):
        try:
            verb(batch_id)
            db.session.commit()
        except RuleViolation as refusal:
            db.session.rollback()
            return type(refusal).__name__
        return "done"


def at_once(*works: Callable[[], str]) -> list[str]:
    """The works begun together, each in a thread; what they return, in order."""
    together = threading.Barrier(len(works))

    def begin(work: Callable[[], str]) -> str:
        together.wait(30)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


def lock_school(world: World) -> None:
    with world.acting("alice"), performing(Action.CONFIRM, "submission"):
        submission = db.session.scalars(
            sa.select(Submission).filter_by(school_code=SCHOOL).with_for_update()
        ).one()
        submission.state = SubmissionState.CONFIRMED
        db.session.commit()


assert ImportSettled.__name__ == "ImportSettled"
