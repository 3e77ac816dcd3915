"""Buildings, equipment, staff and technology: rules of single rows, what is computed, and the catalogues."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from appbuilder_app import kinds, reference, rules
from appbuilder_app.codes import (
    BuildingCategory,
    Disposal,
    EquipmentGroup,
    ItemState,
    Pay,
    Position,
    UseStatus,
)
from appbuilder_app.rules import things

TODAY = dt.date(2026, 11, 29)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which rows are judged."""
    monkeypatch.setattr(things, "_today", lambda: TODAY)


@pytest.mark.parametrize(
    ("rule", "row", "fields"),
    [
        (rules.other_plan_is_described, {"plan_code": "other"}, ["plan_other"]),
        (rules.other_plan_is_described, {"plan_code": "other", "plan_other": "ศาลา"}, []),
        (
            rules.demolition_has_its_permit,
            {"use_status": UseStatus.DEMOLISHED},
            ["permit_number", "permit_date"],
        ),
        (
            rules.demolition_has_its_permit,
            {"use_status": UseStatus.TO_DEMOLISH, "permit_number": "1"},
            ["permit_date"],
        ),
        (rules.demolition_has_its_permit, {"use_status": UseStatus.IN_USE}, []),
        (rules.special_rooms_are_among_the_rooms, {"actual_rooms": 4, "special_rooms": 5}, ["special_rooms"]),
        (rules.special_rooms_are_among_the_rooms, {"actual_rooms": 4, "special_rooms": 4}, []),
        (rules.built_year_has_come, {"built_year": 2571}, ["built_year"]),
        (rules.built_year_has_come, {"built_year": 2570}, []),
        (rules.disposal_is_told_whole, {"state": ItemState.DISPOSED}, ["disposal", "disposed_on"]),
        (rules.disposal_is_told_whole, {"state": ItemState.USABLE, "disposal": Disposal.SALE}, ["state"]),
        (rules.disposal_is_told_whole, {"state": ItemState.TO_REPAIR}, []),
        (rules.acquired_in_the_past, {"acquired_on": dt.date(2026, 11, 30)}, ["acquired_on"]),
        (
            rules.acquired_in_the_past,
            {"acquired_on": dt.date(2026, 1, 2), "disposed_on": dt.date(2026, 1, 1)},
            ["disposed_on"],
        ),
        (
            rules.civil_servants_are_in_the_budget,
            {"position": Position.ASSISTANT, "pay": Pay.OUTSIDE},
            ["pay"],
        ),
        (rules.civil_servants_are_in_the_budget, {"position": Position.TEMPORARY, "pay": Pay.OUTSIDE}, []),
        (rules.one_director, {"position": Position.DIRECTOR, "male": 1, "female": 1}, ["male"]),
        (rules.one_director, {"position": Position.DEPUTY, "male": 1, "female": 1}, []),
    ],
)
def test_a_rule_of_things_refuses_at_its_field(rule: Any, row: dict[str, Any], fields: list[str]) -> None:
    assert [problem.field for problem in rule(row)] == fields


def test_a_thing_is_written_off_straight_by_full_months_and_one_baht_stays() -> None:
    bought = {"unit_price": Decimal(12_000), "useful_years": 5, "acquired_on": dt.date(2025, 11, 30)}
    assert (rules.depreciation(bought), rules.book_value(bought)) == (Decimal("2200.00"), Decimal("9800.00"))
    assert rules.depreciation(bought | {"acquired_on": dt.date(2025, 11, 29)}) == Decimal("2400.00")
    old = bought | {"acquired_on": dt.date(2010, 1, 1)}
    assert (rules.depreciation(old), rules.book_value(old)) == (Decimal(11_999), Decimal(1))
    gone = bought | {"state": ItemState.DISPOSED, "disposed_on": dt.date(2026, 5, 30)}
    assert (rules.depreciation(gone), rules.book_value(gone)) == (Decimal("1200.00"), Decimal(0))
    assert rules.book_value(bought | {"useful_years": None}) is None


def test_a_building_is_as_old_as_its_year() -> None:
    assert [rules.age_of_building({"built_year": year}) for year in (2540, 2570, None)] == [29, 0, None]


def test_money_is_shown_with_thousands_and_typed_without() -> None:
    money = kinds.Money()
    assert [money.show(Decimal(n)) for n in ("2219000", "53833.33", "0.5")] == [
        "2,219,000",
        "53,833.33",
        "0.50",
    ]
    assert money.edit(Decimal("2219000.00")) == "2219000"
    assert money.read("2,219,000.50") == Decimal("2219000.50")


def test_the_catalogues_are_whole_and_in_order() -> None:
    lines = reference.equipment_lines()
    assert [line.code for line in lines[:1]] == ["11001"]
    sizes = {group: sum(line.family is group for line in lines) for group in EquipmentGroup}
    assert list(sizes.values()) == [3, 13, 43, 5, 10, 2]
    assert len({line.name for line in lines}) == len({line.name_en for line in lines}) == len(lines) == 76
    plans = {plan.code: plan for plan in reference.building_plans()}
    assert plans[things.OTHER_PLAN].category is BuildingCategory.OTHER
    assert all(len(code) <= 20 and "/" not in code for code in plans)
