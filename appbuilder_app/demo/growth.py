"""Plausible weights and heights by sex and age. Rounded guesses for made-up people, no growth reference."""

from __future__ import annotations

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
