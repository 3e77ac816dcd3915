"""A long list becomes a file in the background."""

from __future__ import annotations

import tempfile
from pathlib import Path

from werkzeug.datastructures import MultiDict

from .. import access
from ..access import Action
from ..bilingual import Sentence
from ..dataset import export, history, lock
from ..dataset.exporting import Exporting, exporting_of
from ..declaration import dataset_named, dataset_of, db
from ..models import Job
from ..walls import reading
from .jobs import Context, Result, job, start


def order(dataset: str, kind: str, arguments: list[tuple[str, str]]) -> Job:
    """Order the file of a list as the request's arguments describe it: its filters, order and columns."""
    formats = {"xlsx": "Excel", "csv": "CSV"}
    named = dataset_of(dataset_named(dataset)).th
    title = Sentence("ส่งออก{what}เป็น {format}", what=named, format=formats[kind])
    return start(
        "export", title, needs=(Action.EXPORT, dataset), dataset=dataset, kind=kind,
        arguments=[list(pair) for pair in arguments],
    )  # fmt: skip


@job("export")
def export_list(context: Context, dataset: str, kind: str, arguments: list[list[str]]) -> Result:
    """Write the list into a file of the job's, with progress, and record that it was read."""
    access.viewer().require(Action.EXPORT, dataset)
    asked = MultiDict([(name, value) for name, value in arguments])
    exporting = exporting_of(dataset_named(dataset), asked)
    with tempfile.TemporaryDirectory(prefix="thabian-export-") as folder:
        made = Path(folder) / f"list.{kind}"
        rows = _written(context, exporting, kind, made)
        history.record_export(db.session.connection(), dataset, kind, asked, rows)
        name = f"{dataset}-{lock.now():%Y%m%d-%H%M}.{kind}"
        return context.keep(made, name, export.MEDIA[kind], Sentence("{n} รายการ", n=f"{rows:,}"))


def _written(context: Context, exporting: Exporting, kind: str, made: Path) -> int:
    with reading(), made.open("w+b") as target:
        total = exporting.count(export.XLSX_ROWS)
        exporting.told = lambda done: context.progress(done, total, Sentence("กำลังเขียนไฟล์"))
        rows = exporting.write(kind, target)
        db.session.rollback()  # what was read in is over: recording it begins a transaction that may write
    return rows
