"""Lists: pages that neither lose nor repeat a row, search, filters, orders, and what each is refused."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from appbuilder_app import access
from appbuilder_app.codes import Grade
from appbuilder_app.dataset.listing import (
    LARGEST_PAGE,
    BadQuery,
    Listing,
    Query,
    SearchTooShort,
    SortTooWide,
    look_up,
)
from appbuilder_app.declaration import db
from appbuilder_app.models import School, Student
from tests.app_fixtures import SCHOOL, SIBLING, World, national_id, pupil

NAMES = ["เกษม", "กมล", "แก้ว", "ขวัญ", "โชติ", "ไชยา", "ใจดี", "ฮะ", "อำนาจ", "น้ำฝน", "นภา", "ณัฐ"]
CLASS_SIZE = 60


@pytest.fixture
def crowd(world: World) -> World:
    """The world with a large class in Alice's school, names in no order."""
    with world.acting("alice"):
        for number in range(CLASS_SIZE):
            row = pupil(
                SCHOOL, 1000 + number, first_name=NAMES[number % len(NAMES)], last_name=f"นามสกุล{number % 7}"
            )
            row.grade, row.room = list(Grade)[1 + number % 8], 1 + number % 3
            row.birth_date = dt.date(2010 + number % 8, 1 + number % 12, 5)
            db.session.add(row)
        db.session.commit()
    return world


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
            {"weight_kg": "30"},
            {"sort": "weight_kg"},
            {"after": "zzz"},
            {"after": "WzFd"},
        ):
            with pytest.raises(BadQuery):
                Listing(Student, viewer).page(db.session, Query.of(Student, wrong), ["grade"])


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
