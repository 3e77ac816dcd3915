"""The API's manners: refusals as problems, locking by version and by ETag, strict JSON, and one description for all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app.dataset import openapi
from appbuilder_app.declaration import dataset_of, datasets, db, fields_of
from appbuilder_app.models import Change
from tests.app_fixtures import SCHOOL, national_id
from tests.attack_fixtures import Attacked

pytestmark = pytest.mark.any_database("postgresql")

every_dataset = pytest.mark.parametrize("model", datasets(), ids=lambda model: model.__tablename__)


class Program:
    """A program that acts for a persona through the API, at one pupil of the school."""

    def __init__(self, attacked: Attacked, name: str) -> None:
        self.client, self.headers = attacked.client(name, "token")
        self.key = attacked.world.pupil(SCHOOL)

    def sends(self, method: str, path: str = "", **options: Any) -> Any:
        """A request at the pupil, or at another address."""
        headers = {**self.headers, **options.pop("headers", {})}
        return self.client.open(
            path or f"/api/v1/student/{self.key}", method=method, headers=headers, **options
        )


@pytest.fixture
def alice(attacked: Attacked) -> Iterator[Program]:
    """Alice's program; what it changed is put back."""
    assert attacked.initial
    yield Program(attacked, "alice")
    attacked.put_back(attacked.changes())


def test_a_stale_version_is_refused_and_a_fresh_one_is_not(alice):
    version = alice.sends("GET").json["version"]
    assert (
        alice.sends("PATCH", json={"journey_minutes": 2, "version": version}).json["version"] == version + 1
    )
    refused = alice.sends("PATCH", json={"journey_minutes": 3, "version": version})
    assert (refused.status_code, refused.json["type"]) == (409, "urn:thabian:StaleVersion")
    assert alice.sends("GET").json["journey_minutes"] == 2


def test_an_etag_that_no_longer_holds_is_refused(alice):
    tag = alice.sends("GET").headers["ETag"]
    changed = alice.sends("PATCH", json={"journey_minutes": 2}, headers={"If-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag
    for method in ("PATCH", "DELETE"):
        assert alice.sends(method, json={"journey_minutes": 3}, headers={"If-Match": tag}).status_code == 412
    both = f"{tag}, {changed.headers['ETag']}"
    assert alice.sends("PATCH", json={"journey_minutes": 4}, headers={"If-Match": both}).status_code == 200
    assert alice.sends("PATCH", json={"journey_minutes": 5}, headers={"If-Match": "*"}).status_code == 200


def test_what_is_not_sent_stays_and_there_is_no_put(alice):
    before = alice.sends("GET").json
    after = alice.sends("PATCH", json={"journey_minutes": 7}).json
    assert after == before | {"journey_minutes": 7, "version": before["version"] + 1}
    assert alice.sends("PUT", json=before).status_code == 405


def test_a_problem_names_each_field_with_its_place_in_the_language_asked_for(alice):
    thai = alice.sends("PATCH", json={"journey_minutes": -1, "no/such": 1})
    assert (thai.status_code, thai.mimetype) == (422, "application/problem+json")
    assert {error["pointer"] for error in thai.json["errors"]} == {"#/journey_minutes", "#/no~1such"}
    assert thai.headers["Content-Language"] == "th"
    english = alice.sends(
        "PATCH", json={"journey_minutes": -1}, headers={"Accept-Language": "en-GB,en;q=0.9"}
    )
    assert english.headers["Content-Language"] == "en"
    assert english.json["errors"][0]["message"].isascii()


@pytest.mark.parametrize(
    "body", [b'{"room": 1, "room": 2}', b'{"room": NaN}', b"{", b"\xff", b"[" * 9_999, b'{"a":' * 9_999]
)
def test_what_is_no_json_or_could_be_read_in_two_ways_is_refused(alice, body):
    refused = alice.sends("PATCH", data=body, content_type="application/json")
    assert (refused.status_code, refused.json["type"]) == (400, "urn:thabian:NotJson")


def test_a_parameter_that_a_list_does_not_have_is_refused(alice):
    refused = alice.sends("GET", "/api/v1/student/?grdae=09")
    assert refused.status_code == 400
    assert "grdae" in refused.json["title"]


def test_halves_of_characters_are_refused_in_words(alice):
    refused = alice.sends("PATCH", data=json.dumps({"\ud800": "\udfff"}), content_type="application/json")
    assert refused.status_code == 422
    assert len(refused.json["errors"]) == 1


def test_an_added_row_is_found_at_its_location(alice):
    row = alice.sends("GET").json
    new = {
        name: row[name]
        for name in openapi.schemas_of(datasets_by_name()["student"])["StudentNew"]["required"]
    }
    added = alice.sends("POST", "/api/v1/student/", json=new | {"national_id": national_id(4_321)})
    assert added.status_code == 201, added.json
    assert alice.sends("GET", added.headers["Location"]).json == added.json


def datasets_by_name() -> dict[str, Any]:
    """Dataset classes by their table."""
    return {model.__tablename__: model for model in datasets()}


@every_dataset
def test_pages_follow_one_another_to_the_end(attacked: Attacked, model: Any) -> None:
    client, headers = attacked.client("cee", "token")
    keys: list[Any] = []
    page: Any = {"after": ""}
    while (after := page["after"]) is not None:
        asked = {"size": "2"} | ({"after": after} if after else {})
        page = client.get(f"/api/v1/{model.__tablename__}/", query_string=asked, headers=headers).get_json()
        keys += [row["key"] for row in page["result"]]
    assert len(keys) == len(set(keys)) == page["count"]


# ── The description ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def described(alice) -> dict[str, Any]:
    """The description as a program gets it."""
    return alice.sends("GET", openapi.ADDRESS).json


def test_every_route_of_the_api_is_described_and_no_other(attacked, described):
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).replace("/{batch}", "/{key}"), method.lower())
        for rule in attacked.world.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }
    # Verbs share two routes; each is described by its own address.
    of_verbs = {one for one in served if "{subject}" in one[0]}
    shapes = [
        re.compile(
            re.sub(
                r"\{(?:subject|name)\}", r"[a-z_]+", re.escape(path).replace(r"\{", "{").replace(r"\}", "}")
            )
        )
        for path, _ in of_verbs
    ]
    told = {
        (path, method) for path, item in described["paths"].items() for method in item.keys() - {"parameters"}
    }
    verbs = {one for one in told if any(shape.fullmatch(one[0]) for shape in shapes)}
    assert len(verbs) > 30
    assert served - of_verbs == told - verbs


@every_dataset
def test_every_field_is_described_as_it_is_declared(described, model):
    schemas, name = described["components"]["schemas"], model.__name__
    for field, declared in fields_of(model).items():
        answered = schemas[name]["properties"][field]
        assert answered["title"] == declared.th
        assert answered.get("nullable", False) == declared.nullable
        if dataset_of(model).managed:
            continue
        sent = schemas[f"{name}New"]
        assert (field in sent["properties"]) == declared.editable
        assert (field in sent.get("required", [])) == (declared.required and declared.editable)
    assert schemas[name].keys() >= {"required", "properties"}


def test_the_description_is_for_who_may_use_the_api(attacked):
    assert attacked.world.client().get(openapi.ADDRESS).status_code == 401


def test_a_list_is_filtered_by_what_is_described(alice, described):
    names = {one["name"] for one in described["paths"]["/api/v1/student/"]["get"]["parameters"]}
    assert {"grade", "room.from", "room.to"} <= names
    alice.sends("PATCH", json={"weight_kg": 44})
    address = "/api/v1/student/?weight_kg.from=44&weight_kg.to=44&room.to=1&grade=09&grade=10&_l_=en"
    found = alice.sends("GET", address)
    assert [row["key"] for row in found.json["result"]] == [alice.key]


def traces(attacked: Attacked, action: str) -> list[dict[str, Any]]:
    """What the history has of readings, the newest first."""
    with attacked.world.acting("adam"):
        found = sa.select(Change).filter_by(action=action, path="api").order_by(Change.id.desc())
        return [{"who": one.actor, **(one.after or {})} for one in db.session.scalars(found)]


def test_a_list_of_persons_is_recorded_once_however_many_its_pages_and_each_record(alice, attacked):
    before = len(traces(attacked, "api.list")), len(traces(attacked, "api.row"))
    first = alice.sends("GET", "/api/v1/student/?room=1&size=2&q=ชื่อ").json
    alice.sends("GET", f"/api/v1/student/?room=1&size=2&q=ชื่อ&after={first['after']}")
    alice.sends("GET", "/api/v1/student/?room=1&q=ชื่อ1")
    lists = traces(attacked, "api.list")
    assert len(lists) == before[0] + 2
    assert lists[1] == {"who": "Alice ทดสอบ", "room": "1", "q": "ชื่อ", "rows": first["count"]}
    other = first["result"][1]["key"]
    for _ in range(2):
        assert alice.sends("GET", f"/api/v1/student/{other}").status_code == 200
    rows = traces(attacked, "api.row")
    assert len(rows) == before[1] + 1
    assert rows[0] == {"who": "Alice ทดสอบ", "key": str(other)}
    assert alice.sends("GET", "/api/v1/student/999999").status_code == 404
    alice.sends("GET", "/api/v1/building/?size=7")
    assert (len(traces(attacked, "api.list")), len(traces(attacked, "api.row"))) == (len(lists), len(rows))
