"""A list page asks a constant, small number of questions, however long the list is and whoever looks."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import event

from appbuilder_app import bulk
from appbuilder_app.dataset.listing import Listing, Query
from appbuilder_app.declaration import db
from appbuilder_app.models import Student
from appbuilder_app.walls import SetWork, set_based
from tests.app_fixtures import SCOPES, World, national_id

MOST = 10
PAGES = (
    "/data/student/",
    "/data/student/?q=ทดสอบ",
    "/data/student/?sort=last_name",
    "/data/student/?grade=09&sex=M",
    "/data/school/",
    "/data/area/",
)


def crowd(world: World) -> None:
    """Sixty pupils more in each school, so that lists have several pages."""
    columns = (
        "school_code", "scope", "national_id", "identity_type", "title", "first_name", "last_name", "sex",
        "birth_date", "grade", "room", "student_number", "disadvantage", "disability",
    )  # fmt: skip
    rows = [
        (code, scope, national_id(10_000 * (1 + at) + number), "I", "001", f"คน{number}", "ทดสอบ", "M",
         dt.date(2014, 8, 1), "09", 1, f"{number:05}", "none", "none")
        for at, (code, scope) in enumerate(SCOPES.items())
        for number in range(60)
    ]  # fmt: skip
    with world.app.app_context(), set_based(SetWork.DEMO):
        bulk.copy_rows(db.session.connection(), Student.__table__, columns, rows)
        db.session.commit()


def questions(world: World, persona: str, page: str) -> list[str]:
    """The statements of a page that has been opened before."""
    client = world.client(persona)
    client.get(page)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        # SQLite's BEGIN passes here, PostgreSQL's does not.
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = client.get(page)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return asked


@pytest.mark.parametrize("persona", ["alice", "dan", "cee"])
def test_a_list_takes_few_statements_and_no_more_when_it_grows(world: World, persona: str) -> None:
    short = {page: questions(world, persona, page) for page in PAGES}
    crowd(world)
    long = {page: questions(world, persona, page) for page in PAGES}
    for page in PAGES:
        assert len(short[page]) <= MOST, "\n".join(short[page])
        assert len(long[page]) == len(short[page]), "\n".join(long[page])


def test_the_next_page_takes_as_many_as_the_first(world: World) -> None:
    crowd(world)
    first = questions(world, "cee", "/data/student/")
    with world.acting("cee") as viewer:
        mark = Listing(Student, viewer).page(db.session, Query(), ["last_name"]).after
    assert mark is not None
    assert len(questions(world, "cee", f"/data/student/?after={mark}")) == len(first)


def test_no_list_counts_its_whole_table(world: World) -> None:
    counts = [asked for asked in questions(world, "cee", "/data/student/") if "count(" in asked]
    assert counts
    assert all("LIMIT" in asked for asked in counts), counts
