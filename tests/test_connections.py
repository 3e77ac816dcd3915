"""What PostgreSQL's connections keep from request to request, and what they must not."""

from __future__ import annotations

import psycopg
import sqlalchemy as sa

from appbuilder_app.declaration import db
from tests.app_fixtures import World

ONLY_ON = "postgresql"


def test_a_request_after_the_server_was_restarted_is_answered(world: World) -> None:
    """A connection of the pool that the server has ended is replaced; nobody sees an error."""
    client = world.client("cee")
    assert client.get("/data/student/").status_code == 200
    with world.app.app_context():
        with db.engine.connect() as connection:
            pooled = connection.scalar(sa.text("SELECT pg_backend_pid()"))
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as another:
        assert another.execute("SELECT pg_terminate_backend(%s, 5000)", [pooled]).fetchone() == (True,)
    assert client.get("/data/student/").status_code == 200


def test_recognising_and_paging_are_planned_once(world: World) -> None:
    """Every request ends with a ROLLBACK: what is planned outlives it, or each request would plan anew."""
    client = world.client("cee")
    for _ in range(3):
        assert client.get("/api/v1/student/").status_code == 200
    with world.app.app_context(), db.engine.connect() as connection:
        kept = connection.scalars(sa.text("SELECT statement FROM pg_prepared_statements")).all()
    assert sum("ab_user" in statement for statement in kept) == 1
    assert sum("FROM student" in statement for statement in kept) == 1


def test_a_search_is_planned_for_its_words(world: World) -> None:
    """A word with many hits and one with few need different indexes."""
    client = world.client("cee")
    assert client.get("/api/v1/student/?q=ทดสอบ").status_code == 200
    with world.app.app_context(), db.engine.connect() as connection:
        kept = connection.scalars(sa.text("SELECT statement FROM pg_prepared_statements")).all()
    assert not any("ILIKE" in statement for statement in kept)
