"""A private PostgreSQL and Redis, started for one test run, check or benchmark and gone after it.

    python -m scripts.services COMMAND ...   # with THABIAN_DATABASE_URL and its like, THABIAN_REDIS_URL set

Nothing of the machine's own servers is touched: own folder, own port, loopback only.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from redis import Redis
from redis.exceptions import RedisError

START_SECONDS = 30
STOP_SECONDS = 10
TRIES = 3

# Ordinary roles, as in production: a superuser would walk through every row-level security policy, and who
# owns the tables could take the policies away. See docs/operators/install.md.
APPLICATION_ROLE, OWNER_ROLE, COUNTRY_ROLE = "thabian", "thabian_owner", "thabian_country"
# Row-level security is forced upon the owner, too; so told, its connections see all rows.
_SEES_ALL = "options=-c%20thabian.scope%3DC"

# What docs/operators/install.md asks for: the defaults of a server are those of a machine with 1 GB.
AS_IN_PRODUCTION = {
    "shared_buffers": "1GB",
    "work_mem": "32MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "lz4",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# /tmp itself: a server's own account must reach it, and a unix socket's path may have 107 bytes at most.
TEMPORARY = Path("/tmp")  # noqa: S108 -- mkdtemp makes the names below it
IN_MEMORY = Path("/dev/shm")  # noqa: S108 -- the same
ROOM_IN_MEMORY = 4 * 2**30
"""Bytes that must be free there before databases are put into memory; a container's own has 64 MB."""
ALIVE = "alive"

Build = Callable[[str], object]


class ServiceMissing(RuntimeError):
    """A server program is not installed."""


class ServiceFailed(RuntimeError):
    """A server did not start; the message ends with its log."""


def owner_url(url: str) -> str:
    """The URL by which the owner of a database's tables sees and changes all; on SQLite there is but one."""
    return f"{_as_role(url, OWNER_ROLE)}?{_SEES_ALL}" if url.startswith("postgresql") else url


def environment(url: str) -> dict[str, str]:
    """The THABIAN_* variables of an installation on a database that `fresh` made."""
    given = {"THABIAN_DATABASE_URL": url}
    if url.startswith("postgresql"):
        given["THABIAN_DATABASE_OWNER_URL"] = owner_url(url)
        given["THABIAN_DATABASE_COUNTRY_ROLE"] = COUNTRY_ROLE
    return given


def _as_role(url: str, role: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{role}@{rest.rpartition('@')[2].partition('?')[0]}"


@dataclass
class PostgreSQL:
    """A running private server. Databases are made by `fresh`; their owner is not the role that they are for."""

    port: int
    numbers: Iterator[int] = field(default_factory=count)
    _built: set[str] = field(default_factory=set)

    def url(self, database: str, role: str = APPLICATION_ROLE) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{role}@127.0.0.1:{self.port}/{database}"

    def fresh(self, template: str | None = None) -> str:
        """A new database, empty or a copy of a `template`; its URL."""
        name = f"fresh_{next(self.numbers)}"
        self._create(name, template or "template0")
        return self.url(name)

    def template(self, name: str, build: Build, start: str = "template0") -> str:
        """Build a database once, by calling `build` with its URL, for `fresh(name)` to copy.

        `build` finds a copy of the template `start`, or an empty database. It must close its connections
        (`engine.dispose()`): PostgreSQL copies no database in use.
        """
        if name not in self._built:
            self._create(name, start)
            build(self.url(name))
            self._built.add(name)
        return name

    def drop(self, url: str) -> None:
        """Drop a database that `fresh` made, together with the connections left open to it."""
        name = url.rpartition("/")[2]
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _create(self, name: str, template: str) -> None:
        self.execute(
            # Copied as files: the write-ahead log of a copy would be as long as the copy.
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER_ROLE)
            )
        )

    def execute(self, statement: sql.Composed) -> None:
        """Run one statement as the superuser."""
        with closing(self.connect()) as connection:
            connection.execute(statement)

    def connect(self) -> psycopg.Connection:
        """The superuser's connection, in autocommit."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname="postgres", autocommit=True
        )


@dataclass
class SQLite:
    """Databases as files in one folder, with the same verbs as PostgreSQL's."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=count)
    _built: set[str] = field(default_factory=set)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.db"

    def fresh(self, template: str | None = None) -> str:
        """A new database, empty or a copy of a `template`; its URL."""
        file = self._file(f"fresh_{next(self.numbers)}")
        if template:
            shutil.copyfile(self._file(template), file)
        return f"sqlite:///{file}"

    def template(self, name: str, build: Build, start: str = "") -> str:
        """Build a database once, by calling `build` with its URL, for `fresh(name)` to copy.

        `build` finds a copy of the template `start`, or an empty database. It must close its connections:
        what is still in the write-ahead log would not be copied.
        """
        if name not in self._built:
            if start:
                shutil.copyfile(self._file(start), self._file(name))
            build(f"sqlite:///{self._file(name)}")
            self._built.add(name)
        return name

    def drop(self, url: str) -> None:
        """Delete a database's file and its journals."""
        file = Path(url.removeprefix("sqlite:///"))
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{file}{suffix}").unlink(missing_ok=True)


@contextmanager
def postgresql(durable: bool = False, kept: Path | None = None) -> Iterator[PostgreSQL]:
    """A private PostgreSQL; `durable=True` keeps fsync, for figures that shall hold in production.

    Its folder is removed afterwards unless it is a `kept` one, in which the next run finds the same databases.
    What need not outlive the machine lies in memory where there is room: a test's own database is some hundred files.
    """
    programs = _postgresql_programs()
    place = TEMPORARY if durable else quick_place()
    with nullcontext(kept) if kept else _folder("thabian-pg-", place) as folder:
        user = _server_user(folder)
        data = folder / "data"
        is_new = not data.exists()
        if is_new:
            _run_as(user, [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                           "--locale=C.UTF-8", "--no-sync", "--no-instructions"])  # fmt: skip
        with _on_free_port(lambda port: _postgresql_on(port, programs, folder, user, durable)) as port:
            server = PostgreSQL(port)
            if is_new:
                _make_roles(server)
            yield server


def _make_roles(server: PostgreSQL) -> None:
    names = {
        "owner": sql.Identifier(OWNER_ROLE),
        "application": sql.Identifier(APPLICATION_ROLE),
        "country": sql.Identifier(COUNTRY_ROLE),
    }
    for statement in (
        "CREATE ROLE {owner} LOGIN",
        "CREATE ROLE {application} LOGIN NOINHERIT",
        "CREATE ROLE {country}",
        "GRANT {country} TO {application}",
    ):
        server.execute(sql.SQL(statement).format(**names))


@contextmanager
def redis() -> Iterator[str]:
    """A private Redis that keeps nothing; its URL."""
    program = shutil.which("redis-server")
    if program is None:
        raise ServiceMissing("redis-server is not installed; `make test` installs it")
    with _folder("thabian-redis-") as folder:

        def start(port: int) -> _Running:
            command = [program, "--port", port, "--bind", "127.0.0.1", "--dir", folder, "--save", "",
                       "--appendonly", "no"]  # fmt: skip
            return _Running.start(command, folder, None, signal.SIGTERM, lambda: _redis_answers(port))

        with _on_free_port(start) as port:
            yield f"redis://127.0.0.1:{port}/0"


def _postgresql_programs() -> Path:
    """The folder of the newest server's programs; Debian keeps it off the PATH."""
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if versions:
        return max(versions, key=lambda programs: float(programs.parent.name))
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    raise ServiceMissing("PostgreSQL is not installed; `make test` installs it")


def _server_user(folder: Path) -> str | None:
    """Who runs PostgreSQL, which refuses root: another account that now owns the folder, or we ourselves."""
    if os.geteuid() != 0:
        return None
    accounts = {account.pw_name for account in pwd.getpwall()}
    user = "postgres" if "postgres" in accounts else "nobody"
    shutil.chown(folder, user)
    return user


def _postgresql_on(port: int, programs: Path, folder: Path, user: str | None, durable: bool) -> _Running:
    values = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder,
              "max_connections": 200, "logging_collector": "off"}  # fmt: skip
    values |= AS_IN_PRODUCTION if durable else NOT_DURABLE
    options = [word for name, value in values.items() for word in ("-c", f"{name}={value}")]
    # SIGINT is PostgreSQL's fast shutdown: open connections are cut, nothing is waited for.
    return _Running.start(
        [programs / "postgres", "-D", folder / "data", *options],
        folder, user, signal.SIGINT, lambda: _postgresql_answers(port),
    )  # fmt: skip


def _postgresql_answers(port: int) -> bool:
    try:
        PostgreSQL(port).connect().close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(port: int) -> bool:
    with Redis(host="127.0.0.1", port=port) as client:
        try:
            return bool(client.ping())
        except RedisError:
            return False


@dataclass
class _Running:
    """A server process that ends with us, however we end."""

    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals

    @classmethod
    def start(
        cls,
        command: list[object],
        folder: Path,
        user: str | None,
        stop: signal.Signals,
        answers: Callable[[], bool],
    ) -> _Running:
        """Start and wait until it answers; ServiceFailed with the log's end when it does not."""
        log = folder / "log"
        # A killed test run takes its servers along: the kernel sends them the signal when we die.
        prefix = ["setpriv", f"--pdeathsig={stop.name.removeprefix('SIG')}"]
        with log.open("ab") as output:
            process = subprocess.Popen(
                prefix + _as_user(user) + [str(word) for word in command],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                # Its own group: Ctrl-C reaches only us, and we stop it after the tests have let go of it.
                start_new_session=True,
            )  # fmt: skip
        running = cls(process, log, stop)
        try:
            running._wait_for(answers)
        except BaseException:
            running.stop()
            raise
        return running

    def _wait_for(self, answers: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            # Ours must be the one that answers: another server may have taken the port first.
            if answers() and self.process.poll() is None:
                return
            time.sleep(0.05)
        raise ServiceFailed(self.log.read_text(errors="replace")[-2000:])

    def stop(self) -> None:
        """Stop it in its clean way, or kill it when it takes too long."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def _on_free_port(start: Callable[[int], _Running]) -> Iterator[int]:
    """Start a server on a port that is free; once more on another if somebody was faster."""
    for attempt in range(1, TRIES + 1):
        port = free_port()
        try:
            running = start(port)
        except ServiceFailed:
            if attempt == TRIES:
                raise
            continue
        try:
            yield port
        finally:
            running.stop()
        return


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def quick_place() -> Path:
    """Where files lie that are made and thrown away by the hundred: in memory, or, without room there, on disk."""
    if (
        IN_MEMORY.is_dir()
        and os.access(IN_MEMORY, os.W_OK)
        and shutil.disk_usage(IN_MEMORY).free > ROOM_IN_MEMORY
    ):
        return IN_MEMORY
    return TEMPORARY


@contextmanager
def sqlite() -> Iterator[SQLite]:
    """A private folder of SQLite databases."""
    with _folder("thabian-sqlite-", quick_place()) as folder:
        yield SQLite(folder)


@contextmanager
def _folder(prefix: str, place: Path = TEMPORARY) -> Iterator[Path]:
    """A server's folder, removed afterwards; what runs that were killed have left is removed now."""
    for left in [one for where in (TEMPORARY, IN_MEMORY) for one in where.glob(f"{prefix}*/{ALIVE}")]:
        if _is_abandoned(left):
            shutil.rmtree(left.parent, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
    try:
        with (folder / ALIVE).open("w") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(alive: Path) -> bool:
    """Whether the run that made this file is gone: the kernel lets go of a dead process's locks."""
    try:
        with alive.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _as_user(user: str | None) -> list[str]:
    if user is None:
        return []
    group = str(pwd.getpwnam(user).pw_gid)
    return [f"--reuid={user}", f"--regid={group}", "--clear-groups"]


def _run_as(user: str | None, command: list[object]) -> None:
    words = ["setpriv", *_as_user(user), *(str(word) for word in command)]
    done = subprocess.run(words, check=False, cwd=TEMPORARY, capture_output=True, text=True)
    if done.returncode != 0:
        raise ServiceFailed(done.stdout + done.stderr)


def main(command: list[str]) -> int:
    """Run a command beside a fresh PostgreSQL database and a Redis; its exit status."""
    with ExitStack() as servers:
        given = environment(servers.enter_context(postgresql()).fresh())
        given["THABIAN_REDIS_URL"] = servers.enter_context(redis())
        return subprocess.run(command, check=False, env=os.environ | given).returncode


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    # Terminated as if interrupted, so that the servers are stopped and their folders removed.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    sys.exit(main(sys.argv[1:]))
