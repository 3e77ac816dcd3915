"""Saved views: one's own, shared with a role within one's scope, first to open; never more than the reader's rights."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.app_fixtures import FOREIGN, SCHOOL, World

pytestmark = pytest.mark.any_database("postgresql")

LIST, VIEWS = "/data/student/", "/data/student/views"
HEAVY = "grade=09&weight_kg.from=20&columns=room%2Cfirst_name%2Cweight_kg&sort=-grade"


def saved(page: FlaskClient, name: str, query: str = HEAVY) -> tuple[int, str]:
    """Save a view; its key and the address that it opens with."""
    answer = page.post(VIEWS, data={"name": name, "query": query})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    address = answer.headers["Location"]
    found = re.search(r"view=(\d+)", address)
    assert found, address
    return int(found[1]), address


def offered(page: FlaskClient) -> str:
    """The page of views that somebody sees."""
    return page.get(VIEWS).get_data(as_text=True)


def test_a_view_keeps_filters_order_and_columns_and_is_only_its_owners(world: World) -> None:
    alice = world.client("alice")
    key, address = saved(alice, "หนักเกิน", HEAVY + "&after=zzz&with=street&first=26")
    page = alice.get(address).get_data(as_text=True)
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', page)
    assert heads == ["ห้อง", "ชื่อ", "น้ำหนัก"]
    assert 'name="weight_kg.from" value="20"' in page
    assert "after=" not in address
    assert "with=" not in address
    assert "หนักเกิน" in page
    assert "หนักเกิน" not in offered(world.client("dao"))
    for verb in ("rename", "delete", "share", "default"):
        answer = world.client("bob").post(f"{VIEWS}/{key}/{verb}", data={"name": "ของฉัน", "on": "1"})
        assert answer.status_code == 404, verb


def test_saving_under_the_same_name_replaces_and_a_view_is_renamed_and_deleted(world: World) -> None:
    alice = world.client("alice")
    key, _address = saved(alice, "ห้องหนึ่ง", "room=1")
    again, address = saved(alice, "ห้องหนึ่ง", "room=2")
    other, _ = saved(alice, "อื่น", "room=3")
    assert (again, "room=2" in address) == (key, True)
    answer = alice.post(f"{VIEWS}/{other}/rename", data={"name": "ห้องหนึ่ง"})
    assert answer.status_code == 409
    assert "มีมุมมองชื่อ" in answer.get_data(as_text=True)
    assert alice.post(f"{VIEWS}/{key}/rename", data={"name": "ห้องสอง"}).status_code == 302
    assert alice.post(f"{VIEWS}/{other}/delete").status_code == 302
    page = offered(alice)
    assert "ห้องสอง" in page
    assert "อื่น</b>" not in page


@pytest.mark.parametrize(
    ("name", "query", "status"),
    [("", "room=1", 422), ("ยาว" * 40, "room=1", 422), ("ผิด", "graed=04", 400), ("ผิด", "room=ก", 400)],
)
def test_what_cannot_be_saved_is_said_and_kept(world: World, name: str, query: str, status: int) -> None:
    answer = world.client("alice").post(VIEWS, data={"name": name, "query": query})
    assert answer.status_code == status
    assert f'value="{name}"' in answer.get_data(as_text=True)


def test_a_district_shares_with_a_role_of_its_own_schools_and_schools_do_not_share(world: World) -> None:
    dan = world.client("dan")
    key, address = saved(dan, "ของเขตสอง", "grade=09")
    assert dan.post(f"{VIEWS}/{key}/share", data={"role": "school_officer"}).status_code == 302
    for persona, sees in (("alice", True), ("bob", True), ("dao", False), ("charlie", False), ("eve", False)):
        assert ("ของเขตสอง" in offered(world.client(persona))) is sees, persona
    rows = world.client("alice").get(address).get_data(as_text=True)
    assert f"/data/student/{world.pupil(SCHOOL)}" in rows
    assert f'"/data/student/{world.pupil(FOREIGN)}"' not in rows
    own, _address = saved(world.client("alice"), "ของฉัน", "room=1")
    refused = world.client("alice").post(f"{VIEWS}/{own}/share", data={"role": "school_officer"})
    assert refused.status_code == 403
    assert dan.post(f"{VIEWS}/{key}/share", data={"role": "no_such_role"}).status_code == 404


def test_a_list_opens_with_the_view_that_its_reader_chose(world: World) -> None:
    dan, alice = world.client("dan"), world.client("alice")
    key, _address = saved(dan, "ชั้นเดียว", "grade=09")
    dan.post(f"{VIEWS}/{key}/share", data={"role": "school_officer"})
    assert alice.get(LIST).status_code == 200
    assert alice.post(f"{VIEWS}/{key}/default", data={"on": "1"}).status_code == 302
    assert "grade=09" in alice.get(LIST).headers["Location"]
    assert alice.get(f"{LIST}?view=all").status_code == 200
    assert world.client("bob").get(LIST).status_code == 200, "only who chose it"
    copy = re.search(r"view=(\d+)", alice.get(LIST).headers["Location"])
    assert copy, "a copy of one's own"
    assert int(copy[1]) != key
    assert alice.post(f"{VIEWS}/{copy[1]}/default", data={"on": ""}).status_code == 302
    assert alice.get(LIST).status_code == 200
