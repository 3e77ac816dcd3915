"""The private servers that tests and benchmarks run against: fresh, alike production, and gone afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy
from redis import Redis

from scripts import services
from scripts.services import PostgreSQL, ServiceFailed, SQLite, owner_url

ROOT = Path(__file__).resolve().parent.parent


def run(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Run statements, as who owns the tables, in one transaction on a connection of their own; the rows of the last."""
    engine = sqlalchemy.create_engine(owner_url(url))
    with engine.begin() as connection:
        for statement in statements:
            result = connection.execute(sqlalchemy.text(statement))
        rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


def value(url: str, *statements: str) -> object:
    """The one value that the last statement answers."""
    return run(url, *statements)[0][0]


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that only waits for its parent to notice its end does not."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until_dead(pid: int) -> None:
    """Give a process ten seconds to end."""
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(pid)


def test_a_fresh_database_is_empty_and_writable(database_url: str) -> None:
    run(database_url, "CREATE TABLE school (code TEXT)", "INSERT INTO school VALUES ('16020123')")
    assert value(database_url, "SELECT code FROM school") == "16020123"


def test_what_one_test_wrote_the_next_does_not_see(databases: PostgreSQL | SQLite) -> None:
    first, second = databases.fresh(), databases.fresh()
    run(first, "CREATE TABLE student (name TEXT)")
    run(second, "CREATE TABLE student (name TEXT)")
    assert value(second, "SELECT count(*) FROM student") == 0


def test_a_template_is_built_once_and_copied(databases: PostgreSQL | SQLite) -> None:
    name = databases.template(
        "with_one_area",
        build=lambda url: run(url, "CREATE TABLE area (n INT)", "INSERT INTO area VALUES (245)"),
    )
    first, second = databases.fresh(name), databases.fresh(name)
    run(first, "DELETE FROM area")
    assert value(second, "SELECT n FROM area") == 245


def test_a_dropped_database_is_gone(databases: PostgreSQL | SQLite) -> None:
    url = databases.fresh()
    run(url, "CREATE TABLE t (n INT)")
    databases.drop(url)
    if isinstance(databases, SQLite):
        assert not Path(url.removeprefix("sqlite:///")).exists()
    else:
        with pytest.raises(sqlalchemy.exc.OperationalError, match="does not exist"):
            run(url, "SELECT 1")


def test_postgresql_speaks_utf8_and_sorts_by_code_unless_told_thai(postgres_url: str) -> None:
    assert value(postgres_url, "SHOW server_encoding") == "UTF8"
    words = "(VALUES ('ฮะ'), ('เกษม')) AS word(w)"
    assert value(postgres_url, f"SELECT w FROM {words} ORDER BY w LIMIT 1") == "ฮะ"
    assert value(postgres_url, f'SELECT w FROM {words} ORDER BY w COLLATE "th-x-icu" LIMIT 1') == "เกษม"


def test_the_application_may_create_the_trigram_extension(postgres_url: str) -> None:
    assert value(postgres_url, "CREATE EXTENSION pg_trgm", "SELECT similarity('สมชาย', 'สมชาย')") == 1


def test_the_application_is_no_superuser_so_that_row_level_security_binds_it(postgres_url: str) -> None:
    assert value(postgres_url, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = user") is False


def test_redis_is_empty_before_each_test_and_keeps_what_is_set(redis_url: str) -> None:
    with Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("รอบ", "1/2568")
        assert client.get("รอบ") == b"1/2568"


def test_redis_is_emptied_again(redis_url: str) -> None:
    test_redis_is_empty_before_each_test_and_keeps_what_is_set(redis_url)


def test_servers_stop_and_leave_nothing_when_a_test_fails() -> None:
    seen: dict[Path, int] = {}
    with pytest.raises(ZeroDivisionError):
        fail_beside_a_server(seen)
    [(folder, pid)] = seen.items()
    assert not is_alive(pid)
    assert not folder.exists()


def fail_beside_a_server(seen: dict[Path, int]) -> None:
    """Start a server, note its folder and process, and fail."""
    with services.postgresql() as server:
        with server.connect() as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
        data = Path(row[0])
        pid = int((data / "postmaster.pid").read_text().split()[0])
        assert is_alive(pid)
        seen[data.parent] = pid
        raise ZeroDivisionError


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_servers_die_with_a_run_that_is_killed(ending: signal.Signals) -> None:
    program = [sys.executable, "-m", "scripts.services", "sh", "-c", "echo $THABIAN_REDIS_URL; sleep 60"]
    with subprocess.Popen(
        program, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        assert run.stdout is not None
        url = run.stdout.readline().strip()
        with Redis.from_url(url) as client:
            server = int(client.info()["process_id"])
        os.kill(run.pid, ending)
        run.wait()
        wait_until_dead(server)
        with suppress(ProcessLookupError):  # the shell may have ended by itself
            os.killpg(run.pid, signal.SIGKILL)  # the sleep
    with services._folder("thabian-pg-"), services._folder("thabian-redis-"):
        pass  # what a killed run cannot remove itself


def test_what_a_killed_run_left_is_removed_by_the_next_but_not_a_living_runs_folder() -> None:
    left = Path(tempfile.mkdtemp(prefix="thabian-redis-", dir="/tmp"))
    (left / "alive").touch()
    with services._folder("thabian-redis-") as living:
        assert not left.exists()
        with services._folder("thabian-redis-"):
            assert living.exists()
    assert not living.exists()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with services.redis() as url:
        taken = url.rpartition(":")[2].partition("/")[0]
        command: list[object] = ["redis-server", "--port", taken, "--save", ""]
        with pytest.raises(ServiceFailed, match="Address already in use"):
            services._Running.start(command, tmp_path, None, signal.SIGTERM, lambda: False)
