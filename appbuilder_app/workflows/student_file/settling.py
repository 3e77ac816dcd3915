"""Committing or cancelling a previewed file: what the preview showed is written all at once, or held back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from ... import access, bulk
from ...access import Action
from ...bilingual import Label, Sentence
from ...codes import RoundSystem
from ...dataset import history, lock, validation
from ...declaration import db, fields_of
from ...errors import ImportSettled, NotYours
from ...models import Change, ImportBatch, ImportRow, School, Student
from ...walls import SetWork, set_based
from .plan import Outcome, Stored
from .previewing import drop_rows, school_to_write, stored_students
from .reading import CellProblem, Values
from .recorded import Recorder

_STUDENT = Student.__table__
_ROW = ImportRow.__table__
_CHANGE = Change.__table__
_CHANGE_COLUMNS: Final = (
    "at", "actor_id", "actor", "path", "reason", "dataset", "row_key", "scope", "action", "before", "after",
    "batch_id",
)  # fmt: skip
STATES: Final = {
    "preview": Label("รอตรวจ", "waiting"),
    "committed": Label("นำเข้า", "imported"),
    "cancelled": Label("ยกเลิก", "cancelled"),
    "replaced": Label("ถูกแทนที่", "replaced by a later file"),
}
EDITED_MEANWHILE: Final = Sentence(
    "มีผู้แก้ไขนักเรียนคนนี้หลังจากอัปโหลดไฟล์ จึงไม่ได้เขียนทับ กรุณาอัปโหลดไฟล์ใหม่เพื่อดูความแตกต่างล่าสุด"
)


def commit(batch_id: int) -> ImportBatch:
    """Write the good rows of a preview with their history, in the caller's transaction.

    What is stored is compared again: a student whom somebody has edited since the preview, in a field that
    the file would change, is held back (outcome ``held``) and not overwritten. ``batch.counts`` then tells
    what was really written. Raises ImportSettled (also for the slower of two commits), or the lock's refusal.
    """
    with (
        access.performing(Action.IMPORT, "student") as viewer,
        access.acting_as(viewer, through="import"),
        bulk.collector_resting(),
    ):
        batch = _claimed(batch_id)
        connection = db.session.connection()
        standing = lock.standing(connection, RoundSystem.DMC, batch.scope, for_share=True)
        if standing.refusal is not None:
            raise standing.refusal
        with set_based(SetWork.IMPORT):
            held = [*_insert(connection, batch), *_update(connection, batch)]
            _hold(connection, held)
        batch.counts = batch.counts | _counts(batch, held)
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
    found = sa.select(ImportBatch).filter_by(id=batch_id).execution_options(populate_existing=True)
    batch = db.session.scalars(found).one_or_none()
    if batch is None:
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


def _counts(batch: ImportBatch, held: list[tuple[int, str]]) -> dict[str, int]:
    """What was written: the preview's promise less what was held back."""
    kept = {outcome: sum(was == outcome for _, was in held) for outcome in (Outcome.NEW, Outcome.CHANGED)}
    written = {str(outcome): batch.counts[outcome] - count for outcome, count in kept.items()}
    return written | {str(Outcome.HELD): len(held)}


# ── New students ─────────────────────────────────────────────────────────────────────────────────────────

Held = tuple[int, str]
"""An import row that was not written, and what it would have been."""


def _insert(connection: sa.Connection, batch: ImportBatch) -> list[Held]:
    """Insert the new students; held are those whom somebody has added by hand meanwhile."""
    rows = _rows_of(connection, batch, Outcome.NEW)
    if not rows:
        return []
    recorder = Recorder()
    fresh = bulk.next_ids(connection, _STUDENT, len(rows))
    students = [recorder.read(row.values["after"]) for row in rows]
    names = list(fields_of(Student))
    lines = [
        (key, batch.scope, 1, *map(student.get, names)) for key, student in zip(fresh, students, strict=True)
    ]
    inserted = bulk.insert_new_rows(connection, _STUDENT, ["id", "scope", "version", *names], lines)
    written = [(key, row) for key, row in zip(fresh, rows, strict=True) if key in inserted]
    entries = (("insert", key, None, {"id": key} | _not_empty(row.values["after"])) for key, row in written)
    _write_history(connection, batch, entries)
    return [(row.id, Outcome.NEW) for key, row in zip(fresh, rows, strict=True) if key not in inserted]


def _not_empty(values: Values) -> Values:
    return {name: value for name, value in values.items() if value is not None}


# ── Changed students ─────────────────────────────────────────────────────────────────────────────────────


def _update(connection: sa.Connection, batch: ImportBatch) -> list[Held]:
    """Update the changed students, and hold those whom somebody has edited in the same fields meanwhile."""
    rows = _rows_of(connection, batch, Outcome.CHANGED)
    if not rows:
        return []
    recorder = Recorder()
    # Only while they are still this school's: a student may have been moved since the preview.
    mine = _STUDENT.c.id.in_(_row_query(batch, Outcome.CHANGED, _ROW.c.student_id))
    mine = mine & (_STUDENT.c.school_code == batch.school_code)
    now = stored_students(connection, mine, locked=True)
    held: list[Held] = []
    changes: list[tuple[Stored, Values]] = []
    for row in rows:
        before, after = recorder.read(row.values["before"]), recorder.read(row.values["after"])
        student = now.get(row.student_id)
        if student is None or not _may_write(student, row.values["version"], before, after):
            held.append((row.id, Outcome.CHANGED))
        else:
            changes.append((student, after))
    _write_changes(connection, batch, changes, recorder)
    return held


def _may_write(student: Stored, version: int, before: Values, after: Values) -> bool:
    """True when the row is as the preview showed it, or was edited only in other fields and stays valid."""
    if student.version == version:
        return True
    if any(student.values[name] not in {before[name], after[name]} for name in after):
        return False
    return not any(validation.problems_of(Student, student.values | after))


def _write_changes(
    connection: sa.Connection, batch: ImportBatch, changes: list[tuple[Stored, Values]], recorder: Recorder
) -> None:
    real = [(student, _really_new(student, after)) for student, after in changes]
    real = [(student, after) for student, after in real if after]
    if not real:
        return
    names = sorted({name for _, after in real for name in after})
    lines = [(student.id, *((student.values | after)[name] for name in names)) for student, after in real]
    bulk.update_rows(connection, _STUDENT, ["id", *names], lines)
    entries = (
        (
            "update",
            student.id,
            recorder.written({name: student.values[name] for name in after}),
            recorder.written(after),
        )
        for student, after in real
    )
    _write_history(connection, batch, entries)


def _really_new(student: Stored, after: Values) -> Values:
    return {name: value for name, value in after.items() if student.values[name] != value}


# ── Rows, history, holding back ──────────────────────────────────────────────────────────────────────────


def _row_query(batch: ImportBatch, outcome: Outcome, *columns: Any) -> sa.Select[Any]:
    return sa.select(*columns).where(_ROW.c.batch_id == batch.id, _ROW.c.outcome == outcome.value)


def _rows_of(connection: sa.Connection, batch: ImportBatch, outcome: Outcome) -> Sequence[Any]:
    columns = (_ROW.c.id, _ROW.c.student_id, _ROW.c["values"])
    return connection.execute(_row_query(batch, outcome, *columns).order_by(_ROW.c.row_number)).all()


def _write_history(
    connection: sa.Connection, batch: ImportBatch, entries: Iterator[tuple[str, int, Values | None, Values]]
) -> None:
    stamp = history.stamp()
    who = tuple(stamp[name] for name in _CHANGE_COLUMNS[:5])
    rows = (
        (*who, _STUDENT.name, str(key), batch.scope, action, before, after, batch.id)
        for action, key, before, after in entries
    )
    bulk.copy_rows(connection, _CHANGE, _CHANGE_COLUMNS, rows)


def _hold(connection: sa.Connection, held: list[Held]) -> None:
    """Show in the result which rows were not written, and why."""
    if held:
        problem = CellProblem("", "", None, "", EDITED_MEANWHILE)._asdict()
        held_back = sa.update(_ROW).values(outcome=Outcome.HELD.value, problems={"problems": [problem]})
        rows = [{"row": row_id} for row_id, _ in held]
        connection.execute(held_back.where(_ROW.c.id == sa.bindparam("row")), rows)


def _forget_loaded_students() -> None:
    """Students that this session has loaded are as they were before; the next look reads them anew."""
    for loaded in list(db.session.identity_map.values()):
        if isinstance(loaded, Student):
            db.session.expire(loaded)
