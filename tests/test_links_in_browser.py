"""Every screen to which a link leads, in the world that the story leaves behind: none leads astray, all speak English."""

from __future__ import annotations

import re

import pytest

from tests.browser_fixtures import THAI, Person
from tests.story_fixtures import Story

# In the process of the story, which comes before: what it has done is there to be walked through.
pytestmark = [pytest.mark.xdist_group("chain"), pytest.mark.any_database("postgresql")]

FILES = re.compile(r"\.(pdf|xlsx|json|csv|pyz|pem)|/scan$|/scan\?|^/lang|/snapshot/\d+/(file|proof)")


def test_the_screens_speak_english_to_who_asks_and_thai_again(story: Story) -> None:
    dao = story.person("dao")
    dao.opens("/submission/")
    dao.language = "en"
    dao.follows("English")
    dao.reads("Headcount", "Home")
    assert not THAI.search(dao.page.locator(".side").inner_text())
    dao.language = "th"
    dao.follows("ไทย")
    dao.reads("จำนวนนักเรียน", "หน้าแรก")


@pytest.mark.parametrize("name", ["alice", "dan", "adam"])
def test_no_link_leads_astray(story: Story, name: str) -> None:
    person = story.person(name)
    person.opens("/")
    ways = links(person)
    for way in ways:
        person.opens(way)
        ways += [further for further in links(person) if further not in ways]
    assert len(ways) >= 8


def links(person: Person) -> list[str]:
    """Addresses of screens on the page that this person has not seen the like of yet."""
    found: list[str] = person.page.locator("a[href^='/']").evaluate_all(
        "links => links.map(a => a.getAttribute('href'))"
    )
    shapes = {person.shape(path): path for path in found if not FILES.search(path)}
    return [path for shape, path in shapes.items() if shape not in person.seen]
