"""Synthetic learners of a synthetic school: identity, class, body, home and family.

Learners are drawn column by column for a whole school, from lists that already hold each value as often
as it should come up: that is what makes the generator fast enough for a nation of 6.6 million.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import Final, NamedTuple

from ..codes import (
    Blood,
    Disability,
    Disadvantage,
    Grade,
    IdentityType,
    Level,
    Occupation,
    Relation,
    Religion,
    Sex,
    Title,
)
from ..thaidate import to_ce
from .growth import Body, bodies
from .identities import g_code, national_id, running_numbers
from .schools import SEED, School
from .words import last_names, seeded, weighted, words

ACADEMIC_YEAR: Final = 2568

_MALE: Final = Sex.MALE.value


class Student(NamedTuple):
    """A learner. The order of these fields is the published column order; codes are outside codes."""

    national_id: str
    identity_type: str
    ethnicity: str
    nationality: str
    student_number: str
    grade: str
    room: int
    sex: str
    title: str
    first_name: str
    last_name: str
    birth_date: date
    weight_kg: float | None
    height_cm: float | None
    blood: str
    religion: str
    house_no: str
    village_no: str
    street: str | None
    subdistrict: str
    district: str
    province: str
    guardian_first_name: str | None
    guardian_last_name: str | None
    guardian_occupation: str | None
    guardian_relation: str
    father_first_name: str | None
    father_last_name: str | None
    father_occupation: str | None
    mother_first_name: str | None
    mother_last_name: str | None
    mother_occupation: str | None
    disadvantage: str
    disability: str
    boarding: bool
    pending_discharge: bool


COLUMNS: Final = Student._fields


def students(
    school: School, seed: int = SEED, *, academic_year: int = ACADEMIC_YEAR, incomplete: float = 0.005
) -> Iterator[Student]:
    """The ``school.students`` learners of a school, by grade, room and number.

    ``academic_year`` (Buddhist Era) decides the birth dates. ``incomplete`` is the share (0 to 1) without
    weight, height or both. The same arguments give the same learners.
    """
    if not school.students:
        return iter(())
    rng = seeded("students", seed, school.code, academic_year)
    grades, rooms = _classes(rng, school)
    surnames = _surnames(rng, school.students)
    columns = (
        *_identities(rng, school, grades, academic_year),
        _student_numbers(rng, school.students),
        grades,
        rooms,
        *_persons(rng, grades, surnames, academic_year, incomplete),
        rng.choices(_BLOOD, k=school.students),
        rng.choices(_religions(school.province_code), k=school.students),
        *_homes(rng, school),
        *_families(rng, surnames),
        *_welfare(rng, school),
    )
    return map(Student._make, zip(*columns, strict=True))


# ── Classes ──────────────────────────────────────────────────────────────────────────────────────────────

_LARGEST_CLASS: Final = 38
_FULLNESS: Final = {
    Level.KINDERGARTEN: 0.9,
    Level.PRIMARY: 1.0,
    Level.LOWER_SECONDARY: 0.85,
    Level.UPPER_SECONDARY: 0.65,
    Level.VOCATIONAL: 0.5,
}
# Hand-made files for trials number from 04001; starting later keeps the two apart.
_FIRST_NUMBERS: Final = range(5_001, 9_000, 100)


def _classes(rng: Random, school: School) -> tuple[list[str], list[int]]:
    """Grade and room of each learner."""
    grades: list[str] = []
    rooms: list[int] = []
    for grade, size in _grade_sizes(rng, school).items():
        classes = -(-size // _LARGEST_CLASS)
        grades += [grade] * size
        rooms += [1 + at * classes // size for at in range(size)]
    return grades, rooms


def _grade_sizes(rng: Random, school: School) -> dict[str, int]:
    """Learners by grade. The highest grade is never empty: that would look like a wrong graduation."""
    opened = [grade for grade in Grade if school.lowest_grade <= grade.value <= school.highest_grade]
    reached = list(accumulate(_FULLNESS[grade.level] * (0.8 + 0.4 * rng.random()) for grade in opened))
    ends = [round((school.students - 1) * part / reached[-1]) for part in reached[:-1]] + [school.students]
    return {grade.value: end - start for grade, start, end in zip(opened, [0, *ends], ends, strict=False)}


def _student_numbers(rng: Random, count: int) -> list[str]:
    first = rng.choice(_FIRST_NUMBERS)
    return [f"{number:05}" for number in range(first, first + count)]


# ── Identity ─────────────────────────────────────────────────────────────────────────────────────────────


class _Origin(NamedTuple):
    """The first character of the number, and what follows from it. 3 and 4 are grown-ups' digits."""

    kind: str
    ethnicity: str
    nationality: str


_ORIGINS: Final = weighted(
    {
        _Origin("1", "ไทย", "ไทย"): 955,
        _Origin("1", "กะเหรี่ยง", "ไทย"): 5,
        _Origin("1", "จีน", "ไทย"): 2,
        _Origin("2", "ไทย", "ไทย"): 15,
        _Origin("5", "ไทย", "ไทย"): 3,
        _Origin("8", "ลาว", "ไทย"): 2,
        _Origin("7", "เมียนมา", "เมียนมา"): 5,
        _Origin("7", "กัมพูชา", "กัมพูชา"): 1,
        _Origin("7", "ลาว", "ลาว"): 1,
        _Origin("0", "กะเหรี่ยง", "ไม่ปรากฏสัญชาติ"): 4,
        _Origin("0", "ไทใหญ่", "ไม่ปรากฏสัญชาติ"): 3,
        _Origin("G", "เมียนมา", "เมียนมา"): 3,
        _Origin("G", "กัมพูชา", "กัมพูชา"): 1,
    }
)
_FIRST_G_YEAR: Final = 2561


def _identities(
    rng: Random, school: School, grades: Sequence[str], academic_year: int
) -> tuple[list[str], list[str], list[str], list[str]]:
    """Numbers, kinds of document, ethnicities and nationalities."""
    origins = rng.choices(_ORIGINS, k=school.students)
    running = running_numbers(school.slot, school.first_serial, school.students)
    entered = {grade: _year_entered(school, grade, academic_year) for grade in set(grades)}
    numbers = [
        national_id(origin[0], school.province_code, number)
        if origin[0] != "G"
        else g_code(entered[grade], school.province_code, number)
        for origin, number, grade in zip(origins, running, grades, strict=True)
    ]
    citizen, other = IdentityType.NATIONAL.value, IdentityType.OTHER.value
    types = [citizen if origin[0] != "G" else other for origin in origins]
    return numbers, types, [origin[1] for origin in origins], [origin[2] for origin in origins]


def _year_entered(school: School, grade: str, academic_year: int) -> int:
    return max(_FIRST_G_YEAR, academic_year - int(grade) + int(school.lowest_grade))


# ── Person ───────────────────────────────────────────────────────────────────────────────────────────────


class _Birth(NamedTuple):
    """A birth date and what follows from it for one sex."""

    date: date
    title: str
    bodies: list[Body]


_SEXES: Final = weighted({_MALE: 515, Sex.FEMALE.value: 485})
_BLOOD: Final = weighted(
    {
        Blood.O.value: 300,
        Blood.B.value: 265,
        Blood.A.value: 170,
        Blood.AB.value: 60,
        Blood.O_POSITIVE.value: 15,
        Blood.UNKNOWN.value: 190,
    }
)
_TITLES: Final[dict[Title, str]] = {title: title.value for title in Title}
_GROWN_UP: Final = 15
# Of twenty learners eighteen are in step with their grade, one is a year older, one a year younger.
_IN_STEP: Final = 18
_BIRTHS: Final = 20 * 365


def _persons(
    rng: Random, grades: Sequence[str], surnames: list[str], academic_year: int, incomplete: float
) -> tuple[Sequence[object], ...]:
    """Sex, title, first and last name, birth date, weight and height."""
    count = len(grades)
    sexes = rng.choices(_SEXES, k=count)
    boys = rng.choices(words("first_names_male"), k=count)
    girls = rng.choices(words("first_names_female"), k=count)
    names = [boy if sex == _MALE else girl for sex, boy, girl in zip(sexes, boys, girls, strict=True)]
    births = _births_drawn(rng, grades, sexes, academic_year)
    measured = _measured(rng, births, incomplete)
    return (
        sexes,
        [birth[1] for birth in births],
        names,
        surnames,
        [birth[0] for birth in births],
        [body[0] for body in measured],
        [body[1] for body in measured],
    )


def _births_drawn(
    rng: Random, grades: Sequence[str], sexes: Sequence[str], academic_year: int
) -> list[_Birth]:
    tables = {(grade, sex): _births(grade, sex, academic_year) for grade in set(grades) for sex in set(sexes)}
    chance = rng.random
    return [tables[key][int(chance() * _BIRTHS)] for key in zip(grades, sexes, strict=True)]


@cache
def _births(grade: str, sex: str, academic_year: int) -> list[_Birth]:
    """Births of a grade's learners, the usual ones many times."""
    age = Grade(grade).standard_age
    usual = _births_at(age, sex, academic_year)
    return (
        usual * _IN_STEP + _births_at(age + 1, sex, academic_year) + _births_at(age - 1, sex, academic_year)
    )


@cache
def _births_at(age: int, sex: str, academic_year: int) -> list[_Birth]:
    """One for each birthday of those who have completed ``age`` years on 16 May."""
    opening = date(to_ce(academic_year), 5, 16)
    last = opening.replace(year=opening.year - age)
    days = (last - last.replace(year=last.year - 1)).days
    title = _title(age, sex)
    return [
        _Birth(last - timedelta(day), title, bodies(sex, 4 * age + 4 * day // days)) for day in range(days)
    ]


def _title(age: int, sex: str) -> str:
    boy, girl = (Title.MR, Title.MISS) if age >= _GROWN_UP else (Title.BOY, Title.GIRL)
    return _TITLES[boy if sex == _MALE else girl]


def _measured(
    rng: Random, births: Sequence[_Birth], incomplete: float
) -> list[tuple[float | None, float | None]]:
    chance = rng.random
    found: list[tuple[float | None, float | None]] = [birth[2][int(chance() * 256)] for birth in births]
    for at in [at for at in range(len(found)) if chance() < incomplete]:
        weight, height = found[at]
        found[at] = rng.choice([(None, None), (None, None), (None, height), (weight, None)])
    return found


def _surnames(rng: Random, count: int) -> list[str]:
    """Surnames of a village: fewer than its learners, for families are large."""
    village = rng.choices(last_names(), k=max(8, count // 2))
    return rng.choices(village, k=count)


# ── Belief and home ──────────────────────────────────────────────────────────────────────────────────────

_MUSLIMS: Final = {
    "94": 850, "95": 750, "96": 850, "91": 700, "81": 350, "90": 250, "82": 250, "83": 250, "92": 150,
    "93": 100, "80": 60, "10": 50,
}  # fmt: skip
_HILL_PROVINCES: Final = {"50", "57", "58"}
_HOUSES: Final = [str(number) for number in range(1, 301)] + [
    f"{number}/{part}" for number in range(1, 61) for part in (1, 2, 3)
]
_VILLAGES: Final = [str(number) for number in range(1, 13)]
# Of so many, plus one from each subdistrict of the district, live in the school's own.
_NEIGHBOURS: Final = 15


@cache
def _religions(province_code: str) -> list[str]:
    muslims = _MUSLIMS.get(province_code, 10)
    christians = 80 if province_code in _HILL_PROVINCES else 10
    return weighted(
        {
            Religion.BUDDHIST.value: 998 - muslims - christians,
            Religion.MUSLIM.value: muslims,
            Religion.CHRISTIAN.value: christians,
            Religion.OTHER.value: 2,
        }
    )


def _homes(rng: Random, school: School) -> tuple[Sequence[str | None], ...]:
    """House, village, street, subdistrict, district and province."""
    count = school.students
    around = [school.subdistrict] * _NEIGHBOURS + list(school.nearby_subdistricts)
    return (
        rng.choices(_HOUSES, k=count),
        rng.choices(_VILLAGES, k=count),
        [None] * count,
        rng.choices(around, k=count),
        [school.district] * count,
        [school.province] * count,
    )


# ── Family ───────────────────────────────────────────────────────────────────────────────────────────────


class _Family(NamedTuple):
    """Who looks after the learner, and which parents are known."""

    guardian: Relation
    father: bool = True
    mother: bool = True


_FAMILIES: Final = weighted(
    {
        _Family(Relation.MOTHER): 430,
        _Family(Relation.FATHER): 230,
        _Family(Relation.MOTHER, father=False): 60,
        _Family(Relation.FATHER, mother=False): 10,
        _Family(Relation.MOTHERS_MOTHER): 90,
        _Family(Relation.MOTHERS_MOTHER, father=False): 30,
        _Family(Relation.FATHERS_MOTHER): 70,
        _Family(Relation.FATHERS_MOTHER, mother=False): 10,
        _Family(Relation.MOTHERS_FATHER): 20,
        _Family(Relation.FATHERS_FATHER): 20,
        _Family(Relation.OLDER_AUNT): 10,
        _Family(Relation.OLDER_UNCLE): 10,
        _Family(Relation.GUARDIAN, father=False, mother=False): 10,
    }
)
_MEN: Final = {Relation.MOTHERS_FATHER, Relation.FATHERS_FATHER, Relation.OLDER_UNCLE}
_JOBS: Final = weighted(
    {
        Occupation.HIRED.value: 390,
        Occupation.FARMING.value: 330,
        Occupation.TRADE.value: 100,
        Occupation.EMPLOYEE.value: 80,
        Occupation.CIVIL_SERVANT.value: 45,
        Occupation.NONE.value: 48,
        Occupation.STATE_ENTERPRISE.value: 6,
        Occupation.CLERGY.value: 1,
    }
)
_CODES: Final[dict[Relation, str]] = {relation: relation.value for relation in Relation}
_Named = tuple[str | None, str | None, str | None]
_UNKNOWN: Final[_Named] = (None, None, None)


def _families(rng: Random, surnames: Sequence[str]) -> Iterator[tuple[str | None, ...]]:
    """Ten columns: the guardian's three and the relation, the father's three, the mother's three."""
    count = len(surnames)
    fathers = _parents(rng, "male", surnames)
    mothers = _parents(rng, "female", [_maiden(rng, surname, surnames) for surname in surnames])
    kinds = rng.choices(_FAMILIES, k=count)
    rows = [
        _family(rng, kind, father if kind[1] else _UNKNOWN, mother if kind[2] else _UNKNOWN, surname)
        for kind, father, mother, surname in zip(kinds, fathers, mothers, surnames, strict=True)
    ]
    return zip(*rows, strict=True)


def _family(
    rng: Random, kind: _Family, father: _Named, mother: _Named, surname: str
) -> tuple[str | None, ...]:
    relation = kind[0]
    if relation is Relation.MOTHER:
        guardian = mother
    elif relation is Relation.FATHER:
        guardian = father
    else:
        guardian = (_elder(rng, relation), surname, rng.choice(_JOBS))
    return (*guardian, _CODES[relation], *father, *mother)


def _elder(rng: Random, relation: Relation) -> str:
    return rng.choice(words("first_names_older_male" if relation in _MEN else "first_names_older_female"))


def _maiden(rng: Random, surname: str, surnames: Sequence[str]) -> str:
    """Three mothers of five bear the name of the family."""
    chance = rng.random()
    return surname if chance < 0.6 else surnames[int((chance - 0.6) * 2.5 * len(surnames))]


def _parents(rng: Random, sex: str, surnames: Sequence[str]) -> Iterator[_Named]:
    count = len(surnames)
    return zip(rng.choices(_given(sex), k=count), surnames, rng.choices(_JOBS, k=count), strict=True)


@cache
def _given(sex: str) -> tuple[str, ...]:
    """First names of parents: half of their own generation's, half of their children's."""
    older, younger = words(f"first_names_older_{sex}"), words(f"first_names_{sex}")
    return older * (len(younger) // len(older)) + younger


# ── Welfare ──────────────────────────────────────────────────────────────────────────────────────────────

_DISABILITIES: Final = weighted(
    {
        Disability.NONE.value: 974,
        Disability.LEARNING.value: 14,
        Disability.INTELLECT.value: 4,
        Disability.AUTISM.value: 3,
        Disability.BODY.value: 2,
        Disability.HEARING.value: 1,
        Disability.SIGHT.value: 1,
        Disability.MULTIPLE.value: 1,
    }
)
_PENDING: Final = weighted({True: 1, False: 999})
_BOARDERS: Final = weighted({True: 250, False: 750})


def _welfare(rng: Random, school: School) -> tuple[Sequence[object], ...]:
    """Disadvantage, disability, boarding and pending discharge. Schools differ in how poor they are."""
    count = school.students
    poor = round(1000 * (0.15 + 0.4 * rng.random()))
    disadvantages = weighted({Disadvantage.POOR.value: poor, Disadvantage.NONE.value: 1000 - poor})
    return (
        rng.choices(disadvantages, k=count),
        rng.choices(_DISABILITIES, k=count),
        rng.choices(_BOARDERS, k=count) if school.boarding else [False] * count,
        rng.choices(_PENDING, k=count),
    )
