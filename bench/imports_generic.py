"""A large template imported end to end: ``python -m bench.imports_generic [rows] [rounds]``.

Three ways in the same run, each in a process of its own whose memory is told, on one PostgreSQL that syncs to
disk and the same table with its indexes, triggers and policies: ours (preview, codes, check digits, duplicates,
references, owners, locks, commit, history), the bare pipeline (calamine, the same checks of cells, COPY into a
staging table, INSERT … SELECT; no preview, no history), and django-import-export, which takes a few rows only.
"""

from __future__ import annotations

import datetime as dt
import importlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import xlsxwriter

import config
from appbuilder_app import access, collector, create_app, identity, kinds, setup
from appbuilder_app.access import Viewer
from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db, fields_of
from appbuilder_app.demo import calendar, details, load, people
from appbuilder_app.demo.schools import School, schools
from appbuilder_app.models import Student
from appbuilder_app.thaidate import bangkok, slash_date
from appbuilder_app.workflows import imports, roles
from bench.world import LIBRARIES, ROOT, peak_mib
from scripts import services

ROWS, ROUNDS, PEER_ROWS, PER_SCHOOL = 100_000, 3, 2_000, 1_000
COLUMNS = (
    "school_code", "national_id", "title", "first_name", "last_name", "sex", "birth_date", "grade", "room",
    "student_number", "weight_kg", "height_cm", "blood", "religion", "ethnicity", "nationality",
    "house_no", "village_no", "street", "subdistrict", "district", "province",
    "guardian_first_name", "guardian_last_name", "guardian_occupation", "guardian_relation",
    "father_first_name", "father_last_name", "father_occupation",
    "mother_first_name", "mother_last_name", "mother_occupation",
    "disadvantage", "disability", "admission_date", "journey", "journey_minutes",
    "father_education", "mother_education", "studying_siblings",
)  # fmt: skip
NEEDED = tuple(name for name in COLUMNS if fields_of(Student)[name].required)
CODED: dict[str, kinds.Code] = {
    name: kind for name in COLUMNS if isinstance(kind := fields_of(Student)[name].kind, kinds.Code)
}
WHOLE = tuple(name for name in COLUMNS if isinstance(fields_of(Student)[name].kind, kinds.Whole))
DAYS = tuple(name for name in COLUMNS if isinstance(fields_of(Student)[name].kind, kinds.ThaiDate))


def workbook(made: list[School], rows: int) -> bytes:
    """The template's columns, filled by field name and label, for a thousand pupils of each school."""
    target = io.BytesIO()
    declared = fields_of(Student)
    with xlsxwriter.Workbook(target, {"constant_memory": True, "in_memory": False}) as book:
        sheet = book.add_worksheet("นักเรียน")
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, declared[name].th)
        for number, row in enumerate(_rows(made, rows), start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write_number(number, column, cell)
    return target.getvalue()


def _rows(made: list[School], rows: int) -> Iterator[list[Any]]:
    left = rows
    for school in made:
        learners = list(people.students(school._replace(students=min(PER_SCHOOL, left))))
        for one, more in zip(learners, details.details(school, learners), strict=True):
            cells: dict[str, Any] = one._asdict() | dict(zip(details.COLUMNS, more, strict=True))
            cells |= {name: kind.cell(kind.read(cells[name])) for name, kind in CODED.items()}
            cells |= {name: slash_date(cells[name]) for name in DAYS}
            yield [school.code, *(cells[name] for name in COLUMNS[1:])]
        left -= PER_SCHOOL
        if left <= 0:
            return


# ── The three ways, each in its own process ──────────────────────────────────────────────────────────────


def ours(path: Path) -> dict[str, float]:
    """Seconds of the preview and of the commit."""
    with _app().app_context(), access.acting_as(_officer(), through="command"):
        begun = perf_counter()
        batch = imports.receive("student", path.name, path.read_bytes())
        imports.judge(batch.id)
        db.session.commit()
        previewed = perf_counter()
        imports.commit(batch.id, whole=True)
        db.session.commit()
        done = perf_counter()
        return {"rows": batch.counts["new"], "preview": previewed - begun, "commit": done - previewed}


def bare(path: Path) -> dict[str, float]:
    """Seconds of calamine, checks of cells, COPY into a staging table, INSERT … SELECT."""
    import psycopg
    from python_calamine import CalamineWorkbook

    spellings = {name: {c.th: c.value for c in kind.codes} for name, kind in CODED.items()}
    begun = perf_counter()
    rows = iter(CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows())
    next(rows)
    seen: set[tuple[str, str]] = set()
    url = os.environ["THABIAN_DATABASE_OWNER_URL"].replace("postgresql+psycopg", "postgresql")
    names = ", ".join(COLUMNS)
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        scopes: dict[str, str] = dict(cursor.execute("SELECT code, scope FROM school").fetchall())
        cursor.execute(
            f"CREATE TEMPORARY TABLE staged ON COMMIT DROP AS SELECT scope, {names} FROM student WITH NO DATA"
        )
        with cursor.copy(f"COPY staged (scope, {names}) FROM STDIN") as copy:
            for cells in rows:
                row: dict[str, Any] = dict(zip(COLUMNS, cells, strict=True))
                number = row["national_id"]
                if not (identity.is_national_id(number) or identity.is_g_code(number)):
                    raise ValueError(number)
                if (row["school_code"], number) in seen:
                    raise ValueError(number)
                seen.add((row["school_code"], number))
                for name in CODED:
                    row[name] = spellings[name][row[name]] if row[name] else None
                for name in DAYS:
                    row[name] = _common_era(row[name])
                for name in WHOLE:
                    row[name] = None if row[name] == "" else int(row[name])
                if not all(row[name] for name in NEEDED):
                    raise ValueError(number)
                copy.write_row([scopes[row["school_code"]], *(None if v == "" else v for v in row.values())])
        cursor.execute(
            f"INSERT INTO student (scope, identity_type, {names}) SELECT scope, %s, {names} FROM staged",
            [Student.__table__.c.identity_type.default.arg.value],
        )
    return {"rows": len(seen), "all": perf_counter() - begun}


def _common_era(text: str) -> str:
    """An ISO date from ``dd/mm/พ.ศ.``; ValueError for a day that no calendar has."""
    day, month, year = map(int, text.split("/"))
    return dt.date(year - 543, month, day).isoformat()


def peer(path: Path) -> dict[str, float]:
    """Seconds of django-import-export: dry run and import of a resource, as its admin does it."""
    sys.path.append(str(LIBRARIES))
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.django_admin.settings"
    import django

    django.setup()
    tablib, fields, resources, widgets = (
        importlib.import_module(name)
        for name in ("tablib", "import_export.fields", "import_export.resources", "import_export.widgets")
    )

    from bench.django_admin.models import Pupil
    from bench.django_admin.models import School as DjangoSchool

    spellings = {name: {c.th: c.value for c in kind.codes} for name, kind in CODED.items()}
    scopes = dict(DjangoSchool.objects.values_list("code", "scope"))

    class Resource(resources.ModelResource):  # type: ignore[name-defined]
        school = fields.Field("school", "school_code", widget=widgets.ForeignKeyWidget(DjangoSchool, "code"))

        class Meta:
            model = Pupil
            import_id_fields = ("school", "national_id")
            fields = ("school", "scope", *COLUMNS[1:])
            use_bulk = True
            batch_size = 1_000
            skip_diff = True

        def before_import_row(self, row: Any, **_options: Any) -> None:
            for name in CODED:
                row[name] = spellings[name].get(row[name])
            for name in DAYS:
                row[name] = _common_era(row[name])
            row["scope"] = scopes[row["school_code"]]
            if not (identity.is_national_id(row["national_id"]) or identity.is_g_code(row["national_id"])):
                raise ValueError(row["national_id"])

    begun = perf_counter()
    table = tablib.Dataset().load(path.read_bytes(), format="xlsx")
    table.headers = list(COLUMNS)
    for dry in (True, False):
        result = Resource().import_data(table, dry_run=dry, raise_errors=True)
    return {"rows": result.total_rows, "all": perf_counter() - begun}


def _app() -> Any:
    return create_app(config.settings(os.environ))


def _officer() -> Viewer:
    rights = roles.known_rights()
    return Viewer(1, "officer", "เจ้าหน้าที่", "", "C", rights)


# ── The run ──────────────────────────────────────────────────────────────────────────────────────────────


def measured(way: str, path: Path, environment: dict[str, str]) -> dict[str, float]:
    """What a way tells of itself, and the most memory its process held, in MiB."""
    command = [sys.executable, "-m", "bench.imports_generic", way, str(path)]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _tidied(environment: dict[str, str]) -> None:
    """What a server does of itself within minutes, so that none pays for what the one before has left behind."""
    import psycopg

    url = environment["THABIAN_DATABASE_OWNER_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE student, change, import_line")


def main() -> None:
    """Measure and print; ``rows`` and ``rounds`` from the command line."""
    rows, rounds = (*map(int, sys.argv[1:3]), *(ROWS, ROUNDS)[len(sys.argv) - 1 :])
    of_peer = min(rows, PEER_ROWS)
    with TemporaryDirectory() as folder, services.postgresql(durable=True) as server:
        environment = os.environ | {
            "THABIAN_INSTANCE": folder, **services.environment(server.fresh()),
            "DJANGO_SETTINGS_MODULE": "bench.django_admin.settings", "PYTHONPATH": f"{ROOT}",
        }  # fmt: skip
        app = create_app(config.settings(environment))
        with app.app_context():
            setup.migrate()
            setup.prepare()
            wanted = rounds * (2 * -(-rows // PER_SCHOOL) + -(-of_peer // PER_SCHOOL))
            # Numbers of its own for each: so many pupils in every school are more than the demo leaves room for.
            made = [
                school._replace(first_serial=at * PER_SCHOOL)
                for at, school in enumerate(schools(load.AREA, wanted))
            ]
            with setup.acting("bench"):
                load.load_schools([made])
                calendar.create_open(calendar.calendar(bangkok(lock.now()).date()).current)
                db.session.commit()
            db.session.remove()
            db.engine.dispose()
        waiting = iter(made)
        turns: dict[str, list[dict[str, float]]] = {}
        for _round in range(rounds):
            for way, count in (("ours", rows), ("bare", rows), ("peer", of_peer)):
                if way == "peer" and not LIBRARIES.exists():
                    continue  # scripts/bench-libraries.sh has not been run
                path = Path(folder) / f"{way}.xlsx"
                chosen = [next(waiting) for _ in range(-(-count // PER_SCHOOL))]
                path.write_bytes(workbook(chosen, count))
                _tidied(environment)
                turns.setdefault(way, []).append(measured(way, path, environment))
    _tell(rows, rounds, turns)


def _tell(rows: int, rounds: int, turns: dict[str, list[dict[str, float]]]) -> None:
    print(
        f"{rows:,} rows of {len(COLUMNS)} columns as xlsx, PostgreSQL that syncs to disk, median of {rounds}"
    )
    speed = {
        way: median(t["rows"] / (t["all"] if "all" in t else t["preview"] + t["commit"]) for t in told)
        for way, told in turns.items()
    }
    for way, told in turns.items():
        memory = max(t["memory"] for t in told)
        against = " ".join(f"{speed[way] / other:6.2f} x {name}" for name, other in speed.items())
        print(f"{way:6} {speed[way]:8,.0f} rows/s {memory:6.0f} MiB {against}")
    for part in ("preview", "commit"):
        print(f"ours, {part}: {median(t['rows'] / t[part] for t in turns['ours']):,.0f} rows/s")


WAYS: dict[str, Callable[[Path], dict[str, float]]] = {"ours": ours, "bare": bare, "peer": peer}

if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] in WAYS:
        with collector.resting():
            told = WAYS[sys.argv[1]](Path(sys.argv[2]))
        print(json.dumps(told | {"memory": peak_mib()}))
    else:
        main()
