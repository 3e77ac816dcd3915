"""The small world itself: everybody can log in and sees what is theirs."""

from __future__ import annotations

from tests.app_fixtures import FOREIGN, PERSONAS, PUPILS_PER_SCHOOL, SCHOOL, SIBLING, World


def test_everybody_logs_in_and_has_a_home_page(world: World) -> None:
    for name in PERSONAS:
        assert world.client(name).get("/").status_code == 200


def test_who_is_not_logged_in_is_sent_to_the_login_page(world: World) -> None:
    for address in ("/", "/data/student/", "/accounts/"):
        answer = world.client().get(address)
        assert answer.status_code == 302
        assert "/login/" in answer.headers["Location"]


def test_each_level_counts_the_pupils_it_looks_after(world: World) -> None:
    expected = {"alice": 1, "bob": 1, "charlie": 1, "dan": 2, "eve": 1, "cee": 3}
    for name, schools in expected.items():
        answer = world.client().get("/api/v1/student/", headers=world.token(name))
        assert answer.get_json()["count"] == schools * PUPILS_PER_SCHOOL


def test_a_pupil_of_the_neighbour_or_of_another_district_is_not_found(world: World) -> None:
    alice = world.client("alice")
    assert alice.get(f"/data/student/{world.pupil(SCHOOL)}").status_code == 200
    assert alice.get(f"/data/student/{world.pupil(SIBLING)}").status_code == 404
    assert alice.get(f"/data/student/{world.pupil(FOREIGN)}").status_code == 404
