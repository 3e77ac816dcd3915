"""Where people land after saving and after changing the language: where they were, never on another site."""

from __future__ import annotations

import pytest

from tests.app_fixtures import SCHOOL, World

pytestmark = pytest.mark.any_database("postgresql")

ELSEWHERE = [
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "/a?b=//c",
    "",
]


def saved(world: World, back: str) -> str:
    """Where saving a pupil's record leads to, who came from ``back``."""
    client, record = world.client("alice"), f"/data/student/{world.pupil()}"
    form = client.get(f"{record}/edit", query_string={"back": back})
    assert form.status_code == 200
    typed = {"street": "ถนนใหม่"}
    answer = client.post(f"{record}/edit", query_string={"back": back}, data=typed)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.headers["Location"].removeprefix(record)


def test_who_came_from_the_checklist_goes_back_to_it(world: World) -> None:
    back = f"/submission/{SCHOOL}#checklist"
    assert saved(world, back) == back


@pytest.mark.parametrize("back", ELSEWHERE)
def test_a_forged_way_back_leads_to_the_record(world: World, back: str) -> None:
    assert saved(world, back) == ""


def language(world: World, came_from: str) -> str:
    """Where choosing English leads to, from this page."""
    answer = world.client("alice").get("/lang/en", headers={"Referer": came_from})
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_the_page_on_which_the_language_was_chosen_is_shown_again(world: World) -> None:
    page = "http://localhost/data/student/?grade=09"
    assert language(world, page) == page


@pytest.mark.parametrize(
    "came_from",
    [
        "https://evil.example/data/student/",
        f"http://localhost/submission/{SCHOOL}/confirm",
        "http://localhost/no/page",
    ],
)
def test_what_cannot_be_opened_again_leads_home(world: World, came_from: str) -> None:
    assert language(world, came_from) == "/"


def test_a_language_that_nobody_translated_is_not_found(world: World) -> None:
    assert world.client("alice").get("/lang/xx").status_code == 404
