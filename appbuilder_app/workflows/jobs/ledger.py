"""The books of the jobs: every line is one conditional update, so that a second worker finds nothing to do.

Bookkeeping is done in transactions of its own, in nobody's name: progress is seen while the work is not yet
committed, and stays true when the work is given up.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ... import access, files, walls
from ...access import CENTRE, Viewer
from ...bilingual import packed
from ...codes import JobState
from ...dataset import lock
from ...declaration import db
from ...models import Job
from ...walls import SetWork, set_based
from .registry import Result

MOST_ATTEMPTS = 3
"""A job in whose middle the program was stopped so often is given up: it may be what stops it."""

_KEEPER = Viewer(None, "jobs", "งานเบื้องหลัง", "", CENTRE, frozenset())
_SETTLED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class ClaimLost(Exception):
    """Somebody else does this job now, or it was settled: whoever notices writes nothing more."""


@contextmanager
def apart() -> Iterator[Session]:
    """A transaction of its own, committed at the end whatever becomes of the session's work."""
    token = walls.writing.set(True)
    try:
        with (
            access.acting_as(_KEEPER, through="job"),
            set_based(SetWork.JOBS),
            db.session.session_factory() as session,
            session.begin(),
        ):
            yield session
    finally:
        walls.writing.reset(token)


def claim(job_id: int, stale_after: dt.timedelta) -> Job | None:
    """Take the job for this worker; None when there is nothing to take: settled, or in somebody's hands."""
    now, token = lock.now(), uuid.uuid4().hex
    taken = (
        sa.update(Job)
        .where(Job.id == job_id, _claimable(now - stale_after))
        .values(
            state=JobState.RUNNING, claim=token, claimed_at=now, heartbeat_at=now, attempts=Job.attempts + 1,
            error=sa.null(),
        )
    )  # fmt: skip
    with apart() as session:
        if not session.execute(taken).rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
            return None
        return session.get(Job, job_id)


def _claimable(silent_since: dt.datetime) -> sa.ColumnElement[bool]:
    silent = sa.and_(Job.state == JobState.RUNNING, Job.heartbeat_at < silent_since)
    return sa.or_(Job.state == JobState.WAITING, silent)


def held(claimed: Job) -> sa.Update:
    """An update that writes only while this worker still holds the job."""
    return sa.update(Job).where(
        Job.id == claimed.id, Job.claim == claimed.claim, Job.state == JobState.RUNNING
    )


def write(session: Any, claimed: Job, **values: Any) -> bool:
    """Write into the job's row that its worker is alive and how far it is; True when it shall be cancelled.

    ClaimLost when the job is no longer this worker's: in one transaction with a step's work, that step is
    done by one worker only.
    """
    told = held(claimed).values(heartbeat_at=lock.now(), **values).returning(Job.cancel_asked)
    with set_based(SetWork.JOBS):
        found = session.execute(told).one_or_none()
    if found is None:
        raise ClaimLost(claimed.id)
    return bool(found.cancel_asked)


def beat(claimed: Job) -> bool:
    """Say that the worker is alive, from beside the work; True when the job shall be cancelled."""
    with apart() as session:
        return write(session, claimed)


def finish(session: Any, claimed: Job, result: Result) -> None:
    """The job is done, in the transaction of its last step."""
    write(
        session, claimed, state=JobState.DONE, finished_at=lock.now(), progress=sa.null(),
        result=_kept(result.said), result_url=result.url, stored_as=result.stored_as,
        file_name=result.file_name, media_type=result.media_type, size=result.size,
    )  # fmt: skip


def settle(claimed: Job, state: JobState, error: str | None = None) -> None:
    """The job failed or was cancelled; what it had kept is thrown away."""
    with apart() as session:
        write(session, claimed, state=state, finished_at=lock.now(), error=_kept(error), progress=sa.null())
    files.delete_those(f"jobs/{claimed.id}-")


def _kept(text: str | None) -> Any:
    return sa.null() if text is None else packed(text)


def due(stale_after: dt.timedelta, rung_before: dt.timedelta) -> list[int]:
    """Jobs that wait although nobody was told for so long, or whose worker has fallen silent; oldest first.

    Each is handed out once in a while: another sweep at the same time gets the others.
    """
    now = lock.now()
    unheard = sa.or_(Job.rung_at.is_(None), Job.rung_at <= now - rung_before)
    silent = sa.and_(Job.state == JobState.RUNNING, Job.heartbeat_at < now - stale_after)
    left = sa.or_(sa.and_(Job.state == JobState.WAITING, unheard), silent)
    with apart() as session:
        found = list(session.scalars(sa.select(Job.id).where(left).order_by(Job.id).limit(100)))
        if found:
            session.execute(sa.update(Job).where(Job.id.in_(found)).values(rung_at=now))
    return found


def unheard(job_ids: list[int]) -> None:
    """The queue could not be told of these: the next sweep picks them up, and the screen says that they wait."""
    with apart() as session:
        waiting = sa.update(Job).where(Job.id.in_(job_ids), Job.state == JobState.WAITING)
        session.execute(waiting.values(rung_at=None))


def clean(kept_for: dt.timedelta) -> int:
    """Delete settled jobs that are older, with their files; how many."""
    with apart() as session:
        old = Job.finished_at < lock.now() - kept_for
        found = list(session.scalars(sa.select(Job.id).where(Job.state.in_(_SETTLED), old).limit(500)))
        if found:
            session.execute(sa.delete(Job).where(Job.id.in_(found)))
    for job_id in found:
        files.delete_those(f"jobs/{job_id}-")
    return len(found)
