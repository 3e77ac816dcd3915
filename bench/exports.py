"""Exports of a long list beside bare ways of writing it: ``python -m bench.exports [students] [rounds]``.

Each way is a process of its own that writes the list once for the clock and its peak of memory; all take turns, so
that a busy machine slows them alike. The memory is shown for one grade, too, a twelfth of the rows or so: a writer
that keeps them shows it there. Of all columns only ours and COPY are measured: the libraries take minutes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import IO, Any

import openpyxl
import sqlalchemy as sa
import xlsxwriter
from werkzeug.datastructures import MultiDict

import config
from appbuilder_app import access, create_app
from appbuilder_app.access import Viewer
from appbuilder_app.dataset.exporting import Exporting, exporting_of
from appbuilder_app.declaration import db, fields_of
from appbuilder_app.models import Student
from appbuilder_app.workflows import roles
from bench.world import peak_mib, world
from scripts import services

STUDENTS, ROUNDS = 100_000, 3
A_PART = {"grade": "06"}
Way = Callable[[Exporting, IO[bytes]], int]


def ours_xlsx(exporting: Exporting, target: IO[bytes]) -> int:
    """The export as the screens and the jobs do it."""
    return exporting.write("xlsx", target)


def ours_csv(exporting: Exporting, target: IO[bytes]) -> int:
    """The export as the screens and the jobs do it: labels, Thai days, no formula."""
    return exporting.write("csv", target)


def ours_csv_by_python(exporting: Exporting, target: IO[bytes]) -> int:
    """As where the database cannot: SQLite, a search, a kind with cells of its own."""
    exporting.by_database = False
    return exporting.write("csv", target)


def cells(exporting: Exporting) -> Iterator[list[Any]]:
    """What a writer is usually given: a value of each field of an ORM row, said in words."""
    makers = [fields_of(Student)[name].kind.cell for name in exporting.columns]
    for row in exporting.listing.stream(db.session, exporting.query, exporting.columns):
        yield [make(value) for make, value in zip(makers, row, strict=True)]


def xlsxwriter_constant(exporting: Exporting, target: IO[bytes]) -> int:
    """XlsxWriter in constant memory."""
    count = 0
    with xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for count, row in enumerate(cells(exporting), 1):
            sheet.write_row(count, 0, row)
    return count


def openpyxl_write_only(exporting: Exporting, target: IO[bytes]) -> int:
    """openpyxl, write only."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    count = sum(1 for row in cells(exporting) if sheet.append(row) is None)
    book.save(target)
    return count


def copy_to(exporting: Exporting, target: IO[bytes]) -> int:
    """COPY TO of the same columns and order as they are stored: codes, no labels, no guard."""
    connection = db.session.connection()
    raw: Any = connection.connection
    names = ", ".join(exporting.columns)
    with raw.cursor() as cursor:
        order = "scope, grade, room, id"
        with cursor.copy(
            f"COPY (SELECT {names} FROM student ORDER BY {order}) TO STDOUT (FORMAT csv)"
        ) as copy:
            for piece in copy:
                target.write(piece)
        return int(cursor.rowcount)


WAYS: dict[str, Way] = {
    way.__name__: way
    for way in (
        ours_xlsx, xlsxwriter_constant, openpyxl_write_only, ours_csv, ours_csv_by_python, copy_to,
    )
}  # fmt: skip


def one(name: str, url: str, folder: str, columns: str) -> None:
    """One way, in this process; its figures as JSON."""
    app = create_app(config.settings({"THABIAN_INSTANCE": folder, **services.environment(url)}))
    with app.app_context():
        viewer = Viewer(1, "central", "ส่วนกลาง", "", "C", roles.known_rights())
        part, _, way = name.rpartition(":")
        asked = ({"columns": columns} if columns else {}) | (A_PART if part else {})
        with access.acting_as(viewer, through="screen"), tempfile.TemporaryFile() as target:
            exporting = exporting_of(Student, MultiDict(asked))
            exporting.count(1)
            before = perf_counter()
            rows = WAYS[way](exporting, target)
            seconds = perf_counter() - before
            size = target.tell()
    print(json.dumps({"rows": rows, "seconds": seconds, "peak": peak_mib(), "size": size}))


def measured(name: str, url: str, folder: Path, columns: str) -> dict[str, float]:
    """The figures of one way in a fresh process."""
    words = [sys.executable, "-m", "bench.exports", "--one", name, url, str(folder), columns]
    found: dict[str, float] = json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout)
    return found


def compare(url: str, folder: Path, columns: str, ways: Collection[str], rounds: int) -> None:
    """These ways in turn, and their medians beside the last."""
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    for _round in range(rounds):
        for name, found in taken.items():
            found.append(measured(name, url, folder, columns))
    speeds = {name: median(f["rows"] / f["seconds"] for f in found) for name, found in taken.items()}
    *_, against = ways
    for name, found in taken.items():
        print(
            f"  {name:20} {speeds[name]:>9,.0f} rows/s {speeds[name] / speeds[against]:6.2f} x {against:20}"
            f" peak {max(f['peak'] for f in found):4.0f} MiB, file {found[0]['size'] / 2**20:5.1f} MiB",
            flush=True,
        )


XLSX = (ours_xlsx.__name__, xlsxwriter_constant.__name__, openpyxl_write_only.__name__)
CSV = (ours_csv.__name__, ours_csv_by_python.__name__, copy_to.__name__)


def main(students: int = STUDENTS, rounds: int = ROUNDS) -> None:
    """The list's columns, then all; before it one grade, whose memory the whole must not exceed."""
    every = ",".join(fields_of(Student))
    with TemporaryDirectory(prefix="thabian-bench-") as name, world(students) as made:
        folder = Path(name)
        with sa.create_engine(services.owner_url(made.url)).connect() as connection:
            rows = connection.scalar(sa.text("SELECT count(*) FROM student"))
        print(f"\nof {rows:,} students one grade, columns of the list", flush=True)
        for ways in (XLSX, CSV):
            compare(made.url, folder, "", [f"part:{ways[0]}"], 1)
        print(f"\n{rows:,} students, columns of the list", flush=True)
        compare(made.url, folder, "", XLSX, rounds)
        compare(made.url, folder, "", CSV, 2 * rounds - 1)
        print(f"\n{rows:,} students, all {len(fields_of(Student))} columns", flush=True)
        compare(made.url, folder, every, XLSX[:1], 1)
        compare(made.url, folder, every, CSV, rounds)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        main(*(int(word) for word in sys.argv[1:]))
