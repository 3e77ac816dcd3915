"""The verbs of an import as jobs: ordered in a moment, done once, with progress, and given up on request."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from ... import access
from ...access import Action
from ...bilingual import Sentence
from ...declaration import db
from ...models import ImportBatch, Job
from ..jobs import Context, Result, job, start
from .judging import judge
from .results import batch_with
from .settling import commit
from .undoing import undo

_TITLES: Final = {
    "judge": Sentence("ตรวจไฟล์นำเข้า"),
    "commit": Sentence("นำเข้าข้อมูลจากไฟล์"),
    "undo": Sentence("ย้อนกลับการนำเข้าทั้งไฟล์"),
}


def order(verb: str, batch_id: int, **arguments: Any) -> Job:
    """Have ``judge``, ``commit`` or ``undo`` done for a batch; it begins once the transaction is committed."""
    batch = batch_with(batch_id)
    ordered = start(
        f"import.{verb}", _TITLES[verb], needs=(Action.IMPORT, batch.dataset), batch=batch.id, **arguments
    )
    with access.performing(Action.IMPORT, batch.dataset):
        batch.job_id = ordered.id
        db.session.flush()
    return ordered


def job_of(batch: ImportBatch) -> Job | None:
    """The job last ordered for a batch, as far as the viewer may know of it."""
    return (
        db.session.scalars(sa.select(Job).where(Job.id == batch.job_id)).one_or_none()
        if batch.job_id
        else None
    )


@job("import.judge")
def _judge(context: Context, batch: int) -> Result:
    return _result(judge(batch, _told(context)))


@job("import.commit")
def _commit(context: Context, batch: int, whole: bool = False) -> Result:
    return _result(commit(batch, whole=whole, tell=_told(context)))


@job("import.undo")
def _undo(context: Context, batch: int) -> Result:
    return _result(undo(batch, tell=_told(context)))


def _told(context: Context) -> Any:
    return lambda done, total: context.progress(done, total or None)


def _result(batch: ImportBatch) -> Result:
    return Result(said=batch.filename, url=f"/data/{batch.dataset}/import/{batch.id}")
