"""Every screen to which a link leads, in the world that the story leaves behind: none leads astray, all speak English."""

from __future__ import annotations

import html
import re

import pytest

from tests.browser_fixtures import THAI, Person
from tests.story_fixtures import Story

# In the process of the story, which comes before: what it has done is there to be walked through.
pytestmark = [pytest.mark.xdist_group("chain"), pytest.mark.any_database("postgresql")]

HREF = re.compile(r'<a [^>]*href="(/[^"]*)"')
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
    """Each screen is looked at once, by the first who comes there; who comes after only reads it."""
    person = story.person(name)
    person.opens("/")
    known, ways = {person.shape("/")}, links(person)
    for way in ways:
        if (shape := person.shape(way)) in known:
            continue
        known.add(shape)
        if shape in story.walked:
            answer = person.context.request.get(way)
            assert answer.ok, (way, answer.status)
            ways += to_screens(HREF.findall(answer.text()))
        else:
            story.walked.add(shape)
            person.opens(way)
            ways += links(person)
    assert len(known) >= 9


def links(person: Person) -> list[str]:
    """Addresses of screens on the page before this person."""
    found = person.page.locator("a[href^='/']").evaluate_all(
        "links => links.map(a => a.getAttribute('href'))"
    )
    return to_screens(found)


def to_screens(found: list[str]) -> list[str]:
    """Those that lead to a screen, as they are written in the page."""
    return [path for path in map(html.unescape, found) if not FILES.search(path)]
