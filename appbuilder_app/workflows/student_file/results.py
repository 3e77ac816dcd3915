"""What became of an uploaded file: its rows by outcome and page, and the wrong ones as a file to correct."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

import sqlalchemy as sa

from ... import access
from ...access import Action
from ...dataset import sight
from ...dataset.export import write_xlsx
from ...declaration import db
from ...errors import NotYours
from ...models import ImportBatch, ImportRow, Student
from ...schema.imports import NATIONAL
from .layout import PROBLEMS
from .plan import Outcome

PAGE: Final = 100


def batch_with(batch_id: int) -> ImportBatch:
    """An uploaded file of a school that the viewer looks after; NotYours otherwise."""
    access.viewer().require(Action.IMPORT, "student")
    sight.require_whole(Student)  # a file's rows are whole records
    batch = db.session.scalars(sa.select(ImportBatch).filter_by(id=batch_id, form=NATIONAL)).one_or_none()
    if batch is None:
        raise NotYours
    return batch


def recent(limit: int = 20) -> list[ImportBatch]:
    """The files last uploaded for the schools that the viewer looks after, newest first."""
    access.viewer().require(Action.IMPORT, "student")
    files = sa.select(ImportBatch).filter_by(form=NATIONAL).order_by(ImportBatch.id.desc())
    return list(db.session.scalars(files.limit(limit)))


def rows_of(batch: ImportBatch, outcome: Outcome, page: int = 1) -> list[ImportRow]:
    """One page of the rows of an outcome, in the order of the file."""
    rows = sa.select(ImportRow).filter_by(batch_id=batch.id, outcome=outcome.value)
    rows = rows.order_by(ImportRow.row_number, ImportRow.id).limit(PAGE).offset((page - 1) * PAGE)
    return list(db.session.scalars(rows))


def students_of(rows: Iterable[ImportRow]) -> dict[int, Student]:
    """The stored students whom rows are about, by ``id``."""
    wanted = [row.student_id for row in rows if row.student_id is not None]
    if not wanted:
        return {}
    found = db.session.scalars(sa.select(Student).where(Student.id.in_(wanted)))
    return {student.id: student for student in found}


def correction_file(batch: ImportBatch) -> IO[bytes]:
    """The wrong rows as a workbook, with what is wrong in a last column, which a new upload ignores."""
    headers: list[str] = batch.counts["headers"]
    kept = [index for index, header in enumerate(headers) if header != PROBLEMS]
    rows = _rows_to_correct(batch, kept)
    return write_xlsx([*(headers[index] for index in kept), PROBLEMS], rows, "แก้ไข")


def _rows_to_correct(batch: ImportBatch, kept: list[int]) -> Iterator[list[Any]]:
    wrong = sa.select(ImportRow).filter_by(batch_id=batch.id, outcome=Outcome.WRONG.value)
    for row in db.session.scalars(wrong.order_by(ImportRow.row_number)):
        cells = row.values["cells"]
        yield [*(cells[index] for index in kept), "\n".join(map(told, row.problems["problems"]))]


def problems_of(batch: ImportBatch) -> Iterator[dict[str, Any]]:
    """Every problem of the wrong rows, each with its ``row``."""
    wrong = sa.select(ImportRow).filter_by(batch_id=batch.id, outcome=Outcome.WRONG.value)
    for row in db.session.scalars(wrong.order_by(ImportRow.row_number)):
        for problem in row.problems["problems"]:
            yield {"row": row.row_number, **problem}


def told(problem: dict[str, Any]) -> str:
    """``K วันเกิด: ไม่ใช่วันที่``: a problem with its place, in one line."""
    place = f"{problem['column']} {problem['label']}".strip()
    return f"{place}: {problem['message']}" if place else str(problem["message"])
