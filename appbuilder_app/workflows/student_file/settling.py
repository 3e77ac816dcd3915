"""Committing or cancelling a previewed file: what the preview showed is written all at once, or held back."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from ... import access, collector
from ...access import Action
from ...bilingual import Label
from ...codes import RoundSystem
from ...dataset import lock, sight
from ...declaration import db
from ...errors import ImportSettled, NotYours
from ...models import ImportBatch, School, Student
from ...schema.imports import NATIONAL
from ...walls import SetWork, set_based
from . import writing
from .plan import Outcome
from .previewing import drop_rows, school_to_write

STATES: Final = {
    "preview": Label("รอตรวจ", "waiting"),
    "committed": Label("นำเข้า", "imported"),
    "cancelled": Label("ยกเลิก", "cancelled"),
    "replaced": Label("ถูกแทนที่", "replaced by a later file"),
}


def commit(batch_id: int) -> ImportBatch:
    """Write the good rows of a preview with their history, in the caller's transaction.

    What is stored is compared again: a student whom somebody has edited since the preview, in a field that
    the file would change, is held back (outcome ``held``) and not overwritten. ``batch.counts`` then tells
    what was really written. Raises ImportSettled (also for the slower of two commits), or the lock's refusal.
    """
    with (
        access.performing(Action.IMPORT, "student") as viewer,
        access.acting_as(viewer, through="import"),
        collector.resting(),
    ):
        batch = _claimed(batch_id)
        connection = db.session.connection()
        standing = lock.standing(connection, RoundSystem.DMC, batch.scope, for_share=True)
        if standing.refusal is not None:
            raise standing.refusal
        with set_based(SetWork.IMPORT):
            batch.counts = batch.counts | writing.write(connection, batch)
        _settle(batch, "committed")
        drop_rows(batch, Outcome.SAME)
        _forget_loaded_students()
    return batch


def cancel(batch_id: int) -> ImportBatch:
    """Throw a preview away; its counts stay as a trace. Raises ImportSettled when it is settled already."""
    with access.performing(Action.IMPORT, "student"):
        batch = _claimed(batch_id)
        _settle(batch, "cancelled")
        drop_rows(batch)
    return batch


def _claimed(batch_id: int) -> ImportBatch:
    """The preview, held to the end of the transaction, so that only one of two who settle it does."""
    sight.require_whole(Student)
    found = (
        sa.select(ImportBatch).filter_by(id=batch_id, form=NATIONAL).execution_options(populate_existing=True)
    )
    batch = db.session.scalars(found).one_or_none()
    if batch is None or batch.school_code is None:
        raise NotYours
    school_to_write(batch.school_code)
    # One import of a school at a time: two files with the same new students would wait for each other's.
    # The key stays free (FOR NO KEY UPDATE), since each student written here refers to it.
    school = sa.select(School.code).filter_by(code=batch.school_code)
    db.session.execute(school.with_for_update(key_share=True))
    batch = db.session.scalars(found.with_for_update()).one()
    if batch.state != "preview":
        raise ImportSettled(state=STATES[batch.state])
    return batch


def _settle(batch: ImportBatch, state: str) -> None:
    batch.state = state
    batch.settled_at = lock.now()
    batch.settled_by = access.viewer().name
    db.session.flush()


def _forget_loaded_students() -> None:
    """Students that this session has loaded are as they were before; the next look reads them anew."""
    for loaded in list(db.session.identity_map.values()):
        if isinstance(loaded, Student):
            db.session.expire(loaded)
