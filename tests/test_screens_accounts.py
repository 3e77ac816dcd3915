"""Accounts and roles in screens: an administrator manages both without code; nobody else gets in."""

from __future__ import annotations

import re
from typing import Any

import pytest

from appbuilder_app.declaration import db
from appbuilder_app.models import Account
from tests.app_fixtures import FOREIGN, PASSWORD, SCHOOL, SIBLING, World
from tests.screen_fixtures import Screens, read

pytestmark = pytest.mark.any_database("postgresql")

NEW: dict[str, Any] = {
    "username": "napa.officer",
    "first_name": "นภา",
    "last_name": "ใจดี",
    "position": "ครู",
    "school_code": SCHOOL,
    "roles": ["school_officer"],
}


def account(world: World, name: str) -> Account:
    with world.acting("adam"):
        return db.session.query(Account).filter_by(username=name).one()


def test_only_who_manages_accounts_or_roles_gets_in(screens: Screens) -> None:
    for name in ("alice", "dao", "cee"):
        for address in ("/accounts/", "/accounts/add", "/roles/"):
            screens.page(name, address, status=403)
        screens.sent(name, "/accounts/add", status=403, **NEW)
    screens.page("dan", "/roles/", status=403)


def test_a_district_hands_out_accounts_of_its_own_schools_only(screens: Screens) -> None:
    seen = screens.page("dan", "/accounts/")
    assert "alice" in seen
    for other in ("charlie", "eve", "adam"):
        assert other not in seen
    screens.sent("dan", "/accounts/add", status=200, **NEW)
    for wrong in (
        {"school_code": FOREIGN},
        {"school_code": "", "area_code": "1602", "roles": ["district_officer"]},
        {"school_code": "", "roles": ["administrator"]},
        {"roles": ["administrator"]},
        {"roles": ["central_officer", "school_officer"]},
    ):
        screens.sent("dan", "/accounts/add", status=422, **{**NEW, "username": "second.try"} | wrong)
    for other in ("charlie", "dan", "eve", "adam"):
        screens.sent("dan", f"/accounts/{account(screens.world, other).id}/new-password", status=404)


def test_a_role_given_by_the_centre_survives_the_districts_change(screens: Screens) -> None:
    screens.sent("adam", "/roles/", name="ผู้ช่วยพิเศษ")
    alice = account(screens.world, "alice")
    facts = {**NEW, "username": "alice", "active": "1"}
    screens.sent("adam", f"/accounts/{alice.id}", **facts | {"roles": ["school_officer", "ผู้ช่วยพิเศษ"]})
    screens.sent("dan", f"/accounts/{alice.id}", **facts | {"last_name": "ใหม่"})
    with screens.world.acting("adam"):
        changed = db.session.get_one(Account, alice.id)
        assert changed.last_name == "ใหม่"
        assert {role.name for role in changed.roles} == {"school_officer", "ผู้ช่วยพิเศษ"}


def test_a_new_account_gets_its_password_once_and_must_change_it(screens: Screens) -> None:
    slip = screens.sent("adam", "/accounts/add", status=200, **NEW)
    password = re.search(r"<dd>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</dd>", slip)
    assert password is not None
    assert "บ้านหนองตัวอย่าง" in slip
    client = screens.world.app.test_client()
    client.post("/login/", data={"username": NEW["username"], "password": password[1]})
    assert client.get("/").headers["Location"].endswith("/accounts/password")
    text = read(client.get("/accounts/password"), 200)
    assert "กรุณาตั้งรหัสผ่านใหม่ก่อนเริ่มใช้งาน" in text
    changed = client.post(
        "/accounts/password", data={"current": password[1], "new": "รหัสใหม่ของนภา1", "again": "รหัสใหม่ของนภา1"}
    )
    assert changed.status_code == 302
    assert "บ้านหนองตัวอย่าง" in read(client.get("/"), 200)


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"username": "nap"}, "อักษรอังกฤษและตัวเลข"),
    ({"first_name": " "}, "ต้องกรอก"),
    ({"school_code": "99999999"}, "ขอบเขตไม่ถูกต้อง"),
    ({"roles": []}, "เลือกอย่างน้อยหนึ่งบทบาท"),
    ({"school_code": ""}, "ใช้กับโรงเรียนเท่านั้น"),
    ({"school_code": "", "area_code": "1602"}, "ใช้กับโรงเรียนเท่านั้น"),
    ({"school_code": "", "roles": ["district_officer"]}, "ใช้กับเขตพื้นที่การศึกษาเท่านั้น"),
)


def test_what_is_wrong_stands_beside_its_field_and_the_rest_stays(screens: Screens) -> None:
    for changed, told in WRONG:
        text = screens.sent("adam", "/accounts/add", status=422, **{**NEW, **changed})
        assert told in text
        assert 'value="ใจดี"' in text


def test_an_account_is_changed_and_switched_off(screens: Screens) -> None:
    bob = account(screens.world, "bob")
    address = f"/accounts/{bob.id}"
    assert "บ้านหนองเพื่อนบ้าน" in screens.page("adam", address)
    fields = {**NEW, "first_name": "บุญ", "active": "0"}
    assert "บันทึกบัญชี “bob” แล้ว" in screens.sent("adam", address, **fields)
    after = account(screens.world, "bob")
    assert (after.username, after.first_name, after.active) == ("bob", "บุญ", False)
    assert after.scope == f"C/1602/{SCHOOL}"
    refused = screens.world.client().post("/login/", data={"username": "bob", "password": PASSWORD})
    assert refused.status_code == 401


def test_a_forgotten_password_is_replaced_and_old_sessions_end(screens: Screens) -> None:
    alice = screens.of("alice")
    slip = screens.sent("adam", f"/accounts/{account(screens.world, 'alice').id}/new-password", status=200)
    assert "รหัสผ่านนี้แสดงครั้งเดียว" in slip
    assert "/login/" in alice.get("/").headers["Location"]


def test_everybody_changes_their_own_password_and_is_told_why_not(screens: Screens) -> None:
    assert "Alice ทดสอบ" in screens.page("alice", "/accounts/password")
    wrong = {"current": "ผิด", "new": "อีกสิบตัวอักษร1", "again": "อีกสิบตัวอักษร1"}
    assert "รหัสผ่านปัจจุบันไม่ถูกต้อง" in screens.sent("alice", "/accounts/password", status=422, **wrong)
    differs = {"current": PASSWORD, "new": "อีกสิบตัวอักษร1", "again": "อีกสิบตัวอักษร2"}
    assert "ไม่ตรงกัน" in screens.sent("alice", "/accounts/password", status=422, **differs)


def test_accounts_are_found_by_name_or_school(screens: Screens) -> None:
    assert "Dao ทดสอบ" in screens.page("adam", f"/accounts/?q={SCHOOL}")
    assert "ไม่พบบัญชี" in screens.page("adam", "/accounts/?q=ไม่มีชื่อนี้")


# ── Roles ────────────────────────────────────────────────────────────────────────────────────────────────


def role_id(screens: Screens, label: str) -> str:
    found = re.search(rf'href="/roles/(\d+)">{label}</a>', screens.page("adam", "/roles/"))
    assert found is not None
    return found[1]


def test_a_new_role_gets_its_rights_by_ticks(screens: Screens) -> None:
    text = screens.sent("adam", "/roles/", name="ผู้อ่านทะเบียน")
    assert 'value="read:student"' in text
    address = f"/roles/{role_id(screens, 'ผู้อ่านทะเบียน')}"
    screens.sent("adam", address, right=["read:student", "read:school"])
    page = screens.page("adam", address)
    assert re.findall(r'value="([a-z:]+)" checked', page) == ["read:school", "read:student"]


def test_a_right_taken_away_holds_from_the_next_click(screens: Screens) -> None:
    screens.page("dan", "/history/")
    screens.sent("adam", f"/roles/{role_id(screens, 'เจ้าหน้าที่เขตพื้นที่การศึกษา')}", right=["read:round"])
    screens.page("dan", "/history/", status=403)
    assert "บทบาทของท่านไม่มีงานในรอบนี้" in screens.page("dan", "/")


def test_the_last_role_that_manages_roles_cannot_give_it_away(screens: Screens) -> None:
    address = f"/roles/{role_id(screens, 'ผู้ดูแลระบบ')}"
    assert "อย่างน้อยหนึ่งบทบาท" in screens.sent("adam", address, status=409, right=["read:student"])
    screens.page("adam", "/roles/")


def test_a_right_that_does_not_exist_is_refused(screens: Screens) -> None:
    address = f"/roles/{role_id(screens, 'ผู้ดูแลระบบ')}"
    screens.sent("adam", address, status=422, right=["write:everything"])


def test_a_role_needs_a_name_of_its_own(screens: Screens) -> None:
    assert "ตั้งชื่อบทบาท" in screens.sent("adam", "/roles/", status=422, name="ผู้ดูแลระบบ")


def made_role(screens: Screens, name: str, **fields: Any) -> str:
    """A new role with these fields of its page; its address."""
    screens.sent("adam", "/roles/", name=name)
    address = f"/roles/{role_id(screens, name)}"
    screens.sent("adam", address, **fields)
    return address


def test_the_matrix_stands_under_the_menus_and_says_what_is_seen_of_private_fields(screens: Screens) -> None:
    seen = ["read:student", "mask:student:identity", "", "see:student:family"]
    address = made_role(screens, "ผู้ช่วยเจ้าหน้าที่เขต", right=seen)
    page = screens.page("adam", address)
    assert "<caption>นักเรียน</caption>" in page
    chosen = re.findall(r'<option value="([a-z:]*)" selected>([^<]*)</option>', page)
    assert [*chosen[:3]] == [
        ("mask:student:identity", "เห็นแบบปิดบัง"),
        ("", "ไม่เห็น"),
        ("see:student:family", "เห็น"),
    ]


def test_a_role_is_copied_with_its_rights_and_level_and_deleted_while_nobody_holds_it(
    screens: Screens,
) -> None:
    officer = role_id(screens, "เจ้าหน้าที่ข้อมูลโรงเรียน")
    screens.sent("adam", f"/roles/{officer}/copy", name="ผู้ช่วยธุรการ")
    address = f"/roles/{role_id(screens, 'ผู้ช่วยธุรการ')}"
    page = screens.page("adam", address)
    assert 'value="import:student" checked' in page
    assert '<option value="school" selected>' in page
    screens.sent("adam", f"{address}/delete")
    assert "ผู้ช่วยธุรการ" not in screens.page("adam", "/roles/")
    assert "มากับระบบ" in screens.sent("adam", f"/roles/{officer}/delete", status=409)


def test_a_district_gives_a_role_to_its_schools_only_when_the_centre_allows_it(screens: Screens) -> None:
    address = made_role(screens, "ครูเวร", right=["read:student"], level="school")
    bob = f"/accounts/{account(screens.world, 'bob').id}"
    offered = {**NEW, "school_code": SIBLING, "roles": ["ครูเวร"], "active": "1"}
    assert "ครูเวร" not in screens.page("dan", bob)
    assert "ให้บทบาทนี้แก่ผู้อื่นไม่ได้" in screens.sent("dan", bob, status=422, **offered)
    screens.sent("adam", address, right=["read:student"], level="school", given_below="1")
    assert "ครูเวร" in screens.page("dan", bob)
    screens.sent("dan", bob, **offered)
    assert "1 บัญชี" in screens.sent("adam", f"{address}/delete", status=409)
    assert account(screens.world, "bob").username in screens.page("adam", address)


def test_a_role_above_schools_is_given_by_the_centre_alone(screens: Screens) -> None:
    screens.sent("adam", "/roles/", name="ผู้ตรวจราชการ")
    address = f"/roles/{role_id(screens, 'ผู้ตรวจราชการ')}"
    fields = {"right": ["read:student"], "level": "district", "given_below": "1"}
    assert "เฉพาะบทบาทของโรงเรียน" in screens.sent("adam", address, status=422, **fields)


def test_a_change_of_rights_is_told_in_words_in_the_history(screens: Screens) -> None:
    made_role(screens, "ผู้อ่านทะเบียน", right=["read:student", "mask:student:health"])
    page = screens.page("adam", "/history/?dataset=role")
    assert "นักเรียน: ดู" in page
    assert "นักเรียน, สุขภาพ: เห็นแบบปิดบัง" in page
