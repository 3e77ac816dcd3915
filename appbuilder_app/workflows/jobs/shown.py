"""What people see of their jobs, and what they can do about them: cancel, try again, fetch the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ... import access
from ...access import Action
from ...codes import JobState
from ...dataset import lock
from ...declaration import db
from ...errors import JobSettled, JobUnknown
from ...models import Job
from ...walls import SetWork, set_based
from .ordering import ring_after_commit

SHOWN = 100


def mine() -> Sequence[Job]:
    """The latest jobs of who is acting, newest first."""
    return _latest(Job.owner_id == access.viewer().id)


def whole_country() -> Sequence[Job]:
    """The latest jobs of everybody whom an administrator looks after, newest first."""
    access.viewer().require(Action.MANAGE, "job")
    return _latest(sa.true())


def _latest(whose: sa.ColumnElement[bool]) -> Sequence[Job]:
    return db.session.scalars(sa.select(Job).where(whose).order_by(Job.id.desc()).limit(SHOWN)).all()


def waiting_of(viewer: access.Viewer) -> int:
    """How many jobs of this person are not settled yet."""
    unsettled = Job.state.in_((JobState.WAITING, JobState.RUNNING))
    count = sa.select(sa.func.count(Job.id)).where(Job.owner_id == viewer.id, unsettled)
    return db.session.scalar(count) or 0


def is_held_up(job: Job) -> bool:
    """True while nobody could be told of the job: the queue is away, and a sweep will find it."""
    return job.state is JobState.WAITING and job.rung_at is None


def job_with(job_id: int) -> Job:
    """A job of one's own, or, for who may manage jobs, of somebody looked after; JobUnknown for any other."""
    viewer = access.viewer()
    found = db.session.scalar(sa.select(Job).where(Job.id == job_id))
    if found is None or not (found.owner_id == viewer.id or viewer.may(Action.MANAGE, "job")):
        raise JobUnknown
    return found


def result_of(job_id: int) -> Job:
    """A job whose file may be handed out: to its owner alone, as long as they may do what it did, where it did.

    JobUnknown for everybody else, and when there is no file.
    """
    viewer = access.viewer()
    found = job_with(job_id)
    if found.owner_id != viewer.id or found.stored_as is None or found.scope != viewer.scope:
        raise JobUnknown
    require_needed(viewer, found)
    return found


def require_needed(viewer: access.Viewer, job: Job) -> None:
    """Refuse (NotPermitted) when this person no longer holds the right that the job was ordered with."""
    if job.action is not None and job.subject is not None:
        viewer.require(Action(job.action), job.subject)


def cancel(job_id: int) -> Job:
    """Give the job up: at once while it waits, else before its next step. JobSettled when it is over."""
    found = job_with(job_id)
    waiting = Job.state == JobState.WAITING
    if not _changed(found, waiting, state=JobState.CANCELLED, finished_at=lock.now(), cancel_asked=True):
        _require_changed(found, Job.state == JobState.RUNNING, cancel_asked=True)
    return found


def retry(job_id: int) -> Job:
    """Order a failed or cancelled job of one's own again, from the step where it stopped."""
    found = job_with(job_id)
    if found.owner_id != access.viewer().id:
        raise JobUnknown
    over = Job.state.in_((JobState.FAILED, JobState.CANCELLED))
    _require_changed(
        found, over, state=JobState.WAITING, rung_at=lock.now(), attempts=0, cancel_asked=False,
        finished_at=None, error=sa.null(),
    )  # fmt: skip
    ring_after_commit(found.id)
    return found


def _require_changed(job: Job, condition: sa.ColumnElement[bool], **values: Any) -> None:
    if not _changed(job, condition, **values):
        raise JobSettled(state=job.state.th)


def _changed(job: Job, condition: sa.ColumnElement[bool], **values: Any) -> bool:
    """Change the row while the condition holds; False, with the row read again, when it does not."""
    with set_based(SetWork.JOBS):
        changed = db.session.execute(sa.update(Job).where(Job.id == job.id, condition).values(**values))
        db.session.refresh(job)
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one
