"""Background jobs: ordered, claimed, done once, told in words, seen by their owner."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app import files, jobs
from appbuilder_app.access import Action
from appbuilder_app.bilingual import Label, Sentence, packed, unpacked
from appbuilder_app.codes import JobState
from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.errors import JobSettled, JobUnknown, NotPermitted, RoundUnknown
from appbuilder_app.models import Account, Change, Job, Student
from appbuilder_app.workflows.jobs import (
    Context,
    Result,
    cancel,
    job_with,
    ledger,
    mine,
    registry,
    result_of,
    retry,
    start,
    whole_country,
)
from appbuilder_app.workflows.jobs.ledger import ClaimLost
from tests.app_fixtures import World
from tests.job_fixtures import STEPS

LONG = dt.timedelta(seconds=60)
TITLE = Sentence("ชั่งน้ำหนัก {n} คน", n=1)


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Further kinds for one test."""
    known = dict(registry._KINDS)
    monkeypatch.setattr(registry, "_KINDS", known)
    return known


@pytest.fixture
def at_once(world: World) -> World:
    """A world in which jobs are done at the end of the transaction that orders them."""
    world.app.config["JOBS_AT_ONCE"] = True
    return world


@pytest.fixture
def by_hand(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world in which nobody hears the bell: the test itself is the worker."""
    monkeypatch.setattr(world.app.extensions[jobs.EXTENSION], "ring", lambda _ordered: None)
    return world


@contextmanager
def acting(world: World, person: str) -> Iterator[None]:
    """Everything inside is done by the persona on a screen, and begins its own transaction."""
    with world.acting(person, through="screen"):
        db.session.rollback()  # SQLite has one pen, and the look for the account took it
        yield


def ordered(world: World, kind: str, person: str = "alice", **arguments: Any) -> int:
    """The number of a job that somebody has ordered and committed."""
    needs = arguments.pop("needs", None)
    with acting(world, person):
        made = start(kind, TITLE, needs, **arguments)
        db.session.commit()
        return made.id


def row_of(world: World, job_id: int) -> Job:
    """The job's row as it stands."""
    with world.app.app_context(), ledger.apart() as session:
        found = session.get(Job, job_id)
        assert found is not None
        return found


def weight(world: World, pupil: int) -> int:
    """What the scales say."""
    with acting(world, "alice"):
        return int(db.session.scalars(sa.select(Student.weight_kg).where(Student.id == pupil)).one() or 0)


def claim(world: World, job_id: int, stale: dt.timedelta = LONG) -> Job | None:
    """Take the job as a worker would."""
    with world.app.app_context():
        return ledger.claim(job_id, stale)


# ── Doing ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_job_is_done_as_its_owner_and_leaves_a_result_and_a_history(at_once: World):
    pupil = at_once.pupil()
    job_id = ordered(at_once, "test.fatten", pupil=pupil, pause=0)
    done = row_of(at_once, job_id)
    assert (done.state, done.done, done.total, done.error) == (JobState.DONE, STEPS, STEPS, None)
    assert done.result_said == "เสร็จ 20 ขั้น"
    assert weight(at_once, pupil) == 33 + STEPS
    with acting(at_once, "alice"):
        trace = db.session.execute(
            sa.select(Change.actor, Change.path)
            .where(Change.row_key == str(pupil))
            .order_by(Change.id.desc())
        ).first()
    assert trace is not None
    assert tuple(trace) == ("Alice ทดสอบ", "job")


def test_an_order_that_is_not_committed_was_never_given(at_once: World):
    pupil = at_once.pupil()
    with acting(at_once, "alice"):
        start("test.fatten", TITLE, pupil=pupil, pause=0)
        db.session.rollback()
        db.session.commit()
        assert mine() == []


def test_what_is_not_committed_by_a_step_is_committed_with_being_done(at_once: World, kinds: dict[str, Any]):
    def lose_weight(context: Context, pupil: int, fail: bool) -> None:
        db.session.scalars(sa.select(Student).where(Student.id == pupil)).one().weight_kg = Decimal(20)
        if fail:
            raise RoundUnknown(number=9, year=2569)

    kinds["test.slim"] = lose_weight
    pupil = at_once.pupil()
    failed = row_of(at_once, ordered(at_once, "test.slim", pupil=pupil, fail=True))
    assert failed.state is JobState.FAILED
    assert failed.error_said == "ไม่พบรอบที่ 9 ปีการศึกษา 2569 กรุณาตรวจปีการศึกษาและเลขรอบ"
    assert weight(at_once, pupil) == 33
    ordered(at_once, "test.slim", pupil=pupil, fail=False)
    assert weight(at_once, pupil) == 20


def test_a_fault_of_ours_is_a_sentence_for_the_owner_and_a_trace_for_the_log(
    at_once: World, kinds: dict[str, Any], caplog: pytest.LogCaptureFixture
):
    kinds["test.broken"] = lambda _context: 1 / 0
    with caplog.at_level(logging.ERROR):
        broken = row_of(at_once, ordered(at_once, "test.broken"))
    assert broken.state is JobState.FAILED
    assert broken.error_said.startswith("ระบบขัดข้องระหว่างทำงานนี้")
    assert "Zero" not in str(broken.error)
    assert "ZeroDivisionError" in caplog.text


def test_a_job_of_a_person_reads_no_more_than_the_person(at_once: World, kinds: dict[str, Any]):
    def count(context: Context) -> Result:
        return Result(said=str(db.session.scalar(sa.select(sa.func.count(Student.id)))))

    kinds["test.count"] = count
    seen = {
        who: row_of(at_once, ordered(at_once, "test.count", who)).result for who in ("alice", "dan", "cee")
    }
    assert seen == {"alice": "4", "dan": "8", "cee": "12"}


# ── Rights ───────────────────────────────────────────────────────────────────────────────────────────────


def test_rights_are_those_of_when_it_runs(by_hand: World):
    job_id = ordered(
        by_hand, "test.fatten", "alice", needs=(Action.WRITE, "student"), pupil=by_hand.pupil(), pause=0
    )
    with by_hand.app.app_context():
        alice = db.session.scalars(sa.select(Account).filter_by(username="alice")).one()
        alice.roles = []
        db.session.commit()
        jobs.perform(job_id)
    assert row_of(by_hand, job_id).error_said == str(NotPermitted(what=Action.WRITE.th))


def test_a_job_of_an_account_that_was_switched_off_is_not_done(by_hand: World):
    job_id = ordered(by_hand, "test.fatten", pupil=by_hand.pupil(), pause=0)
    with by_hand.app.app_context():
        db.session.scalars(sa.select(Account).filter_by(username="alice")).one().active = False
        db.session.commit()
        jobs.perform(job_id)
    assert "ถูกปิดใช้งาน" in row_of(by_hand, job_id).error_said


def test_who_lacks_the_right_cannot_order(by_hand: World):
    with acting(by_hand, "dao"), pytest.raises(NotPermitted):
        start("test.fatten", TITLE, (Action.WRITE, "student"))


def test_nobody_else_sees_the_job_but_who_manages_jobs(by_hand: World):
    job_id = ordered(by_hand, "test.fatten", pupil=1, pause=0)
    for person in ("bob", "charlie", "dao", "dan", "cee"):
        with acting(by_hand, person):
            assert mine() == []
            for door in (job_with, cancel, retry, result_of):
                with pytest.raises(JobUnknown):
                    door(job_id)
            with pytest.raises(NotPermitted):
                whole_country()
    with acting(by_hand, "adam"):
        assert [one.id for one in whole_country()] == [job_id]
        assert cancel(job_id).state is JobState.CANCELLED
        with pytest.raises(JobUnknown):
            retry(job_id)


def test_a_file_is_handed_to_its_owner_alone_while_they_hold_the_right(
    at_once: World, kinds: dict[str, Any], tmp_path: Path
):
    (tmp_path / "made").write_bytes(b"1,2")
    kinds["test.file"] = lambda context: context.keep(tmp_path / "made", "ผล.csv", "text/csv")
    job_id = ordered(at_once, "test.file", needs=(Action.EXPORT, "student"))
    with acting(at_once, "alice"):
        with files.opened(str(result_of(job_id).stored_as)) as stream:
            assert stream.read() == b"1,2"
        alice = db.session.scalars(sa.select(Account).filter_by(username="alice")).one()
        alice.roles = []
        db.session.commit()
    with acting(at_once, "adam"), pytest.raises(JobUnknown):
        result_of(job_id)
    with acting(at_once, "alice"), pytest.raises(NotPermitted):
        result_of(job_id)


# ── Once ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_second_worker_finds_nothing_to_claim(by_hand: World):
    job_id = ordered(by_hand, "test.fatten", pupil=1, pause=0)
    assert claim(by_hand, job_id) is not None
    assert claim(by_hand, job_id) is None


def test_who_has_lost_the_job_to_another_writes_nothing_more(by_hand: World):
    pupil = by_hand.pupil()
    job_id = ordered(by_hand, "test.fatten", pupil=pupil, pause=0)
    first = claim(by_hand, job_id)
    second = claim(by_hand, job_id, dt.timedelta(seconds=-1))
    assert first is not None
    assert second is not None
    with acting(by_hand, "alice"):
        work = registry._KINDS["test.fatten"]
        with pytest.raises(ClaimLost):
            work(Context(first), pupil=pupil, pause=0)
        db.session.rollback()
        work(Context(second), pupil=pupil, pause=0)
    assert weight(by_hand, pupil) == 33 + STEPS


def test_a_worker_that_beats_keeps_its_job_and_a_silent_one_loses_it(by_hand: World):
    job_id = ordered(by_hand, "test.fatten", pupil=1, pause=0)
    held = claim(by_hand, job_id)
    assert held is not None
    with by_hand.app.app_context():
        with ledger.apart() as session:
            session.execute(ledger.held(held).values(heartbeat_at=lock.now() - 2 * LONG))
        assert ledger.due(LONG, LONG) == [job_id]
        ledger.beat(held)
        assert ledger.due(LONG, LONG) == []
        assert ledger.claim(job_id, LONG) is None


def test_a_job_that_stops_the_program_again_and_again_is_given_up(by_hand: World):
    job_id = ordered(by_hand, "test.fatten", pupil=1, pause=0)
    for _time in range(ledger.MOST_ATTEMPTS):
        claim(by_hand, job_id, dt.timedelta(seconds=-1))
    with by_hand.app.app_context():
        by_hand.app.config["JOB_STALE_AFTER"] = dt.timedelta(seconds=0)
        jobs.perform(job_id)
    assert row_of(by_hand, job_id).error_said.startswith("งานนี้หยุดกลางคันหลายครั้ง")


# ── Cancelling, trying again, cleaning ───────────────────────────────────────────────────────────────────


def test_a_waiting_job_is_cancelled_at_once_and_never_done(by_hand: World):
    pupil = by_hand.pupil()
    job_id = ordered(by_hand, "test.fatten", pupil=pupil, pause=0)
    with acting(by_hand, "alice"):
        assert cancel(job_id).state is JobState.CANCELLED
        with pytest.raises(JobSettled):
            cancel(job_id)
        db.session.commit()
        jobs.perform(job_id)
    assert weight(by_hand, pupil) == 33


def test_a_running_job_stops_before_its_next_step_and_goes_on_from_there_when_tried_again(
    by_hand: World, kinds: dict[str, Any]
):
    def cancelled_in_the_middle(context: Context, pupil: int) -> Result:
        if not context.mark:
            with acting(by_hand, "alice"):
                cancel(context.job_id)
                db.session.commit()
        return registry._KINDS["test.fatten"](context, pupil=pupil, pause=0) or Result()

    kinds["test.cancelled"] = cancelled_in_the_middle
    pupil = by_hand.pupil()
    job_id = ordered(by_hand, "test.cancelled", pupil=pupil)
    with by_hand.app.app_context():
        jobs.perform(job_id)
        stopped = row_of(by_hand, job_id)
        assert (stopped.state, stopped.done, weight(by_hand, pupil)) == (JobState.CANCELLED, 1, 34)
        with acting(by_hand, "alice"):
            retry(job_id)
            db.session.commit()
        jobs.perform(job_id)
    assert (row_of(by_hand, job_id).state, weight(by_hand, pupil)) == (JobState.DONE, 33 + STEPS)


def test_telling_progress_tells_of_a_cancelling(by_hand: World):
    job_id = ordered(by_hand, "test.fatten", pupil=1, pause=0)
    held = claim(by_hand, job_id)
    assert held is not None
    with acting(by_hand, "alice"):
        context = Context(held)
        context.progress(3, 10, Sentence("อ่านแถวที่ {n}", n=3))
        assert row_of(by_hand, job_id).progress_said == "อ่านแถวที่ 3"
        assert not context.cancelled()
        cancel(job_id)
        db.session.commit()
        assert context.cancelled()


def test_old_jobs_are_cleaned_away_with_their_files(at_once: World, kinds: dict[str, Any], tmp_path: Path):
    (tmp_path / "made").write_bytes(b"1")
    kinds["test.file"] = lambda context: context.keep(tmp_path / "made", "a.csv", "text/csv")
    job_id = ordered(at_once, "test.file")
    stored = str(row_of(at_once, job_id).stored_as)
    with at_once.app.app_context():
        assert ledger.clean(LONG) == 0
        assert files.exists(stored)
        assert ledger.clean(dt.timedelta(seconds=-1)) == 1
        assert not files.exists(stored)
    with acting(at_once, "alice"):
        assert mine() == []


# ── Threads of the process ───────────────────────────────────────────────────────────────────────────────


def test_threads_do_what_is_ordered_and_what_was_left_behind(world: World, wait_until: Any):
    threads = jobs.Threads(world.app)
    # Two pupils: two threads at one pupil would meet as two officers do, and one would be told so.
    pupil, other = world.pupil(), world.pupil(position=1)
    left_behind = ordered_unheard(world, pupil)
    held = claim(world, left_behind)
    assert held is not None
    with world.app.app_context(), ledger.apart() as session:  # its process died two minutes ago
        session.execute(ledger.held(held).values(heartbeat_at=lock.now() - 2 * LONG))
    world.app.extensions[jobs.EXTENSION] = threads
    try:
        fresh = ordered(world, "test.fatten", pupil=other, pause=0)
        assert wait_until(
            lambda: {row_of(world, one).state for one in (fresh, left_behind)} == {JobState.DONE}
        )
    finally:
        threads.end()
    assert [weight(world, one) for one in (pupil, other)] == [33 + STEPS] * 2


def ordered_unheard(world: World, pupil: int) -> int:
    """A job of whose order nobody was told."""
    with acting(world, "alice"):
        made = start("test.fatten", TITLE, pupil=pupil, pause=0)
        db.session.info.clear()
        db.session.commit()
        return made.id


def test_a_sentence_in_a_row_keeps_its_english():
    kept = packed(Sentence("{what} แล้ว {n}", what=Label("ส่งออก", "Export"), n=3))
    assert unpacked(kept) == "ส่งออก แล้ว 3"
    assert unpacked(kept).english(lambda _thai: "{what} done {n}") == "Export done 3"
