"""Reference data read from the CSV here: provinces, service areas, building plans, lines of equipment."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from appbuilder_app.codes import AreaKind, BuildingCategory, EquipmentGroup, Region

_FOLDER: Final = Path(__file__).parent


class Province(NamedTuple):
    """A province with the two digits of its DOPA place code."""

    code: str
    name: str
    name_en: str
    region: Region


class ServiceArea(NamedTuple):
    """An education service area; ``provinces`` are province codes, the seat first."""

    code: str
    kind: AreaKind
    name: str
    short_name: str
    provinces: tuple[str, ...]


class Plan(NamedTuple):
    """A standard plan of a building, as its designation is written [public]; the code is ours [assumed]."""

    code: str
    name: str
    category: BuildingCategory


class Line(NamedTuple):
    """A line of the M-OBEC catalogue [public]; the English name is ours."""

    code: str
    name: str
    name_en: str
    family: EquipmentGroup


@cache
def building_plans() -> tuple[Plan, ...]:
    """The plans that were seen, and ``other`` for what a school built by itself: never all there are."""
    return tuple(
        Plan(row["code"], row["name"], BuildingCategory(row["category"]))
        for row in _rows("building_plans.csv")
    )


@cache
def equipment_lines() -> tuple[Line, ...]:
    """All 76 lines by code; the first two digits of a code are its group's."""
    return tuple(
        Line(row["code"], row["name"], row["name_en"], EquipmentGroup(row["code"][:2]))
        for row in _rows("equipment_lines.csv")
    )


@cache
def provinces() -> tuple[Province, ...]:
    """All 77 provinces in the order of their codes."""
    return tuple(
        Province(row["code"], row["name"], row["name_en"], Region(row["region"]))
        for row in _rows("provinces.csv")
    )


@cache
def service_areas() -> tuple[ServiceArea, ...]:
    """All 245 areas: first the 183 primary ones (สพป.), then the 62 secondary ones (สพม.), each by code.

    Where the 62 come from: the public list names 15 joint areas, which hold 31 provinces between them
    (14 pairs and พังงา ภูเก็ต ระนอง); Bangkok has two; each of the other 45 provinces has one of its own:
    15 + 2 + 45 = 62. A joint area's code begins with the province it is named after first.
    A primary area that is alone in its province carries no number in its name.
    """
    return tuple(
        ServiceArea(
            row["code"],
            AreaKind(row["kind"]),
            row["name"],
            row["short_name"],
            tuple(row["provinces"].split()),
        )
        for row in _rows("areas.csv")
    )


@cache
def province_names() -> dict[str, str]:
    """Thai name of each province by its code."""
    return {province.code: province.name for province in provinces()}


def _rows(file_name: str) -> Iterator[dict[str, str]]:
    with (_FOLDER / file_name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
