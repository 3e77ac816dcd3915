"""One program cannot slow all: its requests a minute are counted, by key, by account, over all datasets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from appbuilder_app.dataset import openapi
from appbuilder_app.declaration import db
from appbuilder_app.workflows import keys
from tests.attack_fixtures import Attacked, an_attacked_world

pytestmark = pytest.mark.any_database("postgresql")

A_MINUTE = 4


@pytest.fixture
def limited(
    databases: Any, world_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Attacked]:
    """The small world, in which a program may ask four times a minute."""
    settings = {"RATELIMIT_ENABLED": True, "API_PER_MINUTE": A_MINUTE}
    with an_attacked_world(databases, world_template, tmp_path_factory, **settings) as one:
        yield one


def test_who_asks_too_often_is_told_how_long_to_wait_and_nobody_else_is(limited):
    with limited.world.acting("dan", "screen"):
        _key, secret = keys.make_key("โปรแกรม", {"read:student"})
        db.session.commit()
    dan, alice, key = limited.world.token("dan"), limited.world.token("alice"), {"X-API-Key": secret}
    paths = ["/api/v1/student/", "/api/v1/school/", "/api/v1/area/", openapi.ADDRESS]
    client = limited.world.app.test_client()
    assert [client.get(path, headers=dan).status_code for path in paths] == [200] * A_MINUTE
    refused = client.get(paths[0], headers=dan)
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    # The key has a count of its own, and so has everybody else.
    assert client.get(paths[0], headers=alice).status_code == 200
    assert [client.get(paths[0], headers=key).status_code for _ in range(A_MINUTE + 1)][-2:] == [200, 429]
