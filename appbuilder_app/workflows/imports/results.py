"""What became of an imported file: batches, and their lines by outcome and page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from ... import access
from ...access import Action
from ...dataset import sight
from ...declaration import dataset_named, db
from ...errors import NotYours
from ...models import ImportBatch, ImportLine
from ...schema.imports import TEMPLATE
from .outcomes import Outcome

PAGE: Final = 50


def batch_with(batch_id: int, dataset: str | None = None) -> ImportBatch:
    """An uploaded file of a place that the viewer looks after; NotYours otherwise."""
    batch = db.session.scalars(sa.select(ImportBatch).filter_by(id=batch_id, form=TEMPLATE)).one_or_none()
    if batch is None or (dataset is not None and batch.dataset != dataset):
        raise NotYours
    access.viewer().require(Action.IMPORT, batch.dataset)
    sight.require_whole(dataset_named(batch.dataset))  # its lines hold whole records, whoever uploaded them
    return batch


def require_seen(batch: ImportBatch) -> None:
    """Refuse (FieldNotSeen) who looks after the place but may not see all that the file holds."""
    sight.require_shown(dataset_named(batch.dataset), batch.counts.get("where", {}).get("fields", ()))


def recent(dataset: str, limit: int = 20) -> list[ImportBatch]:
    """The files of a dataset last uploaded within the viewer's scope, newest first."""
    access.viewer().require(Action.IMPORT, dataset)
    found = sa.select(ImportBatch).filter_by(form=TEMPLATE, dataset=dataset).order_by(ImportBatch.id.desc())
    return list(db.session.scalars(found.limit(limit)))


def lines_of(batch: ImportBatch, outcome: Outcome, page: int = 1) -> list[ImportLine]:
    """One page of the lines of an outcome, in the order of the file."""
    lines = sa.select(ImportLine).filter_by(batch_id=batch.id, outcome=outcome.value)
    return list(db.session.scalars(lines.order_by(ImportLine.number).limit(PAGE).offset((page - 1) * PAGE)))


def problems_of(batch: ImportBatch) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Every line with something wrong, or held back: its number and its problems, in the order of the file."""
    lines = sa.select(ImportLine.number, ImportLine.problems).where(
        ImportLine.batch_id == batch.id,
        ImportLine.outcome.in_([Outcome.WRONG.value, Outcome.HELD.value]),
    )
    for number, problems in db.session.execute(lines.order_by(ImportLine.number)):
        yield number, problems or []
