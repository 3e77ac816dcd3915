"""What the demo's schools have beside learners, from buildings to their land: plausible for their size, nobody's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from random import Random
from typing import Any, Final

from .. import models
from ..bulk import copy_rows
from ..declaration import db
from ..walls import SetWork, set_based
from .load import scope_of
from .schools import School
from .words import rows, seeded

Row = tuple[Any, ...]

_ROOMS_A_BUILDING: Final = 8
_PUPILS_A_ROOM: Final = 28
_MOST_IN_A_ROOM: Final = 38
_PUPILS_A_TEACHER: Final = 17
_PLANS: Final = ("017", "p1a", "p1b", "spc101-26", "spc102-26", "spc105-29", "108l-30")
_LINES: Final = ("21001", "21002", "21007", "21012", "22026", "22032", "22033", "22034", "22041", "22043", "23003",
                 "23005", "24001", "24002", "24004", "24006")  # fmt: skip
_PRICES: Final = {"21001": 85_000, "21002": 120_000, "21007": 24_000, "21012": 22_000, "22032": 28_000,
                  "22033": 22_000, "22043": 15_000, "23005": 32_000}  # fmt: skip


def load(schools: Sequence[School], seed: int) -> None:
    """All datasets of things for these schools, as sets; the database's own lock asks for open windows."""
    for model, columns, rows_of in _TABLES:
        made = (
            (school.code, scope_of(school), *row)
            for school in schools
            for row in rows_of(school, seeded(model.__tablename__, seed, school.code))
        )
        with set_based(SetWork.DEMO):
            copy_rows(db.session.connection(), model.__table__, ("school_code", "scope", *columns), made)


def _rooms(school: School) -> int:
    return max(4, -(-school.students // _PUPILS_A_ROOM))


def _buildings(school: School, rng: Random) -> Iterator[Row]:
    rooms = _rooms(school)
    for sequence, first in enumerate(range(0, rooms, _ROOMS_A_BUILDING), 1):
        here = min(_ROOMS_A_BUILDING, rooms - first)
        year = rng.randint(2515, 2562)
        budget = here * rng.randint(250, 480) * 1_000
        condition = rng.choice(("good", "fair", "fair", "dilapidated" if year < 2530 else "good"))
        yield ("classrooms", sequence, f"อาคารเรียน {sequence}", rng.choice(_PLANS), here, here, min(2, here), year,
               budget, "parent", condition, "in_use", None, None)  # fmt: skip
    yield ("multipurpose", 1, "อาคารอเนกประสงค์", rng.choice(("spc202-26", "spc203-26")), 1, 1, 0,
           rng.randint(2525, 2560), 850_000, "parent", "fair", "in_use", None, None)  # fmt: skip
    yield ("toilets", 1, "ส้วมนักเรียน", rng.choice(("spc601-26", "spc604-45")), 4, 4, 0, rng.randint(2530, 2562),
           320_000, rng.choice(("parent", "local", "donation")), "fair", "in_use", None, None)  # fmt: skip
    if rng.random() < 0.3:
        yield ("teacher_house", 1, "บ้านพักครู", "house-205-26", 2, 2, 0, rng.randint(2515, 2535), 180_000, "parent",
               "dilapidated", "to_demolish", f"กค 0305/{rng.randint(100, 999)}", dt.date(2026, 3, 5))  # fmt: skip


def _items(school: School, rng: Random) -> Iterator[Row]:
    for running in range(1, min(40, 6 + school.students // 40)):
        line = rng.choice(_LINES)
        came = dt.date(rng.randint(2014, 2025), rng.randint(1, 12), rng.randint(1, 28))
        state = rng.choice(("usable",) * 7 + ("to_repair", "to_dispose", "disposed"))
        how, gone = ("sale", dt.date(2026, 2, 10)) if state == "disposed" else (None, None)
        yield (f"{line[:2]}40-{line[2:]}-{running:04}/{(came.year + 543) % 100:02}", _NAMES[line], line, came,
               rng.choice(("budget", "budget", "donation", "revenue")), _PRICES.get(line, 9_500), 5,
               rng.choice(("ห้องธุรการ", "ห้องคอมพิวเตอร์", "ห้องสมุด", "ห้องพักครู")), state, how, gone)  # fmt: skip


def _counts(school: School, rng: Random) -> Iterator[Row]:
    yield ("22001", school.students, rng.randint(0, 12), rng.randint(0, 6))
    for line in sorted(rng.sample(_LINES, 8)):
        yield (line, rng.randint(1, 3 + school.students // 60), rng.randint(0, 2), rng.randint(0, 1))


def _staff(school: School, rng: Random) -> Iterator[Row]:
    male = school.director_title == "นาย"
    yield ("director", "inside", int(male), int(not male))
    teachers = max(3, school.students // _PUPILS_A_TEACHER)
    for position, share in (("teacher3", 0.35), ("teacher2", 0.25), ("teacher1", 0.25), ("assistant", 0.15)):
        number = round(teachers * share)
        men = round(number * rng.uniform(0.15, 0.4))
        if number:
            yield (position, "inside", men, number - men)
    yield ("permanent", "inside", 1, 0)
    yield ("temporary", "outside", rng.randint(0, 1), rng.randint(0, 2))


def _computers(school: School, rng: Random) -> Iterator[Row]:
    for use, most in (("teaching", 10 + school.students // 20), ("management", 5)):
        for source in ("obec", "own"):
            yield (use, source, rng.randint(1, most), rng.randint(0, 3))


def _internet(school: School, rng: Random) -> Iterator[Row]:
    yield (1, rng.choice(("nt", "ais", "true")), "fibre", rng.choice((100, 300, 500, 1000)), "working",
           rng.choice((599, 799, 1_290)))  # fmt: skip
    if rng.random() < 0.25:
        yield (2, "uninet", "fibre", 100, "working", None)


def _network(school: School, rng: Random) -> Iterator[Row]:
    rooms = _rooms(school)
    wired = rng.random() < 0.8
    yield (wired, rng.randint(1, rooms) if wired else None, True, rng.randint(1, 6), rng.randint(1, rooms))


def _grades(school: School, rng: Random) -> Iterator[Row]:
    """As many rooms as the pupils of a grade fill, who are about equally many in each."""
    grades = range(int(school.lowest_grade), int(school.highest_grade) + 1)
    in_each = -(-school.students // len(grades))
    for grade in grades:
        rooms = max(1, -(-in_each // _MOST_IN_A_ROOM))
        yield (f"{grade:02}", rooms, 1 if rooms > 2 and rng.random() < 0.5 else 0)


def _site(school: School, rng: Random) -> Iterator[Row]:
    owner = rng.choice(("treasury",) * 7 + ("temple", "public", "donated"))
    number = f"ลบ.{rng.randint(100, 999)}" if owner == "treasury" else None
    yield (owner, number, rng.randint(4, 28), rng.randint(0, 3), Decimal(rng.randint(0, 99)), "grid",
           rng.choice(("village", "village", "piped", "ground")), rng.choice(("rain", "piped", "ground")), True,
           rng.random() < 0.4, Decimal(rng.randint(20, 900)) / 10, Decimal(rng.randint(5, 350)) / 10)  # fmt: skip


def _villages(school: School, rng: Random) -> Iterator[Row]:
    heads, tails = rows("village_heads"), rows("village_tails")
    for number in sorted(rng.sample(range(1, 13), rng.randint(2, 5))):
        households = rng.randint(40, 260)
        name = f"บ้าน{rng.choice(heads)[0]}{rng.choice(tails)[0]}"
        yield (school.subdistrict, number, name, households, households * rng.randint(20, 45) // 100)


_NAMES: Final = {
    "21001": "เครื่องถ่ายเอกสารระบบดิจิตอล", "21002": "เครื่องพิมพ์สำเนาระบบดิจิตอล", "21007": "คอมพิวเตอร์สำนักงาน",
    "21012": "คอมพิวเตอร์โน้ตบุ๊ก", "22026": "โทรทัศน์สี 29 นิ้ว", "22032": "โปรเจคเตอร์ 4,000 ลูเมน",
    "22033": "คอมพิวเตอร์เพื่อการเรียนการสอน", "22034": "เครื่องพิมพ์เลเซอร์", "22041": "แท็บเล็ต 10 นิ้ว", "22043": "โทรทัศน์ LED 55 นิ้ว",
    "23003": "ชุดเครื่องขยายเสียง", "23005": "เครื่องปรับอากาศ 24,000 บีทียู", "24001": "เครื่องกรองน้ำ", "24002": "เครื่องทำน้ำเย็น",
    "24004": "เครื่องตัดหญ้าสะพายไหล่", "24006": "ตู้เย็น 7 คิว",
}  # fmt: skip

_TABLES: Final[tuple[tuple[Any, tuple[str, ...], Callable[[School, Random], Iterator[Row]]], ...]] = (
    (
        models.Building,
        ("category", "sequence", "name", "plan_code", "planned_rooms", "actual_rooms", "special_rooms", "built_year",
         "budget", "money_source", "condition", "use_status", "permit_number", "permit_date"),
        _buildings,
    ),
    (
        models.EquipmentItem,
        ("number", "description", "line_code", "acquired_on", "acquisition", "unit_price", "useful_years", "location",
         "state", "disposal", "disposed_on"),
        _items,
    ),
    (models.EquipmentCount, ("line_code", "usable", "to_repair", "to_dispose"), _counts),
    (models.StaffCount, ("position", "pay", "male", "female"), _staff),
    (models.Computers, ("use", "source", "usable", "broken"), _computers),
    (models.InternetLine, ("sequence", "provider", "line_type", "speed", "status", "monthly_cost"), _internet),
    (models.SchoolGrade, ("grade", "rooms", "special_rooms"), _grades),
    (
        models.SchoolSite,
        ("land_owner", "treasury_number", "rai", "ngan", "square_wa", "power", "water", "drinking_water",
         "has_internet", "has_telephone", "km_to_area_office", "km_to_district_office"),
        _site,
    ),
    (models.ServiceVillage, ("subdistrict", "village_no", "name", "households", "school_age"), _villages),
    (models.Network, ("lan", "lan_rooms", "wifi", "wifi_points", "wifi_rooms"), _network),
)  # fmt: skip
