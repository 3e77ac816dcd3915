"""The world of the story in the browser: a school's round that is played by its personas before a real server."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser

from appbuilder_app import access, create_app
from appbuilder_app.access import CENTRE, Viewer
from appbuilder_app.codes import Grade, SubmissionState, WindowAction
from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.models import Account, Certificate, School, Student
from appbuilder_app.workflows import accounts, roles, rounds, submissions
from tests.app_fixtures import (
    SCHOOL,
    SCOPES,
    World,
    app_settings,
    dispose,
    national_id,
    pupil,
)
from tests.browser_fixtures import Person, served

NEIGHBOURS = {"16020201": "บ้านหนองปลา", "16020202": "วัดหนองบัว"}
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


class Story:
    """The served world, the people in it, which chapters have been told, and which screens have been walked to."""

    def __init__(self, world: World, address: str, browser: Browser) -> None:
        self.world, self.address, self.browser = world, address, browser
        self.told: set[str] = set()
        self.people: dict[str, Person] = {}
        self.walked: set[str] = set()

    def needs(self, chapter: str) -> None:
        """Where an earlier chapter broke off, or was told in another process, this one has no ground."""
        assert chapter in self.told, f"needs {chapter!r}, which was not reached"

    def tells(self, chapter: str) -> None:
        """The chapter has come to its end."""
        self.told.add(chapter)

    def stranger(self, language: str = "th") -> Person:
        """A browser in which nobody has logged in."""
        self.people[f"stranger {len(self.people)}"] = person = Person(self.browser, self.address, language)
        return person

    def person(self, name: str) -> Person:
        """The persona at their browser, logged in through the login page the first time."""
        if name not in self.people:
            self.people[name] = Person(self.browser, self.address).logs_in(name)
        return self.people[name]

    def read(self, query: Callable[[], Any]) -> Any:
        """What the database says, seen by the administrator."""
        with self.world.acting("adam"):
            return query()

    def pupils(self, *conditions: Any) -> int:
        """How many pupils of the school there are."""
        query = (
            sa.select(sa.func.count()).select_from(Student).filter_by(school_code=SCHOOL).where(*conditions)
        )
        return int(self.read(lambda: db.session.scalar(query)))

    def pupil_id(self, number: int) -> int:
        """Primary key of the pupil with the number-th synthetic ID."""
        query = sa.select(Student.id).filter_by(national_id=national_id(number))
        return int(self.read(lambda: db.session.scalars(query).one()))

    def state(self, school: str = SCHOOL) -> SubmissionState:
        """How far the school is in the present round."""
        found: SubmissionState = self.read(lambda: submissions.submission_of(school).state)
        return found

    def present_round(self) -> int:
        """Primary key of round 2."""
        return int(self.read(lambda: rounds.round_of(2569, 2).id))

    def certificates(self) -> list[Certificate]:
        """The school's certificates of round 2, the oldest first."""
        query = (
            sa.select(Certificate).filter_by(school_code=SCHOOL).where(Certificate.number.like("%-2569-%"))
        )
        found = self.read(lambda: list(db.session.scalars(query.order_by(Certificate.id))))
        return [one for one in found if one.content["round_number"] == 2]


@pytest.fixture(scope="session")
def story(
    databases: Any, world_template: str, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """The small world with a closed round behind it and two more schools, served by the real server."""
    url, instance = databases.fresh(world_template), tmp_path_factory.mktemp("served")
    app = create_app(app_settings(url, instance))
    settle(app)
    with served(url, instance) as address:
        story = Story(World(app), address, browser)
        yield story
        for person in story.people.values():
            person.leaves()
    dispose(app)
    databases.drop(url)


def settle(app: Flask) -> None:
    """A past round that the school has certified, two schools that wait for the district, and Somying."""
    world = World(app)
    with app.app_context():
        everything = Viewer(None, "world", "ผู้สร้างโลก", "", CENTRE, roles.known_rights())
        with access.acting_as(everything, through="shell"):
            _past_round(world)
            for code, name in NEIGHBOURS.items():
                _neighbour(code, name)
            rounds.open_submissions(rounds.round_of(2569, 2))
            db.session.commit()
    for code in NEIGHBOURS:
        _signs(world, f"officer{code}", submissions.confirm, code)
        _signs(world, f"director{code}", submissions.certify, code)


def _past_round(world: World) -> None:
    past = rounds.create_round(2569, 1, dt.date(2026, 6, 10), "ว1")
    for action in WindowAction:
        rounds.set_window(past, action, CENTRE, lock.now() - DAY, lock.now() + DAY, source="ว1")
    rounds.open_submissions(past)
    # Who stands in for an absent director holds both roles; the rule of two persons binds her, too.
    _account("somying", "school_officer", "school_director", scope=SCOPES[SCHOOL], position="รองผู้อำนวยการ")
    db.session.commit()
    _signs(world, "alice", submissions.confirm, SCHOOL)
    _signs(world, "dao", submissions.certify, SCHOOL)
    rounds.close_round(rounds.round_of(2569, 1))
    db.session.commit()


def _neighbour(code: str, name: str) -> None:
    scope = f"{CENTRE}/1602/{code}"
    db.session.add(
        School(code=code, name=name, area_code="1602", lowest_grade=Grade("09"), highest_grade=Grade("09"))
    )
    db.session.flush()
    for number in range(2):
        db.session.add(pupil(code, int(code[-3:]) * 10 + number))
    _account(f"officer{code}", "school_officer", scope=scope, position="ครู")
    _account(f"director{code}", "school_director", scope=scope, position="ผู้อำนวยการโรงเรียน")
    db.session.flush()


def _account(name: str, *held: str, scope: str, position: str) -> None:
    known = db.session.scalars(sa.select(Account).filter_by(username="alice")).one()
    account = Account(
        username=name, first_name=name.title(), last_name="ทดสอบ", email=f"{name}@test.invalid",
        password=known.password, active=True, scope=scope, position=position, session_epoch=1,
    )  # fmt: skip
    account.roles = accounts.roles_named(held)
    db.session.add(account)


def _signs(world: World, name: str, verb: Callable[..., object], code: str) -> None:
    with world.acting(name):
        verb(code)
        db.session.commit()
