"""Short ways through a round for its tests: a persona does a verb, or is refused; windows are moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from appbuilder_app.access import CENTRE
from appbuilder_app.codes import WindowAction
from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db, fields_of
from appbuilder_app.errors import RuleViolation
from appbuilder_app.models import CollectionRound, Student
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import rounds, submissions
from tests.app_fixtures import SCHOOL, World

DAY = dt.timedelta(days=1)


def by_verb() -> None:
    """Write what was set, as if a verb had done it: for tests in which it does not matter which."""
    with set_based(SetWork.BENCHMARK):
        db.session.flush()


Verb = Callable[..., Any]


class Round:
    """The small world's open round, played by its personas."""

    def __init__(self, world: World) -> None:
        self.world = world

    def does(self, name: str, verb: Verb, *given: Any, **named: Any) -> Any:
        """The persona does it, and it is committed."""
        with self.world.acting(name):
            result = verb(*given, **named)
            db.session.commit()
            return result

    def is_refused(self, name: str, refusal: type[RuleViolation], verb: Verb, *given: Any) -> str:
        """The persona is refused in this way; the Thai sentence. Nothing is kept."""
        with self.world.acting(name):
            with pytest.raises(refusal) as caught:
                verb(*given)
            db.session.rollback()
        return str(caught.value)

    def is_confirmed(self, school: str = SCHOOL, officer: str = "alice") -> None:
        """The school's officer has confirmed."""
        self.does(officer, submissions.confirm, school)

    def is_certified(self, school: str = SCHOOL) -> str:
        """Alice has confirmed and Dao certified; the certificate's number."""
        self.is_confirmed(school)
        number: str = self.does("dao", submissions.certify, school).number
        return number

    def is_acknowledged(self, school: str = SCHOOL) -> str:
        """As certified, and Dan has taken note."""
        number = self.is_certified(school)
        self.does("dan", submissions.acknowledge, [school])
        return number

    def opens(self, action: WindowAction, opens: dt.timedelta, closes: dt.timedelta) -> None:
        """Central sets a window, told as distances from now."""
        now = lock.now()

        def set_window() -> None:
            present = rounds.current_round()
            assert present is not None
            rounds.set_window(present, action, CENTRE, now + opens, now + closes, source="ว1")

        self.does("cee", set_window)

    def is_over(self, *actions: WindowAction) -> None:
        """The time of these actions has run out an hour ago."""
        for action in actions:
            self.opens(action, -2 * DAY, -DAY / 24)

    def close(self) -> Any:
        """Central closes the present round."""
        return self.does("cee", lambda: rounds.close_round(rounds.current_round()))  # type: ignore[arg-type]  # open

    def changes_a_pupil(self, name: str = "alice", school: str = SCHOOL, **changed: Any) -> None:
        """The persona writes fields of the school's first pupil; those kept for verbs as if one had done it."""
        key = self.world.pupil(school)

        def change() -> None:
            pupil = db.session.get_one(Student, key)
            for field, value in changed.items():
                setattr(pupil, field, value)
            if any(fields_of(Student)[field].by_verb for field in changed):
                by_verb()

        self.does(name, change)


def present() -> CollectionRound:
    """The present round, for code that acts for a persona already."""
    found = rounds.current_round()
    assert found is not None
    return found


@pytest.fixture
def played(world: World) -> Round:
    """The open round of the small world."""
    return Round(world)
