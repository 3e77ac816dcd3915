"""A private PostgreSQL with synthetic learners, and servers over it: what the benchmarks measure on.

Up to ``GENERATED`` learners are made one by one, as in the demo; more of them are copies under other numbers in other
schools, made by the database, so that a nation's size costs a minute and not ten.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask

import config
from scripts import services

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ROOT / ".venv" / "bench"
"""Where scripts/bench-libraries.sh puts what is only compared with."""

KEEP = "BENCH_WORLD"
"""The variable that names a folder, outside of closed homes, in which loaded worlds stay for the next run."""

WORKERS, THREADS = 2, 4
START_SECONDS = 120
GENERATED, COPIED = 100_000, 20_000
SCHOOLS = 29_500
"""Of the country; there are as many where learners are copied."""


@dataclass(frozen=True)
class Server:
    """A running server: its port, the process that began it, and the port of the database behind it."""

    port: int
    pid: int
    database_port: int

    def processor_seconds(self) -> float:
        """Processor time spent so far by the server's processes and by its database's.

        What others do on the machine does not change it, as it changes requests per second.
        """
        processes = list(_processes())
        database = next(p.pid for p in processes if f"port={self.database_port}\0" in p.words)
        ours = (p for p in processes if p.group == self.pid or database in {p.pid, p.parent})
        return sum(p.seconds for p in ours)


class _Process(NamedTuple):
    pid: int
    parent: int
    group: int
    words: str
    seconds: float
    """Spent by itself and by children that have ended."""


def _processes() -> Iterator[_Process]:
    ticks = os.sysconf("SC_CLK_TCK")
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            words = (entry / "cmdline").read_text()
        except OSError:
            continue  # it has just ended
        yield _Process(
            int(entry.name), int(fields[1]), int(fields[2]), words, sum(map(int, fields[11:15])) / ticks
        )


def peak_mib() -> float:
    """The most memory that this process has held, in MiB.

    Not what getrusage says: that counts the process it was forked from.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


class World:
    """A database, an instance folder, and the environment in which servers find them."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.environment = os.environ | {
            **services.environment(url),
            "THABIAN_INSTANCE": str(folder),
            "PYTHONPATH": f"{ROOT}:{LIBRARIES}",
            "DJANGO_SETTINGS_MODULE": "bench.django_admin.settings",
        }

    def app(self, url: str = "") -> Flask:
        """The application on this database (by another role's ``url``), in this process, without login limit."""
        from appbuilder_app import create_app

        settings = config.settings(
            {"THABIAN_INSTANCE": str(self.folder), **services.environment(url or self.url)}
        )
        return create_app(settings | {"RATELIMIT_ENABLED": False, "WTF_CSRF_ENABLED": False})

    def run(self, *arguments: str) -> str:
        """Run Python in the world's environment; its output."""
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    @contextmanager
    def serving(self, *command: str, **environment: str) -> Iterator[Server]:
        """A server, started with the words of ``command``, in which ``PORT`` stands for its port."""
        port = services.free_port()
        words = [word.replace("PORT", str(port)) for word in command]
        more = {name: value.replace("PORT", str(port)) for name, value in environment.items()}
        log = (self.folder / "server.log").open("ab")
        server = subprocess.Popen(
            words, env=self.environment | more, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait_for(port, server)
            yield Server(port, server.pid, int(urlsplit(self.url).port or 0))
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)
            log.close()

    def gunicorn(self, application: str) -> Any:
        """A WSGI application under gunicorn with as many workers and threads as ours."""
        command = (sys.executable, "-m", "gunicorn", "-k", "gthread", "-b", "127.0.0.1:PORT", application)
        return self.serving(*command, "-w", str(WORKERS), "--threads", str(THREADS), "--log-level", "error")

    def ours(self, **environment: str) -> Any:
        """Our application as ``python run.py`` serves it."""
        return self.serving(
            sys.executable,
            "run.py",
            THABIAN_PORT="PORT",
            THABIAN_WORKERS=str(WORKERS),
            THABIAN_THREADS=str(THREADS),
            **environment,
        )


@contextmanager
def world(learners: int, *, areas: int = 245, kept: bool = False) -> Iterator[World]:
    """A world with the demo and at least so many learners; prints how fast they were loaded.

    Benchmarks that change nothing may have a ``kept`` one, where ``KEEP`` names a folder: it is loaded once.
    """
    if kept and KEEP in os.environ:
        with _kept(Path(os.environ[KEEP]) / str(learners), learners, areas) as made:
            yield made
        return
    with services.postgresql() as server, TemporaryDirectory(prefix="thabian-bench-") as folder:
        made = World(server.fresh(), Path(folder))
        load(made, learners, areas)
        yield made


@contextmanager
def _kept(folder: Path, learners: int, areas: int) -> Iterator[World]:
    whole = folder / "whole"
    if not whole.exists():  # new, or the run that was to load it has not finished
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "postgresql").mkdir(parents=True)
        (folder / "instance").mkdir()
    with services.postgresql(kept=folder / "postgresql") as server:
        if whole.exists():
            made = World(server.url(whole.read_text()), folder / "instance")
            print(f"the world kept in {folder}", flush=True)
        else:
            made = World(server.fresh(), folder / "instance")
            load(made, learners, areas)
            whole.write_text(made.url.rpartition("/")[2])
        yield made


def load(made: World, learners: int, areas: int) -> None:
    """Fill an empty database with the demo and at least so many learners; prints how fast."""
    from appbuilder_app import setup
    from appbuilder_app.declaration import db
    from appbuilder_app.demo import making
    from appbuilder_app.demo.load import Size

    with made.app().app_context():
        setup.migrate()
        db.engine.dispose()
    # The owner loads: only who owns the tables may put their indexes aside meanwhile.
    with made.app(services.owner_url(made.url)).app_context():
        setup.prepare()
        begun = time.perf_counter()
        size = Size(areas, None, learners if learners <= GENERATED else COPIED)
        loaded = making.make(size, made.folder, tell=lambda _line: None).loaded
        print(
            f"loaded {loaded.learners:,} learners of {loaded.schools:,} schools"
            f" in {time.perf_counter() - begun:.0f} s ({loaded.rows_per_second:,} rows/s, indexes included)"
        )
        if learners > GENERATED:
            copied = _copied(db.session.connection(), learners)
            db.session.commit()
            print(f"and {copied:,} copies of them, {time.perf_counter() - begun:.0f} s in all", flush=True)
        db.session.remove()
        db.engine.dispose()


def _copied(connection: sa.Connection, learners: int) -> int:
    """Copies of the learners in further schools, up to so many in all; how many copies there are."""
    from appbuilder_app.demo.load import indexed_afterwards
    from appbuilder_app.models import School, Student
    from appbuilder_app.walls import SetWork, set_based

    facts = {"schools": SCHOOLS, "learners": learners}
    connection.exec_driver_sql("SET LOCAL work_mem = '256MB'")
    with set_based(SetWork.DEMO), indexed_afterwards(connection, learners):
        connection.execute(
            sa.text(_COPY_SCHOOLS.format(_others(School, "code", "scope", "moe_code"), **facts))
        )
        connection.exec_driver_sql("ALTER TABLE student DISABLE TRIGGER USER")
        # Each copy born on another day: otherwise all would be one child to the search for duplicates.
        others = _others(Student, "id", "school_code", "scope", "national_id", "birth_date")
        copied = connection.execute(sa.text(_COPY_LEARNERS.format(others, **facts))).rowcount
        connection.exec_driver_sql("ALTER TABLE student ENABLE TRIGGER USER")
    connection.exec_driver_sql("ANALYZE")
    return copied


def _others(model: Any, *special: str) -> str:
    copied = (
        column for column in model.__table__.columns if column.name not in special and not column.computed
    )
    return ", ".join(f'"{column.name}"' for column in copied)


_COPY_SCHOOLS = """
INSERT INTO school (code, scope, {0})
SELECT new.code, 'C/' || area_code || '/' || new.code, {0}
FROM (SELECT *, row_number() OVER (ORDER BY school.code) - 1 AS place, count(*) OVER () AS there FROM school) AS old
JOIN (SELECT n, (90000000 + n)::text AS code FROM generate_series(1, {schools}) AS n) AS new ON new.n % there = place
WHERE new.n <= {schools} - there
"""
_COPY_LEARNERS = """
INSERT INTO student (school_code, scope, national_id, birth_date, {0})
SELECT new.code, new.scope, 'G' || lpad(n::text, 12, '0'), birth_date + (n / there)::int, {0}
FROM (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM student) AS old
JOIN (SELECT count(*) AS there FROM student) AS had ON true
JOIN generate_series(1, {learners}) AS n ON n % there = place
JOIN (SELECT school.code, school.scope, row_number() OVER (ORDER BY school.scope) - 1 AS at
      FROM school WHERE code LIKE '9%') AS new
  ON new.at = n * (SELECT count(*) FROM school WHERE code LIKE '9%') / ({learners} + 1)
WHERE n <= {learners} - there
"""


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")
