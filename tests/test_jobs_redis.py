"""Jobs over a real Redis by real worker processes, one of which is killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app import jobs
from appbuilder_app.codes import JobState
from appbuilder_app.declaration import db
from appbuilder_app.models import Change, Student
from appbuilder_app.workflows import certificates, imports, printing, submissions
from appbuilder_app.workflows.jobs import is_held_up, job_with
from scripts.services import PostgreSQL, owner_url
from tests.app_fixtures import PUPILS_PER_SCHOOL, SCHOOL, World
from tests.job_fixtures import STEPS, settings
from tests.test_imports import judged, line, workbook
from tests.test_jobs import acting, ordered, row_of, weight

ROOT = Path(__file__).resolve().parent.parent
Workers = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture(autouse=True)
def on_postgresql(databases: object) -> None:
    """Workers on their own machines cannot share a SQLite file."""
    if not isinstance(databases, PostgreSQL):
        pytest.skip("workers share a PostgreSQL")


@pytest.fixture
def queued(world: World, redis_url: str, tmp_path: Path) -> World:
    """The small world, whose jobs go to workers."""
    url = str(world.app.config["SQLALCHEMY_DATABASE_URI"])
    world.app.config.update(settings(url, redis_url, tmp_path))
    jobs.install(world.app)
    return world


@pytest.fixture
def workers(queued: World, redis_url: str, tmp_path: Path) -> Iterator[Workers]:
    """Starts worker processes; all are gone afterwards."""
    started: list[subprocess.Popen[bytes]] = []
    url = str(queued.app.config["SQLALCHEMY_DATABASE_URI"])

    def begin() -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "tests.job_fixtures", url, redis_url, str(tmp_path)]
        started.append(subprocess.Popen(words, cwd=ROOT))
        return started[-1]

    yield begin
    for worker in started:
        worker.kill()
        worker.wait()


def test_a_worker_killed_in_the_middle_loses_nothing_and_nothing_is_done_twice(
    queued: World, workers: Workers, wait_until: Any
):
    pupil = queued.pupil()
    job_id = ordered(queued, "test.fatten", pupil=pupil, pause=0.1)
    doomed = workers()
    assert wait_until(lambda: row_of(queued, job_id).done >= 5)
    os.kill(doomed.pid, signal.SIGKILL)
    doomed.wait()
    left = row_of(queued, job_id)
    assert left.state is JobState.RUNNING
    assert weight(queued, pupil) == 33 + left.done
    workers()
    workers()
    assert wait_until(lambda: row_of(queued, job_id).is_settled)
    done = row_of(queued, job_id)
    assert (done.state, done.attempts, weight(queued, pupil)) == (JobState.DONE, 2, 33 + STEPS)
    with acting(queued, "alice"):
        traces = sa.select(sa.func.count(Change.id)).where(
            Change.row_key == str(pupil), Change.path == "job", Change.action == "update"
        )
        assert db.session.scalar(traces) == STEPS


def commit_ordered(world: World) -> tuple[int, int]:
    """Alice has ordered the commit of a file with 30 new pupils and one that is changed: the file and the job."""
    with acting(world, "alice"):
        batch = judged(workbook(*(line(number) for number in range(900, 930)), line(100, room=7)))
        job = imports.order("commit", batch.id)
        db.session.commit()
        return batch.id, job.id


def test_a_worker_killed_in_the_middle_of_an_import_leaves_nothing_half_and_the_next_writes_all_once(
    queued: World, workers: Workers, wait_until: Any
):
    owner = sa.create_engine(owner_url(str(queued.app.config["SQLALCHEMY_DATABASE_URI"])))
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    doomed = workers()
    with owner.connect() as somebody:
        # The changed pupil is held: the commit has inserted the new ones and stops before it.
        held = sa.select(Student.__table__.c.id).where(Student.__table__.c.id == queued.pupil())
        somebody.execute(held.with_for_update())
        batch_id, job_id = commit_ordered(queued)
        assert wait_until(lambda: somebody.scalar(waiting))
        os.kill(doomed.pid, signal.SIGKILL)
        doomed.wait()
        somebody.rollback()
    assert row_of(queued, job_id).state is JobState.RUNNING
    with acting(queued, "alice"):
        assert db.session.query(Student).count() == PUPILS_PER_SCHOOL
        assert imports.batch_with(batch_id).state == "preview"
    workers()
    assert wait_until(lambda: row_of(queued, job_id).is_settled)
    assert (row_of(queued, job_id).state, row_of(queued, job_id).attempts) == (JobState.DONE, 2)
    with acting(queued, "alice"):
        batch = imports.batch_with(batch_id)
        assert (batch.state, batch.counts["new"], batch.counts["changed"]) == ("committed", 30, 1)
        assert db.session.query(Student).count() == PUPILS_PER_SCHOOL + 30
        written = sa.select(Change.row_key, Change.action).where(Change.batch_id == batch_id)
        traces = db.session.execute(written).all()
        assert (len(traces), len({one.row_key for one in traces})) == (31, 31)
    owner.dispose()


def test_when_redis_is_away_the_order_stands_and_a_sweep_takes_it_up(
    queued: World, workers: Workers, redis_url: str, wait_until: Any
):
    queued.app.config["REDIS_URL"] = "redis://127.0.0.1:1/0"
    jobs.install(queued.app)
    pupil = queued.pupil()
    job_id = ordered(queued, "test.fatten", pupil=pupil, pause=0)
    with acting(queued, "alice"):
        assert is_held_up(job_with(job_id))
    workers()
    assert wait_until(lambda: row_of(queued, job_id).state is JobState.DONE)
    assert weight(queued, pupil) == 33 + STEPS


def test_who_certifies_does_not_wait_for_the_paper_which_a_worker_makes(
    queued: World, workers: Workers, wait_until: Any
):
    with queued.acting("alice"):
        submissions.confirm(SCHOOL)
        db.session.commit()
    with queued.acting("dao"):
        one = submissions.certify(SCHOOL)
        number = one.number
        db.session.commit()
        assert not printing.files_of(number)
    workers()
    with queued.acting("dao"):
        assert wait_until(lambda: bool(printing.files_of(number)))
        made = printing.files_of(number)
        assert made == [certificates.pdf_of(certificates.certificate_numbered(number))]
