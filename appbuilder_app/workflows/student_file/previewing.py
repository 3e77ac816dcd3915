"""From an uploaded file to a stored preview: who may, what the file holds, what it would change."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import PurePath
from typing import Any, Final

import sqlalchemy as sa

from ... import access, bulk, collector
from ...access import Action
from ...bilingual import Sentence
from ...codes import RoundSystem
from ...dataset import lock, sight, validation
from ...dataset.sheet import Sheet, read_sheet
from ...declaration import db, fields_of
from ...errors import FileOfAnotherSchool, NotYours, Problem
from ...models import ImportBatch, ImportRow, School, Student, round_label
from ...walls import SetWork, set_based
from ..file_moves import StudentMoves
from . import former, reading
from .layout import Layout, known_labels, layout_of
from .plan import Entry, Outcome, Stored, plan
from .recorded import Recorder

_STUDENT = Student.__table__
_BATCH = ImportBatch.__table__
_ROW = ImportRow.__table__
_ROW_COLUMNS: Final = (
    "batch_id", "school_code", "scope", "row_number", "outcome", "national_id", "student_id", "values",
    "problems",
)  # fmt: skip
_WORKBOOK: Final = b"PK"
_LONGEST_ID: Final = 40
_LONGEST_NAME: Final = 200
_NAMED_COLUMNS: Final = 20
LEFT_LYING: Final = timedelta(days=7)
"""After so long nobody comes back to a preview."""


def preview(school_code: str, filename: str, data: bytes) -> ImportBatch:
    """Read and judge a school's student file, and store what committing it would do; nothing else is written.

    ``batch.counts`` has how many rows are new, changed, same, missing and wrong, and ``notes``, sentences
    about the whole file. Raises NotPermitted, NotYours, the lock's refusal, or what is wrong with the file.
    """
    with access.performing(Action.IMPORT, "student") as viewer, collector.resting():
        sight.require_whole(Student)
        school = school_to_write(school_code)
        standing = lock.standing(db.session.connection(), RoundSystem.DMC, school.scope)
        if standing.refusal is not None:
            raise standing.refusal
        filename = _plain_name(filename)
        sheet = read_sheet(data, filename, known_labels())
        layout = layout_of(sheet)
        _require_own_school(sheet, layout, school)
        as_text = not data.startswith(_WORKBOOK)
        rows = reading.read_rows(sheet, layout, school, as_text=as_text)
        with set_based(SetWork.IMPORT):
            stored = stored_students(db.session.connection(), _STUDENT.c.school_code == school_code)
        by_number = {student.values["national_id"]: student for student in stored.values()}
        connection = db.session.connection()
        replaced = former.under_present_numbers(connection, rows, layout, stored)
        _mark_not_to_be_added(connection, rows, layout, school_code, by_number)
        entries = list(plan(rows, layout, school_code, by_number, StudentMoves(connection)))
        notes = list(_notes(filename, layout, standing.round_label, replaced))
        _make_room(school, viewer)
        batch = _batch(school, filename, data, viewer)
        batch.counts = _counts(entries) | {"notes": notes, "headers": _shortened(sheet.headers)}
        _store(batch, entries)
    return batch


def _mark_not_to_be_added(
    connection: sa.Connection,
    rows: Sequence[reading.FileRow],
    layout: Layout,
    school_code: str,
    stored: Mapping[str, Stored],
) -> None:
    """R21, R41, R42: who is known elsewhere is transferred; at the year's end only who sat the exam is new."""
    new = [row for row in rows if row.national_id is not None and row.national_id not in stored]
    told = [row.values | {"school_code": school_code} for row in new]
    for position, (field, why) in validation.refused_new(Student, connection, told).items():
        row = new[position]
        if not any(problem.field == field for problem in row.problems):
            row.problems.append(reading.at_column(layout, row, Problem(field, str(why))))


def school_to_write(school_code: str) -> School:
    """The school, when the viewer looks after it; NotYours otherwise."""
    school = db.session.get(School, school_code)
    if school is None or not access.viewer().looks_after(school.scope):
        raise NotYours
    return school


def stored_students(
    connection: sa.Connection,
    condition: sa.ColumnElement[bool],
    *,
    locked: bool = False,
) -> dict[int, Stored]:
    """Students by ``id``, for set-based work that has checked scope; ``locked`` holds them to the end."""
    names = list(fields_of(Student))
    columns = [_STUDENT.c[name] for name in ("id", "version", *names)]
    query = sa.select(*columns).where(condition)
    rows = connection.execute(query.with_for_update(of=_STUDENT) if locked else query)
    return {row[0]: Stored(row[0], row[1], dict(zip(names, row[2:], strict=True))) for row in rows.all()}


def _plain_name(filename: str) -> str:
    """The name without folders and without what cannot be printed (a browser may send anything)."""
    return "".join(filter(str.isprintable, PurePath(filename.replace("\\", "/")).name))[:_LONGEST_NAME]


# ── The file as a whole ──────────────────────────────────────────────────────────────────────────────────


def _require_own_school(sheet: Sheet, layout: Layout, school: School) -> None:
    """Refuse when more rows name another school than this one; single ones are marked row by row."""
    if layout.school is None:
        return
    named = Counter(reading.schools_in(sheet, layout.school))
    ours = sum(named.pop(name, 0) for name in reading.names_of(school))
    named.pop("", None)
    if named.total() > ours:
        theirs = named.most_common(1)[0][0]
        raise FileOfAnotherSchool(theirs=theirs[:_LONGEST_ID], school=school.name, code=school.code)


def _notes(filename: str, layout: Layout, present: str, replaced: int) -> Iterator[str]:
    if (named := _round_in(filename)) and named != present:
        yield Sentence(
            "ชื่อไฟล์บอกว่าเป็นข้อมูล{named} แต่ขณะนี้บันทึก{present} กรุณาตรวจว่าเลือกไฟล์ถูกต้อง",
            named=named,
            present=present,
        )
    if layout.school is None:
        yield Sentence("ไฟล์ไม่มีคอลัมน์รหัสโรงเรียน จึงตรวจไม่ได้ว่าเป็นไฟล์ของโรงเรียนนี้ กรุณาตรวจรายชื่อก่อนนำเข้า")
    if replaced:
        yield Sentence("มี {count} แถวที่ใช้เลขเดิมของนักเรียน ระบบจับคู่กับเลขปัจจุบันให้แล้ว และไม่เปลี่ยนเลข", count=replaced)
    if layout.ignored:
        left_out = _shortened(layout.ignored[:_NAMED_COLUMNS])
        yield Sentence("คอลัมน์ที่ไม่ได้นำเข้า: {columns}", columns=", ".join(left_out))


def _shortened(labels: Sequence[str]) -> list[str]:
    """Labels as they are stored: a cell may hold a whole paragraph."""
    return [label[:_LONGEST_NAME] for label in labels]


def _round_in(filename: str) -> str | None:
    """The round that a name such as ``2568-3-student.xlsx`` says, as its label."""
    match = re.match(r"(25\d\d)-([1-3])(?!\d)", filename)
    return round_label(int(match[2]), int(match[1])) if match else None


# ── Storing ──────────────────────────────────────────────────────────────────────────────────────────────


def _batch(school: School, filename: str, data: bytes, viewer: access.Viewer) -> ImportBatch:
    return ImportBatch(
        school_code=school.code,
        filename=filename,
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_at=lock.now(),
        uploaded_by=viewer.name,
        state="preview",
    )


def _counts(entries: list[Entry]) -> dict[str, Any]:
    found = Counter(entry.outcome for entry in entries)
    return {str(outcome): found[outcome] for outcome in Outcome if outcome is not Outcome.HELD}


def _store(batch: ImportBatch, entries: list[Entry]) -> None:
    db.session.add(batch)
    db.session.flush()
    recorder = Recorder()
    rows = (_row(batch, entry, recorder) for entry in entries)
    with set_based(SetWork.IMPORT):
        bulk.copy_rows(db.session.connection(), _ROW, _ROW_COLUMNS, rows)


def _row(batch: ImportBatch, entry: Entry, recorder: Recorder) -> tuple[Any, ...]:
    student = entry.stored
    return (
        batch.id,
        batch.school_code,
        batch.scope,
        entry.number,
        entry.outcome.value,
        entry.national_id,
        student.id if student else None,
        _values(entry, recorder),
        {"problems": [problem._asdict() for problem in entry.problems]} if entry.problems else {},
    )


def _values(entry: Entry, recorder: Recorder) -> dict[str, Any] | bulk.Encoded:
    """Of a new student all values, of a changed one before and after, of a wrong line its cells."""
    if entry.outcome is Outcome.WRONG:
        return {"cells": [_cell(cell) for cell in entry.cells]}
    if entry.stored is None or not entry.after:
        return recorder.encoded(entry.after)
    before, after = recorder.written(entry.before), recorder.written(entry.after)
    return {"before": before, "after": after, "version": entry.stored.version}


def _cell(raw: Any) -> Any:
    """A cell as JSON."""
    return raw if raw is None or isinstance(raw, str | int | float) else reading.as_typed(raw)


def _make_room(school: School, viewer: access.Viewer) -> None:
    """An upload ends the earlier ones: their rows are personal data and do not stay for nobody to look at.

    Of a settled file the history tells what it has changed. A preview of somebody else is left a while.
    """
    mine = ImportBatch.uploaded_by == viewer.name
    left_lying = ImportBatch.uploaded_at < lock.now() - LEFT_LYING
    given_up = (
        sa.select(ImportBatch).filter_by(school_code=school.code, state="preview").where(mine | left_lying)
    )
    for batch in db.session.scalars(given_up):
        batch.state = "replaced"
    db.session.flush()
    waiting = sa.select(_BATCH.c.id).where(_BATCH.c.scope == school.scope, _BATCH.c.state == "preview")
    doomed = sa.delete(_ROW).where(_ROW.c.scope == school.scope, _ROW.c.batch_id.not_in(waiting))
    with set_based(SetWork.IMPORT):
        db.session.connection().execute(doomed)


def drop_rows(batch: ImportBatch, *outcomes: Outcome) -> None:
    """Throw away a batch's rows: all, or those of the given outcomes."""
    doomed = sa.delete(_ROW).where(_ROW.c.batch_id == batch.id)
    if outcomes:
        doomed = doomed.where(_ROW.c.outcome.in_([outcome.value for outcome in outcomes]))
    with set_based(SetWork.IMPORT):
        db.session.connection().execute(doomed)
