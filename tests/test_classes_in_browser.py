"""Pupils go from room to room by mouse, finger and arrow keys, and are saved together or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from appbuilder_app import create_app
from tests.app_fixtures import World, app_settings, dispose, national_id
from tests.browser_fixtures import PHONE, Person, served
from tests.test_movements import row_of

pytestmark = [pytest.mark.any_database, pytest.mark.xdist_group("measuring")]
OURS = (100, 101, 102, 103)


@pytest.fixture(scope="module")
def alice(
    databases: Any, world_template: str, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Person]]:
    """Alice before the four pupils of her school."""
    url, instance = databases.fresh(world_template), tmp_path_factory.mktemp("served")
    app = create_app(app_settings(url, instance))
    with served(url, instance) as address:
        person = Person(browser, address)
        person.logs_in("alice")
        yield World(app), person
        person.leaves()
    dispose(app)
    databases.drop(url)


def rooms(world: World) -> list[int]:
    """In which room each of the four is, as the register has it."""
    return [row_of(world, national_id(number)).room for number in OURS]


def drags(person: Person, who: Locator, to: Locator) -> None:
    """With the mouse."""
    at, there = who.bounding_box(), to.bounding_box()
    assert at
    assert there
    mouse = person.page.mouse
    mouse.move(at["x"] + 120, at["y"] + 12)
    mouse.down()
    mouse.move(at["x"] + 140, at["y"] + 30, steps=3)
    mouse.move(there["x"] + 40, there["y"] + 30, steps=5)
    mouse.up()


def test_by_mouse_keys_and_ticks_and_what_is_refused_stays_where_it_was_put(
    alice: tuple[World, Person],
) -> None:
    world, person = alice
    page = person.page
    person.opens("/movements/class?grade=09")
    pupils, new = page.locator(".pupil"), page.locator(".room.new")
    state = page.locator("[data-state]")
    pupils.nth(1).locator("input").check()
    pupils.nth(0).locator("input").check()
    drags(person, pupils.nth(0), new)  # both that are ticked
    expect(state).to_have_text("ย้าย 2 คน ยังไม่ได้บันทึก")
    expect(page.locator(".pupil input:checked")).to_have_count(0)
    grip = page.locator(".room").first.locator(".grip").first
    grip.focus()
    page.keyboard.press("ArrowRight")
    expect(state).to_have_text("ย้าย 3 คน ยังไม่ได้บันทึก")
    page.keyboard.press("ArrowLeft")
    expect(state).to_have_text("ย้าย 2 คน ยังไม่ได้บันทึก")
    assert rooms(world) == [1, 1, 1, 1]  # nothing before it is saved

    # The last one is ticked for a grade that the school does not teach: then nobody is moved.
    page.locator(".room").first.locator(".pupil input").last.check()
    person.fills(grade="มัธยมศึกษาปีที่ 1", room="1")
    person.presses("ย้ายนักเรียนที่เลือก", status=422)
    person.reads("R24")
    expect(page.locator("[data-state]")).to_have_text("ย้าย 2 คน ยังไม่ได้บันทึก")
    assert rooms(world) == [1, 1, 1, 1]
    person.presses("บันทึกการย้าย")
    person.reads("ย้าย 2 คนแล้ว")
    assert rooms(world) == [2, 2, 1, 1]


def test_by_finger_on_a_telephone(alice: tuple[World, Person]) -> None:
    world, person = alice
    page = person.page
    person.opens("/movements/class?grade=09")
    before = rooms(world)
    page.set_viewport_size(PHONE)
    touch = page.context.new_cdp_session(page)

    def finger(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y} for x, y in places]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    grip = page.locator(".room").first.locator(".grip").first
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    assert box
    x, y = box["x"] + 12, box["y"] + 12
    finger("touchStart", (x, y))
    finger("touchMove", (x + 20, y + 20))
    target = page.locator(".targets span").last
    expect(target).to_be_visible()
    there = target.bounding_box()
    assert there
    finger("touchMove", (there["x"] + 20, there["y"] + 20))
    expect(target).to_have_class("over")
    finger("touchEnd")
    expect(page.locator("[data-state]")).to_have_text("ย้าย 1 คน ยังไม่ได้บันทึก")
    page.get_by_role("button", name="คืนที่เดิม").click()
    expect(page.locator("[data-staged]")).to_be_hidden()
    assert rooms(world) == before
