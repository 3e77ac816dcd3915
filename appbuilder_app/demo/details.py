"""What the portal's long form asks of a learner beyond the nightly file: home, way to school, family, activities.

Drawn as ready tuples from small tables, a few draws a learner: the generator must stay fast enough for a
nation. Nobody's real numbers can come up: parents get no identity numbers and no telephones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

from ..codes import Disadvantage, Education, Journey, MaritalStatus, Scout
from ..thaidate import academic_year as academic_year_of
from ..thaidate import bangkok, to_ce
from .people import ACADEMIC_YEAR, Student
from .schools import School
from .words import seeded, weighted

COLUMNS: Final = (
    "birth_province", "admission_date", "house_code",
    "journey", "journey_minutes", "journey_paved_m", "journey_gravel_m", "journey_water_m",
    "father_education", "father_income", "mother_education", "mother_income", "parents_marriage",
    "older_brothers", "younger_brothers", "older_sisters", "younger_sisters", "studying_siblings", "child_index",
    "lacks_books", "lacks_food", "lacks_stationery", "lacks_uniform",
    "scout", "red_cross_youth", "swims", "measured_on",
)  # fmt: skip

_TABLE: Final = 512
_POOR: Final = Disadvantage.POOR.value
_NO_LACK: Final = (False, False, False, False)
_FIRST_SCOUTS: Final = "04"  # grade ป.1
_EDUCATION: Final = weighted(
    {
        Education.PRIMARY.value: 380,
        Education.LOWER_SECONDARY.value: 230,
        Education.UPPER_SECONDARY.value: 220,
        Education.VOCATIONAL.value: 70,
        Education.DIPLOMA.value: 40,
        Education.BACHELOR.value: 60,
    }
)
_MARRIAGES: Final = weighted(
    {
        MaritalStatus.MARRIED.value: 520,
        MaritalStatus.UNREGISTERED.value: 250,
        MaritalStatus.DIVORCED.value: 130,
        MaritalStatus.SEPARATED.value: 100,
    }
)


def details(
    school: School, learners: Iterable[Student], academic_year: int = ACADEMIC_YEAR
) -> Iterator[tuple[Any, ...]]:
    """The values of ``COLUMNS`` for each learner of a school. The same arguments give the same values."""
    rng = seeded("details", school.code, academic_year)
    draw = rng.random
    ways, parents = _ways(rng), [_parents(rng) for _ in range(_TABLE)]
    families, lacks = [_siblings(rng) for _ in range(_TABLE)], [_lacks(rng) for _ in range(_TABLE)]
    admitted = _admissions(school, academic_year)
    measured = _measurings(school)
    house = f"{school.province_code}0{school.code[2:4]}"
    for learner in learners:
        father, mother = learner.father_first_name is not None, learner.mother_first_name is not None
        facts = parents[int(draw() * _TABLE)]
        yield (
            school.province,
            admitted[learner.grade],
            f"{house}{int(draw() * 1_000_000):06}",
            *ways[int(draw() * _TABLE)],
            *(facts[0:2] if father else (None, None)),
            *(facts[2:4] if mother else (None, None)),
            facts[4] if father and mother else None,
            *families[int(draw() * _TABLE)],
            *(lacks[int(draw() * _TABLE)] if learner.disadvantage == _POOR else _NO_LACK),
            *_activities(learner.grade, draw()),
            measured[learner.grade] if learner.height_cm is not None else None,
        )


def _admissions(school: School, academic_year: int) -> dict[str, date]:
    """By grade: the first day of the year in which a learner in step entered the school's lowest grade."""
    lowest = int(school.lowest_grade)
    grades = range(lowest, int(school.highest_grade) + 1)
    return {f"{grade:02}": date(to_ce(academic_year - (grade - lowest)), 5, 16) for grade in grades}


def _ways(rng: Random) -> list[tuple[str, int, int, int, int]]:
    return [_way(rng) for _ in range(_TABLE)]


def _measurings(school: School) -> dict[str, date]:
    """By grade: a day of the first fortnight of this year, if it has come; each school begins on a day of its own."""
    today = bangkok(datetime.now(UTC)).date()
    first = date(to_ce(academic_year_of(today)), 5, 17 + int(school.code[-2:]) % 7)
    grades = range(int(school.lowest_grade), int(school.highest_grade) + 1)
    return {f"{grade:02}": min(first + timedelta(days=grade % 5), today) for grade in grades}


def _way(rng: Random) -> tuple[str, int, int, int, int]:
    """Way, minutes, and metres on paved road, gravel and water."""
    metres = int(rng.triangular(200, 9_000, 1_200)) // 50 * 50
    gravel = metres // 3 if rng.random() < 0.2 else 0
    water = 400 if rng.random() < 0.01 else 0
    if metres < 1_500:
        way, speed = Journey.ON_FOOT, 70
    elif rng.random() < 0.08:
        way, speed = Journey.LENT_BICYCLE, 180
    else:
        way, speed = (Journey.PAID_VEHICLE if rng.random() < 0.35 else Journey.FREE_VEHICLE), 450
    return way.value, max(3, metres // speed), metres - gravel, gravel, water


def _parents(rng: Random) -> tuple[str, int, str, int, str]:
    """The father's education and income per year, the mother's, and their marriage."""
    return (
        rng.choice(_EDUCATION),
        int(rng.lognormvariate(11.3, 0.5)) // 1_000 * 1_000,
        rng.choice(_EDUCATION),
        int(rng.lognormvariate(11.0, 0.6)) // 1_000 * 1_000,
        rng.choice(_MARRIAGES),
    )


def _siblings(rng: Random) -> tuple[int, int, int, int, int, int]:
    """Older and younger brothers, older and younger sisters, how many of them learn, and the learner's place."""
    older, younger = rng.choice((0, 0, 0, 1, 1, 2)), rng.choice((0, 0, 0, 1, 1, 2))
    brothers, boys = rng.randint(0, older), rng.randint(0, younger)
    learning = rng.randint(0, older + younger)
    return brothers, boys, older - brothers, younger - boys, learning, older + 1


def _lacks(rng: Random) -> tuple[bool, bool, bool, bool]:
    """Textbooks, lunch, stationery, uniform."""
    return rng.random() < 0.4, rng.random() < 0.5, rng.random() < 0.6, rng.random() < 0.6


def _activities(grade: str, chance: float) -> tuple[str | None, bool, bool]:
    """Scouts and the Red Cross begin in primary school; the older, the more can swim."""
    if grade < _FIRST_SCOUTS:
        return None, False, False
    member = Scout.SCOUT if chance < 0.93 else Scout.NONE
    return member.value, member is Scout.NONE, chance * 20 < int(grade)
