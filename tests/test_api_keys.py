"""API keys: what they hold is enforced, whoever owns them; they end when revoked, expired or without an owner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.errors import InvalidRow, NotPermitted, NotYours
from appbuilder_app.models import ApiKey, Change
from appbuilder_app.workflows import keys
from tests.app_fixtures import FOREIGN, SCHOOL, SCOPES, SIBLING, World
from tests.attack_fixtures import Attacked

PUPILS = "/api/v1/student/"
Make = Callable[..., "Holder"]


class Holder:
    """A program with a key."""

    def __init__(self, world: World, key_id: int, secret: str) -> None:
        self.world, self.id, self.secret = world, key_id, secret

    def sends(self, method: str, path: str = PUPILS, **options: Any) -> Any:
        """A request that carries the key, by itself."""
        headers = options.pop("headers", {"X-API-Key": self.secret})
        return self.world.app.test_client().open(path, method=method, headers=headers, **options)

    def status(self, method: str = "GET", path: str = PUPILS, **options: Any) -> int:
        """How it is answered."""
        return int(self.sends(method, path, **options).status_code)

    def set(self, **values: Any) -> None:
        """Change the key's row past every wall."""
        sql(self.world, sa.update(ApiKey.__table__).where(ApiKey.__table__.c.id == self.id).values(**values))


def sql(world: World, statement: Any) -> None:
    """A statement past every wall."""
    from appbuilder_app.walls import SetWork, set_based

    with world.app.app_context(), set_based(SetWork.BENCHMARK):
        db.session.execute(statement)
        db.session.commit()


@pytest.fixture
def make(attacked: Attacked) -> Iterator[Make]:
    """Makes keys for a persona; what was written with them is put back."""
    assert attacked.initial

    def made(persona: str, *rights: str, **more: Any) -> Holder:
        with attacked.world.acting(persona, "screen"):
            key, secret = keys.make_key(f"โปรแกรมของ {persona}", rights, **more)
            db.session.commit()
            return Holder(attacked.world, key.id, secret)

    yield made
    attacked.put_back(attacked.changes())
    sql(attacked.world, sa.delete(ApiKey.__table__))


def test_a_key_opens_what_it_holds_by_either_header(make):
    program = make("dan", "read:student")
    assert program.status() == 200
    assert program.status(headers={"Authorization": f"Bearer {program.secret}"}) == 200
    assert program.status(headers={"Authorization": f"bearer {program.secret}x"}) == 401


def test_a_key_without_a_right_is_refused_though_its_owner_has_it(make, attacked):
    program, pupil = make("dan", "read:student"), attacked.world.pupil(SCHOOL)
    assert program.status("PATCH", f"{PUPILS}{pupil}", json={"journey_minutes": 2}) == 403
    assert program.status("DELETE", f"{PUPILS}{pupil}") == 403
    assert program.status("GET", "/api/v1/area/") == 403
    assert program.status("GET", "/api/v1/openapi.json") == 200


def test_a_key_that_may_write_is_named_in_the_history(make, attacked):
    program, pupil = make("dan", "read:student", "write:student"), attacked.world.pupil(SCHOOL)
    assert program.status("PATCH", f"{PUPILS}{pupil}", json={"journey_minutes": 8}) == 200
    with attacked.world.acting("dan"):
        last = db.session.scalars(sa.select(Change).order_by(Change.id.desc()).limit(1)).one()
        assert (last.path, last.dataset, last.actor_id) == ("api", "student", attacked.world.viewer("dan").id)
        assert "โปรแกรมของ dan" in last.actor


def test_a_key_of_one_school_sees_nothing_of_the_next(make, attacked):
    program = make("dan", "read:student", "write:student", scope=SCOPES[SCHOOL])
    schools = {row["school_code"] for row in program.sends("GET").json["result"]}
    assert schools == {SCHOOL}
    assert program.status("GET", f"{PUPILS}{attacked.world.pupil(SIBLING)}") == 404
    assert (
        program.status("PATCH", f"{PUPILS}{attacked.world.pupil(SIBLING)}", json={"journey_minutes": 2})
        == 404
    )


def test_a_list_is_masked_unless_the_key_may_export(make):
    shown = [
        make("dan", *rights).sends("GET").json["result"][0]["national_id"]
        for rights in (("read:student",), ("read:student", "export:student"))
    ]
    assert ["x" in number for number in shown] == [True, False]


@pytest.mark.parametrize(
    "end",
    [
        {"revoked_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"expires_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"scope": SCOPES[FOREIGN]},
    ],
    ids=lambda end: next(iter(end)),
)
def test_a_key_that_has_ended_opens_nothing_and_no_cookie_makes_up_for_it(make, attacked, end):
    program = make("dan", "read:student")
    assert program.status() == 200
    program.set(**end)
    assert program.status() == 401
    browser, _ = attacked.client("dan", "cookie")
    assert browser.get(PUPILS, headers={"X-API-Key": program.secret}).status_code == 401


def test_a_key_dies_with_its_owners_account_and_shrinks_with_its_rights(make, attacked):
    from appbuilder_app.models import Account

    account, program = Account.__table__, make("eve", "read:student")
    try:
        sql(attacked.world, sa.update(account).where(account.c.username == "eve").values(active=False))
        assert program.status() == 401
    finally:
        sql(attacked.world, sa.update(account).where(account.c.username == "eve").values(active=True))
    assert program.status() == 200
    program.set(rights=["read:student", "read:role", "manage:account", "write:account"])
    with attacked.world.acting("eve"):
        key = db.session.get_one(ApiKey, program.id)
        viewer = attacked.world.viewer("eve")
        assert keys.narrowed(viewer, key).rights <= viewer.rights
        assert ("read", "role") not in keys.narrowed(viewer, key).rights


@pytest.mark.parametrize(
    ("rights", "scope"),
    [
        (["manage:account"], ""),
        (["read:role"], ""),
        (["write:area"], ""),
        ([], ""),
        (["read:student"], SCOPES[FOREIGN]),
        (["read:student"], "C"),
    ],
)
def test_a_key_is_never_stronger_than_its_owner(attacked, rights, scope):
    with attacked.world.acting("dan"), pytest.raises(InvalidRow):
        keys.make_key("แรงกว่าเจ้าของ", rights, scope)


def test_the_secret_is_kept_nowhere(make, attacked):
    program = make("dan", "read:student")
    with attacked.oracle.connect() as connection:
        for table in ("api_key", "change"):
            rows = repr(connection.execute(sa.text(f"SELECT * FROM {table}")).all())
            assert program.secret not in rows
            assert table == "api_key" or "digest" not in rows


def test_use_is_noted_once_in_a_while(make, attacked):
    program = make("dan", "read:student")

    def noted() -> Any:
        with attacked.world.app.app_context():
            return db.session.get_one(ApiKey, program.id).last_used_at

    assert noted() is None
    program.status()
    first = noted()
    program.status()
    assert noted() == first
    program.set(last_used_at=lock.now() - dt.timedelta(days=1))
    program.status()
    assert noted() >= first


def test_keys_are_revoked_by_their_owner_and_by_who_manages_them(make, attacked):
    program, another = make("dan", "read:student"), make("dan", "read:student")
    with attacked.world.acting("eve"), pytest.raises(NotYours):
        keys.revoke(program.id)
    with attacked.world.acting("eve"), pytest.raises(NotPermitted):
        keys.keys_below()
    for persona, key_id in (("dan", program.id), ("adam", another.id)):
        with attacked.world.acting(persona, "screen"):
            keys.revoke(key_id)
            db.session.commit()
    assert (program.status(), another.status()) == (401, 401)


def test_the_screen_shows_a_new_key_once_and_revokes_it(attacked):
    browser, _ = attacked.client("dan", "cookie")
    facts = {"name": "ระบบของโรงเรียน", "right": ["read:student"], "school_code": SCHOOL, "days": "90"}
    page = browser.post("/account/keys/", data=facts)
    assert page.status_code == 200
    secret = page.text.partition("thb_")[2].partition("<")[0]
    program = Holder(attacked.world, 0, f"thb_{secret}")
    assert program.status() == 200
    listed = browser.get("/account/keys/").text
    assert "ระบบของโรงเรียน" in listed
    assert secret not in listed
    with attacked.world.acting("dan"):
        key = keys.own_keys()[0]
    assert browser.post(f"/account/keys/{key.id}/revoke").status_code == 302
    assert program.status() == 401
    refused = browser.post("/account/keys/", data=facts | {"name": "", "right": []})
    assert refused.status_code == 422
    assert attacked.client("adam", "cookie")[0].get("/account/keys/all").status_code == 200
    assert attacked.client("eve", "cookie")[0].get("/account/keys/all").status_code in {302, 403}
