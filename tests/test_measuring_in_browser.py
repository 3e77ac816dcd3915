"""The grid of weights and heights with a real keyboard: a class is typed, pasted, refused, cut off and taken up again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from appbuilder_app import create_app
from appbuilder_app.codes import Grade
from appbuilder_app.declaration import db
from appbuilder_app.models import Student
from appbuilder_app.thaidate import bangkok
from appbuilder_app.workflows import measuring, nutrition
from tests.app_fixtures import SCHOOL, World, app_settings, dispose, pupil
from tests.browser_fixtures import Person, served
from tests.growth_fixtures import synthetic_reference

pytestmark = [pytest.mark.any_database, pytest.mark.xdist_group("measuring")]
GRID, CLASS = f"/measures/{SCHOOL}/08/1", 30
SECONDS = 60
_P5 = Grade.P5


@pytest.fixture(scope="module")
def alice(
    databases: Any, world_template: str, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Person]]:
    """Alice before a class of thirty who have not been measured."""
    url, instance = databases.fresh(world_template), tmp_path_factory.mktemp("served")
    app = create_app(app_settings(url, instance))
    world = World(app)
    with world.acting("adam"):
        nutrition.import_reference(synthetic_reference(), "สมมติ", "ทดสอบ", synthetic=True)
        db.session.add_all(
            pupil(SCHOOL, 800 + n, grade=_P5, weight_kg=None, height_cm=None, birth_date=dt.date(2015, 8, 1))
            for n in range(CLASS)
        )
        db.session.commit()
    with served(url, instance) as address:
        person = Person(browser, address)
        person.logs_in("alice")
        yield world, person
        person.leaves()
    dispose(app)
    databases.drop(url)


def stored(world: World) -> list[tuple[str, str]]:
    """The class as the register holds it."""
    with world.acting("alice"):
        _school, pupils = measuring.pupils_of(SCHOOL, _P5, 1)
        return [(measuring.shown(one, "weight_kg"), measuring.shown(one, "height_cm")) for one in pupils]


def is_saved(person: Person) -> None:
    """The page says so."""
    expect(person.page.locator("[data-state]")).to_have_text("บันทึกแล้ว")
    expect(person.page.locator("input.waiting")).to_have_count(0)


def test_a_class_is_typed_with_the_keyboard_alone(alice: tuple[World, Person]) -> None:
    world, person = alice
    person.opens(GRID)
    keys = person.page.keyboard
    person.page.locator("[data-cell=weight_kg]").first.focus()
    started = dt.datetime.now(dt.UTC)
    for n in range(CLASS):
        keys.type("๓๒.๕" if n == 0 else f"{30 + n}")
        keys.press("Enter" if n % 2 else "ArrowDown")
    for n in range(CLASS):  # after the last weight comes the first height
        keys.type(f"{120 + n}")
        keys.press("Enter")
    is_saved(person)

    assert (dt.datetime.now(dt.UTC) - started).total_seconds() < SECONDS
    assert stored(world) == [("32.5" if n == 0 else f"{30 + n}", f"{120 + n}") for n in range(CLASS)]
    assert person.page.locator("[data-done]").inner_text() == str(CLASS)
    assert person.page.locator("tr[data-pupil] [data-status]").first.inner_text() != ""
    with world.acting("alice"):
        today = bangkok(dt.datetime.now(dt.UTC)).date()
        assert {one.measured_on for one in db.session.query(Student).filter_by(grade=_P5)} == {today}


def test_a_block_of_a_sheet_is_pasted(alice: tuple[World, Person]) -> None:
    world, person = alice
    person.opens(GRID)
    cell = person.page.locator("[data-cell=weight_kg]").nth(3)
    cell.focus()
    cell.evaluate(
        """input => { const data = new DataTransfer(); data.setData('text', '41.5\\t141\\r\\n๔๒\\t142\\r\\n');
        input.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }"""
    )
    is_saved(person)
    assert stored(world)[2:6] == [("32", "122"), ("41.5", "141"), ("42", "142"), ("35", "125")]


def test_a_wrong_cell_says_why_and_stays_as_typed(alice: tuple[World, Person]) -> None:
    world, person = alice
    person.opens(GRID)
    cell = person.page.locator("[data-cell=weight_kg]").nth(7)
    cell.fill("370")
    cell.press("Enter")
    expect(person.page.locator(".cell .problem").filter(has_text="ต้องไม่เกิน 250")).to_be_visible()
    assert cell.input_value() == "370"
    assert stored(world)[7] == ("37", "127")
    cell.fill("38")
    cell.press("Enter")
    is_saved(person)
    assert stored(world)[7] == ("38", "127")


def test_what_could_not_be_sent_comes_back_and_is_saved(alice: tuple[World, Person]) -> None:
    world, person = alice
    person.opens(GRID)
    person.page.route("**/save", lambda route: route.abort())
    cell = person.page.locator("[data-cell=height_cm]").nth(9)
    cell.fill("155")
    cell.press("Enter")
    expect(person.page.locator("[data-state]")).to_contain_text("จะลองใหม่เอง")
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.page.unroute("**/save")
    person.wrong.clear()  # the line was cut by us
    person.page.reload()
    is_saved(person)
    assert stored(world)[9] == ("39", "155")


def test_on_a_phone_the_grid_fits(alice: tuple[World, Person]) -> None:
    _world, person = alice
    person.page.set_viewport_size({"width": 390, "height": 844})
    person.opens(GRID)
    box = person.page.locator("[data-cell=height_cm]").first.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390, "both cells stand beside the name"
