"""Lists: pages that neither lose nor repeat a row, search, filters, orders, and what each is refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict

from appbuilder_app import access
from appbuilder_app.access import Privacy
from appbuilder_app.codes import Blood, Disability, Grade
from appbuilder_app.dataset import many
from appbuilder_app.dataset.listing import (
    FilterTooWide,
    Listing,
    SearchTooShort,
    SortTooWide,
    look_up,
)
from appbuilder_app.dataset.query import LARGEST_PAGE, BadQuery, Condition, Query, columns_of
from appbuilder_app.dataset.sight import fields_seen
from appbuilder_app.declaration import db
from appbuilder_app.models import School, Student
from tests.app_fixtures import SCHOOL, SIBLING, World, an_app, dispose, national_id, pupil

NAMES = ["เกษม", "กมล", "แก้ว", "ขวัญ", "โชติ", "ไชยา", "ใจดี", "ฮะ", "อำนาจ", "น้ำฝน", "นภา", "ณัฐ"]
CLASS_SIZE = 60


@pytest.fixture(scope="session")
def crowd_template(databases: Any, world_template: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The small world with a large class in Alice's school, names in no order; built once."""

    def build(url: str) -> None:
        app = an_app(url, tmp_path_factory.mktemp("crowd"))
        with World(app).acting("alice"):
            for number in range(CLASS_SIZE):
                row = pupil(
                    SCHOOL,
                    1000 + number,
                    first_name=NAMES[number % len(NAMES)],
                    last_name=f"นามสกุล{number % 7}",
                )
                row.grade, row.room = list(Grade)[1 + number % 8], 1 + number % 3
                row.birth_date = dt.date(2010 + number % 8, 1 + number % 12, 5)
                db.session.add(row)
            db.session.commit()
        dispose(app)

    return str(databases.template("crowd", build, start=world_template))


@pytest.fixture
def crowd(databases: Any, crowd_template: str, make_app: Callable[..., Flask]) -> Iterator[World]:
    """The world with the large class, on a database of its own."""
    url = databases.fresh(crowd_template)
    app = make_app(url)
    yield World(app)
    dispose(app)
    databases.drop(url)


def walk(query: Query, viewer: access.Viewer) -> list[int]:
    """Primary keys of all pages, forwards; each page walked backwards again gives the page before."""
    listing = Listing(Student, viewer)
    keys: list[int] = []
    previous: list[int] = []
    after = None
    while True:
        page = listing.page(db.session, Query(**{**vars(query), "after": after}), ["first_name"])
        keys += page.keys
        if previous:
            back = Query.of(
                Student, {"before": page.before or "", "size": str(query.size), "sort": sort_of(query)}
            )
            assert listing.page(db.session, back, ["first_name"]).keys == previous
        if page.after is None:
            return keys
        previous, after = page.keys, Query.of(Student, {"after": page.after}).after


def sort_of(query: Query) -> str:
    """The request argument of a query's order."""
    return ("-" if query.descending else "") + query.sort


@pytest.mark.parametrize(
    "sort", ["", "grade", "-grade", "first_name", "-first_name", "last_name", "birth_date"]
)
def test_pages_show_every_row_once_in_either_direction(crowd: World, sort: str) -> None:
    with crowd.acting("alice") as viewer:
        keys = walk(Query.of(Student, {"sort": sort, "size": "7"}), viewer)
        assert len(keys) == len(set(keys)) == db.session.query(Student).count()


def test_names_are_ordered_as_a_thai_dictionary_does(crowd: World) -> None:
    with crowd.acting("alice") as viewer:
        query = Query.of(Student, {"sort": "first_name", "size": "100"})
        page = Listing(Student, viewer).page(db.session, query, ["first_name"])
        seen = list(dict.fromkeys(row[0] for row in page.rows if row[0] in NAMES))
        assert seen == ["กมล", "เกษม", "แก้ว", "ขวัญ", "ใจดี", "โชติ", "ไชยา", "ณัฐ", "นภา", "น้ำฝน", "อำนาจ", "ฮะ"]


def test_search_finds_an_id_a_number_and_parts_of_names(crowd: World) -> None:
    number = national_id(1003)
    dashed = re.sub(r"(\d)(\d{4})(\d{5})(\d\d)(\d)", r"\1-\2-\3-\4-\5", number)
    with crowd.acting("alice") as viewer:
        for typed, expected in (
            (number, 1),
            (dashed, 1),
            ("01003", 1),
            ("ขวัญ", 5),
            ("ขวัญ นามสกุล3", 1),
            ("%", 0),
        ):
            page = Listing(Student, viewer).page(db.session, Query.of(Student, {"q": typed}), ["first_name"])
            assert page.total == expected, typed


def test_filters_narrow_and_unknown_ones_are_refused(crowd: World) -> None:
    with crowd.acting("alice") as viewer:
        query = Query.of(Student, {"grade": "ป.1", "sex": "M"})
        page = Listing(Student, viewer).page(db.session, query, ["grade", "sex"])
        assert page.total > 0
        assert {row[0] for row in page.rows} == {Grade("04")}
        for wrong in (
            {"grade": "ป.99"},
            {"weight_kg": "หนัก"},
            {"weight_kg.from": "40", "weight_kg.to": "30"},
            {"birth_date.to": "31/02/2557"},
            {"weight_kg.has": "3"},
            {"national_id.has": "1"},
            {"blood.is": "maybe"},
            {"graed": "04"},
            {"grade.from": "04"},
            {"sort": "weight_kg"},
            {"after": "zzz"},
            {"after": "WzFd"},
        ):
            with pytest.raises(BadQuery):
                Listing(Student, viewer).page(db.session, Query.of(Student, wrong), ["grade"])


TYPED = (
    ({"weight_kg.from": "20", "weight_kg.to": "22.5"}, lambda s: s.weight_kg and 20 <= s.weight_kg <= 22.5),
    ({"weight_kg.from": "30"}, lambda s: s.weight_kg and s.weight_kg >= 30),
    ({"weight_kg.is": "empty"}, lambda s: s.weight_kg is None),
    ({"weight_kg.is": "filled", "room.to": "๒"}, lambda s: s.weight_kg is not None and s.room <= 2),
    ({"room": "2"}, lambda s: s.room == 2),
    ({"room.from": "2", "room.to": "2"}, lambda s: s.room == 2),
    ({"grade": ["04", "ป.2"]}, lambda s: s.grade in (Grade("04"), Grade("05"))),
    ({"blood": "A", "blood.is": "empty"}, lambda s: s.blood in (Blood("A"), None)),
    (
        {"birth_date.from": "1/1/2556", "birth_date.to": "31/12/2557"},
        lambda s: s.birth_date.year in (2013, 2014),
    ),
    ({"last_name.has": "สกุล3"}, lambda s: "สกุล3" in s.last_name),
    ({"street.has": "100%"}, lambda s: "100%" in (s.street or "")),
    ({"swims": "no"}, lambda s: s.swims is False),
)


@pytest.mark.parametrize(
    ("asked", "meant"), TYPED, ids=lambda part: str(part) if isinstance(part, dict) else ""
)
def test_typed_filters_mean_what_they_say(
    crowd: World, asked: dict[str, str], meant: Callable[[Student], bool]
) -> None:
    with crowd.acting("alice") as viewer:
        for number, row in enumerate(db.session.scalars(sa.select(Student).order_by(Student.id)).all()):
            row.weight_kg = None if number % 5 == 0 else Decimal(18) + number % 17
            row.blood = [Blood("A"), Blood("B"), None][number % 3]
            row.street = ["ซอย 100% สุข", "ซอย 1000", None][number % 3]
            row.swims = [True, False, None][number % 3]
        db.session.commit()
        rows = db.session.scalars(sa.select(Student)).all()
        page = Listing(Student, viewer).page(
            db.session, Query.of(Student, MultiDict(asked) | {"size": "100"}), ["room"]
        )
        assert sorted(page.keys) == sorted(row.id for row in rows if meant(row))
        assert 0 < page.total < len(rows)


def test_across_the_country_only_what_an_index_answers_can_be_filtered(crowd: World) -> None:
    with crowd.acting("cee") as viewer:
        listing = Listing(Student, viewer)
        for asked in (
            {"weight_kg.from": "30"},
            {"street.has": "ซอย"},
            {"blood": "A"},
            {"living.is": "empty"},
        ):
            with pytest.raises(FilterTooWide):
                listing.page(db.session, Query.of(Student, asked), ["grade"])
            listing.page(db.session, Query.of(Student, {**asked, "school_code": SCHOOL}), ["grade"])
        assert (
            listing.page(db.session, Query.of(Student, {"national_id": national_id(1003)}), ["grade"]).total
            == 1
        )


def test_columns_are_picked_and_ordered_and_unknown_ones_refused(world: World) -> None:
    with world.acting("alice") as viewer:
        assert columns_of(Student, viewer, {})[0] == "student_number"
        assert columns_of(Student, viewer, {"columns": "room,grade,room"}) == ["room", "grade"]
        several = MultiDict([("columns", "swims"), ("columns", "grade")])
        assert columns_of(Student, viewer, several) == ["swims", "grade"]
        for wrong in ("scope", "room,password"):
            with pytest.raises(BadQuery):
                columns_of(Student, viewer, {"columns": wrong})


@pytest.mark.parametrize("sight", ["mask", ""])
def test_what_a_role_does_not_see_is_neither_filtered_nor_shown_by_a_shared_address(
    world: World, sight: str
) -> None:
    with world.acting("alice") as viewer:
        subject = access.private_subject("student", Privacy.HEALTH)
        others = {right for right in viewer.rights if right[1] != subject}
        blind = replace(viewer, rights=frozenset(others | ({(sight, subject)} if sight else set())))
        with access.acting_as(blind, through="screen"):
            for asked in (
                {"disability": "none"},
                {"disability": "none", "sex": "M"},
                {"disability.is": "empty"},
            ):
                with pytest.raises(BadQuery):
                    Query.of(Student, asked)
            shown = columns_of(Student, blind, {"columns": "room,disability"})
            assert shown == (["room", "disability"] if sight else ["room"])
            assert "disability" not in many.fields_changed_together(Student, fields_seen(Student))
        smuggled = Query(filters={"disability": Condition(values=(Disability.NONE,))})
        with pytest.raises(BadQuery):
            Listing(Student, blind).page(db.session, smuggled, ["room"])


def test_a_page_is_never_larger_than_the_bound(crowd: World) -> None:
    for asked in ("100000", "99999999999999999999", "-5", "ร้อย", ""):
        assert 1 <= Query.of(Student, {"size": asked}).size <= LARGEST_PAGE


def test_wide_lists_refuse_what_would_read_the_country(crowd: World) -> None:
    with crowd.acting("cee") as viewer:
        listing = Listing(Student, viewer)
        with pytest.raises(SortTooWide):
            listing.page(db.session, Query.of(Student, {"sort": "birth_date"}), ["grade"])
        with pytest.raises(SearchTooShort):
            listing.page(db.session, Query.of(Student, {"q": "กม"}), ["grade"])
        assert listing.page(
            db.session, Query.of(Student, {"q": "กมล"}), ["grade"]
        ).total == CLASS_SIZE // len(NAMES)
        by_school = Query.of(Student, {"sort": "birth_date", "school_code": SCHOOL})
        assert listing.page(db.session, by_school, ["grade"]).total > CLASS_SIZE


def test_a_lookup_offers_own_schools_first(world: World) -> None:
    with world.acting("dan") as viewer:
        offered = [option["id"] for option in look_up(db.session, School.__tablename__, "บ้าน", viewer)]
        assert offered[:2] == [SCHOOL, SIBLING]
        assert len(offered) == 3
