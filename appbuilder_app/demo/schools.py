"""Synthetic schools of an education service area: codes, names, grades, place and size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from math import exp, log
from random import Random
from statistics import NormalDist
from typing import Final, NamedTuple

from .. import reference
from ..codes import AreaKind, Grade
from .identities import SERIALS_PER_AREA, slot_of
from .words import last_names, rows, seeded, weighted, words

SEED: Final = 2568
SAMPLE_SCHOOL: Final = "16020123"

_AFFILIATION: Final = "10"  # สพฐ.
_MAX_SCHOOLS: Final = 900  # three digits number the schools of an area
_NATION: Final = {AreaKind.PESA: 27_140, AreaKind.SESA: 2_360}


class School(NamedTuple):
    """A school as the register knows it, and what its learners are made from.

    ``students`` is exactly how many learners ``people.students`` makes. ``first_serial`` is the number of
    the first of them within the area: it keeps their identity numbers apart from other schools'.
    """

    code: str
    """Eight digits: province, area, type (0 primary, 2 secondary), three running."""
    obec_code: str
    """Six digits, the first two by the provinces' old numbering."""
    moe_code: str
    """Ten digits: affiliation, province, ``obec_code``."""
    name: str
    english_name: str
    area_code: str
    province_code: str
    subdistrict: str
    district: str
    province: str
    lowest_grade: str
    highest_grade: str
    students: int
    director_title: str
    director_first_name: str
    director_last_name: str
    boarding: bool
    """Whether the school has a dormitory."""
    nearby_subdistricts: tuple[str, ...]
    slot: int
    first_serial: int

    @property
    def director_name(self) -> str:
        """Title, first and last name as written in a letter."""
        return f"{self.director_title}{self.director_first_name} {self.director_last_name}"


class _Sizes(NamedTuple):
    """Numbers of learners a school has: log-normal, because many are small and a few are very large."""

    mean: float
    spread: float
    least: int
    most: int


class _Name(NamedTuple):
    thai: str
    english: str


class _Place(NamedTuple):
    province_code: str
    subdistrict: str
    district: str
    nearby: tuple[str, ...]


# 20,000 learners in 139 schools; with 27,140 + 2,360 schools the nation has 6.6 million.
_SIZES: Final = {AreaKind.PESA: _Sizes(144, 0.85, 12, 2_600), AreaKind.SESA: _Sizes(1_250, 0.95, 60, 4_500)}

_SPANS: Final = {
    AreaKind.PESA: weighted(
        {
            (Grade.K2, Grade.P6): 600,
            (Grade.K2, Grade.M3): 240,
            (Grade.K1, Grade.P6): 100,
            (Grade.P1, Grade.P6): 60,
        }
    ),
    AreaKind.SESA: weighted({(Grade.M1, Grade.M6): 1000}),
}
_BOARDING: Final = weighted({True: 25, False: 975})
_DIRECTOR_TITLES: Final = weighted({"นาย": 550, "นาง": 250, "นางสาว": 200})


def counts_by_area(total: int = 29_500) -> dict[str, int]:
    """How many schools each of the 245 areas gets, so that they add up to ``total``.

    Raises ValueError when an area would get none or more than its codes can number.
    """
    areas = reference.service_areas()
    shares = {kind: _NATION[kind] / sum(area.kind is kind for area in areas) for kind in _NATION}
    whole = sum(_NATION.values())
    ends = [round(total * reached / whole) for reached in accumulate(shares[area.kind] for area in areas)]
    counts = {area.code: end - start for area, start, end in zip(areas, [0, *ends], ends, strict=False)}
    if not all(0 < count <= _MAX_SCHOOLS for count in counts.values()):
        raise ValueError(f"{total} schools do not fit the {len(areas)} areas")
    return counts


def schools(area_code: str, count: int, seed: int = SEED) -> list[School]:
    """``count`` schools of one of the 245 areas, the same for the same arguments.

    The first school of area 1602 is the one of the specimen of the national file. Learners' identity
    numbers are unique within one call and between areas, whatever the seeds; two different calls for the
    same area make the same numbers anew.
    Raises KeyError for an unknown area, ValueError for more schools than codes.
    """
    if not 0 < count <= _MAX_SCHOOLS:
        raise ValueError(f"an area has 1 to {_MAX_SCHOOLS} schools")
    area = {area.code: area for area in reference.service_areas()}[area_code]
    rng = seeded("schools", seed, area_code)
    made = [_school(rng, area, size) for size in _student_counts(rng, _SIZES[area.kind], count)]
    if area_code == SAMPLE_SCHOOL[:4]:
        made[0] = _like_the_specimen(made[0])
    return list(_numbered(rng, area, made))


def _student_counts(rng: Random, sizes: _Sizes, count: int) -> list[int]:
    """One size from each of ``count`` equal slices of the distribution, so that the total hardly varies."""
    normal = NormalDist(log(sizes.mean) - sizes.spread**2 / 2, sizes.spread)
    drawn = [exp(normal.inv_cdf((at + 0.5) / count)) for at in range(count)]
    counts = [max(sizes.least, min(sizes.most, round(size))) for size in drawn]
    rng.shuffle(counts)
    return counts


def _school(rng: Random, area: reference.ServiceArea, students: int) -> School:
    """A school without its name, codes and serial, which need the whole area."""
    place = _place(rng, area)
    lowest, highest = rng.choice(_SPANS[area.kind])
    title = rng.choice(_DIRECTOR_TITLES)
    given = words("first_names_older_male" if title == "นาย" else "first_names_older_female")
    return School(
        code="",
        obec_code="",
        moe_code="",
        name="",
        english_name="",
        area_code=area.code,
        province_code=place.province_code,
        subdistrict=place.subdistrict,
        district=place.district,
        province=reference.province_names()[place.province_code],
        lowest_grade=lowest.value,
        highest_grade=highest.value,
        students=students,
        director_title=title,
        director_first_name=rng.choice(given),
        director_last_name=rng.choice(last_names()),
        boarding=rng.choice(_BOARDING),
        nearby_subdistricts=place.nearby,
        slot=0,
        first_serial=0,
    )


def _like_the_specimen(school: School) -> School:
    return school._replace(
        subdistrict="ชัยบาดาล",
        district="ชัยบาดาล",
        nearby_subdistricts=_districts("1602", "16")[0][1],
        lowest_grade=Grade.K2.value,
        highest_grade=Grade.P6.value,
        students=176,
    )


def _numbered(rng: Random, area: reference.ServiceArea, made: Sequence[School]) -> Iterator[School]:
    """The schools with codes, names that differ, and the serials of their learners."""
    serials = [0, *accumulate(school.students for school in made)]
    if serials[-1] > SERIALS_PER_AREA:
        raise ValueError("an area has room for a million learners")
    names = _names(rng, area.kind, [school.students for school in made])
    numbers = _running_numbers(area.code, len(made))
    for school, name, number, serial in zip(made, names, numbers, serials, strict=False):
        specimen = area.code + f"0{number:03}" == SAMPLE_SCHOOL
        thai, english = ("บ้านหนองตัวอย่าง", "Ban Nong Tua Yang School") if specimen else name
        code, obec = _codes(area, school.province_code, number)
        yield school._replace(
            code=code,
            obec_code=obec,
            moe_code=f"{_AFFILIATION}{school.province_code}{obec}",
            name=thai,
            english_name=english,
            slot=slot_of(_number_in_province(area), secondary=area.kind is AreaKind.SESA),
            first_serial=serial,
        )


def _running_numbers(area_code: str, count: int) -> Iterator[int]:
    """001, 002 …; in the specimen's area its number first."""
    first = int(SAMPLE_SCHOOL[5:]) if area_code == SAMPLE_SCHOOL[:4] else 1
    yield first
    yield from [number for number in range(1, count + 1) if number != first][: count - 1]


def _number_in_province(area: reference.ServiceArea) -> int:
    return int(area.code[2:])


def _codes(area: reference.ServiceArea, province_code: str, number: int) -> tuple[str, str]:
    """The eight digits and the six. Four digits of the six hold ten areas of a thousand schools."""
    secondary, nth = area.kind is AreaKind.SESA, _number_in_province(area)
    old_number, first_block = _old_numbers()[province_code]
    block = nth - 1 + (8 + bool(first_block) if secondary else first_block)
    return f"{province_code}{nth:02}{'2' if secondary else '0'}{number:03}", f"{old_number}{block}{number:03}"


@cache
def _old_numbers() -> dict[str, tuple[str, int]]:
    """Each province's number before 2536; those founded later share one and begin at another block."""
    return {code: (old, int(block)) for code, old, block in rows("old_province_numbers")}


def _place(rng: Random, area: reference.ServiceArea) -> _Place:
    province_code = rng.choice(area.provinces)
    district, subdistricts = rng.choice(_districts(area.code, province_code))
    return _Place(province_code, rng.choice(subdistricts), district, subdistricts)


@cache
def _districts(area_code: str, province_code: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Districts with their subdistricts: the real ones of area 1602, made-up ones elsewhere."""
    if area_code == SAMPLE_SCHOOL[:4]:
        return tuple((name, tuple(within.split(" "))) for name, within in rows("districts_1602"))
    stems = iter(_stems(seeded("districts", province_code), 8 * 7))
    return tuple((next(stems).thai, tuple(next(stems).thai for _ in range(6))) for _ in range(8))


def _names(rng: Random, kind: AreaKind, sizes: Sequence[int]) -> list[_Name]:
    stems = _stems(rng, len(sizes))
    if kind is AreaKind.SESA:
        return [_secondary_name(rng, stem) for stem in stems]
    temples = [_Name(thai, english) for thai, english in rows("temple_names")]
    rng.shuffle(temples)
    return [_primary_name(rng, stem, size, temples) for stem, size in zip(stems, sizes, strict=True)]


def _stems(rng: Random, count: int) -> list[_Name]:
    """Names of villages, all different: หนองบัว, โคกสะอาด …"""
    pairs = [(head, tail) for head in rows("village_heads") for tail in rows("village_tails")]
    return [_Name(head[0] + tail[0], f"{head[1]} {tail[1]}") for head, tail in rng.sample(pairs, count)]


def _secondary_name(rng: Random, stem: _Name) -> _Name:
    thai, english = rng.choice(rows("secondary_school_tails"))
    return _Name(stem.thai + thai, f"{stem.english} {english} School")


def _primary_name(rng: Random, stem: _Name, size: int, temples: list[_Name]) -> _Name:
    """Large schools are อนุบาล or ชุมชน, most others are called after their village or its temple."""
    if size > 700:
        return _Name(f"อนุบาล{stem.thai}", f"Anuban {stem.english} School")
    if size > 350:
        return _Name(f"ชุมชนบ้าน{stem.thai}", f"Chumchon Ban {stem.english} School")
    if temples and rng.random() < 0.15:
        temple = temples.pop()
        return _Name(f"วัด{temple.thai}", f"Wat {temple.english} School")
    return _Name(f"บ้าน{stem.thai}", f"Ban {stem.english} School")
