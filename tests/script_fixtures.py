"""Somebody with the database's password and no application: raw SQL, as a script or a console sends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from appbuilder_app import sqlite
from appbuilder_app.codes import Grade, WindowAction
from appbuilder_app.dataset import refusals
from appbuilder_app.errors import RuleViolation
from appbuilder_app.models import Certificate, Headcount, Roster, Window
from tests.app_fixtures import SCHOOL, SCOPES, World

NOW = dt.datetime.now(dt.UTC)


@dataclass
class Script:
    """Each statement is a transaction of its own, past every wall of the application."""

    engine: sa.Engine

    def run(self, statement: str, **values: Any) -> int:
        """Run and commit; how many rows were touched."""
        with self.engine.begin() as connection:
            return connection.execute(sa.text(statement), values).rowcount

    def value(self, query: str, **values: Any) -> Any:
        """The first column of the first row."""
        with self.engine.begin() as connection:
            return connection.scalar(sa.text(query), values)

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """All rows."""
        with self.engine.begin() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query), values)]

    def add(self, model: Any, **values: Any) -> Any:
        """Insert a row; its primary key."""
        with self.engine.begin() as connection:
            made = connection.execute(sa.insert(model.__table__).values(**values)).inserted_primary_key
        return made[0] if made is not None else None

    def refusal(self, statement: str, **values: Any) -> RuleViolation:
        """What the database's refusal of this statement means; fails when it goes through."""
        with pytest.raises(DBAPIError) as caught:
            self.run(statement, **values)
        refusal = refusals.from_database(caught.value)
        assert refusal is not None, caught.value
        return refusal

    # ── Where a school stands ────────────────────────────────────────────────────────────────────────────

    def confirm(self, school: str = SCHOOL) -> None:
        """The school's submission as if confirmed."""
        assert (
            self.run("UPDATE submission SET state = 'confirmed' WHERE school_code = :school", school=school)
            == 1
        )

    def close(self) -> None:
        """The round as if closed by the centre."""
        moment = (
            "now()" if self.engine.dialect.name == "postgresql" else "strftime('%Y-%m-%d %H:%M:%f', 'now')"
        )
        assert self.run(f"UPDATE collection_round SET closed_at = {moment}, closed_by = 'ส่วนกลาง'") == 1

    def time(self, opens: dt.timedelta, closes: dt.timedelta, scope: str = "C") -> None:
        """The edit window of a scope, counted from now."""
        self.run("DELETE FROM \"window\" WHERE action = 'edit' AND scope = :scope", scope=scope)
        times = {"opens_at": NOW + opens, "closes_at": NOW + closes, "granted_at": NOW}
        self.add(Window, round_id=1, action=WindowAction.EDIT, scope=scope, **times)

    def certified(self, school: str = SCHOOL) -> None:
        """A frozen roster with a headcount, and a certificate of it."""
        owner = {"round_id": 1, "school_code": school, "scope": SCOPES[school]}
        submission = self.value("SELECT id FROM submission WHERE school_code = :school", school=school)
        frozen = {"frozen_at": NOW, "students": 4, "sha256": "0" * 64, "content": b"...", "totals": {}}
        roster = self.add(Roster, **owner, submission_id=submission, **frozen)
        self.add(Headcount, **owner, roster_id=roster, grade=Grade("09"), male=2, female=2, rooms=1)
        self.add(Certificate, **owner, submission_id=submission, roster_id=roster, number=f"1/2569-{school}",
                 issued_at=NOW, content={"students": 4})  # fmt: skip


@pytest.fixture
def script(world: World) -> Iterator[Script]:
    """Raw SQL on the small world's database."""
    engine = sa.create_engine(str(world.app.config["SQLALCHEMY_DATABASE_URI"]))
    sqlite.install(engine)
    yield Script(engine)
    engine.dispose()
