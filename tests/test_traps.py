"""Traps that the framework sets and this build closes; each test fails when its fix is taken out."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from appbuilder_app.codes import SubmissionState
from appbuilder_app.declaration import db
from appbuilder_app.models import Account, School, SignedScan, Student
from appbuilder_app.workflows import accounts, certificates, submissions
from tests.app_fixtures import PASSWORD, SCHOOL, SIBLING, World, dispose

pytestmark = pytest.mark.any_database("postgresql")


def test_filters_of_one_request_never_reach_another_in_a_thread_beside(world: World) -> None:
    """Fix: a list's filters live in its Query, made per request; FAB keeps them on the view."""
    clients = {name: world.client(name) for name in ("alice", "bob", "dan", "cee")}

    def asks(job: tuple[str, str]) -> tuple[str, set[str], str]:
        name, sex = job
        page = clients[name].application.test_client()
        page.set_cookie("thabian", clients[name].get_cookie("thabian").value)  # type: ignore[union-attr]  # logged in
        text = page.get(f"/data/student/?sex={sex}").get_data(as_text=True)
        return sex, set(re.findall(r'data-label="เพศ"[^>]*>\s*(ชาย|หญิง|ช|ญ)\b', text)), text

    jobs = [(name, sex) for name in clients for sex in "MF"] * 8
    with ThreadPoolExecutor(4) as pool:
        for (name, sex), (asked, _seen, text) in zip(jobs, pool.map(asks, jobs), strict=True):
            wrong = "00101" if sex == "M" else "00100"  # even numbers are boys, odd ones girls
            assert asked == sex
            if name == "alice":
                assert wrong not in text


def test_the_api_assigns_nothing_that_is_not_declared(world: World) -> None:
    """Fix: generated schemas refuse unknown members; FAB writes through relations into accounts."""
    alice, row = world.token("alice"), world.pupil()
    for member in (
        {"school": {"code": "99999999"}},
        {"created_by": {"id": 1, "username": "intruder", "password": "x"}},
        {"scope": "C"},
        {"id": 7},
        {"roles": [1]},
    ):
        answer = world.client().patch(f"/api/v1/student/{row}", json=member, headers=alice)
        assert answer.status_code == 422, member
    with world.acting("adam"):
        assert db.session.get_one(Student, row).scope == f"C/1602/{SCHOOL}"
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 8


@pytest.fixture
def guarded(databases: Any, world_template: str, make_app: Callable[..., Flask]) -> Any:
    """The world with CSRF tokens asked and logins limited, as in production."""
    url = databases.fresh(world_template)
    app = make_app(url, WTF_CSRF_ENABLED=True, RATELIMIT_ENABLED=True)
    yield app
    dispose(app)
    databases.drop(url)


def csrf_of(client: FlaskClient, address: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).get_data(as_text=True))
    assert found is not None
    return found[1]


def logged_in(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    facts = {"username": name, "password": PASSWORD, "csrf_token": csrf_of(client, "/login/")}
    assert client.post("/login/", data=facts).status_code == 302
    return client


def test_a_form_of_another_site_changes_nothing(guarded: Flask) -> None:
    """Fix: CSRFProtect asked by doors._admit, cookie-authenticated API included."""
    alice = logged_in(guarded, "alice")
    with guarded.app_context(), db.engine.connect():
        pass
    rows = alice.get("/api/v1/student/").get_json()
    key = rows["result"][0]["key"]
    for send in (
        lambda: alice.post(f"/data/student/{key}/delete"),
        lambda: alice.post(f"/data/student/{key}/edit", data={"journey_minutes": "2"}),
        lambda: alice.delete(f"/api/v1/student/{key}"),
        lambda: alice.patch(f"/api/v1/student/{key}", json={"journey_minutes": 2}),
        lambda: alice.post(f"/submission/{SCHOOL}/confirm", data={"stated": "1"}),
        lambda: alice.post("/logout/"),
    ):
        assert send().status_code == 400
    assert alice.get(f"/api/v1/student/{key}").get_json()["journey_minutes"] is None
    token = guarded.test_client().post(
        "/api/v1/security/login", json={"username": "alice", "password": PASSWORD, "provider": "db"}
    )
    bearer = {"Authorization": f"Bearer {token.get_json()['access_token']}"}
    assert (
        guarded.test_client()
        .patch(f"/api/v1/student/{key}", json={"journey_minutes": 2}, headers=bearer)
        .status_code
        == 200
    )


def test_no_link_changes_anything(world: World) -> None:
    """Fix: what changes is POST only; FAB deletes on a GET."""
    row = world.pupil()
    alice = world.client("alice")
    for address in (f"/data/student/{row}/delete", f"/submission/{SCHOOL}/confirm", "/logout/"):
        assert alice.get(address).status_code in (200, 405)
    assert alice.get(f"/data/student/{row}").status_code == 200


@pytest.mark.parametrize("door", ["page", "api"])
def test_guessing_passwords_is_stopped_at_both_doors(guarded: Flask, door: str) -> None:
    """Fix: limits on the login page's and on the API login's blueprint; FAB limits neither by itself."""
    client = guarded.test_client()
    token = csrf_of(client, "/login/") if door == "page" else ""

    def tries(name: str, password: str) -> int:
        if door == "api":
            facts = {"username": name, "password": password, "provider": "db"}
            return client.post("/api/v1/security/login", json=facts).status_code
        facts = {"username": name, "password": password, "csrf_token": token}
        return client.post("/login/", data=facts).status_code

    assert {tries("alice", f"wrong{number}") for number in range(10)} == {401}
    assert tries("alice", PASSWORD) == 429
    assert tries("bob", PASSWORD) in (200, 302)


def test_a_copied_cookie_and_token_are_worthless_after_logout(world: World) -> None:
    """Fix: the session epoch in Account.get_id and in the token's claims."""
    alice, bearer = world.client("alice"), world.token("alice")
    copied = world.app.test_client()
    copied.set_cookie("thabian", alice.get_cookie("thabian").value)  # type: ignore[union-attr]  # logged in
    assert copied.get("/data/student/").status_code == 200
    assert alice.post("/logout/").status_code == 302
    assert copied.get("/data/student/").status_code == 302
    assert world.client().get("/api/v1/student/", headers=bearer).status_code == 401


def test_a_new_password_or_switching_off_ends_every_session(world: World) -> None:
    """Fix: accounts.end_sessions raises the epoch; load_user refuses who is switched off."""
    alice, bearer = world.client("alice"), world.token("alice")
    with world.acting("adam"):
        account = db.session.scalar(sa.select(Account).filter_by(username="alice"))
        assert account is not None
        accounts.give_password(account)
        db.session.commit()
    assert alice.get("/data/student/").status_code == 302
    assert world.client().get("/api/v1/student/", headers=bearer).status_code == 401


def test_no_page_is_larger_than_the_bound_whatever_is_asked(world: World) -> None:
    """Fix: query.LARGEST_PAGE; FAB's psize is unlimited, and here no argument at all."""
    for asked in ("1000000", "-1", "0"):
        answer = world.client().get(f"/api/v1/school/?size={asked}", headers=world.token("cee")).get_json()
        assert 1 <= len(answer["result"]) <= 100
        assert world.client("cee").get(f"/data/student/?size={asked}").status_code == 200
        assert world.client("cee").get(f"/data/student/?psize={asked}").status_code == 400


def test_a_form_does_not_carry_every_school(world: World) -> None:
    """Fix: references are look-ups by typing; FAB writes every row of the target into a select."""
    with world.acting("adam"):
        first = db.session.get_one(School, SCHOOL)
        for number in range(300):
            db.session.add(School(code=f"1602{5000 + number}", name=f"บ้านใหม่ {number}", area_code="1602",
                                  lowest_grade=first.lowest_grade, highest_grade=first.highest_grade))  # fmt: skip
        db.session.commit()
    dan = world.client("dan")
    for address in ("/data/student/add", "/data/student/"):
        text = dan.get(address).get_data(as_text=True)
        assert "บ้านใหม่" not in text
    assert len(dan.get("/data/school/lookup?q=บ้านใหม่").get_json()) <= 20


def test_a_school_outside_the_scope_is_shown_and_survives_saving(world: World) -> None:
    """Fix: areas and schools are readable by all; otherwise the field is blank and saving empties it."""
    row = world.pupil()
    form = world.client("alice").get(f"/data/student/{row}").get_data(as_text=True)
    assert "บ้านหนองตัวอย่าง" in form
    assert world.client("alice").get(f"/data/school/{SIBLING}").status_code == 200


def test_a_known_id_does_not_tell_which_school_has_it(world: World) -> None:
    """Fix: the refusal says to take the child in by transfer (R21), and no more than that."""
    with world.acting("adam"):
        other = db.session.scalar(sa.select(Student.national_id).filter_by(school_code=SIBLING).limit(1))
    facts = {"national_id": other, "student_number": "9", "title": "001", "sex": "M", "first_name": "ก",
             "last_name": "ข", "birth_date": "2014-01-01", "grade": "09", "room": 1}  # fmt: skip
    refused = world.client().post("/api/v1/student/", json=facts, headers=world.token("alice"))
    assert (refused.status_code, refused.get_json()["type"]) == (409, "urn:thabian:InRegisterAlready")
    assert "เพื่อนบ้าน" not in refused.get_data(as_text=True)
    assert SIBLING not in refused.get_data(as_text=True)
    assert str(other) not in refused.get_data(as_text=True)


def test_a_buddhist_year_is_never_stored_as_a_christian_one(world: World) -> None:
    """Fix: the Buddhist-Era kind; FAB's date field takes 2557-01-05 as the year 2557 CE."""
    row = world.pupil()
    for typed in ("2557-01-05", "05/01/2557", "๕/๑/๒๕๕๗"):
        answer = world.client().patch(
            f"/api/v1/student/{row}", json={"measured_on": typed}, headers=world.token("alice")
        )
        assert answer.get_json()["measured_on"] == "2014-01-05"


def test_an_empty_choice_is_no_value_and_no_error(world: World) -> None:
    """Fix: choices begin with a blank that reads as None; a nullable Enum of FAB answers 500."""
    row = world.pupil()
    alice = world.client("alice")
    page = alice.get(f"/data/student/{row}/edit").get_data(as_text=True)
    assert '<option selected value=""></option>' in page or '<option value=""></option>' in page
    answer = world.client().patch(
        f"/api/v1/student/{row}", json={"religion": ""}, headers=world.token("alice")
    )
    assert answer.status_code == 200
    assert answer.get_json()["religion"] is None


def test_an_uploaded_scan_is_served_only_to_who_may_see_its_row(world: World) -> None:
    """Fix: files lie under names of our own and are served by their row; FAB serves a flat folder to anybody."""
    for name, verb in (("alice", submissions.confirm), ("dao", submissions.certify)):
        with world.acting(name):
            verb(SCHOOL)
            db.session.commit()
    with world.acting("dao"):
        submission = submissions.submission_of(SCHOOL)
        assert submission.state is SubmissionState.CERTIFIED
        certificate = certificates.standing_certificate(submission)
        assert certificate is not None
        address = f"/certificate/{certificate.id}/scan"
    disguised = (io.BytesIO(b"<script>alert(1)</script>"), "scan.pdf")
    dao = world.client("dao")
    dao.post(address, data={"scan": disguised})
    assert dao.get(address).status_code == 404
    honest = (io.BytesIO(b"%PDF-1.7 signed"), "../../etc/passwd.pdf")
    assert dao.post(address, data={"scan": honest}).status_code in (200, 302)
    with world.acting("adam"):
        stored = db.session.scalars(sa.select(SignedScan.stored_as)).one()
        assert re.fullmatch(r"scans/[0-9a-f]{32}\.pdf", stored)
    served = world.client("dan").get(address)
    assert (served.status_code, served.mimetype) == (200, "application/pdf")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    for stranger in ("bob", "charlie", "eve"):
        assert world.client(stranger).get(address).status_code == 404


def test_the_lists_of_the_framework_itself_are_not_mounted(world: World) -> None:
    """Fix: Security.register_views mounts the login doors only."""
    adam = world.client("adam")
    for address in (
        "/users/list/",
        "/roles/list/",
        "/userinfo/",
        "/resetpassword/form",
        "/api/v1/security/users/",
    ):
        assert adam.get(address).status_code == 404
