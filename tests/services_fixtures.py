"""Real servers for the tests, private to the run: SQLite and PostgreSQL databases, and a Redis.

A test that takes `database_url` runs once on each database, each time on one that nobody else has touched.
On PostgreSQL the URLs are those of the application's role, which owns nothing and sees no row without a viewer.
`services.owner_url(url)` is the owner's, who sees and may do all: for making tables and for judging results.

To start from migrated tables or loaded data, build a template once for the whole run and copy it:

    @pytest.fixture(scope="session")
    def migrated(databases): return databases.template("migrated", build=migrate)  # migrate(url)

    @pytest.fixture
    def url(databases, migrated): return databases.fresh(migrated)
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from scripts import services
from scripts.services import PostgreSQL, SQLite


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Once per chosen database, for every test that reaches `databases` through whatever fixture.

    A module that has no meaning on the other says `ONLY_ON = "postgresql"`. A test whose answer comes from
    code above the database is marked `any_database`: once is enough, where both are chosen on SQLite, or on the
    one that the mark names: on PostgreSQL walls and grants of the database stand behind a screen as well.
    """
    if "databases" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        engines = ["sqlite", "postgresql"] if chosen == "both" else [chosen]
        if only := getattr(metafunc.module, "ONLY_ON", None):
            engines = [engine for engine in engines if engine == only]
        elif mark := metafunc.definition.get_closest_marker("any_database"):
            engines = [one for one in engines if one in mark.args] or engines[:1]
        metafunc.parametrize("databases", engines, indirect=True, scope="session")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """The run's PostgreSQL, started when the first test asks for it."""
    with services.postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_folder() -> Iterator[SQLite]:
    """The run's folder of SQLite databases."""
    with services.sqlite() as folder:
        yield folder


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> PostgreSQL | SQLite:
    """Where databases are made: `fresh(template)`, `template(name, build)`, `drop(url)`."""
    fixture = {"sqlite": "sqlite_folder", "postgresql": "postgresql_server"}[request.param]
    made: PostgreSQL | SQLite = request.getfixturevalue(fixture)
    return made


@pytest.fixture
def database_url(databases: PostgreSQL | SQLite) -> Iterator[str]:
    """An empty database for one test; the test runs on SQLite and on PostgreSQL."""
    url = databases.fresh()
    yield url
    databases.drop(url)


@pytest.fixture
def postgres_url(postgresql_server: PostgreSQL) -> Iterator[str]:
    """An empty PostgreSQL database for a test that has no meaning on SQLite."""
    url = postgresql_server.fresh()
    yield url
    postgresql_server.drop(url)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The URL of the run's Redis, started when the first test asks for it."""
    with services.redis() as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The run's Redis, empty before each test."""
    with Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server
