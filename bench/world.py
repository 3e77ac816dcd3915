"""A private PostgreSQL with synthetic learners, and servers over it: what the benchmarks measure on."""

from __future__ import annotations

import os
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

from flask import Flask

import config
from scripts import services

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ROOT / ".venv" / "bench"
"""Where scripts/bench-libraries.sh puts what is only compared with."""

WORKERS, THREADS = 2, 4
START_SECONDS = 60


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


class World:
    """A database, an instance folder, and the environment in which servers find them."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.environment = os.environ | {
            "THABIAN_DATABASE_URL": url,
            "THABIAN_INSTANCE": str(folder),
            "PYTHONPATH": f"{ROOT}:{LIBRARIES}",
            "DJANGO_SETTINGS_MODULE": "bench.django_admin.settings",
        }

    def app(self) -> Flask:
        """The application on this database, in this process, without the login limit."""
        from appbuilder_app import create_app

        settings = config.settings({"THABIAN_INSTANCE": str(self.folder), "THABIAN_DATABASE_URL": self.url})
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

    def ours(self) -> Any:
        """Our application as ``python run.py`` serves it."""
        return self.serving(
            sys.executable,
            "run.py",
            THABIAN_PORT="PORT",
            THABIAN_WORKERS=str(WORKERS),
            THABIAN_THREADS=str(THREADS),
        )


@contextmanager
def world(learners: int, *, areas: int = 245) -> Iterator[World]:
    """A world with the demo and at least so many learners; prints how fast they were loaded."""
    with services.postgresql() as server, TemporaryDirectory(prefix="thabian-bench-") as folder:
        made = World(server.fresh(), Path(folder))
        _load(made, learners, areas)
        yield made


def _load(made: World, learners: int, areas: int) -> None:
    from appbuilder_app import setup
    from appbuilder_app.declaration import db
    from appbuilder_app.demo import making
    from appbuilder_app.demo.load import Size

    app = made.app()
    with app.app_context():
        setup.migrate()
        setup.prepare()
        begun = time.perf_counter()
        loaded = making.make(Size(areas, None, learners), made.folder, tell=lambda _line: None).loaded
        print(
            f"loaded {loaded.learners:,} learners of {loaded.schools:,} schools"
            f" in {time.perf_counter() - begun:.0f} s ({loaded.rows_per_second:,} rows/s, indexes included)"
        )
        db.session.remove()
        db.engine.dispose()


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
