"""Committing or cancelling a preview: what it showed is written in one transaction, or nothing is."""

from __future__ import annotations

import sqlalchemy as sa

from ... import access, collector
from ...access import Action
from ...dataset import lock, sight
from ...declaration import Base, dataset_named, db
from ...errors import ImportSettled, RuleViolation
from ...models import ImportBatch, ImportLine
from ...walls import SetWork, set_based
from . import writing
from .outcomes import STATES, Outcome, Tell, silent
from .receiving import drop_lines, forget
from .results import batch_with, require_seen
from .stored import Owners, hold_schools

_LINE = ImportLine.__table__
_WRITTEN = (Outcome.NEW.value, Outcome.CHANGED.value)


class NotAllGood(RuleViolation):
    """All or nothing was asked for, and some rows cannot be written."""

    message = "ยังไม่ได้นำเข้า เพราะมี {count} แถวที่นำเข้าไม่ได้ กรุณาแก้ไฟล์แล้วอัปโหลดใหม่ หรือเลือกนำเข้าเฉพาะแถวที่ถูกต้อง"
    status = 409


def commit(batch_id: int, *, whole: bool = False, tell: Tell = silent) -> ImportBatch:
    """Write the good rows of a preview with their history, in the caller's transaction.

    What is stored is compared again: a row that somebody has added or edited since the preview is held back
    (outcome ``held``) and not overwritten; ``batch.counts`` then tells what was really written. ``whole``: all
    rows of the file or none (NotAllGood). Raises ImportSettled, also for the slower of two commits, or the
    refusal of a lock that has closed meanwhile.
    """
    seen = batch_with(batch_id)
    with (
        access.performing(Action.IMPORT, seen.dataset) as viewer,
        access.acting_as(viewer, through="import"),
        collector.resting(),
    ):
        batch = claimed(batch_id, "preview")
        require_seen(batch)
        model = dataset_named(batch.dataset)
        _require_whole(batch, whole)
        with set_based(SetWork.IMPORT):
            hold_places(model, _LINE.c.batch_id == batch.id, _LINE.c.outcome.in_(_WRITTEN))
            batch.counts = batch.counts | writing.write(db.session.connection(), model, batch, tell)
        _require_whole(batch, whole)
        settle(batch, "committed")
        drop_lines(batch, Outcome.SAME.value, *_WRITTEN)
        forget_loaded(model)
    return batch


def cancel(batch_id: int) -> ImportBatch:
    """Throw a preview, or a file that could not be read, away. Raises ImportSettled when it is settled."""
    seen = batch_with(batch_id)
    with access.performing(Action.IMPORT, seen.dataset):
        batch = claimed(batch_id, "preview", "failed", "received")
        settle(batch, "cancelled")
        forget(batch)
    return batch


def claimed(batch_id: int, *states: str) -> ImportBatch:
    """The batch in one of these states, held to the end of the transaction: of two who settle it one does."""
    found = sa.select(ImportBatch).filter_by(id=batch_id).execution_options(populate_existing=True)
    batch = db.session.scalars(found.with_for_update()).one()
    sight.require_whole(dataset_named(batch.dataset))
    if batch.state not in states:
        raise ImportSettled(state=STATES[batch.state])
    return batch


def settle(batch: ImportBatch, state: str) -> None:
    """The batch's new state, with who made it so and when."""
    batch.state, batch.settled_at, batch.settled_by = state, lock.now(), access.viewer().name
    db.session.flush()


def hold_places(model: type[Base], *condition: sa.ColumnElement[bool]) -> None:
    """Keep the places of some lines from being confirmed, closed or imported into; the lock's refusal, if any."""
    connection = db.session.connection()
    owners = sa.select(_LINE.c.owner).where(*condition, _LINE.c.owner.is_not(None)).distinct()
    require_open(connection, model, sorted(connection.scalars(owners)))


def require_open(connection: sa.Connection, model: type[Base], places: list[str]) -> None:
    """Hold places in the order of every writer, and refuse when one of them is locked now."""
    hold_schools(connection, model, places)
    owners = Owners(connection, model, for_share=True)
    for place in places:
        if (refusal := owners.refusal_at(place)) is not None:
            raise refusal


def forget_loaded(model: type[Base]) -> None:
    """Rows that this session has loaded are as they were before; the next look reads them anew."""
    for loaded in list(db.session.identity_map.values()):
        if isinstance(loaded, model):
            db.session.expire(loaded)


def _require_whole(batch: ImportBatch, whole: bool) -> None:
    counts = batch.counts
    left_out = counts.get(Outcome.WRONG, 0) + counts.get(Outcome.HELD, 0)
    if whole and left_out:
        raise NotAllGood(count=left_out)
