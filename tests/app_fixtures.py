"""A small world for tests: two districts, three schools, their pupils, an open round, and the personas.

Alice is data officer of the school and Dao its director; Bob is officer of the sibling school next door;
Charlie is officer of a school in another district and must get nothing of Alice's. Dan is Alice's district
officer, Eve the other district's. Cee is a central officer, Adam an administrator.
"""

from __future__ import annotations

import atexit
import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.security import generate_password_hash

import config
from appbuilder_app import access, create_app, identity, raise_walls
from appbuilder_app.access import Viewer
from scripts import services

PASSWORD = "ไม่มีใครเดาถูก-9"
SCHOOL, SIBLING, FOREIGN = "16020123", "16020124", "16010001"
SCOPES = {SCHOOL: f"C/1602/{SCHOOL}", SIBLING: f"C/1602/{SIBLING}", FOREIGN: f"C/1601/{FOREIGN}"}
PERSONAS = {
    "alice": ("school_officer", SCOPES[SCHOOL], "ครู"),
    "dao": ("school_director", SCOPES[SCHOOL], "ผู้อำนวยการโรงเรียน"),
    "bob": ("school_officer", SCOPES[SIBLING], "ครู"),
    "charlie": ("school_officer", SCOPES[FOREIGN], "ครู"),
    "dan": ("district_officer", "C/1602", "นักวิชาการศึกษา"),
    "eve": ("district_officer", "C/1601", "นักวิชาการศึกษา"),
    "cee": ("central_officer", "C", "เจ้าหน้าที่ สพฐ."),
    "adam": ("administrator", "C", "ผู้ดูแลระบบ"),
}
PUPILS_PER_SCHOOL = 4
STATEMENTS_KEPT = 5_000
"""Compiled: those of all tests of a process, where a server needs those of its own requests."""


def national_id(number: int) -> str:
    """The number-th synthetic ID with a valid check digit."""
    first = f"1{number:011d}"
    return first + str(identity.check_digit(first))


@dataclass
class World:
    """What a test is given: the application, and short ways to act in it."""

    app: Flask

    def viewer(self, name: str) -> Viewer:
        """The viewer that a persona's account acts as."""
        from appbuilder_app.declaration import db
        from appbuilder_app.models import Account
        from appbuilder_app.security import viewer_of

        account = db.session.scalar(sa.select(Account).filter_by(username=name))
        assert account is not None, name
        return viewer_of(account)

    @contextmanager
    def acting(self, name: str, through: str = "command") -> Iterator[Viewer]:
        """Everything inside is done by the persona, in an application context and session of its own.

        The persona has just shown who they are, as whoever signs must.
        """
        with self.app.app_context():
            viewer = self.viewer(name)
            with access.acting_as(viewer, through=through), access.proven(viewer, "password"):
                yield viewer

    def client(self, name: str | None = None) -> FlaskClient:
        """A browser without CSRF worries, logged in as the persona."""
        client = self.app.test_client()
        if name is not None:
            answer = client.post("/login/", data={"username": name, "password": PASSWORD})
            assert answer.status_code == 302, answer.get_data(as_text=True)
        return client

    def token(self, name: str) -> dict[str, str]:
        """Headers with an API token of the persona."""
        body = {"username": name, "password": PASSWORD, "provider": "db"}
        answer = self.app.test_client().post("/api/v1/security/login", json=body)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return {"Authorization": f"Bearer {answer.get_json()['access_token']}"}

    def pupil(self, school: str = SCHOOL, position: int = 0) -> int:
        """Primary key of a pupil of a school."""
        from appbuilder_app.declaration import db
        from appbuilder_app.models import Student

        with self.acting("adam"):
            query = sa.select(Student.id).filter_by(school_code=school).order_by(Student.id).offset(position)
            return db.session.scalars(query.limit(1)).one()


@cache
def _seal_key() -> str:
    """Where the key lies that seals what test applications issue: one for the process, since making it takes a second."""
    folder = tempfile.TemporaryDirectory(prefix="thabian-seal-")
    atexit.register(folder.cleanup)
    return f"{folder.name}/seal.p12"


def app_settings(url: str, folder: Path, **changed: Any) -> dict[str, object]:
    """Settings of a test application on this database: quick password hashes, no login limit, no CSRF token."""
    given = {"THABIAN_INSTANCE": str(folder), "THABIAN_SEAL_KEY": _seal_key(), **services.environment(url)}
    settings: dict[str, Any] = config.settings(given)
    options = settings["SQLALCHEMY_ENGINE_OPTIONS"] | {"query_cache_size": STATEMENTS_KEPT}
    settings |= {"SQLALCHEMY_ENGINE_OPTIONS": options}
    return settings | {"TESTING": True, "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False} | changed


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Makes applications on a database; their connections are closed at the end."""
    made: list[Flask] = []

    def make(url: str, **changed: Any) -> Flask:
        made.append(an_app(url, tmp_path, **changed))
        return made[-1]

    yield make
    for app in made:
        dispose(app)


_idle: dict[str, list[Flask]] = {}
"""Applications that no test uses now, by the names of what their settings change and the kind of database."""


def an_app(url: str, folder: Path, **changed: Any) -> Flask:
    """An application on this database, until ``dispose``: one that an earlier test has left, or a new one.

    Putting one together compiles a regular expression for each of some hundred addresses, and a new engine compiles
    every statement anew; both together would take most of a test's time. What an application keeps of its database
    is its settings and where its engine connects.
    """
    settings = app_settings(url, folder, **changed)
    kind = f"{url.partition(':')[0]} {sorted(changed.items())}"
    if not (idle := _idle.get(kind)):
        app = create_app(settings)
        app.extensions["tests.kind"], app.extensions["tests.config"] = kind, dict(app.config)
        _lead(app)
        return app
    app = idle.pop()
    app.config.clear()
    app.config.update(app.extensions["tests.config"] | settings)
    app.instance_path = str(settings["INSTANCE_PATH"])
    _connect(app)
    return app


def _lead(app: Flask) -> None:
    """Have the engine connect to wherever its URL leads now."""
    from appbuilder_app.declaration import db

    with app.app_context():
        engine = db.engine

    def connect(dialect: Any, _record: Any, given: list[Any], named: dict[str, Any]) -> None:
        where, how = dialect.create_connect_args(engine.url)
        given[:] = where
        named.update(how)

    sa.event.listen(engine, "do_connect", connect)


def _connect(app: Flask) -> None:
    """Lead the application's engine to the database in its settings, with all walls."""
    from appbuilder_app.declaration import db

    with app.app_context():
        db.engine.url = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"])
        raise_walls(app)


def dispose(app: Flask) -> None:
    """Close an application's database connections, so that its database can be dropped; it can be used again.

    A job that a test has ordered and not waited for is done before: else its thread would work on in the next test.
    """
    from appbuilder_app import jobs
    from appbuilder_app.declaration import db

    bell = app.extensions[jobs.EXTENSION]
    if isinstance(bell, jobs.Threads):
        bell.end()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    idle = _idle.setdefault(app.extensions.get("tests.kind", "made by the test"), [])
    # One that counts attempts goes on counting.
    if app not in idle and not app.config["RATELIMIT_ENABLED"]:
        idle.append(app)


@pytest.fixture(scope="session")
def world_template(databases: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database with the small world in it, built once for the run."""

    def build(url: str) -> None:
        app = an_app(url, tmp_path_factory.mktemp("build"))
        with app.app_context():
            from appbuilder_app import setup

            setup.migrate()
            settle()
        dispose(app)

    return str(databases.template("world", build))


@pytest.fixture
def world(databases: Any, world_template: str, make_app: Callable[..., Flask]) -> Iterator[World]:
    """The small world on a database of its own; the test runs on SQLite and on PostgreSQL."""
    url = databases.fresh(world_template)
    app = make_app(url)
    yield World(app)
    dispose(app)
    databases.drop(url)


def settle() -> None:
    """Put the places, people and the open round into an empty register."""
    from appbuilder_app.declaration import db
    from appbuilder_app.models import Account
    from appbuilder_app.workflows import accounts, roles

    roles.sync_roles()
    quick_hash = generate_password_hash(PASSWORD, method="pbkdf2:sha256:1")
    for name, (role, scope, position) in PERSONAS.items():
        account = Account(
            username=name, first_name=name.title(), last_name="ทดสอบ", email=f"{name}@test.invalid",
            password=quick_hash, active=True, scope=scope, position=position, session_epoch=1,
        )  # fmt: skip
        account.roles = accounts.roles_named([role])
        db.session.add(account)
    db.session.commit()
    everything = Viewer(None, "world", "ผู้สร้างโลก", "", "C", roles.known_rights())
    with access.acting_as(everything, through="shell"):
        _places()
        _rounds()
        _pupils()
        db.session.commit()


def _places() -> None:
    from appbuilder_app.codes import AreaKind, Grade
    from appbuilder_app.declaration import db
    from appbuilder_app.models import Area, School

    for code, name in (("1601", "สพป.ลพบุรี เขต 1"), ("1602", "สพป.ลพบุรี เขต 2")):
        db.session.add(Area(code=code, name=name, short_name=name, kind=AreaKind.PESA, provinces="ลพบุรี"))
    db.session.flush()
    names = {SCHOOL: "บ้านหนองตัวอย่าง", SIBLING: "บ้านหนองเพื่อนบ้าน", FOREIGN: "บ้านไกลเขต"}
    for code, name in names.items():
        area = SCOPES[code].split("/")[1]
        db.session.add(
            School(code=code, name=name, area_code=area, lowest_grade=Grade("02"), highest_grade=Grade("09"))
        )
    db.session.flush()


def _rounds() -> None:
    from appbuilder_app.codes import RoundSystem, WindowAction
    from appbuilder_app.dataset import lock
    from appbuilder_app.declaration import db
    from appbuilder_app.models import CollectionRound, Submission, Window

    now, day = lock.now(), dt.timedelta(days=1)
    with access.performing(access.Action.MANAGE, "round"):
        opened = CollectionRound(
            system=RoundSystem.DMC, academic_year=2569, number=2, snapshot_date=dt.date(2026, 11, 10)
        )
        db.session.add(opened)
        db.session.flush()
        for action in WindowAction:
            db.session.add(Window(round_id=opened.id, action=action, scope="C", opens_at=now - day,
                                  closes_at=now + day, granted_at=now))  # fmt: skip
        for code in SCOPES:
            db.session.add(Submission(round_id=opened.id, school_code=code))
        db.session.flush()


def _pupils() -> None:
    from appbuilder_app.declaration import db

    for position, code in enumerate(SCOPES):
        for number in range(PUPILS_PER_SCHOOL):
            db.session.add(pupil(code, 100 * (position + 1) + number))
    db.session.flush()


def pupil(school: str, number: int, **changed: Any) -> Any:
    """A pupil whose record is complete; ``changed`` makes it less so."""
    from appbuilder_app.codes import Grade, Sex, Title
    from appbuilder_app.models import Student

    boy = number % 2 == 0
    facts: dict[str, Any] = {
        "school_code": school, "national_id": national_id(number), "student_number": f"{number:05d}",
        "title": Title("001" if boy else "002"), "sex": Sex("M" if boy else "F"), "first_name": f"ชื่อ{number}",
        "last_name": "ทดสอบ", "birth_date": dt.date(2014, 8, 1), "grade": Grade("09"), "room": 1,
        "weight_kg": 33, "height_cm": 141, "nationality": "ไทย", "ethnicity": "ไทย",
    }  # fmt: skip
    return Student(**facts | changed)
