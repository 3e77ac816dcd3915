"""Rounds of the systems beside the learners': made, locked, confirmed with all they hold, certified, watched."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_app.codes import (
    Acquisition,
    BuildingCategory,
    BuildingCondition,
    Disposal,
    EquipmentGroup,
    ItemState,
    Pay,
    Position,
    RoundSystem,
)
from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.errors import ChecklistFailed, NoOpenRound, NotYours, SubmissionLocked, WindowNotYet
from appbuilder_app.models import (
    Building,
    BuildingPlan,
    Change,
    EquipmentCount,
    EquipmentItem,
    EquipmentLine,
    Roster,
    StaffCount,
    Submission,
)
from appbuilder_app.workflows import (
    certificates,
    collected,
    equipment,
    freezing,
    rounds,
    submissions,
    watching,
)
from appbuilder_app.workflows.round_plans import PLANS
from tests.app_fixtures import FOREIGN, SCHOOL
from tests.round_fixtures import DAY, Round

ASSET, MOBEC, EMIS = RoundSystem.ASSET, RoundSystem.MOBEC, RoundSystem.EMIS
LETTER = "ว1"


def opened(played: Round, *systems: RoundSystem) -> None:
    """Rounds of these systems in which everything is possible now, and what buildings and items point to."""

    def make() -> None:
        for system in systems:
            one = rounds.create_round(2569, 1, dt.date(2026, 10, 30), LETTER, system)
            for action in lock.WindowAction:
                rounds.set_window(one, action, "C", lock.now() - DAY, lock.now() + DAY, source=LETTER)
            rounds.open_submissions(one)

    played.does("cee", make)
    played.does("adam", lambda: db.session.add_all(catalogues()))


def catalogues() -> list[Any]:
    plan = BuildingPlan(code="017", name="017", category=BuildingCategory.CLASSROOMS)
    lines = [("21001", "เครื่องถ่ายเอกสาร"), ("22032", "เครื่องโปรเจคเตอร์")]
    return [plan, *(EquipmentLine(code=c, name=n, name_en=c, family=EquipmentGroup.OFFICE) for c, n in lines)]


def building(school: str = SCHOOL, sequence: int = 1) -> Building:
    return Building(
        school_code=school, category=BuildingCategory.CLASSROOMS, sequence=sequence, name=f"อาคารเรียน {sequence}",
        plan_code="017", condition=BuildingCondition.GOOD, actual_rooms=8, built_year=2540,
    )  # fmt: skip


def item(
    number: str, line: str = "21001", state: ItemState = ItemState.USABLE, **changed: Any
) -> EquipmentItem:
    facts = {
        "school_code": SCHOOL, "number": number, "description": "ของ", "line_code": line, "state": state,
        "acquired_on": dt.date(2020, 5, 1), "acquisition": Acquisition.BUDGET, "unit_price": 12_000, "useful_years": 5,
    }  # fmt: skip
    return EquipmentItem(**facts | changed)


def adds(*rows: Any) -> Any:
    def add() -> None:
        db.session.add_all(rows)
        db.session.flush()

    return add


# ── Plans and labels ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("system", "confirm"),
    [
        (ASSET, ["1-30 Oct"]),
        (MOBEC, ["1-30 Jun", "1-30 Oct"]),
        (EMIS, ["1-30 Jun", "1-31 Oct"]),
    ],
)  # fmt: skip
def test_each_system_has_the_windows_of_its_letters(system: RoundSystem, confirm: list[str]) -> None:
    spans = [plan.windows[1].span(2569) for plan in PLANS[system]]
    assert [f"{first.day}-{last.day} {last:%b}" for first, last in spans] == confirm
    assert {f"{last:%H.%M}" for _, last in spans} == {"16.30"}


def test_a_systems_year_is_made_beside_the_learners_and_names_its_system(played: Round) -> None:
    made = played.does("cee", rounds.create_year, 2569, LETTER, MOBEC)

    assert [str(one.label) for one in made] == [
        "รอบที่ 1 ปีการศึกษา 2569 (ครุภัณฑ์)",
        "รอบที่ 2 ปีการศึกษา 2569 (ครุภัณฑ์)",
    ]
    with played.world.acting("cee"):
        assert list(rounds.current_rounds()) == [RoundSystem.DMC, MOBEC]
        assert rounds.current_round(MOBEC).number == 1  # type: ignore[union-attr]  # just made


# ── Locks ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_round_of_a_system_locks_its_own_datasets_alone(played: Round) -> None:
    opened(played, ASSET)
    played.does("alice", adds(building()))
    played.is_refused(
        "alice",
        NoOpenRound,
        adds(StaffCount(school_code=SCHOOL, position=Position.TEMPORARY, pay=Pay.INSIDE)),
    )
    played.does("alice", submissions.confirm, SCHOOL, ASSET)

    assert "(สิ่งก่อสร้าง)" in played.is_refused("alice", SubmissionLocked, adds(building(sequence=2)))
    played.changes_a_pupil(ethnicity="ใหม่")
    played.does("alice", adds(item("1")))  # the register of items runs all year


def test_before_its_month_a_round_cannot_be_written(played: Round) -> None:
    played.does("cee", rounds.create_year, 2580, LETTER, ASSET)
    played.does("adam", lambda: db.session.add_all(catalogues()))
    played.is_refused("alice", WindowNotYet, adds(building()))


# ── Confirm, certify, acknowledge, return ────────────────────────────────────────────────────────────────


def test_an_empty_register_is_not_confirmed(played: Round) -> None:
    opened(played, ASSET)
    played.is_refused("alice", ChecklistFailed, submissions.confirm, SCHOOL, ASSET)


def test_confirming_freezes_every_row_and_the_certificate_counts_them(played: Round) -> None:
    opened(played, ASSET)
    played.does("alice", adds(building(), building(sequence=2)))
    submission = played.does("alice", submissions.confirm, SCHOOL, ASSET)
    assert submission.rows == 2

    with played.world.acting("dan"):
        roster = db.session.get_one(Roster, submission.roster_id)
        head, counts, *lines = [json.loads(line) for line in freezing.frozen_lines(roster)]
        assert (head["form"], head["system"]) == ("thabian-snapshot/1", "asset")
        assert counts["rows"] == {"building": 2}
        assert sorted(line["sequence"] for line in lines) == [1, 2]
        assert {line["dataset"] for line in lines} == {"building"}

    certificate = played.does("dao", submissions.certify, SCHOOL, ASSET)
    with played.world.acting("dan"):
        sheet = certificates.sheet_of(certificate)
        assert isinstance(sheet, certificates.DataSheet)
        assert (sheet.system, sheet.rows[0].number, sheet.round_name) == (ASSET.th, 2, "ตุลาคม")
        assert sheet.rows[0].sums == (("ห้องจริง", 16), ("ห้องพิเศษ", 0))
        assert sheet.roster_hash == roster.root
        assert certificates.pdf_of(certificate).startswith(b"%PDF-")
    outcome = played.does("dan", submissions.acknowledge, [SCHOOL, FOREIGN], ASSET)
    assert [one.is_done for one in outcome] == [True, False]

    played.does("dan", submissions.return_submission, SCHOOL, "แก้ไข", ASSET)
    played.does("alice", adds(building(sequence=3)))
    with played.world.acting("dan"):
        states = dict(
            db.session.execute(
                sa.select(Submission.round_id, Submission.state).filter_by(school_code=SCHOOL)
            ).all()
        )
        assert len(states) == 2
        assert certificates.standing_certificate(db.session.get_one(Submission, submission.id)) is None


def test_a_district_watches_rows_where_there_are_no_students_to_count(played: Round) -> None:
    opened(played, MOBEC)
    played.does("alice", adds(EquipmentCount(school_code=SCHOOL, line_code="21001", usable=3)))
    with played.world.acting("dan"):
        one = rounds.current_round(MOBEC)
        assert one is not None
        watch = watching.district(one)
        assert {school.code: school.rows for school in watch.schools}[SCHOOL] == 1
        assert "(ครุภัณฑ์)" in watch.round


def test_every_dataset_of_things_belongs_to_one_system() -> None:
    names = {
        system: [m.__tablename__ for m in collected.datasets_of(system)] for system in (ASSET, MOBEC, EMIS)
    }
    assert names[ASSET][0] == "building"
    assert names[MOBEC] == ["equipment_count"]
    assert {"staff_count", "computers", "internet_line", "network"} <= set(names[EMIS])


# ── Counts from the register ─────────────────────────────────────────────────────────────────────────────


def test_counts_are_filled_from_the_register_with_lock_scope_and_history(played: Round) -> None:
    opened(played, MOBEC)
    played.is_refused("alice", equipment.RegisterEmpty, equipment.fill_counts, SCHOOL)
    gone: dict[str, Any] = {
        "state": ItemState.DISPOSED,
        "disposal": Disposal.SALE,
        "disposed_on": dt.date(2025, 1, 1),
    }
    played.does(
        "alice",
        adds(item("1"), item("2"), item("3", state=ItemState.TO_REPAIR), item("4", line="22032", **gone)),
    )
    played.does("alice", adds(EquipmentCount(school_code=SCHOOL, line_code="21001", usable=9)))

    assert played.does("alice", equipment.fill_counts, SCHOOL) == 2
    assert played.does("alice", equipment.fill_counts, SCHOOL) == 0
    with played.world.acting("dan"):
        rows = {row.line_code: row for row in db.session.scalars(sa.select(EquipmentCount))}
        assert (rows["21001"].usable, rows["21001"].to_repair, rows["22032"].usable) == (2, 1, 0)
        told = db.session.scalars(
            sa.select(Change).filter_by(dataset="equipment_count", action="update")
        ).one()
        assert ((told.before or {})["usable"], (told.after or {})["usable"], told.actor[:5]) == (
            9,
            2,
            "Alice",
        )
        assert "ทะเบียน" in (told.reason or "")
    for stranger in ("charlie", "bob"):
        played.is_refused(stranger, NotYours, equipment.fill_counts, SCHOOL)
    played.does("alice", submissions.confirm, SCHOOL, MOBEC)
    played.does("alice", adds(item("5")))
    played.is_refused("alice", SubmissionLocked, equipment.fill_counts, SCHOOL)
