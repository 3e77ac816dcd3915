"""Thirteen-digit numbers for synthetic learners: valid, and different by construction in the whole nation.

A number is ``kind, province, district 01-20, 0, six digits, check digit``. District and six digits come
from one running number by a permutation, so no list of used numbers is needed and any school can be made
on its own, on any machine. The running number is ``slot * 1,000,000 + serial``: the slot tells the areas
of a province apart, the serial counts the learners of an area.
"""

from __future__ import annotations

from itertools import product
from typing import Final

SERIALS_PER_AREA: Final = 1_000_000
SLOTS: Final = 20
_MODULUS: Final = SERIALS_PER_AREA * SLOTS
# Coprime to the modulus, or two learners get one number; near the golden section, so that neighbours in a
# class look unrelated.
_STEP: Final = 12_360_679
_START: Final = 7_531_246
# Hand-made files for trials number their G-codes from 1; starting here keeps the two apart.
_FIRST_G: Final = 20_000_000

_WEIGHTS: Final = range(13, 1, -1)


def _sums(at: int, digits: int) -> list[int]:
    """What each group of ``digits`` digits at a place adds to the check sum."""
    weights = _WEIGHTS[at : at + digits]
    return [
        sum(digit * weight for digit, weight in zip(group, weights, strict=True))
        for group in product(range(10), repeat=digits)
    ]


# identity.check_digit says the same; looking the groups up costs a tenth of its time.
_HEAD_SUMS: Final = _sums(0, 3)
_DISTRICT_SUMS: Final = _sums(3, 2)
_UPPER_SUMS: Final = _sums(6, 3)
_LOWER_SUMS: Final = _sums(9, 3)


def slot_of(area_in_province: int, *, secondary: bool) -> int:
    """Which of a province's twenty blocks of running numbers an area draws from."""
    if not 1 <= area_in_province < SLOTS // 2:
        raise ValueError("a province has room for areas 1 to 9")
    return area_in_province + (SLOTS // 2 if secondary else 0)


def running_numbers(slot: int, first_serial: int, count: int) -> list[int]:
    """The permuted running numbers of ``count`` learners in a row; each below 20 million."""
    if first_serial + count > SERIALS_PER_AREA:
        raise ValueError("an area has room for a million learners")
    start = (slot * SERIALS_PER_AREA + first_serial) * _STEP + _START
    return [number % _MODULUS for number in range(start, start + count * _STEP, _STEP)]


def national_id(kind: str, province_code: str, running: int) -> str:
    """The number of a learner whose first digit is ``kind``."""
    district, rest = divmod(running, SERIALS_PER_AREA)
    upper, lower = divmod(rest, 1000)
    head = kind + province_code
    total = _HEAD_SUMS[int(head)] + _DISTRICT_SUMS[district + 1] + _UPPER_SUMS[upper] + _LOWER_SUMS[lower]
    return f"{head}{district + 1:02}0{rest:06}{(11 - total % 11) % 10}"


def g_code(year: int, province_code: str, running: int) -> str:
    """The G-code of a learner without a national number, issued in a Buddhist Era year."""
    return f"G{year % 100:02}{province_code}{_FIRST_G + running:08}"
