"""What a job's function is given: how to tell its progress, to commit a step, and to keep a file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ... import files, walls
from ...bilingual import packed
from ...declaration import db
from ...errors import JobCancelled
from ...models import Job
from . import ledger
from .registry import Result

TOLD_EVERY = 0.5
"""Seconds: more often nobody looks, and each telling is a transaction."""


class Context:
    """One run of one job by the worker that claimed it."""

    def __init__(self, claimed: Job) -> None:
        self._job = claimed
        self._told_at = 0.0
        self.mark: dict[str, Any] = dict(claimed.mark)
        """What earlier steps left for the next one (JSON); after a crash the job begins here, not at the start."""

    @property
    def job_id(self) -> int:
        """The job's number."""
        return self._job.id

    def progress(self, done: int, total: int | None = None, said: str | None = None) -> None:
        """Tell how far it is: ``done`` of ``total``, and in a Sentence what is being done.

        JobCancelled when the owner has cancelled; ClaimLost when another worker has taken over. Cheap to call
        often: it is written at most twice a second.
        """
        if time.monotonic() - self._told_at < TOLD_EVERY:
            return
        self._told_at = time.monotonic()
        with self._beside_the_work() as session:
            cancelled = ledger.write(session, self._job, **_told(done, total, said))
        if cancelled:
            raise JobCancelled

    def cancelled(self) -> bool:
        """Whether the owner has cancelled; ``progress`` asks, too, and raises JobCancelled by itself."""
        with self._beside_the_work() as session:
            return ledger.write(session, self._job)

    @contextmanager
    def step(self, done: int, total: int | None = None, said: str | None = None) -> Iterator[dict[str, Any]]:
        """One step of the work: all that is written inside is committed at its end, once, by one worker.

        What is put into the mark that it gives (JSON) is kept in the same transaction. The next step is not
        begun once the owner has cancelled (JobCancelled).
        """
        mark = dict(self.mark)
        yield mark
        cancelled = ledger.write(db.session, self._job, mark=mark, **_told(done, total, said))
        db.session.commit()
        self.mark = mark
        if cancelled:
            raise JobCancelled

    def keep(self, source: Path, name: str, media_type: str, said: str | None = None) -> Result:
        """A file on this disk as the job's result, to be downloaded under ``name`` by the owner alone."""
        # The claim in its name: a worker that was thought dead cannot write over the file of its successor.
        stored = f"jobs/{self._job.id}-{str(self._job.claim)[:12]}"
        files.put_file(stored, source)
        size = source.stat().st_size
        return Result(said=said, stored_as=stored, file_name=name, media_type=media_type, size=size)

    @contextmanager
    def _beside_the_work(self) -> Iterator[Any]:
        """A transaction of its own; on SQLite inside the work's, while that holds the only pen."""
        if db.engine.dialect.name == "sqlite" and db.session().in_transaction() and walls.writing.get():
            yield db.session
        else:
            with ledger.apart() as session:
                yield session


def _told(done: int, total: int | None, said: str | None) -> dict[str, Any]:
    return {"done": done, "total": total, "progress": sa.null() if said is None else packed(said)}
