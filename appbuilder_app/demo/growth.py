"""Plausible weights and heights by sex and age: rounded guesses for made-up people, and tables to judge those by."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from .words import seeded

# Median height in cm and weight in kg at 2, 3, … 20 completed years.
_HEIGHTS: Final = {
    "M": (87, 95, 102, 108, 114, 120, 125, 130, 136, 142, 148, 156, 162, 166, 169, 170, 171, 171, 171),
    "F": (86, 94, 101, 107, 113, 119, 125, 131, 137, 144, 150, 154, 156, 157, 158, 158, 158, 158, 158),
}
_WEIGHTS: Final = {
    "M": (12, 14, 16, 18, 20, 22.5, 25, 28.5, 32, 36, 41, 46, 51, 54.5, 57, 59, 61, 62, 62),
    "F": (11.5, 13.5, 15.4, 17.5, 19.5, 22, 25, 28.5, 33, 37.5, 42, 45.5, 47.5, 49, 49.5, 50, 50, 50, 50),
}
_YOUNGEST: Final = 2
_BODIES: Final = 256

Body = tuple[float, float]
"""Weight in kg to 0.1, height in whole cm."""


@cache
def bodies(sex: str, quarter_years: int) -> list[Body]:
    """256 bodies of one sex ("M" or "F") at an age counted in quarters of a year, to draw from."""
    rng = seeded("bodies", sex, quarter_years)
    height = _between(_HEIGHTS[sex], quarter_years)
    weight = _between(_WEIGHTS[sex], quarter_years)
    return [_body(height, weight, rng.gauss(0, 1), rng.gauss(0, 1)) for _ in range(_BODIES)]


def _body(height: float, weight: float, tall: float, heavy: float) -> Body:
    """Taller is heavier; weights lean to the heavy side, heights do not."""
    return round(weight * 1.14 ** (0.6 * tall + 0.8 * heavy), 1), float(round(height * (1 + 0.042 * tall)))


def _between(medians: tuple[float, ...], quarter_years: int) -> float:
    year, quarter = divmod(max(quarter_years - 4 * _YOUNGEST, 0), 4)
    year = min(year, len(medians) - 2)
    return medians[year] + (medians[year + 1] - medians[year]) * quarter / 4


# ── A reference for made-up people ───────────────────────────────────────────────────────────────────────

EDITION: Final = "ตัวเลขสมมติสำหรับข้อมูลตัวอย่าง"
SOURCE: Final = "ชุดข้อมูลตัวอย่าง"
_CUTS: Final = (-2.0, -1.5, 1.5, 2.0, 3.0)


def reference() -> bytes:
    """A growth reference around the medians above, by months and centimetres: for the demo's people and nobody else."""
    return ("index,sex,at,minus2,minus1_5,plus1_5,plus2,plus3\n" + "".join(_lines())).encode()


def _lines() -> Iterator[str]:
    for sex in "MF":
        for month in range(12 * _YOUNGEST, 12 * 20):
            weight = _between(_WEIGHTS[sex], month // 3)
            height = _between(_HEIGHTS[sex], month // 3)
            yield _line("wfa", sex, month, [weight * 1.16**cut for cut in _CUTS])
            yield _line("hfa", sex, month, [height * (1 + 0.045 * cut) for cut in _CUTS])
        for height in range(80, 186):
            weight = _weight_at(sex, height)
            yield _line("wfh", sex, height, [weight * 1.13**cut for cut in _CUTS])


def _weight_at(sex: str, height: float) -> float:
    """The median weight at the age of which the height is the median; before and after by the square of the height."""
    heights, weights = _HEIGHTS[sex], _WEIGHTS[sex]
    for at in range(len(heights) - 1):
        if heights[at] <= height < heights[at + 1]:
            share = (height - heights[at]) / (heights[at + 1] - heights[at])
            return weights[at] + (weights[at + 1] - weights[at]) * share
    nearest = 0 if height < heights[0] else len(heights) - 1
    return weights[nearest] * (height / heights[nearest]) ** 2


def _line(index: str, sex: str, at: float, cuts: list[float]) -> str:
    return f"{index},{sex},{at}," + ",".join(f"{cut:.1f}" for cut in cuts) + "\n"
