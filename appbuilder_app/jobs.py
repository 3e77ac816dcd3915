"""Who does the jobs: threads of this process, or RQ workers where there is a Redis. The same code either way.

A queue only carries numbers of jobs. Their rows are the truth: whoever hears of a job claims it by a conditional
update, and a sweep finds those of which nobody has heard.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context as Variables
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from . import access
from .access import Viewer
from .codes import JobState
from .dataset import refusals
from .declaration import db
from .errors import JobBroken, JobCancelled, JobGivenUp, JobOwnerGone, RuleViolation
from .models import Account, Job
from .walls import SetWork, set_based
from .workflows import left_files, sealing
from .workflows.jobs import ledger, registry
from .workflows.jobs.context import Context
from .workflows.jobs.ledger import ClaimLost
from .workflows.jobs.ordering import ORDERED
from .workflows.jobs.shown import require_needed

log = logging.getLogger(__name__)

NICE = 10
"""How far a worker steps back behind the web server (``nice``)."""
EXTENSION = "thabian.jobs"
LONGEST_SECONDS = 2 * 60 * 60
"""A job that takes longer is stopped by its RQ worker: something in it hangs."""
QUEUE = "thabian"


def install(app: Flask) -> None:
    """Let committed orders be heard; nothing runs before the first one, or before ``begin``."""
    app.extensions[EXTENSION] = Bell(app) if app.config["REDIS_URL"] else Threads(app)
    for name, listener in (("after_commit", _committed), ("after_soft_rollback", _rolled_back)):
        if not event.contains(db.session, name, listener):
            event.listen(db.session, name, listener)


def begin(app: Flask) -> None:
    """For a process that serves: take up what an earlier one has left behind, where threads here do the jobs."""
    app.extensions[EXTENSION].begin()


def _committed(session: Any) -> None:
    if not session.in_nested_transaction() and (ordered := session.info.pop(ORDERED, None)):
        _ring(ordered)


def _rolled_back(session: Any, _transaction: Any) -> None:
    if not session.in_nested_transaction():
        session.info.pop(ORDERED, None)


def _ring(ordered: list[int]) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    if app.config["JOBS_AT_ONCE"] or (access.path() == "command" and not app.config["REDIS_URL"]):
        # A command ends, and its threads with it.
        for job_id in ordered:
            in_its_own_context(app, job_id)
    else:
        app.extensions[EXTENSION].ring(ordered)


# ── One job ──────────────────────────────────────────────────────────────────────────────────────────────


def in_its_own_context(app: Flask, job_id: int) -> None:
    """Do one job with nothing of who is acting around it."""

    def alone() -> None:
        with app.app_context():
            perform(job_id)

    Variables().run(alone)


def perform(job_id: int) -> None:
    """Claim the job and do it as its owner; nothing when it is settled or in another's hands."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    with app.app_context():  # its own: a session that nobody else uses, and the owner's language
        claimed = ledger.claim(job_id, app.config["JOB_STALE_AFTER"])
        if claimed is not None:
            with force_locale(claimed.locale), _beating(app, claimed):
                _settle(claimed)


def _settle(claimed: Job) -> None:
    """Do it, and write down what became of it. The trace of a fault goes to the log, a sentence to the owner."""
    try:
        _do(claimed)
    except ClaimLost:
        db.session.rollback()
        log.warning("job %s was taken over by another worker", claimed.id)
    except Exception as error:  # noqa: BLE001 - whatever it is, the owner gets a sentence and the worker goes on
        db.session.rollback()
        _settle_refused(claimed, error)


def _settle_refused(claimed: Job, error: Exception) -> None:
    refusal = _refusal(claimed, error)
    state = JobState.CANCELLED if isinstance(refusal, JobCancelled) else JobState.FAILED
    try:
        ledger.settle(claimed, state, None if state is JobState.CANCELLED else str(refusal))
    except (ClaimLost, SQLAlchemyError):
        # Left as it is, it falls silent and is taken up again.
        log.exception("job %s could not be settled", claimed.id)


def _refusal(claimed: Job, error: Exception) -> RuleViolation:
    if isinstance(error, RuleViolation) and error.status < 500:
        return error
    known = refusals.from_database(error) if isinstance(error, DatabaseError | StaleDataError) else None
    if known is None:
        log.error("job %s (%s) failed", claimed.id, claimed.kind, exc_info=error)
    return known or (error if isinstance(error, JobGivenUp) else JobBroken())


def _do(claimed: Job) -> None:
    if claimed.cancel_asked:
        raise JobCancelled
    if claimed.attempts > ledger.MOST_ATTEMPTS:
        raise JobGivenUp
    owner = _owner_now(claimed)
    with access.acting_as(owner, through="job"):
        require_needed(owner, claimed)
        result = registry.perform(claimed.kind, Context(claimed), claimed.arguments)
        ledger.finish(db.session, claimed, result)
        db.session.commit()


def _owner_now(claimed: Job) -> Viewer:
    """The owner with the scope and the rights of this moment, not of when the job was ordered."""
    from .security import viewer_of

    account = db.session.scalar(sa.select(Account).where(Account.id == claimed.owner_id))
    if account is None or not account.is_active:
        raise JobOwnerGone
    viewer = viewer_of(account)
    db.session.rollback()  # the work begins its transaction as the owner
    if viewer.scope != claimed.scope:
        with ledger.apart() as session, set_based(SetWork.JOBS):
            session.execute(ledger.held(claimed).values(scope=viewer.scope))
    return viewer


@contextmanager
def _beating(app: Flask, claimed: Job) -> Iterator[None]:
    """Tell from beside the work that this process lives: a long statement must not look like a dead worker."""
    over = threading.Event()
    every = app.config["JOB_STALE_AFTER"].total_seconds() / 4

    def beat() -> None:
        while not over.wait(every):
            try:
                with app.app_context():
                    ledger.beat(claimed)
            except ClaimLost:
                return  # the work will notice at its next step
            except SQLAlchemyError:
                log.warning("no heartbeat of job %s for once", claimed.id, exc_info=True)

    thread = threading.Thread(target=beat, name=f"job-{claimed.id}-heart", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


# ── Who hears of it ──────────────────────────────────────────────────────────────────────────────────────


def sweep(app: Flask, rung_before: Any) -> list[int]:
    """Jobs that nobody does although they are due; on the way what is old is cleaned away, the history is sealed."""
    with app.app_context():
        ledger.clean(app.config["JOBS_KEPT"])
        sealing.seal_when_due()
        left_files.forget_when_due()
        return ledger.due(app.config["JOB_STALE_AFTER"], rung_before)


class Threads:
    """A few threads of this process. What is in their queue is lost with the process, and found again by rows."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.heard: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self.threads: list[threading.Thread] = []
        self.beginning = threading.Lock()

    def begin(self) -> None:
        """Start the threads, once; each looks first for what was left behind."""
        with self.beginning:
            for number in range(len(self.threads), self.app.config["JOB_THREADS"]):
                thread = threading.Thread(target=self._work, name=f"jobs-{number}", daemon=True)
                self.threads.append(thread)
                thread.start()

    def ring(self, ordered: list[int]) -> None:
        """Have the threads do these, in this order."""
        self.begin()
        for job_id in ordered:
            self.heard.put(job_id)

    def end(self) -> None:
        """Let the threads finish the job in their hands and stop."""
        for _thread in self.threads:
            self.heard.put(None)
        for thread in self.threads:
            thread.join()
        self.threads.clear()

    def _work(self) -> None:
        every = self.app.config["JOB_SWEEP_EVERY"]
        self._sweep(every)
        while True:
            try:
                job_id = self.heard.get(timeout=every.total_seconds())
            except queue.Empty:
                # Only who has nothing to do looks for more.
                self._sweep(every)
                continue
            if job_id is None:
                return
            self._do(job_id)

    def _sweep(self, every: Any) -> None:
        try:
            left = sweep(self.app, every)
        except SQLAlchemyError:
            log.warning("no sweep for once", exc_info=True)
            return
        for job_id in left:
            self._do(job_id)

    def _do(self, job_id: int) -> None:
        try:
            in_its_own_context(self.app, job_id)
        except SQLAlchemyError:
            # The database is away: the row is still there, and so is this thread.
            log.warning("job %s could not be begun", job_id, exc_info=True)


class Bell:
    """The queue in Redis that workers listen to. Rings carry numbers only; a lost one is found by a sweep."""

    def __init__(self, app: Flask) -> None:
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        self.app = app
        # Short: a request that orders a job must not wait for a Redis that is away.
        self.redis = Redis.from_url(
            app.config["REDIS_URL"], socket_connect_timeout=1, socket_timeout=2, retry=Retry(NoBackoff(), 0)
        )

    def begin(self) -> None:
        """Nothing: workers do the jobs, and sweep when they start."""

    def ring(self, ordered: list[int]) -> None:
        """Tell the workers. When Redis is away the jobs wait for the workers' next sweep."""
        from redis.exceptions import RedisError

        line = queue_in(self.redis)
        rings = [
            line.prepare_data(perform, (job_id,), timeout=LONGEST_SECONDS, result_ttl=0, failure_ttl=3600)
            for job_id in ordered
        ]
        try:
            line.enqueue_many(rings)
        except RedisError:
            log.warning("Redis is away: jobs %s wait for a sweep", ordered, exc_info=True)
            with self.app.app_context():
                ledger.unheard(ordered)


def queue_in(redis: Any) -> Any:
    """The queue, which speaks JSON: who can write into Redis must not be able to run code here by a pickle."""
    from rq import Queue
    from rq.serializers import JSONSerializer

    return Queue(QUEUE, connection=redis, serializer=JSONSerializer)


def work(app: Flask, burst: bool = False) -> None:
    """Be a worker until told to stop; with ``burst``, until the queue is empty."""
    from redis import Redis
    from rq import SimpleWorker
    from rq.serializers import JSONSerializer

    from . import typesetting  # noqa: F401 - loaded once, not by the first certificate
    from .signatures import checking  # noqa: F401 - the same

    # Who signs at half past four comes before who prints: where processors are short, papers wait.
    os.nice(NICE)
    stopped = threading.Event()
    sweeper = threading.Thread(target=_keep_sweeping, args=(app, stopped), name="jobs-sweep", daemon=True)
    sweeper.start()
    connection = Redis.from_url(app.config["REDIS_URL"])
    try:
        # Not the forking Worker: a child for each job costs more than most jobs, and loads the printing anew.
        worker = SimpleWorker([queue_in(connection)], connection=connection, serializer=JSONSerializer)
        worker.work(burst=burst, logging_level="WARNING")
    finally:
        stopped.set()
        sweeper.join()


def _keep_sweeping(app: Flask, stopped: threading.Event) -> None:
    """Ring again for jobs whose bell was lost or whose worker died; at once at the start, then now and then."""
    every = app.config["JOB_SWEEP_EVERY"]
    patience = every  # at the start; later a long queue is no reason to ring for all in it again
    while True:
        try:
            app.extensions[EXTENSION].ring(sweep(app, patience))
            patience = 20 * every
        except SQLAlchemyError:
            log.warning("no sweep for once", exc_info=True)
        if stopped.wait(every.total_seconds()):
            return
