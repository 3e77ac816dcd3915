"""The uploaded file back to its owner, with each error in its cell."""

from __future__ import annotations

import zipfile
from typing import IO, Any

from ...dataset import portions
from ...dataset.marking import CannotMark, Mark, marked_workbook, new_workbook
from ...models import ImportBatch
from .receiving import opened
from .results import problems_of, require_seen


def marked(batch: ImportBatch) -> IO[bytes]:
    """The batch's file as a workbook: every wrong cell is coloured, has a note, and is told of at its row's end.

    A workbook stays itself; of a CSV file a workbook is made. FileMissing when it is no longer kept.
    """
    require_seen(batch)
    where = batch.counts["where"]
    marks = {number: [_mark(one) for one in problems] for number, problems in problems_of(batch)}
    column = where["width"] if where["marked_at"] is None else where["marked_at"]
    with opened(batch) as source:
        if portions.is_workbook(source):
            try:
                return marked_workbook(
                    source, where["part"], marks, where["header_row"], column, batch.filename
                )
            except (CannotMark, zipfile.BadZipFile):
                pass  # unusual, but readable: its cells are put into a new one
        tables = portions.tables(source, batch.filename)
        table = next(table for part, table in tables if part == where["part"])
        return new_workbook(table, marks, where["header_row"], column)


def _mark(problem: dict[str, Any]) -> Mark:
    return Mark(problem["column"], problem["label"], problem["message"])
