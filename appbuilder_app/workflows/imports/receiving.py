"""Taking an uploaded file in, and giving it back to who looks after it, until it is settled and forgotten."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from pathlib import PurePath
from typing import IO, Final

import sqlalchemy as sa

from ... import access, files
from ...access import Action
from ...bilingual import Sentence
from ...dataset import lock, sight
from ...dataset.sheet import MAX_FILE_BYTES
from ...declaration import dataset_named, dataset_of, db
from ...errors import EmptyFile, FileMissing, FileTooLarge, NotPermitted
from ...models import ImportBatch, ImportLine
from ...schema.imports import TEMPLATE
from ...walls import SetWork, set_based

_LONGEST_NAME: Final = 200
LEFT_LYING: Final = timedelta(days=7)
"""After so long nobody comes back to a preview, and what was wrong has been corrected elsewhere."""


def receive(dataset: str, filename: str, data: bytes) -> ImportBatch:
    """Keep an uploaded file for judging; nothing of it is read yet.

    Raises NotPermitted, EmptyFile or FileTooLarge.
    """
    with access.performing(Action.IMPORT, dataset):
        declared = dataset_of(dataset_named(dataset))
        if declared.managed:
            raise NotPermitted(what=Action.IMPORT.th)
        sight.require_whole(dataset_named(dataset))
        discard_old(dataset)
        return keep(TEMPLATE, dataset, filename, data)


def keep(form: str, dataset: str, filename: str, data: bytes) -> ImportBatch:
    """The file of a batch of this form, kept; EmptyFile or FileTooLarge. Called by verbs that have asked the right."""
    viewer, filename = access.viewer(), _plain_name(filename)
    if not data.strip():
        raise EmptyFile(file=filename)
    if len(data) > MAX_FILE_BYTES:
        limit = Sentence("ไม่เกิน {size} MB", size=MAX_FILE_BYTES // 2**20)
        raise FileTooLarge(file=filename, limit=limit)
    name = f"imports/{uuid.uuid4().hex}"
    batch = ImportBatch(
        form=form,
        dataset=dataset,
        place=viewer.scope,
        stored_as=name,
        filename=filename,
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_at=lock.now(),
        uploaded_by=viewer.name,
        uploaded_by_id=viewer.id,
        state="received",
        counts={},
    )
    files.put(name, data)
    db.session.add(batch)
    db.session.flush()
    return batch


def original(batch: ImportBatch) -> bytes:
    """The file as it was uploaded; FileMissing when it is no longer kept."""
    with opened(batch) as source:
        return source.read()


def opened(batch: ImportBatch) -> IO[bytes]:
    """The same, to be read in portions."""
    if batch.stored_as is None:
        raise FileMissing
    return files.opened(batch.stored_as)


def discard_old(dataset: str) -> int:
    """Throw files and lines away that nobody came back to: they are personal data. How many files."""
    with access.performing(Action.IMPORT, dataset):
        return discard_left(TEMPLATE, dataset)


def discard_left(form: str, dataset: str) -> int:
    """The same for the batches of a form; called by verbs that have asked the right."""
    old = sa.select(ImportBatch).filter(
        ImportBatch.form == form,
        ImportBatch.dataset == dataset,
        ImportBatch.stored_as.is_not(None),
        ImportBatch.uploaded_at < lock.now() - LEFT_LYING,
    )
    found = list(db.session.scalars(old))
    for batch in found:
        if batch.state in {"received", "preview"}:
            batch.state = "cancelled"
        forget(batch)
    return len(found)


def forget(batch: ImportBatch) -> None:
    """Drop a batch's lines and its file; its counts stay as a trace."""
    drop_lines(batch)
    if batch.stored_as is not None:
        files.delete(batch.stored_as)
        batch.stored_as = None
    db.session.flush()


def drop_lines(batch: ImportBatch, *outcomes: str) -> None:
    """Drop a batch's lines: all, or those of the given outcomes."""
    table = ImportLine.__table__
    doomed = sa.delete(table).where(table.c.batch_id == batch.id)
    if outcomes:
        doomed = doomed.where(table.c.outcome.in_(outcomes))
    with set_based(SetWork.IMPORT):
        db.session.connection().execute(doomed)


def _plain_name(filename: str) -> str:
    """The name without folders and without what cannot be printed (a browser may send anything)."""
    return "".join(filter(str.isprintable, PurePath(filename.replace("\\", "/")).name))[:_LONGEST_NAME]
