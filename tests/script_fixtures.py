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
from appbuilder_app.codes import Agency, Grade, MovementKind, WindowAction
from appbuilder_app.dataset import refusals
from appbuilder_app.dataset.policies import VERB_SETTING
from appbuilder_app.errors import RuleViolation
from appbuilder_app.models import (
    AdmissionPlan,
    AgencyList,
    Certificate,
    Headcount,
    Movement,
    Roster,
    Window,
    YearResult,
)
from appbuilder_app.walls import SetWork, set_based
from scripts.services import owner_url
from tests.app_fixtures import SCHOOL, SCOPES, World

NOW = dt.datetime.now(dt.UTC)


@dataclass
class Script:
    """Each statement is a transaction of its own, past every wall of the application.

    As ``verb`` it says that a verb is at work, so that fields which are kept for verbs change, too.
    """

    engine: sa.Engine
    verb: bool = True

    def run(self, statement: str, **values: Any) -> int:
        """Run and commit; how many rows were touched."""
        with set_based(SetWork.MOVE if self.verb else SetWork.IMPORT), self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                said = {"name": VERB_SETTING, "value": "on" if self.verb else ""}
                connection.execute(sa.text("SELECT set_config(:name, :value, true)"), said)
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
        frozen = {"frozen_at": NOW, "rows": 4, "root": "0" * 64, "seed": b"..", "content": b"..."}
        frozen |= {"head": {}, "counts": {}}
        roster = self.add(Roster, **owner, submission_id=submission, **frozen)
        self.add(Headcount, **owner, roster_id=roster, grade=Grade("09"), male=2, female=2, rooms=1)
        self.add(Certificate, **owner, submission_id=submission, roster_id=roster, number=f"1/2569-{school}",
                 code="2" * 16, issued_at=NOW, content={"students": 4})  # fmt: skip

    def everything_of_a_round(self, school: str = SCHOOL) -> None:
        """A row of every table whose rows belong to a round, as frozen as need be."""
        self.certified(school)
        own: dict[str, Any] = {"round_id": 1, "scope": SCOPES[school]}
        who = {"student_id": self.value("SELECT min(id) FROM student"), "school_code": school}
        self.add(AgencyList, **own, agency=Agency.LOCAL, filename="x.xlsx", sha256="0" * 64, children=1,
                 uploaded_at=NOW, uploaded_by="dan")  # fmt: skip
        self.add(Movement, **own, **who, kind=MovementKind.CLASS, happened_on=NOW.date(), note="", before={},
                 after={}, done_at=NOW, done_by="alice")  # fmt: skip
        self.add(YearResult, **own, **who, academic_year=2569, grade=Grade("09"), sat=True)
        self.add(
            AdmissionPlan, **own, school_code=school, academic_year=2570, grade=Grade("09"), rooms=1, seats=9
        )


@pytest.fixture
def script(world: World) -> Iterator[Script]:
    """Raw SQL on the small world's database, by who owns it: nothing but the triggers is in the way."""
    engine = sa.create_engine(owner_url(str(world.app.config["SQLALCHEMY_DATABASE_URI"])))
    sqlite.install(engine)
    yield Script(engine)
    engine.dispose()
