"""Finding duplicates: the same ID, likely the same child, and the lists of other agencies."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import sqlalchemy as sa
from openpyxl import Workbook

from appbuilder_app.codes import Agency, DuplicateKind
from appbuilder_app.declaration import db
from appbuilder_app.errors import NotPermitted, NotYours
from appbuilder_app.models import Change, Student
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import duplicates
from appbuilder_app.workflows.duplicates.agency_lists import (
    AgencyListColumnsMissing,
    AgencyListUnreadable,
    SameListAgain,
)
from tests.app_fixtures import FOREIGN, SCHOOL, SCOPES, SIBLING, national_id, pupil
from tests.round_fixtures import Round, by_verb

HEADS = "เลขประจำตัวประชาชน,ชื่อ-นามสกุล,วันเกิด,ชื่อโรงเรียน,ชั้น"
BORN = dt.date(2013, 2, 3)


def adds(played: Round, who: str, *pupils: Any) -> list[int]:
    """Pupils who were somebody's before anybody asked whether another school knows them; their keys."""

    def add() -> list[int]:
        db.session.add_all(pupils)
        by_verb()
        return [one.id for one in pupils]

    return played.does(who, add)


def found(played: Round, who: str, scope: str = "") -> dict[DuplicateKind, list[tuple[int, ...]]]:
    """What the persona finds, by kind."""
    with played.world.acting(who):
        groups: dict[DuplicateKind, list[tuple[int, ...]]] = {}
        for one in duplicates.find(scope):
            groups.setdefault(one.kind, []).append(one.students)
        return groups


def listed(*lines: str, heads: str = HEADS) -> bytes:
    """A list as CSV."""
    return "\n".join((heads, *lines)).encode()


def keeps(played: Round, data: bytes, who: str = "dan", name: str = "opt.csv") -> int:
    """Somebody uploads a list."""
    kept: int = played.does(who, duplicates.keep_list, Agency.LOCAL, name, data).id
    return kept


def test_nothing_is_found_where_nothing_is(played: Round) -> None:
    assert found(played, "cee") == found(played, "dan") == {}


def test_the_same_id_in_two_schools_is_found_by_both_areas_and_the_centre(played: Round) -> None:
    (ours,) = adds(played, "alice", pupil(SCHOOL, 500))
    (theirs,) = adds(played, "charlie", pupil(FOREIGN, 500, first_name="คนละชื่อ"))

    expected = {DuplicateKind.SAME_ID: [tuple(sorted((ours, theirs)))]}

    assert found(played, "cee") == found(played, "dan") == found(played, "eve") == expected
    assert found(played, "dan", SCOPES[SCHOOL]) == expected
    assert found(played, "dan", SCOPES[SIBLING]) == found(played, "dan", SCOPES[FOREIGN]) == {}


def test_three_schools_with_one_id_are_one_group(played: Round) -> None:
    people = ((SCHOOL, "alice"), (SIBLING, "bob"), (FOREIGN, "charlie"))
    ids = [adds(played, who, pupil(school, 501))[0] for school, who in people]

    assert found(played, "cee") == found(played, "dan") == {DuplicateKind.SAME_ID: [tuple(sorted(ids))]}


THEIRS: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"first_name": "ด.ช.จันทรพันธ์", "last_name": "ไจดี"}, True),
    ({"mother_first_name": "สมสี"}, True),
    ({"mother_first_name": "สมหมาย"}, False),
    ({"father_first_name": "คนอื่น"}, True),  # ours names no father
    ({"birth_date": BORN + dt.timedelta(days=400)}, False),
    ({"last_name": "ใจร้าย"}, False),
]


def test_likely_the_same_child(played: Round) -> None:
    expected = []
    for number, (theirs, is_one) in enumerate(THEIRS):
        # Each pair born on a day of its own, so that pairs do not meet.
        child = {"first_name": "จันทรพันธุ์", "last_name": "ใจดี", "mother_first_name": "สมศรี"}
        born = {"birth_date": BORN + dt.timedelta(days=number)}
        (ours,) = adds(played, "alice", pupil(SCHOOL, 520 + number, **child | born))
        (other,) = adds(played, "charlie", pupil(FOREIGN, 560 + number, **child | born | theirs))
        expected += [(ours, other)] if is_one else []

    assert found(played, "cee") == found(played, "eve") == {DuplicateKind.LIKELY: expected}


def test_a_changed_name_changes_what_is_found(played: Round) -> None:
    adds(played, "alice", pupil(SCHOOL, 504, first_name="มานี", birth_date=BORN))
    adds(played, "bob", pupil(SIBLING, 505, first_name="มานี", birth_date=BORN))
    assert DuplicateKind.LIKELY in found(played, "cee")

    with played.world.acting("adam"), set_based(SetWork.DEMO):
        table = Student.__table__
        renamed = sa.update(table).where(table.c.national_id == national_id(505)).values(first_name="ปิติ")
        db.session.connection().execute(renamed)
        db.session.commit()

    assert found(played, "cee") == {}


def test_only_offices_look_for_duplicates(played: Round) -> None:
    for name in ("alice", "dao", "adam"):
        played.is_refused(name, NotPermitted, duplicates.find)


# ── Other agencies' lists ────────────────────────────────────────────────────────────────────────────────


def test_a_list_finds_children_by_id_and_by_name(played: Round) -> None:
    by_id, by_name = adds(
        played,
        "alice",
        pupil(SCHOOL, 506),
        pupil(SCHOOL, 507, first_name="วรรณา", last_name="ศรีทราย", birth_date=BORN),
    )
    keeps(
        played,
        listed(
            f"{national_id(506)},เด็กชายใคร ก็ได้,01/01/2555,ร.ร.เทศบาล,ป.6",
            "-,ด.ญ.วันนา  สีซาย,03/02/2556,ร.ร.เทศบาล,ป.6",
            f"{national_id(900)},ใคร อีกคน,03/02/2556,ร.ร.เทศบาล,ป.6",
        ),
    )

    expected = {DuplicateKind.AGENCY: [(by_id,), (by_name,)]}

    assert found(played, "dan") == found(played, "cee") == found(played, "dan", SCOPES[SCHOOL]) == expected
    assert found(played, "eve") == {}


def test_the_list_of_an_area_is_compared_with_its_own_children(played: Round) -> None:
    adds(played, "charlie", pupil(FOREIGN, 508))
    line = f"{national_id(508)},ใคร ก็ได้,01/01/2555,ร.ร.เทศบาล,ป.6"
    keeps(played, listed(line))
    assert found(played, "cee") == {}

    keeps(played, listed(line), who="cee")
    assert DuplicateKind.AGENCY in found(played, "eve")


def test_lists_are_seen_by_their_office_and_above(played: Round) -> None:
    line = f"{national_id(509)},ใคร ก็ได้,01/01/2555,ร.ร.เทศบาล,ป.6"
    kept = keeps(played, listed(line))
    with played.world.acting("eve"):
        assert not duplicates.lists()
    played.is_refused("eve", NotYours, duplicates.remove_list, kept)
    with played.world.acting("cee"):
        assert [one.id for one in duplicates.lists()] == [kept]
    played.does("dan", duplicates.remove_list, kept)
    with played.world.acting("dan"):
        assert not duplicates.lists()


def test_the_same_file_again_is_refused(played: Round) -> None:
    data = listed(f"{national_id(510)},ใคร ก็ได้,01/01/2555,ร.ร.เทศบาล,ป.6")
    keeps(played, data)
    assert "อัปโหลดไว้แล้ว" in played.is_refused(
        "dan", SameListAgain, duplicates.keep_list, Agency.LOCAL, "x.csv", data
    )


def test_a_workbook_with_titles_above_and_first_and_last_name_apart(played: Round) -> None:
    (ours,) = adds(played, "alice", pupil(SCHOOL, 511))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["บัญชีรายชื่อนักเรียน โรงเรียนเอกชน"])
    sheet.append(["ที่", "เลขบัตรประชาชน", "ชื่อ", "นามสกุล", "วัน/เดือน/ปีเกิด", "สถานศึกษา", "ระดับชั้น"])
    sheet.append([1, int(national_id(511)), "นายสมชาย", "ใจดี", dt.date(2012, 1, 1), "เอกชนวิทยา", "ม.1"])
    out = io.BytesIO()
    book.save(out)

    keeps(played, out.getvalue(), name="private.xlsx")

    assert found(played, "dan") == {DuplicateKind.AGENCY: [(ours,)]}


def test_a_list_is_taken_whole_or_not_at_all(played: Round) -> None:
    good = f"{national_id(512)},ใคร ก็ได้,01/01/2555,ร.ร.เทศบาล,ป.6"
    told = played.is_refused(
        "dan", AgencyListUnreadable, duplicates.keep_list, Agency.LOCAL, "x.csv",
        listed(good, f"{national_id(513)},ใคร อีกคน,วันไหน,ร.ร.เทศบาล,ป.6"),
    )  # fmt: skip
    assert "แถวที่ 3" in told
    with played.world.acting("dan"):
        assert not duplicates.lists()


def test_a_list_without_the_columns_is_refused(played: Round) -> None:
    data = listed("1,2,3", heads="เลขประจำตัวประชาชน,วันเกิด,ชั้น")
    played.is_refused("dan", AgencyListColumnsMissing, duplicates.keep_list, Agency.LOCAL, "x.csv", data)
    played.is_refused("alice", NotPermitted, duplicates.keep_list, Agency.LOCAL, "x.csv", data)


def test_who_is_deleted_stands_in_the_history_without_the_key_of_the_name(played: Round) -> None:
    (ours,) = adds(played, "alice", pupil(SCHOOL, 530))
    played.does("alice", lambda: db.session.delete(db.session.get_one(Student, ours)))

    with played.world.acting("adam"):
        query = sa.select(Change.before).where(Change.row_key == str(ours), Change.action == "delete")
        before = db.session.scalars(query).one()
    assert before is not None
    assert before["first_name"] == "ชื่อ530"
    assert "name_key" not in before
