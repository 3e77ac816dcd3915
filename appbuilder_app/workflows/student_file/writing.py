"""The good rows of a preview go into the register, with their history: in sets, and as the preview showed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from ... import bulk
from ...bilingual import Sentence
from ...dataset import history, validation
from ...declaration import fields_of
from ...models import Change, ImportBatch, ImportRow, Student
from ...walls import set_based
from ..file_moves import Moved, StudentMoves, note_of
from .plan import Outcome, Stored
from .previewing import stored_students
from .reading import CellProblem, Values
from .recorded import Recorder

_STUDENT = Student.__table__
_ROW = ImportRow.__table__
_CHANGE = Change.__table__
_WHO: Final = ("at", "actor_id", "actor", "path", "reason")
_CHANGE_COLUMNS: Final = (
    *_WHO, "dataset", "row_key", "scope", "action", "before", "after", "batch_id",
)  # fmt: skip
_ENTRANT: Final = ("school_code", "national_id", "sat_final_exam", "admission_date")
EDITED_MEANWHILE: Final = Sentence(
    "มีผู้แก้ไขนักเรียนคนนี้หลังจากอัปโหลดไฟล์ จึงไม่ได้เขียนทับ กรุณาอัปโหลดไฟล์ใหม่เพื่อดูความแตกต่างล่าสุด",
)


def write(connection: sa.Connection, batch: ImportBatch) -> dict[str, int]:
    """Insert and update the students of a preview; how many rows were new, changed, and held back."""
    if batch.counts[Outcome.NEW]:
        _insert(connection, batch)
    if batch.counts[Outcome.CHANGED]:
        _update(connection, batch)
    rows = sa.select(_ROW.c.outcome, sa.func.count().label("rows")).where(_ROW.c.batch_id == batch.id)
    found = connection.execute(rows.group_by(_ROW.c.outcome)).all()
    counted: dict[str, int] = {one.outcome: one.rows for one in found}
    written = (Outcome.NEW, Outcome.CHANGED, Outcome.HELD)
    return {outcome.value: counted.get(outcome.value, 0) for outcome in written}


def _rows_of(batch: ImportBatch, outcome: Outcome) -> sa.ColumnElement[bool]:
    return (_ROW.c.batch_id == batch.id) & (_ROW.c.outcome == outcome.value)


def _hold(connection: sa.Connection, held: Iterable[int], why: str = EDITED_MEANWHILE) -> None:
    """Show in the result which rows were not written, and why."""
    problem = CellProblem("", "", None, "", why)._asdict()
    held_back = sa.update(_ROW).values(outcome=Outcome.HELD.value, problems={"problems": [problem]})
    if rows := [{"row": row_id} for row_id in held]:
        connection.execute(held_back.where(_ROW.c.id == sa.bindparam("row")), rows)


# ── New students ─────────────────────────────────────────────────────────────────────────────────────────


def _insert(connection: sa.Connection, batch: ImportBatch) -> None:
    """Insert the new students; those whom somebody has added by hand meanwhile are held back.

    From table to table: the preview's JSON is what is written, and it need not pass through here again.
    """
    _hold_who_may_not_be_added(connection, batch)
    names = list(fields_of(Student))
    rows, values = _recorded_values(connection, names)
    students = (
        sa.select(sa.literal(batch.scope), *values).select_from(rows).where(_rows_of(batch, Outcome.NEW))
    )
    into = bulk.insert_unless_there(connection, _STUDENT)
    statement = into.from_select(
        ["scope", *names],
        students.order_by(_ROW.c.row_number),
        include_defaults=False,
    )
    inserted = connection.scalars(statement.returning(_STUDENT.c.national_id)).all()
    if len(inserted) < batch.counts[Outcome.NEW]:
        left_out = _ROW.c.national_id.not_in(inserted)
        _hold(
            connection,
            connection.scalars(sa.select(_ROW.c.id).where(_rows_of(batch, Outcome.NEW), left_out)).all(),
        )
    _write_history_of_new(connection, batch)


def _hold_who_may_not_be_added(connection: sa.Connection, batch: ImportBatch) -> None:
    """R21, R41: whom another school has entered since the preview; and the round may be another one by now."""
    rows, values = _recorded_values(connection, list(_ENTRANT))
    told = [
        sa.type_coerce(value, _STUDENT.c[name].type).label(name)
        for name, value in zip(_ENTRANT, values, strict=True)
    ]
    chosen = sa.select(_ROW.c.id, *told).select_from(rows).where(_rows_of(batch, Outcome.NEW))
    new = [dict(row._mapping) for row in connection.execute(chosen.order_by(_ROW.c.row_number))]
    for position, (_field, why) in validation.refused_new(Student, connection, new, hold=True).items():
        _hold(connection, [new[position]["id"]], str(why))


def _recorded_values(connection: sa.Connection, names: list[str]) -> tuple[Any, list[sa.ColumnElement[Any]]]:
    """The rows of previews, and of each the values that committing it gives a student."""
    recorded = _ROW.c["values"]
    if connection.dialect.name != "postgresql":
        return _ROW, [sa.func.json_extract(recorded, f"$.{name}") for name in names]
    columns = [sa.column(name, _STUDENT.c[name].type) for name in names]
    record = sa.func.json_to_record(recorded).table_valued(*columns, name="recorded")
    record = record.render_derived(with_types=True)
    return _ROW.join(record, sa.true()), [record.c[name] for name in names]


def _write_history_of_new(connection: sa.Connection, batch: ImportBatch) -> None:
    facts = [
        *_stamped(),
        sa.literal(_STUDENT.name),
        sa.cast(_STUDENT.c.id, sa.String),
        sa.literal(batch.scope),
        sa.literal("insert"),
        sa.null(),
        _ROW.c["values"],
        sa.literal(batch.id),
    ]
    same = (_STUDENT.c.school_code == _ROW.c.school_code) & (_STUDENT.c.national_id == _ROW.c.national_id)
    written = sa.select(*facts).select_from(_ROW.join(_STUDENT, same)).where(_rows_of(batch, Outcome.NEW))
    with bulk.without_nested_loops(connection):
        connection.execute(sa.insert(_CHANGE).from_select(_CHANGE_COLUMNS, written, include_defaults=False))


# ── Changed students ─────────────────────────────────────────────────────────────────────────────────────


def _update(connection: sa.Connection, batch: ImportBatch) -> None:
    """Update the changed students, and hold those whom somebody has edited in the same fields meanwhile."""
    recorder, kept = Recorder(), StudentMoves(connection)
    changed = _rows_of(batch, Outcome.CHANGED)
    rows = connection.execute(sa.select(_ROW.c.id, _ROW.c.student_id, _ROW.c["values"]).where(changed)).all()
    # Only while they are still this school's: a student may have been moved since the preview.
    mine = _STUDENT.c.id.in_(sa.select(_ROW.c.student_id).where(changed))
    mine = mine & (_STUDENT.c.school_code == batch.school_code)
    with bulk.without_nested_loops(connection):
        now = stored_students(connection, mine, locked=True)
    held: list[int] = []
    changes: list[tuple[Stored, Values]] = []
    for row_id, student_id, shown in rows:
        before, after = recorder.read(shown["before"]), recorder.read(shown["after"])
        student = now.get(student_id)
        if student is None or not _may_write(student, shown["version"], before, after):
            held.append(row_id)
        elif really := {name: value for name, value in after.items() if student.values[name] != value}:
            if refused := list(kept.problems(student.values, really)):
                _hold(connection, [row_id], str(refused[0].message))
            else:
                changes.append((student, really))
    _hold(connection, held)
    if changes:
        _write_changes(connection, batch, changes, recorder, kept)


def _may_write(student: Stored, version: int, before: Values, after: Values) -> bool:
    """True when the row is as the preview showed it, or was edited only in other fields and stays valid."""
    if student.version == version:
        return True
    if any(student.values[name] not in {before[name], after[name]} for name in after):
        return False
    return not any(validation.problems_of(Student, student.values | after))


def _write_changes(
    connection: sa.Connection,
    batch: ImportBatch,
    changes: Sequence[tuple[Stored, Values]],
    recorder: Recorder,
    kept: StudentMoves,
) -> None:
    names = sorted({name for _, after in changes for name in after})
    lines = [(student.id, *map((student.values | after).get, names)) for student, after in changes]
    with set_based(kept.work):
        bulk.update_rows(connection, _STUDENT, ["id", *names], lines)
        moved = (Moved(student.id, batch.scope, student.values, after) for student, after in changes)
        kept.record(moved, note_of(batch))
    bulk.copy_rows(connection, _CHANGE, _CHANGE_COLUMNS, _history_of_changes(batch, changes, recorder))


def _history_of_changes(
    batch: ImportBatch,
    changes: Sequence[tuple[Stored, Values]],
    recorder: Recorder,
) -> Iterator[tuple[Any, ...]]:
    stamp = history.stamp()
    who = [stamp[name] for name in _WHO]
    for student, after in changes:
        before = recorder.written({name: student.values[name] for name in after})
        changed = (_STUDENT.name, str(student.id), batch.scope, "update", before, recorder.written(after))
        yield *who, *changed, batch.id


def _stamped() -> list[sa.ColumnElement[Any]]:
    """Who, when, through which path and why, for a statement."""
    stamp = history.stamp()
    return [sa.literal(stamp[name], _CHANGE.c[name].type) for name in _WHO]
