"""A student file previewed and committed with its history: ``python -m bench.import_file [rows] [rounds]``.

Beside it, in the same run, what one writes without set-based work: openpyxl and one ORM object a row, which
pass the same checks and write the same history. Both take turns, so that a busy machine slows both alike.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import openpyxl
from flask import Flask

import config
from appbuilder_app import access, create_app, setup
from appbuilder_app.access import Viewer
from appbuilder_app.dataset import lock, validation
from appbuilder_app.dataset.sheet import Sheet
from appbuilder_app.declaration import db
from appbuilder_app.demo import calendar, load, people
from appbuilder_app.demo.national_file import student_file as national_file
from appbuilder_app.demo.schools import School, schools
from appbuilder_app.models import Student
from appbuilder_app.thaidate import bangkok
from appbuilder_app.workflows import roles, student_file
from appbuilder_app.workflows.student_file.layout import layout_of
from scripts import services

ROWS, ROUNDS, PEER_ROWS = 20_000, 3, 2_000


@contextmanager
def register(folder: Path) -> Iterator[Flask]:
    """An application on a private PostgreSQL that syncs to disk, as in production."""
    with services.postgresql(durable=True) as server:
        settings = config.settings({"THABIAN_INSTANCE": str(folder), **services.environment(server.fresh())})
        app = create_app(settings)
        with app.app_context():
            setup.migrate()
            setup.prepare()
            yield app
            db.session.remove()
            db.engine.dispose()


def prepare(count: int) -> list[School]:
    """An open round, and as many schools as are imported into."""
    made = schools(load.AREA, count)
    with setup.acting("bench"):
        load.load_schools([made])
        calendar.create_open(calendar.calendar(bangkok(lock.now()).date()).current)
        db.session.commit()
    return made


def officer(school: School) -> Viewer:
    """Who imports the school's file."""
    scope = f"C/{school.area_code}/{school.code}"
    return Viewer(1, "officer", "เจ้าหน้าที่", "ครู", scope, roles.known_rights())


def ours(school: School, data: bytes) -> tuple[float, float]:
    """Seconds of the preview and of the commit."""
    with access.acting_as(officer(school), through="command"):
        begun = perf_counter()
        batch = student_file.preview(school.code, "bench.xlsx", data)
        db.session.commit()
        previewed = perf_counter()
        student_file.commit(batch.id)
        db.session.commit()
        return previewed - begun, perf_counter() - previewed


def peer(school: School, data: bytes) -> float:
    """Seconds of openpyxl and one ORM object a row, without set-based work."""
    with access.acting_as(officer(school), through="command"):
        begun = perf_counter()
        lines = openpyxl.load_workbook(io.BytesIO(data), read_only=True).active.iter_rows(values_only=True)
        _title, header, *rows = [list(line) for line in lines]
        table = Sheet(2, header, list(enumerate(rows, start=3)))
        places = layout_of(table).places
        for _number, row in table.rows:
            values, problems = validation.read_row(Student, {one.field: row[one.index] for one in places})
            assert not problems, problems
            given = {name: value for name, value in values.items() if value is not None}
            db.session.add(Student(school_code=school.code, **given))
        db.session.commit()
        db.session.expunge_all()
        return perf_counter() - begun


PEER = "openpyxl and the ORM, row by row"


def turn(school: School, other: School, rows: int) -> dict[str, float]:
    """Rows a second of each piece of work."""
    learners = list(people.students(school._replace(students=rows)))
    data = national_file(school, learners)
    moved = national_file(school, (one._replace(room=one.room + 1) for one in learners))
    previewed, committed = ours(school, data)
    again, changed = ours(school, data), ours(school, moved)
    others = people.students(other._replace(students=min(PEER_ROWS, rows)))
    by_orm = peer(other, national_file(other, others))
    return {
        "new pupils: preview": rows / previewed,
        "new pupils: commit": rows / committed,
        "new pupils: both": rows / (previewed + committed),
        "the same file again: both": rows / sum(again),
        "every pupil changed: both": rows / sum(changed),
        PEER: min(PEER_ROWS, rows) / by_orm,
    }


def main() -> None:
    """Measure and print; ``rows`` and ``rounds`` from the command line."""
    rows, rounds = (*map(int, sys.argv[1:3]), *(ROWS, ROUNDS)[len(sys.argv) - 1 :])
    with TemporaryDirectory() as folder, register(Path(folder)):
        # Numbers of its own for each: so many pupils in a school are more than the demo leaves room for.
        made = [school._replace(first_serial=at * rows) for at, school in enumerate(prepare(2 * rounds))]
        turns = [turn(made[2 * at], made[2 * at + 1], rows) for at in range(rounds)]
    print(f"{rows:,} rows of 36 columns as xlsx, PostgreSQL that syncs to disk, median of {rounds}")
    speeds = {name: median(one[name] for one in turns) for name in turns[0]}
    for name, speed in speeds.items():
        print(f"{name:34} {speed:8,.0f} rows/s {speed / speeds[PEER]:7.1f} x")


if __name__ == "__main__":
    main()
